import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { startMerge } from '../merge.ts'
import { buildEstate } from '../estate/build.ts'
import type { Estate } from '../estate/estate.ts'
import type { BlastQuery, Step } from '../wire.ts'
import { answerBlast } from './blast.ts'

const NOW = '2026-11-20T04:00:00Z'
const seen = [{ source: 'bundle', kind: 'declared' as const }]

function estateOf(entities: EntityFact[], relationships: RelationshipFact[]): Estate {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach((one) => merge.relationship({ evidence: seen, ...one }))
  const about = { importer: 'bundle', importerTitle: 'bundle', nature: 'snapshot' as const, complete: true, at: NOW }
  const scope = { ...about, scope: 'bundle:x', title: 'x', files: [], blindTo: [], facts: merge.finish() }
  return buildEstate([scope], { id: 'test', at: NOW, sample: false })
}

const steps = (estate: Estate, key: string, query: BlastQuery): Map<string, Step> =>
  new Map(answerBlast(estate, idOf(key), query, NOW).steps.map((step) => [step.id, step]))

const props = { owner: 'Shop' }
const key: EntityFact = { id: 'key', kind: 'aws.iam_access_key', name: 'AKIAEXAMPLE000000001', props }
const user: EntityFact = { id: 'user', kind: 'aws.iam_user', name: 'export' }
const vault: EntityFact = { id: 'vault', kind: 'vault.kv2_secret', name: 'secret/export', props }
const ci: EntityFact = { id: 'ci', kind: 'github.actions_secret', name: 'AWS_KEY', props }
const app = (id: string): EntityFact => ({ id, role: 'workload', name: id, props })
const login: RelationshipFact = { kind: 'AUTHENTICATES_AS', from: 'key', to: 'user' }
const held: RelationshipFact = { kind: 'HOLDS', from: 'vault', to: 'key' }
const reads = (from: string, to: string, more: Partial<RelationshipFact> = {}): RelationshipFact => ({
  kind: 'USES_SECRET',
  from,
  to,
  delivery: 'env_at_start',
  ...more,
})

describe('steps that would make it safe', () => {
  it('the overlap is as long as the slowest who takes the value by itself needs, and no longer', () => {
    const estate = estateOf(
      [key, user, vault, app('api'), app('night')],
      [
        login,
        held,
        reads('api', 'vault', { delivery: 'fetch_cached', props: { cacheSeconds: 7200 } }),
        reads('night', 'vault', { delivery: 'fetch_per_use', cadence: 600 }),
      ],
    )
    const found = steps(estate, 'key', { op: 'rotate', overlap: 60 })
    expect([...found.keys()]).toEqual(['overlap'])
    expect(found.get('overlap')).toMatchObject({ overlap: 7200, confirmed: true, needed: true, who: 'Shop' })
    const counts = (overlap: number) => answerBlast(estate, idOf('key'), { op: 'rotate', overlap }, NOW).counts
    expect(counts(7200)).toMatchObject({ keeps: 2, steps: 0 })
    expect(counts(7199)).toMatchObject({ keeps: 1, steps: 1 })
  })

  it('a restart comes after the value has arrived where it is read', () => {
    const synced: EntityFact = { id: 'synced', kind: 'k8s.secret_object', name: 'shop/aws', props }
    const estate = estateOf(
      [key, user, vault, synced, app('api')],
      [
        login,
        held,
        {
          kind: 'SYNCED_FROM',
          from: 'synced',
          to: 'vault',
          delivery: 'operator_sync',
          props: { refreshSeconds: 1800 },
        },
        reads('api', 'synced'),
      ],
    )
    const found = steps(estate, 'key', { op: 'rotate' })
    expect(found.get('restart')).toMatchObject({ settles: 1, after: 1800, needed: true })
    expect(found.get('restart')!.title).toBe('Restart api after the new value has arrived')
  })

  it('a copy that was forgotten gets the value too, and each step says whom it settles', () => {
    const estate = estateOf(
      [key, user, vault, ci, app('api'), app('deploy')],
      [
        login,
        held,
        { kind: 'HOLDS', from: 'ci', to: 'key' },
        reads('api', 'vault'),
        reads('deploy', 'ci', { delivery: 'ci_run_start' }),
      ],
    )
    const found = steps(estate, 'key', { op: 'revoke' })
    expect([...found].map(([id, { settles }]) => [id, settles])).toEqual([
      ['second-value', 2],
      ['publish-github.actions_secret', 1],
      ['restart', 1],
    ])
  })

  it('an unused key that takes the second slot goes first; a used one is what to move to', () => {
    const second = (more: EntityFact['props']): EntityFact => ({
      ...key,
      id: 'second',
      name: 'AKIAEXAMPLE000000002',
      props: more!,
    })
    const both = (one: EntityFact) =>
      estateOf(
        [key, user, vault, one, app('api')],
        [login, held, { kind: 'AUTHENTICATES_AS', from: 'second', to: 'user' }, reads('api', 'vault')],
      )
    const unused = steps(both(second({ lastUsedAt: '2026-01-01T00:00:00Z' })), 'key', { op: 'revoke' })
    expect(unused.get('free-slot')!.title).toBe('Delete AKIAEXAMPLE000000002, which nobody uses, to free a slot')
    expect(unused.get('free-slot')!.confirmed).toBe(true)
    const used = steps(both(second({ lastUsedAt: '2026-11-19T00:00:00Z' })), 'key', { op: 'revoke' })
    expect(used.has('free-slot')).toBe(false)
    expect(used.get('second-value')!.title).toContain('Move to AKIAEXAMPLE000000002')
  })

  it('what has to be built, bought or found out is named, and makes nothing safe', () => {
    const caller: EntityFact = { id: 'caller:x', kind: 'caller', name: '203.0.113.0/24' }
    const estate = estateOf(
      [key, user, vault, app('legacy'), app('silent'), caller],
      [
        login,
        held,
        { kind: 'USES_CREDENTIAL', from: 'legacy', to: 'key', delivery: 'hardcoded' },
        { kind: 'USES_CREDENTIAL', from: 'silent', to: 'key' },
        { kind: 'USES_CREDENTIAL', from: 'caller:x', to: 'key', confidence: 'possible' },
      ],
    )
    const reply = answerBlast(estate, idOf('key'), { op: 'revoke' }, NOW)
    const found = new Map(reply.steps.map((step) => [step.id, step]))
    expect(found.get('change-code')).toMatchObject({ settles: 1, needed: false, confirmed: false })
    expect(found.get('name-callers')).toMatchObject({ settles: 1, needed: false })
    expect(found.get('ask-delivery')!.title).toBe('Find out how silent gets the value')
    expect(reply.verdict).toBe('not-safe')
    expect(reply.counts.steps).toBe(0)
  })

  it('of two steps that can stand in for each other one is enough', () => {
    const estate = estateOf(
      [key, user, vault, ci, app('api')],
      [
        login,
        held,
        { kind: 'HOLDS', from: 'ci', to: 'key' },
        reads('api', 'vault', { need: 'key', delivery: 'env_at_start' }),
        reads('api', 'ci', { need: 'key', delivery: 'deploy_time' }),
      ],
    )
    const found = steps(estate, 'key', { op: 'revoke' })
    expect([...found.keys()]).toEqual(['second-value', 'restart'])
  })
})
