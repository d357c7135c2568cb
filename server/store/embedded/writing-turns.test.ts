import { describe, expect, it } from 'vitest'
import { forgetFirstTurn, forgetHeldTurn, inWritingTurn, writingTurns } from './writing-turns.ts'

const held = (turns: Int32Array): boolean => Atomics.load(turns, 0) === 1
const first = (turns: Int32Array): number => Atomics.load(turns, 1)

describe('turns of writing', () => {
  it('are held while writing, and given back also where that fails', () => {
    const turns = writingTurns()
    expect(inWritingTurn(turns, false, () => held(turns))).toBe(true)
    expect(() =>
      inWritingTurn(turns, true, () => {
        expect([held(turns), first(turns)]).toEqual([true, 1])
        throw new Error('disk full')
      }),
    ).toThrow('disk full')
    expect([held(turns), first(turns)]).toEqual([false, 0])
  })

  it('of somebody who died with one end with patience, and leave his turn to whoever has it', () => {
    const turns = writingTurns()
    Atomics.store(turns, 0, 1)
    expect(inWritingTurn(turns, false, () => 'written', 5)).toBe('written')
    expect(held(turns)).toBe(true)
    forgetHeldTurn(turns)
    expect(held(turns)).toBe(false)
  })

  it('are not taken while somebody who goes first waits', () => {
    const turns = writingTurns()
    Atomics.add(turns, 1, 1)
    expect(inWritingTurn(turns, false, () => held(turns), 5)).toBe(false)
    expect(inWritingTurn(turns, true, () => held(turns), 5)).toBe(true)
    forgetFirstTurn(turns)
    expect(inWritingTurn(turns, false, () => held(turns), 5)).toBe(true)
  })
})
