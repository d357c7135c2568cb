import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { entityKindNames, entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import { startMerge } from '../merge.ts'
import { buildEstate } from '../estate/build.ts'
import type { Estate } from '../estate/estate.ts'
import { BlastReply, type BlastQuery, type Dependent } from '../wire.ts'
import { answerBlast } from './blast.ts'
import { answerItems } from './items.ts'
import { actionsOf, operationNames } from './operations.ts'

const NOW = '2026-11-20T04:00:00Z'
const seen = [{ source: 'bundle', kind: 'observed' as const, lastSeen: NOW }]

function estateOf(entities: EntityFact[], relationships: RelationshipFact[]): Estate {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach((one) => merge.relationship({ evidence: seen, ...one }))
  const about = { importer: 'bundle', importerTitle: 'bundle', nature: 'snapshot' as const, complete: true, at: NOW }
  const scope = { ...about, scope: 'bundle:x', title: 'x', files: [], blindTo: [], facts: merge.finish() }
  return buildEstate([scope], { id: 'test', at: NOW, sample: false })
}

const thing = (id: string, kind: EntityKind, props?: EntityFact['props']): EntityFact => ({
  id,
  kind,
  name: id,
  ...(props && { props }),
})
const app = (id: string): EntityFact => thing(id, 'generic.workload')
const link = (
  from: string,
  kind: RelationshipFact['kind'],
  to: string,
  more: Partial<RelationshipFact> = {},
): RelationshipFact => ({ from, kind, to, ...more })
const ask = (estate: Estate, key: string, query: BlastQuery) => answerBlast(estate, idOf(key), query, NOW)
const spans = (estate: Estate, key: string, query: BlastQuery): Map<string, Dependent> =>
  new Map(answerItems(estate, idOf(key), query, NOW).items.map((one) => [one.name, one]))

describe('an identity', () => {
  const estate = estateOf(
    [
      thing('role', 'aws.iam_role', { maxSessionSeconds: 7200 }),
      thing('bucket', 'generic.resource'),
      app('export'),
      app('other'),
      thing('ci', 'aws.iam_role'),
      app('pipeline'),
    ],
    [
      link('export', 'RUNS_AS', 'role', { delivery: 'platform_attached' }),
      link('other', 'RUNS_AS', 'role', { delivery: 'platform_attached' }),
      link('role', 'CAN_ACCESS', 'bucket', { id: 'grant' }),
      link('export', 'DEPENDS_ON', 'bucket', { via: ['grant'] }),
      link('ci', 'ASSUMES', 'role', { id: 'trust' }),
      link('pipeline', 'RUNS_AS', 'ci'),
    ],
  )

  it('deleted: whatever runs as it stops within the lag, sessions too', () => {
    const found = spans(estate, 'role', { op: 'delete' })
    expect(found.get('export')).toMatchObject({ certain: [300, null], possible: [0, null], verdict: 'breaks' })
    // Who only may act as it is not known to.
    expect(found.get('pipeline')).toMatchObject({ certain: null, verdict: 'unknown' })
    expect(ask(estate, 'role', { op: 'delete' }).notes.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['not-reversible', 'peculiar']),
    )
  })

  it('disabled for an hour: back after it', () => {
    const found = spans(estate, 'role', { op: 'disable', lasts: 3600 })
    expect(found.get('export')!.possible).toEqual([0, 3900])
    expect(found.get('export')!.certain).toEqual([300, 3600])
  })

  it('without its rights: who was seen to use them breaks, who only runs as it may', () => {
    const found = spans(estate, 'role', { op: 'reduce' })
    expect(found.get('export')).toMatchObject({ certain: [300, null], verdict: 'breaks' })
    expect(found.get('other')).toMatchObject({ certain: null, verdict: 'unknown' })
    expect(ask(estate, 'role', { op: 'reduce', only: idOf('bucket') }).change.words).toContain('1 right taken away')
    expect(() => ask(estate, 'role', { op: 'reduce', only: idOf('pipeline') })).toThrow('no right of role is known')
  })

  it('without trust: sessions live on to their end', () => {
    const found = spans(estate, 'role', { op: 'distrust' })
    expect(found.get('export')!.certain).toEqual([7500, null])
    expect(found.get('export')!.possible).toEqual([0, null])
  })
})

