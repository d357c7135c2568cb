import { fc, test as property } from '@fast-check/vitest'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, it } from 'vitest'
import { idOf } from './ids.ts'
import { sha256Words } from './sha256.ts'

const hex = (text: string) => [...sha256Words(text)].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
const trusted = (text: string) =>
  [...sha256(utf8ToBytes(text))].map((one) => one.toString(16).padStart(2, '0')).join('')

it('is the digest of FIPS 180-4', () => {
  expect(hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

it('is that of the library at every length around a block', () => {
  for (let length = 0; length < 300; length++)
    expect(hex('k'.repeat(length)), `${length}`).toBe(trusted('k'.repeat(length)))
  expect(hex('é'.repeat(5_000))).toBe(trusted('é'.repeat(5_000)))
})

property.prop([fc.string({ unit: 'binary', maxLength: 200 })])('is that of the library for any text', (text) => {
  expect(hex(text)).toBe(trusted(Buffer.from(text, 'utf8').toString('utf8')))
})

it('gives 16 characters of base32', () => {
  expect(idOf('abc')).toBe('xj4bnp4pahh6uqkb')
  expect(idOf('system:payments')).toMatch(/^[a-z2-7]{16}$/)
})
