import { describe, expect, it } from 'vitest'
import type { Loss } from '../facts.ts'
import { buildEstate } from '../estate/build.ts'
import { joinDays, MS_A_DAY, type DayRange } from '../log-days.ts'
import { startMerge } from '../merge.ts'
import { coverageOf } from './coverage.ts'

const NOW = '2026-11-20T04:00:00Z'
const KEY = 'aws:key:AKIAEXAMPLE000000001'

/** One key, its inventory, and a log that reaches back far enough and lost this much. */
function coverage(
  loss: Loss | undefined,
  days?: readonly DayRange[],
  seen: readonly string[] = ['2026-08-20T00:00:00Z', NOW],
) {
  const inventory = startMerge()
  inventory.entity({ id: KEY, kind: 'aws.iam_access_key' })
  const user = 'arn:aws:iam::111122223333:user/deploy-bot'
  inventory.entity({ id: user, kind: 'aws.iam_user' })
  inventory.relationship({ kind: 'AUTHENTICATES_AS', from: KEY, to: user })
  const log = startMerge()
  for (const at of seen) {
    const evidence = { source: 'log', kind: 'observed' as const, firstSeen: at, lastSeen: at }
    log.observation({ kind: 'USES_CREDENTIAL', from: 'w:other', to: `c:other ${at}`, evidence })
  }
  const scope = (importer: string, nature: 'snapshot' | 'log') => ({
    ...{ scope: `${importer}:aws/111122223333`, title: importer, importer, importerTitle: importer },
    ...{ nature, complete: true, at: NOW, files: [], blindTo: [] },
  })
  const estate = buildEstate(
    [
      { ...scope('aws-access-keys', 'snapshot'), facts: inventory.finish() },
      { ...scope('cloudtrail', 'log'), ...(loss && { loss }), ...(days && { days }), facts: log.finish() },
    ],
    { id: 'x', at: NOW, sample: false },
  )
  const subject = estate.entities.findIndex(({ key }) => key === KEY)
  return coverageOf(estate, subject, NOW)
}

describe('what was lost of a source', () => {
  it('caps nothing where all was understood, or all but a few records', () => {
    expect(coverage(undefined).state).toBe('complete')
    expect(coverage({ files: 0, records: 0, of: 0 }).state).toBe('complete')
    expect(coverage({ files: 0, records: 9, of: 1000 }).state).toBe('complete')
  })

  it('caps where a file ends in the middle, and where one record in a hundred was not understood', () => {
    const cut = coverage({ files: 1, records: 0, of: 1000 })
    expect(cut.state).toBe('partial')
    expect(cut.missing).toMatchObject([{ source: 'CloudTrail', why: expect.stringContaining('1 of its files') }])
    expect(coverage({ files: 0, records: 10, of: 1000 }).missing[0]!.why).toContain('10 of 1000 records')
  })
})

/** The same log, with events from so many days before its end to so many days before it only. */
function heardOn(...days: (readonly [number, number])[]) {
  const last = Math.floor(Date.parse(NOW) / MS_A_DAY)
  return coverage(undefined, joinDays(...days.map(([from, to]): [DayRange] => [[last - from, last - to]])))
}

describe('a gap in a log', () => {
  it('is none where each day was heard, or the log rests at weekends', () => {
    expect(heardOn([92, 0]).state).toBe('complete')
    const weeks = Array.from({ length: 13 }, (_, week) => [7 * week + 4, 7 * week] as const)
    expect(heardOn(...weeks).state).toBe('complete')
  })

  it('ends how far back it speaks: two days at both ends of a month are two days', () => {
    const { state, missing } = heardOn([30, 30], [0, 0])
    expect(state).toBe('partial')
    expect(missing[0]!.why).toBe(
      'it reaches back 0 days only: it has no event at all from 2026-10-22 to 2026-11-19, and what was used then is not known',
    )
  })

  it('is one missing day of a log that never rests, and counts where it leaves less than four weeks', () => {
    expect(heardOn([92, 21], [19, 0]).missing[0]!.why).toContain('no event at all on 2026-10-31')
    expect(heardOn([92, 41], [39, 0]).state).toBe('complete')
  })
})

it('a clock that was never set makes no log older, nor one of tomorrow fresher', () => {
  const days: DayRange[] = [[20_773, 20_777]]
  const week = ['2026-11-16T00:00:00Z', NOW]
  const [real, ...others] = [[], ['1970-01-01T00:00:00Z'], ['9999-12-31T00:00:00Z']].map((more) =>
    coverage(undefined, days, [...week, ...more]),
  )
  expect(real!.missing[0]!.why).toBe('it reaches back 4 days only')
  for (const one of others) expect(one).toEqual(real)
  const old = ['2026-08-01T00:00:00Z', '2026-10-01T00:00:00Z', '9999-12-31T00:00:00Z']
  expect(coverage(undefined, undefined, old).state).toBe('stale')
})
