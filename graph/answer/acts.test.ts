import { beforeAll, describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import type { Estate } from '../estate/build.ts'
import { idOf } from '../ids.ts'
import { estateOf, NOW } from '../reach/estate.test-data.ts'
import { canReach } from '../reach/reach.ts'
import { ForecastReply, MovesReply, OverlapReply, RankReply, WhatIfReply } from '../wire-acts.ts'
import type { Verdict } from '../wire.ts'
import { assess } from './assess.ts'
import { answerBlast } from './blast.ts'
import { answerForecast } from './forecast.ts'
import { answerMoves } from './move-table.ts'
import { answerOverlap } from './overlap.ts'
import { answerRank } from './rank.ts'
import { standingsWith } from './standings.ts'
import { answerWhatIf } from './whatif.ts'

/** A key in a vault path that a pod polls and a host reads at its start, copied by hand into a repository's secret. */
const entities: EntityFact[] = [
  { id: 'key', kind: 'aws.iam_access_key', props: { expiresAt: '2026-12-01T00:00:00Z' } },
  { id: 'user', kind: 'aws.iam_user' },
  { id: 'path', kind: 'vault.kv2_secret', props: { nextRotationAt: '2026-11-25T00:00:00Z' } },
  { id: 'copy', kind: 'github.actions_secret' },
  { id: 'api', role: 'workload' },
  { id: 'host', role: 'workload' },
  { id: 'build', role: 'workload' },
  { id: 'appliance', role: 'workload' },
  { id: 'spare', role: 'resource' },
  { id: 'payments', kind: 'business.system', props: { tier: 1 } },
  { id: 'unused', kind: 'aws.iam_access_key' },
  { id: 'certificate', kind: 'tls.certificate', props: { expiresAt: '2026-11-01T00:00:00Z' } },
  { id: 'undated', kind: 'tls.certificate' },
]
const relationships: RelationshipFact[] = [
  { kind: 'AUTHENTICATES_AS', from: 'key', to: 'user' },
  { kind: 'AUTHENTICATES_AS', from: 'unused', to: 'user' },
  { kind: 'HOLDS', from: 'path', to: 'key' },
  { kind: 'HOLDS', from: 'copy', to: 'key' },
  { kind: 'USES_SECRET', from: 'api', to: 'path', delivery: 'fetch_cached', pickup: [0, 3600] },
  { kind: 'USES_SECRET', from: 'host', to: 'path', delivery: 'env_at_start' },
  { kind: 'USES_SECRET', from: 'build', to: 'copy', delivery: 'ci_job_start', pickup: [0, 0] },
  { kind: 'USES_CREDENTIAL', from: 'appliance', to: 'key', delivery: 'vendor_managed' },
  { kind: 'USES_CREDENTIAL', from: 'api', to: 'certificate' },
  { kind: 'DEPENDS_ON', from: 'payments', to: 'api' },
]
let estate: Estate
beforeAll(() => {
  estate = estateOf(entities, relationships)
})
const key = idOf('key')
const names = (things: readonly { name: string }[]): string[] => things.map(({ name }) => name).sort()

describe('the overlap advisor', () => {
  it('says how long both values have to work, for whom, and whom no overlap saves', () => {
    const { alone, withSteps, possible, sentence } = OverlapReply.parse(answerOverlap(estate, key, {}, NOW))
    expect(possible).toBe(false)
    expect([alone.smallest, alone.saved]).toEqual([3600, 1])
    expect(alone.levels.map(({ overlap, things }) => [overlap, names(things)])).toEqual([[3600, ['api']]])
    expect(names(alone.never.map(({ thing }) => thing))).toEqual(['appliance', 'build', 'host'])
    const whys = new Map(alone.never.map(({ thing, why }) => [thing.name, why]))
    expect(whys.get('host')).toContain('restart it')
    expect(whys.get('build')).toContain('a copy of its own')
    expect(whys.get('appliance')).toContain('vendor')
    expect(withSteps.smallest).toBeGreaterThan(3600)
    expect(names(withSteps.never.map(({ thing }) => thing))).toEqual(['appliance'])
    expect(sentence).toContain('for at least 1 h')
  })
  it('never rounds down what has to be kept', () => {
    const late = estateOf(entities, [
      ...relationships.filter(({ from, kind }) => from !== 'api' || kind !== 'USES_SECRET'),
      { kind: 'USES_SECRET', from: 'api', to: 'path', delivery: 'fetch_cached', pickup: [0, 3661] },
    ])
    expect(answerOverlap(late, key, {}, NOW).sentence).toContain('at least 1 h 2 min')
  })
})

describe('the ranking', () => {
  it('has every credential, the heaviest first, what is certain ten times, by tier', () => {
    const reply = RankReply.parse(answerRank(estate, {}, NOW))
    expect(reply.state).toBe('complete')
    expect(reply.items.map(({ credential, breaks }) => [credential.name, breaks])).toEqual([
      ['key', 4],
      ['certificate', 1],
      ['undated', 0],
      ['unused', 0],
    ])
    expect(reply.items[0]).toMatchObject({ weight: 10 * 8 + 3 * 10, systems: 1, tier1: 1 })
    expect(reply.items[0]!.first[0]).toBe('api')
  })
  it('says when what breaks shows first, each dependant in one band, and how much its holder can get at', () => {
    const { items } = answerRank(estate, {}, NOW)
    for (const { bands = [], breaks } of items) expect(bands.reduce((sum, { count }) => sum + count, 0)).toBe(breaks)
    // The pod, the host and the job ask for nothing new before they must: AWS refuses within minutes.
    expect(items[0]!.bands!.map(({ id, count }) => [id, count])).toEqual([['now', 4]])
    for (const { credential, within } of items) {
      const number = estate.entities.findIndex(({ id }) => id === credential.id)
      expect(within).toBe(canReach(estate, number).things.length)
    }
  })
  it('pages without losing anybody', () => {
    const first = answerRank(estate, { limit: 3 }, NOW)
    const second = answerRank(estate, { limit: 3, cursor: first.next! }, NOW)
    expect([...first.items, ...second.items]).toEqual(answerRank(estate, {}, NOW).items)
    expect(second.next).toBeUndefined()
  })
})

describe('the forecast', () => {
  it('says what ends when and what that breaks, what is over, and of how many no end is known', () => {
    const reply = ForecastReply.parse(answerForecast(estate, {}, NOW))
    expect(reply.items.map(({ thing, what, at }) => [thing.name, what, at])).toEqual([
      ['path', 'rotates', '2026-11-25T00:00:00Z'],
      ['key', 'expires', '2026-12-01T00:00:00Z'],
    ])
    expect(reply.over.map(({ thing }) => thing.name)).toEqual(['certificate'])
    expect(reply.unknown.count).toBe(1)
    expect(reply.endless).toBe(1)
    expect(reply.items[0]!.breaks + reply.items[0]!.unknown).toBeGreaterThan(0)
  })
  it('counts what ends after the days asked for', () => {
    const reply = answerForecast(estate, { days: 7 }, NOW)
    expect([reply.itemsCount, reply.later]).toEqual([1, 1])
  })
})

describe('move tables', () => {
  it('add up to the answer, and give for every set of steps what the engine says of it', () => {
    const table = MovesReply.parse(answerMoves(estate, key, { op: 'revoke' }, NOW))
    const blast = answerBlast(estate, key, { op: 'revoke' }, NOW)
    expect(table.count.reduce((sum, one) => sum + one, 0)).toBe(blast.counts.dependents)
    expect(table.members.map((row) => row.length)).toEqual(table.count)
    expect(new Set(table.members.flat().map(({ id }) => id)).size).toBe(blast.counts.dependents)
    expect(table.exact).toBe(true)
    const assessment = assess(estate, estate.indexOf.get(key)!, 'revoke')
    for (let mask = 0; mask < 1 << table.steps.length; mask++) {
      const ticked = table.steps.filter((_, bit) => mask & (1 << bit)).map(({ id }) => id)
      const standing = standingsWith(assessment, ticked)
      const counted = (verdict: Verdict): number =>
        assessment.dependents.filter((one) => standing(one).verdict === verdict).length
      for (const verdict of ['breaks', 'unknown', 'steps', 'keeps'] as const)
        expect([mask, verdict, folded(table, mask, verdict)]).toEqual([mask, verdict, counted(verdict)])
    }
  })
  it('the smallest set leaves nobody who is safe after steps, and no smaller one does', () => {
    const table = answerMoves(estate, key, { op: 'revoke' }, NOW)
    expect(folded(table, table.needed, 'steps')).toBe(0)
    expect(folded(table, 0, 'steps')).toBeGreaterThan(0)
    for (let bit = 0; bit < table.steps.length; bit++)
      if (table.needed & (1 << bit)) expect(folded(table, table.needed & ~(1 << bit), 'steps')).toBeGreaterThan(0)
    expect(table.steps.filter((_, bit) => table.needed & (1 << bit)).map(({ id }) => id)).not.toContain('ask-vendor')
  })
})

/** As the client folds: of each row the first alternative all of whose bits are ticked. */
function folded(table: MovesReply, ticked: number, verdict: Verdict): number {
  return table.count.reduce((sum, count, row) => {
    const list = table.alternatives[table.alt[row]!]!
    const standing = list.find(({ mask }) => (mask & ticked) === mask)?.verdict ?? table.verdict[row]!
    return standing === verdict ? sum + count : sum
  }, 0)
}

describe('what-if', () => {
  it('is the difference of two answers', () => {
    const steps = answerBlast(estate, key, { op: 'revoke' }, NOW).steps.map(({ id }) => id)
    const reply = WhatIfReply.parse(answerWhatIf(estate, key, { op: 'revoke', steps: steps.join(',') }, NOW))
    expect(reply.before.counts.keeps).toBeLessThan(reply.after.counts.keeps)
    expect([reply.worse, reply.movedCount]).toEqual([0, reply.better])
    const sum = ({ counts: { breaks, unknown, steps, keeps } }: typeof reply.before): number =>
      breaks + unknown + steps + keeps
    expect(sum(reply.before)).toBe(sum(reply.after))
    expect(reply.supposed.length).toBe(steps.length)
  })
  it('another operation instead', () => {
    const reply = answerWhatIf(estate, key, { op: 'revoke', instead: 'rotate', insteadOverlap: 7200 }, NOW)
    expect(reply.moved.find(({ dependent }) => dependent.name === 'api')?.to?.verdict).toBe('keeps')
    expect(reply.supposed).toEqual(['rotate instead of revoke', 'both values accepted for 2 h'])
  })
  it('another way for one dependent saves it and nobody else', () => {
    const reply = answerWhatIf(estate, key, { op: 'revoke', fallback: `${idOf('host')}>${idOf('spare')}` }, NOW)
    expect(reply.moved.map(({ dependent, to }) => [dependent.name, to?.verdict])).toEqual([['host', 'keeps']])
  })
  it('a relationship that is not there', () => {
    const used = estate.relationships.find((one) => one.from === idOf('appliance'))!
    const reply = answerWhatIf(estate, key, { op: 'revoke', without: used.id }, NOW)
    expect(reply.moved.map(({ dependent, to }) => [dependent.name, to])).toEqual([['appliance', null]])
  })
  it('refuses what it cannot suppose', () => {
    for (const query of [
      {},
      { steps: 'dance' },
      { without: 'nothing' },
      { fallback: 'x>y' },
      { fallback: `${idOf('spare')}>${key}` },
    ])
      expect(() => answerWhatIf(estate, key, { op: 'revoke', ...query }, NOW)).toThrow(/./)
  })
})
