import { describe, expect, it } from 'vitest'
import { cutName } from './cut-name.ts'

const within =
  (most: number) =>
  (text: string): boolean =>
    [...text].length <= most

describe('cutName', () => {
  it('leaves a name that fits as it is', () => expect(cutName('settlement', within(10))).toBe('settlement'))

  it('keeps both ends', () => {
    expect(cutName('meadow-stores-1 system 12', within(14))).toBe('meadow-…tem 12')
    expect(cutName('meadow-stores-1 system 13', within(14))).toBe('meadow-…tem 13')
  })

  it('keeps what differs where the ends are alike', () => {
    const names = ['Bramblegate Sign key (meadow-stores-1)', 'Bramblegate Sign 2 key (meadow-stores-1)']
    const cut = names.map((name) => cutName(name, within(20), names))
    expect(new Set(cut).size).toBe(2)
    expect(cut[1]).toContain('2')
    expect(cut.every(within(20))).toBe(true)
  })

  it('takes dots that a name has for its own', () => {
    const names = ['north 1 … north 4 (a) end', 'north 2 … north 4 (a) end']
    expect(new Set(names.map((name) => cutName(name, within(12), names))).size).toBe(2)
  })

  it('never takes a character apart, and never cuts all of it', () => {
    expect(cutName('🔑🔑🔑🔑🔑🔑', within(4))).toBe('🔑🔑…🔑')
    expect(cutName('abcdef', () => false)).toBe('a…f')
  })
})
