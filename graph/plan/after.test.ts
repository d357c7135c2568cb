import { describe, expect, it } from 'vitest'
import type { Prediction, UseOf } from '../wire-cutover.ts'
import { adviceOf, scoreCredential } from './after.ts'

const CUT = '2026-12-01T09:00:00.000Z'
const later = (hours: number): string => new Date(Date.parse(CUT) + hours * 3_600_000).toISOString()
const member = (id: string, verdict: Prediction['members'][number]['verdict'], from: number | null = null) => ({
  ...{ id, name: id, verdict, band: 'now', from, surely: from },
})
const prediction: Prediction = {
  ...{ credential: 'key', op: 'rotate', snapshot: 's', at: CUT, watch: 86_400 },
  members: [member('api', 'keeps'), member('job', 'steps'), member('batch', 'breaks', 60)],
}
const use = (who: string, hours: number, ok: boolean, of = 'key'): UseOf => ({ of, who, at: later(hours), ok })
const score = (seen: UseOf[], kind: 'aws.iam_access_key' | 'generic.password', hours = 48, log = 'cloudtrail') =>
  scoreCredential({ prediction, basis: 'kept', name: 'key', kind, seen, reaches: [{ log, until: later(hours) }] })

describe('a change scored against logs', () => {
  it('knows predicted and seen, seen and not predicted, and who still comes with the old value', () => {
    const { verdict, counts, hiddenCopies } = score([use('batch', 1, false), use('api', 2, false), use('stranger', 3, false)], 'generic.password') // prettier-ignore
    expect([verdict, counts.predictedAndSeen, counts.seenNotPredicted, counts.hiddenCopies]).toEqual([
      'differs',
      1,
      2,
      2,
    ])
    expect(hiddenCopies.map(({ who }) => who)).toEqual(['api', 'stranger'])
  })

  it('takes a use that got in for one of the old value only where each value has its own name', () => {
    expect(score([use('api', 2, true)], 'aws.iam_access_key').counts.hiddenCopies).toBe(1)
    expect(score([use('api', 2, true)], 'generic.password').counts).toMatchObject({ hiddenCopies: 0, working: 1 })
    expect(score([use('api', 2, true, 'place')], 'aws.iam_access_key').counts.hiddenCopies).toBe(0)
  })

  it('never takes silence for success: no log of the right kind, nothing seen, or not for long enough', () => {
    expect(score([], 'generic.password').verdict).toBe('no-logs')
    expect(score([], 'aws.iam_access_key', 48, 'vault-audit').verdict).toBe('no-logs')
    expect(score([], 'aws.iam_access_key', -1).verdict).toBe('no-logs')
    expect(score([], 'aws.iam_access_key', 2).verdict).toBe('too-early')
    expect(score([], 'aws.iam_access_key')).toMatchObject({ verdict: 'as-predicted', counts: { silent: 2 } })
  })

  it('ignores what was before the cut, and sees what should have failed and works', () => {
    expect(score([use('api', -1, false)], 'generic.password').verdict).toBe('no-logs')
    expect(score([use('batch', 5, true)], 'generic.password')).toMatchObject({ verdict: 'differs', counts: { predictedNotSeen: 1 } }) // prettier-ignore
  })

  it('advises to roll back where somebody fails who was not to, to wait where nothing can be said', () => {
    const [fails, quiet, open] = [score([use('api', 2, false)], 'generic.password'), score([], 'aws.iam_access_key'), score([], 'generic.password')] // prettier-ignore
    expect([adviceOf([quiet, fails]), adviceOf([quiet, open]), adviceOf([quiet]), adviceOf([])].map(({ advice }) => advice)).toEqual(['roll-back', 'wait', 'close', 'wait']) // prettier-ignore
  })
})
