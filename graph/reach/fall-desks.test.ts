import { describe, expect, it } from 'vitest'
import { clearDesks, deskBytes, deskParts, fallDesksFor, takeDesk, touchDesk } from './fall-desks.ts'
import { fallMemory } from './fall-view.ts'

const size = { entities: 3000, groups: 7, edges: 9000, systems: 11 }

describe('the desks of a ledger', () => {
  it('lie apart, in lines of cache of their own, and there are as many as were made', () => {
    const desks = fallDesksFor(fallMemory()!, size, 3)!
    const taken = [1, 2, 3].map(() => takeDesk(desks))
    expect(new Set(taken).size).toBe(3)
    expect(takeDesk(desks)).toBe(0)
    for (const at of taken) {
      const parts = deskParts(size, at)
      expect(parts.every((part) => part % 64 === 0)).toBe(true)
      expect(parts).toEqual(parts.toSorted((a, b) => a - b))
      expect(taken.every((other) => other <= at || other >= at + deskBytes(size))).toBe(true)
    }
  })

  it('keep what stands on them while they are touched, and nothing once they are cleared', () => {
    const desks = fallDesksFor(fallMemory()!, size, 2)!
    const bytes = new Uint8Array(desks.memory.buffer, desks.at, 2 * desks.bytes)
    for (let at = 0; at < bytes.length; at++) bytes[at] = at % 251
    const before = bytes.slice()
    for (const number of [0, 1]) touchDesk(desks, number)
    expect(Buffer.compare(bytes.slice(), before)).toBe(0)
    const first = takeDesk(desks)
    clearDesks(desks)
    expect(bytes.every((byte) => byte === 0)).toBe(true)
    expect(takeDesk(desks)).toBe(first)
  })
})
