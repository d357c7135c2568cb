import { describe, expect, it } from 'vitest'
import { inventoryOf } from '../../graph/answer/inventory.ts'
import { answerEstate } from '../../graph/answer/estate.ts'
import { answerHome } from '../../graph/answer/find.ts'
import { useWay } from '../../graph/give-way.ts'
import { estateOf } from '../../graph/reach/estate.test-data.ts'
import { makeDay, msUntilAhead, nextDay } from './tomorrow.ts'

const at = (time: string): number => Date.parse(time)

describe('what depends on the day', () => {
  it('is made a quarter of an hour before the day begins, and once', () => {
    expect(nextDay(at('2026-12-31T23:59:59.999Z'))).toBe('2027-01-01T00:00:00.000Z')
    expect(msUntilAhead(at('2026-11-20T23:44:00Z'))).toBe(60_000)
    expect(msUntilAhead(at('2026-11-20T23:50:00Z'))).toBe(0)
    expect(msUntilAhead(at('2026-11-20T23:45:00Z'), '2026-11-21T00:00:00.000Z')).toBe(86_400_000)
    expect(msUntilAhead(at('2026-11-21T00:00:00Z'), '2026-11-21T00:00:00.000Z')).toBe(86_400_000 - 900_000)
  })

  it('is there when the day has begun, beside what the old one has', () => {
    const estate = estateOf(
      [{ id: 'key', kind: 'aws.iam_access_key', props: { createdAt: '2026-11-01T12:00:00Z' } }],
      [],
    )
    const today = inventoryOf(estate, '2026-11-20T23:46:00Z')
    makeDay(estate, '2026-11-21T00:00:00.000Z')
    const tomorrow = inventoryOf(estate, '2026-11-21T08:00:00Z')
    expect([today[0]!.ageDays, tomorrow[0]!.ageDays]).toEqual([19, 19])
    expect(inventoryOf(estate, '2026-11-20T23:59:00Z')).toBe(today)
    expect(inventoryOf(estate, '2026-11-21T23:00:00Z')).toBe(tomorrow)
  })

  it('says the same whoever asked between', () => {
    const things = Array.from({ length: 8 }, (_, n) => ({ id: `key${n}`, kind: 'aws.iam_access_key' as const }))
    const answers = () => {
      const estate = estateOf(things, [])
      return [answerEstate(estate, {}, '2026-11-21T08:00:00Z'), answerHome(estate, '2026-11-21T08:00:00Z')]
    }
    const alone = answers()
    let ways = 0
    let isInside = false
    useWay(() => {
      ways++
      if (isInside || ways > 5) return
      isInside = true
      expect(answers()).toEqual(alone)
      isInside = false
    })
    try {
      expect(answers()).toEqual(alone)
    } finally {
      useWay(undefined)
    }
    expect(ways).toBeGreaterThan(things.length)
  })
})
