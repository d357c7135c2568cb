import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { StoreError } from '../errors.ts'
import { dataFiles } from './directory.ts'
import { lockDirectory } from './lock.ts'

const dir = mkdtempSync(join(tmpdir(), 'keyfall-lock-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

it('a folder in which nothing can be written is an error of the store, and is let go of', () => {
  const files = dataFiles(join(dir, 'data'))
  mkdirSync(files.server)
  expect(() => lockDirectory(files)).toThrow(StoreError)
  expect(() => lockDirectory(files)).toThrow('server.json cannot be made or written (EISDIR): the data directory')
  rmSync(files.server, { recursive: true })
  lockDirectory(files).release()
})
