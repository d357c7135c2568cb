import { fc, test as property } from '@fast-check/vitest'
import { afterEach, expect } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import { usePlatformSha256 } from '../../graph/sha256.ts'
import { platformSha256 } from './platform-sha256.ts'

afterEach(() => usePlatformSha256(undefined))

property.prop([fc.string({ unit: 'binary', maxLength: 200 })])('gives the ids that our own digest gives', (text) => {
  usePlatformSha256(undefined)
  const own = idOf(text)
  usePlatformSha256(platformSha256)
  expect(idOf(text)).toBe(own)
})
