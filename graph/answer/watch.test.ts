import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { changeKinds } from '../kinds/change-kinds.ts'
import { estateOf, NOW } from '../reach/estate.test-data.ts'
import { CompareReply, WatchReply } from '../wire-acts.ts'
import { answerCompare } from './compare.ts'
import { signalsOf } from './signals.ts'
import { checkOf } from './validate.ts'
import { answerWatch } from './watch.ts'

const hostile = `api"} |= "x'; DROP TABLE`
const entities: EntityFact[] = [
  { id: 'aws:key:AKIAEXAMPLEWATCH0001', kind: 'aws.iam_access_key', name: 'AKIAEXAMPLEWATCH0001' },
  { id: `arn:aws:iam::111122223333:user/o'brien`, kind: 'aws.iam_user' },
  { id: 'vault:vault/secret/kv/it"s', kind: 'vault.kv2_secret', name: 'kv/it"s' },
  { id: 'k8s:prod/shop/deployment/api', kind: 'k8s.deployment', name: hostile, props: { namespace: 'shop' } },
  { id: 'k8s:prod/shop/deployment/web', kind: 'k8s.deployment', name: 'web', props: { namespace: 'shop' } },
  { id: 'host', role: 'workload' },
  { id: 'sleeper', role: 'workload' },
]
const [key, , path, api, web] = entities.map(({ id }) => id)
const relationships: RelationshipFact[] = [
  { kind: 'AUTHENTICATES_AS', from: key!, to: entities[1]!.id },
  { kind: 'HOLDS', from: path!, to: key! },
  { kind: 'USES_SECRET', from: api!, to: path!, delivery: 'fetch_per_use', session: [0, 0] },
  { kind: 'USES_SECRET', from: web!, to: path!, delivery: 'fetch_per_use', session: [0, 0] },
  { kind: 'USES_CREDENTIAL', from: 'host', to: key!, delivery: 'hardcoded', session: [0, 0] },
  { kind: 'USES_CREDENTIAL', from: 'sleeper', to: key!, delivery: 'hardcoded', session: [7200, 7200] },
]
const estate = estateOf(entities, relationships)
const id = idOf(key!)

describe('watching a change', () => {
  const reply = WatchReply.parse(answerWatch(estate, id, { op: 'revoke' }, NOW))
  const queryIn = (language: string): string =>
    reply.queries
      .filter((one) => one.language === language)
      .map(({ text }) => text)
      .join('\n')

  it('has queries for the logs of the platforms it touches, and none for others', () => {
    expect(new Set(reply.queries.map(({ language }) => language))).toEqual(
      new Set(['athena-sql', 'jq', 'logql', 'promql']),
    )
    expect(queryIn('athena-sql')).toContain(`useridentity.accesskeyid = 'AKIAEXAMPLEWATCH0001'`)
    expect(queryIn('jq')).toContain('kv/data/it')
  })
  it('quotes names that try to end their quotes', () => {
    expect(queryIn('athena-sql')).toContain(`user/o''brien'`)
    expect(queryIn('logql')).toContain(String.raw`pod=~"(api\"\\} \\|= \"x'; DROP TABLE|web)-.*"`)
  })
  it('names the check on the workload’s own path, for those who read that place', () => {
    const families = new Map(reply.checks.map((one) => [one.family, one.onCount]))
    expect(families).toEqual(
      new Map([
        ['AWS key', 4],
        ['Vault', 2],
      ]),
    )
    expect(reply.words).toContain('own host')
  })
  it('every kind with change semantics has a check, every credential kind of a platform a signal', () => {
    for (const [kind, row] of Object.entries(changeKinds)) {
      expect(checkOf(kind).family).not.toBe('')
      if (row.role === 'credential' && !kind.startsWith('generic.'))
        expect([kind, signalsOf([kind]).length]).not.toEqual([kind, 0])
    }
  })
})

describe('a change against its prediction', () => {
  const at = '2026-11-20T04:00:00Z'
  const ask = (seen: { who: string; at: string; ok: boolean; code?: string }[], until?: string): CompareReply =>
    CompareReply.parse(answerCompare(estate, id, { op: 'revoke', at, seen, ...(until && { until }) }))
  const names = (rows: CompareReply['notDue']): string[] => rows.map(({ who }) => who).sort()

  it('sorts what was seen into its four groups', () => {
    const reply = ask(
      [
        { who: idOf(api!), at: '2026-11-20T04:02:00Z', ok: false, code: 'InvalidClientTokenId' },
        { who: idOf(web!), at: '2026-11-20T04:30:00Z', ok: true },
        { who: 'nobody-known', at: '2026-11-20T04:03:00Z', ok: false, code: 'InvalidClientTokenId' },
        { who: idOf('host'), at: '2026-11-20T03:00:00Z', ok: false, code: 'earlier' },
      ],
      '2026-11-20T05:00:00Z',
    )
    expect(names(reply.predictedAndSeen)).toEqual([hostile])
    expect(names(reply.predictedNotSeen)).toEqual(['host', 'web'])
    expect(names(reply.seenNotPredicted)).toEqual(['nobody-known'])
    expect(names(reply.notDue)).toEqual(['sleeper'])
    expect(reply.verdict).toBe('differs')
    expect(reply.predictedNotSeen.find(({ who }) => who === 'web')!.words).toContain('still works')
    expect(reply.predictedNotSeen.find(({ who }) => who === 'host')!.words).toContain('silence')
  })
  it('silence is neither success nor a difference; before anything is due it is too early', () => {
    expect(ask([], '2026-11-20T04:00:01Z').verdict).toBe('too-early')
    expect(ask([], '2026-11-21T00:00:00Z')).toMatchObject({ verdict: 'as-predicted', predictedAndSeen: [] })
  })
  it('every dependant that was predicted to break is in exactly one group', () => {
    const reply = ask([{ who: idOf(api!), at: '2026-11-20T04:02:00Z', ok: false }], '2026-11-20T04:10:00Z')
    const all = [reply.predictedAndSeen, reply.predictedNotSeen, reply.notDue].flat().map(({ who }) => who)
    expect([...all].sort()).toEqual([hostile, 'host', 'sleeper', 'web'].sort())
  })
  it('refuses a time that is none', () => {
    expect(() => answerCompare(estate, id, { at: 'yesterday', seen: [] })).toThrow(/time of the change/)
  })
})
