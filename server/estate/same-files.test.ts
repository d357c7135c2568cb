import { expect, it } from 'vitest'
import type { ImportedFile } from '../store/contract.ts'
import { namesOfFiles, sameFiles } from './same-files.ts'

const file = (name: string, sha256 = name): ImportedFile => ({ name, sha256, bytes: 1 })

it('gives one list for equal ones, and each its own where anything differs', () => {
  const one = sameFiles()
  const first = [file('a'), file('b'), file('c')]
  expect(one(first)).toBe(first)
  expect(one([file('a'), file('b'), file('c')])).toBe(first)
  expect(namesOfFiles(first)).toEqual(['a', 'b', 'c'])
  expect(namesOfFiles(one([file('a'), file('b'), file('c')]))).toBe(namesOfFiles(first))
  const others = [[file('a'), file('x'), file('c')], [file('a'), file('x', 'b'), file('c')], [file('a')], []]
  for (const other of others) expect(one(other)).toBe(other)
  expect(one([file('a'), file('x'), file('c')])).toBe(others[0])
})