describe('a vault, a key, an issuer', () => {
  const held: EntityFact[] = [
    thing('vault:v', 'vault.server'),
    thing('vault:v/kv', 'vault.mount'),
    thing('vault:v/kv/shop', 'vault.kv2_secret'),
    thing('api-key', 'generic.api_key'),
    app('eager'),
    app('warm'),
  ]
  const estate = estateOf(held, [
    link('vault:v/kv', 'CONTAINED_IN', 'vault:v'),
    link('vault:v/kv/shop', 'CONTAINED_IN', 'vault:v/kv'),
    link('vault:v/kv/shop', 'HOLDS', 'api-key'),
    link('eager', 'USES_SECRET', 'vault:v/kv/shop', { delivery: 'fetch_per_use' }),
    link('warm', 'USES_SECRET', 'vault:v/kv/shop', {
      delivery: 'fetch_cached',
      props: { cacheSeconds: 3600, staleOnError: false },
    }),
  ])

  it('down for half an hour: who fetches each time is out, a warm cache may ride it out', () => {
    const found = spans(estate, 'vault:v', { op: 'take-down', lasts: 1800 })
    expect(found.get('eager')).toMatchObject({ certain: [0, 1800], possible: [0, 1800] })
    expect(found.get('warm')).toMatchObject({ certain: null, possible: [0, 1800] })
    expect(ask(estate, 'vault:v', { op: 'take-down' }).change.parts!.map(({ thing: part }) => part.name)).toContain(
      'vault:v/kv/shop',
    )
  })

  it('lost: for good', () => {
    expect(spans(estate, 'vault:v', { op: 'lose' }).get('eager')!.certain).toEqual([0, null])
  })

  it('a disabled key of KMS takes the secrets it encrypts, and can be enabled again', () => {
    const encrypted = estateOf(
      [...held, thing('arn:aws:kms:eu-west-1:111122223333:key/k', 'aws.kms_key'), thing('db', 'aws.rds_instance')],
      [
        link('vault:v/kv/shop', 'ENCRYPTED_BY', 'arn:aws:kms:eu-west-1:111122223333:key/k'),
        link('db', 'ENCRYPTED_BY', 'arn:aws:kms:eu-west-1:111122223333:key/k'),
        link('eager', 'USES_SECRET', 'vault:v/kv/shop', { delivery: 'fetch_per_use' }),
        link('warm', 'DEPENDS_ON', 'db'),
      ],
    )
    const found = spans(encrypted, 'arn:aws:kms:eu-west-1:111122223333:key/k', { op: 'disable' })
    expect(found.get('eager')!.certain).toEqual([300, null])
    // The database has its data key in memory until it starts again.
    expect(found.get('warm')).toMatchObject({ certain: null, possible: [0, null] })
    expect(ask(encrypted, 'arn:aws:kms:eu-west-1:111122223333:key/k', { op: 'disable' }).change.undo).toBe(
      'aws kms enable-key --key-id arn:aws:kms:eu-west-1:111122223333:key/k',
    )
  })

  it('a CA: distrusted it takes its certificates, unreachable it stops new ones only', () => {
    const estate = estateOf(
      [thing('ca', 'ca.issuer'), thing('cert', 'tls.certificate', { ttlSeconds: 86_400 }), app('web')],
      [link('cert', 'ISSUED_BY', 'ca'), link('web', 'USES_CREDENTIAL', 'cert', { session: [0, 0] })],
    )
    expect(spans(estate, 'ca', { op: 'revoke' }).get('web')!.certain).toEqual([259_200, null])
    const down = spans(estate, 'ca', { op: 'take-down' }).get('web')!
    expect(down.certain).toEqual([86_400, null])
    expect(spans(estate, 'ca', { op: 'take-down', lasts: 3600 }).get('web')!.certain).toBeNull()
    // Its key is lost: what it signed is good until it ends.
    expect(spans(estate, 'ca', { op: 'lose' }).get('web')!.certain).toEqual([86_400, null])
  })

  it('a federation that is disabled lets sessions run to their end', () => {
    const estate = estateOf(
      [thing('provider', 'gcp.workload_identity_provider'), app('job')],
      [link('job', 'RUNS_AS', 'provider', { props: { tokenSeconds: 3600 } })],
    )
    expect(spans(estate, 'provider', { op: 'disable' }).get('job')!.certain).toEqual([3900, null])
  })
})

