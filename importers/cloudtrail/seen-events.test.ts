import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { seenEvents } from './seen-events.ts'
import { locator } from './tallies.ts'

describe('events seen', () => {
  test.prop([fc.array(fc.oneof(fc.uuid(), fc.string()), { maxLength: 200 })])('are remembered exactly', (ids) => {
    const table = seenEvents()
    const at = locator()
    const set = new Set<string>()
    for (const id of [...ids, ...ids]) {
      expect(table.firstTime(id, at)).toBe(!set.has(id))
      set.add(id)
    }
  })

  it('are remembered when the table grows', () => {
    const table = seenEvents()
    const at = locator()
    const id = (n: number) =>
      `${n.toString(16).padStart(8, '0')}-0000-4000-8000-${(n * 7).toString(16).padStart(12, '0')}`
    for (let n = 0; n < 20_000; n++) expect(table.firstTime(id(n), at)).toBe(true)
    for (let n = 0; n < 20_000; n++) expect(table.firstTime(id(n), at)).toBe(false)
  })
})