describe('leavers', () => {
  it('a vendor takes along what it was given and what it holds, and others who share that', () => {
    const estate = estateOf(
      [
        thing('vendor', 'business.vendor'),
        thing('scanner', 'ai.agent'),
        thing('shared', 'generic.api_key'),
        thing('account', 'aws.external_principal'),
        app('ours'),
        app('untouched'),
      ],
      [
        link('scanner', 'SUPPLIED_BY', 'vendor'),
        link('account', 'SUPPLIED_BY', 'vendor'),
        link('scanner', 'USES_CREDENTIAL', 'shared'),
        link('ours', 'USES_CREDENTIAL', 'shared', { delivery: 'env_at_start' }),
      ],
    )
    const found = spans(estate, 'vendor', { op: 'offboard' })
    expect(found.get('ours')!.verdict).toBe('breaks')
    expect([...found.keys()]).not.toContain('untouched')
    expect([...found.keys()]).not.toContain('scanner')
    const { change } = ask(estate, 'vendor', { op: 'offboard' })
    expect(change.parts!.map(({ thing: part, words }) => `${part.name} ${words}`).sort()).toEqual([
      'account deleted',
      'scanner stopped',
      'shared revoked',
    ])
  })

  it('a vendor of whom nothing is known is no safe answer but a refusal', () => {
    expect(() => ask(estateOf([thing('vendor', 'business.vendor')], []), 'vendor', { op: 'offboard' })).toThrow(
      'nothing is known that vendor was given',
    )
  })

  it('no answer about a set is better than what the things in it stand on', () => {
    const estate = estateOf(
      [thing('vendor', 'business.vendor'), thing('key', 'aws.iam_access_key', { neverUsed: true }), app('reader')],
      [link('key', 'SUPPLIED_BY', 'vendor')],
    )
    const reply = ask(estate, 'vendor', { op: 'offboard' })
    expect(reply.verdict).toBe('cannot-say')
    expect(reply.coverage.missing.map(({ source }) => source)).toEqual(
      expect.arrayContaining(['CloudTrail', 'what it was given']),
    )
  })

  it('a person’s account goes with its keys, and what it owns has no owner', () => {
    const estate = estateOf(
      [
        thing('ops', 'business.person'),
        thing('user', 'aws.iam_user'),
        thing('key', 'aws.iam_access_key'),
        app('cron'),
        app('site'),
      ],
      [
        link('user', 'OWNED_BY', 'ops'),
        link('site', 'OWNED_BY', 'ops'),
        link('key', 'AUTHENTICATES_AS', 'user'),
        link('cron', 'USES_CREDENTIAL', 'key', { delivery: 'env_at_start' }),
      ],
    )
    expect([...spans(estate, 'ops', { op: 'offboard' }).keys()]).toEqual(['cron'])
    const { notes } = ask(estate, 'ops', { op: 'offboard' })
    expect(notes.find(({ kind }) => kind === 'ownerless')!.text).toContain('1 thing that it owns')
  })

  it('a repository takes its jobs and its secrets along', () => {
    const estate = estateOf(
      [
        thing('github:acme/shop', 'github.repository'),
        thing('job', 'github.job'),
        thing('s', 'github.actions_secret'),
        app('site'),
      ],
      [
        link('job', 'DEFINED_IN', 'github:acme/shop'),
        link('s', 'CONTAINED_IN', 'github:acme/shop'),
        link('site', 'DEPENDS_ON', 'job'),
      ],
    )
    expect(spans(estate, 'github:acme/shop', { op: 'offboard' }).get('site')!.verdict).toBe('breaks')
  })
})

describe('actions without effect, and ones that make no sense', () => {
  it('a revoked client certificate goes on until it ends, and that is said first', () => {
    const estate = estateOf(
      [thing('cert', 'k8s.client_certificate', { expiresAt: '2026-11-21T04:00:00Z' }), app('admin')],
      [link('admin', 'USES_CREDENTIAL', 'cert', { session: [0, 0] })],
    )
    const reply = ask(estate, 'cert', { op: 'revoke' })
    expect(reply.notes[0]!.kind).toBe('no-effect')
    expect(reply.headline.title).toBe('Revoking has no effect')
    expect(spans(estate, 'cert', { op: 'revoke' }).get('admin')!.certain).toEqual([86_400, null])
  })

  it('a revoked TLS certificate may be refused, or not: nobody can say', () => {
    const estate = estateOf([thing('cert', 'tls.certificate'), app('web')], [link('web', 'USES_CREDENTIAL', 'cert')])
    expect(spans(estate, 'cert', { op: 'revoke' }).get('web')!.verdict).toBe('unknown')
  })

  it('are refused with what would make sense', () => {
    const estate = estateOf([thing('key', 'aws.iam_access_key'), app('api')], [link('api', 'USES_CREDENTIAL', 'key')])
    expect(() => ask(estate, 'api', { op: 'offboard' })).toThrow(/api is a Workload, not a vendor/)
    expect(() => ask(estate, 'key', { op: 'expire' })).toThrow(/does not expire by itself/)
    expect(() => ask(estate, 'key', { op: 'rotate-users' })).toThrow(/no users to alternate/)
    expect(() => ask(estate, 'api', {})).toThrow(/not a credential/)
  })

  it('an end that no source gives can be given', () => {
    const estate = estateOf([thing('token', 'github.pat'), app('ci')], [link('ci', 'USES_CREDENTIAL', 'token')])
    expect(() => ask(estate, 'token', { op: 'expire' })).toThrow('no source says when it expires')
    const reply = ask(estate, 'token', { op: 'expire', at: '2026-12-31' })
    expect(reply.change.words).toContain('refused from 2026-12-31')
    expect(reply.counts.dependents).toBe(1)
  })
})

describe('moving to a vault', () => {
  const estate = estateOf(
    [
      thing('password', 'generic.api_key'),
      thing('vault', 'vault.kv2_secret'),
      thing('ci', 'github.actions_secret'),
      app('reader'),
      app('deploy'),
      app('human'),
    ],
    [
      link('vault', 'HOLDS', 'password'),
      link('ci', 'HOLDS', 'password'),
      link('reader', 'USES_SECRET', 'vault', { delivery: 'fetch_per_use' }),
      link('deploy', 'USES_SECRET', 'ci', { delivery: 'ci_run_start' }),
      link('human', 'USES_CREDENTIAL', 'password', { delivery: 'broker_issued' }),
    ],
  )

  it('keeps who reads there, and breaks who reads a copy elsewhere', () => {
    const found = spans(estate, 'password', { op: 'enforce-vault' })
    expect(found.get('reader')!.verdict).toBe('keeps')
    expect(found.get('deploy')!.certain).toEqual([300, null])
    const [step] = ask(estate, 'password', { op: 'enforce-vault' }).steps
    expect(step).toMatchObject({ id: 'read-from-vault', needed: false, confirmed: false })
    expect(step!.detail).toContain('deploy')
  })

  it('just in time: unattended use breaks, who asks a broker depends on the answer', () => {
    const found = spans(estate, 'password', { op: 'enforce-jit' })
    expect(found.get('deploy')!.verdict).toBe('breaks')
    expect(found.get('human')!.verdict).not.toBe('keeps')
  })
})

it('every action on every kind it is for gives an answer with its effect, its undo and no gap', () => {
  let asked = 0
  for (const kind of entityKindNames) {
    const estate = estateOf(
      [
        thing("it's", kind, { expiresAt: '2027-01-01T00:00:00Z', status: 'Active' }),
        thing('user', 'db.user'),
        app('api'),
        thing('z', 'generic.credential'),
      ],
      [
        link('api', 'DEPENDS_ON', "it's"),
        link('api', 'USES_CREDENTIAL', "it's", { delivery: 'env_at_start' }),
        link("it's", 'CAN_ACCESS', 'z'),
        link("it's", 'AUTHENTICATES_AS', 'user'),
        link('user', 'CAN_ACCESS', 'z'),
        link('user', 'ASSUMES', "it's"),
        link('z', 'SUPPLIED_BY', "it's"),
        link('z', 'OWNED_BY', "it's"),
        link('z', 'CONTAINED_IN', "it's"),
      ],
    )
    const entity = estate.entities[estate.indexOf.get(idOf("it's"))!]!
    for (const { op, available } of actionsOf(entity)) {
      if (!available) continue
      const reply = BlastReply.parse(ask(estate, "it's", { op }))
      asked++
      const { change } = reply
      expect(change.words, `${kind} ${op}`).not.toMatch(/undefined|NaN|\[object/)
      expect(change.undo.length, `${kind} ${op}`).toBeGreaterThan(5)
      expect(change.effect!.length, `${kind} ${op}`).toBeGreaterThan(5)
      expect(reply.actions!.map((one) => one.op)).toContain(op)
      // A name out of a file never ends the quotes it stands in.
      for (const run of [...change.run!, change.undo]) expect(run, `${kind} ${op}`).not.toMatch(/[{}]|(^|[^\\])it's/)
    }
  }
  expect(asked).toBeGreaterThan(300)
  const roles = new Set(entityKindNames.map((kind) => entityKinds[kind].role))
  expect(roles.size).toBeGreaterThan(5)
  expect(operationNames.length).toBe(14)
})
