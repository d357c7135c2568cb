import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import type { KnownFacts } from '../known.ts'
import { startMerge } from '../merge.ts'
import { idOf } from '../ids.ts'
import { buildEstate } from '../estate/build.ts'
import type { Estate } from '../estate/estate.ts'
import { BlastReply } from '../wire.ts'
import { answerBlast } from './blast.ts'
import { answerHome } from './find.ts'
import { answerRank } from './rank.ts'

const NOW = '2026-11-20T04:00:00Z'
const seen = (kind: 'declared' | 'observed') => [{ source: 'kubernetes', kind, lastSeen: NOW }]

/** The Vault and the cluster of the estate below. */
const scopeNames: Record<string, string> = { 'vault-audit': 'vault/v', kubernetes: 'k8s/eu' }
const isLog = (importer: string) => importer === 'cloudtrail' || importer === 'vault-audit'

/** A log that reaches back long enough, about something else. */
function ninetyDays(): KnownFacts {
  const merge = startMerge()
  const evidence = { source: 'log', kind: 'observed' as const, firstSeen: '2026-08-20T00:00:00Z', lastSeen: NOW }
  merge.observation({ kind: 'USES_SECRET', from: 'w:other', to: 's:other', evidence })
  return merge.finish()
}

/** A little estate in code: what is given, and every source that an AWS key needs. */
export function estateOf(
  entities: EntityFact[],
  relationships: RelationshipFact[],
  importers = ['aws-access-keys', 'cloudtrail', 'vault-audit', 'kubernetes'],
): Estate {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach((one) => merge.relationship({ evidence: seen('declared'), ...one }))
  const facts = merge.finish()
  const scopes = importers.map((importer, at) => ({
    scope: `${importer}:${scopeNames[importer] ?? 'test'}`,
    title: importer,
    importer,
    importerTitle: importer,
    nature: isLog(importer) ? ('log' as const) : ('snapshot' as const),
    complete: true,
    at: NOW,
    files: [],
    blindTo: [],
    facts: at === 0 ? facts : isLog(importer) ? ninetyDays() : startMerge().finish(),
  }))
  return buildEstate(scopes, { id: 'test', at: NOW, sample: false })
}

const key: EntityFact = {
  id: 'aws:key:AKIAEXAMPLE000000001',
  kind: 'aws.iam_access_key',
  name: 'AKIAEXAMPLE000000001',
  props: { owner: 'Platform', lastUsedAt: '2026-11-19T00:00:00Z' },
}
const user: EntityFact = { id: 'arn:aws:iam::111122223333:user/export', kind: 'aws.iam_user', name: 'export' }
const vault: EntityFact = {
  id: 'vault:v/secret/export',
  kind: 'vault.kv2_secret',
  name: 'secret/export',
  props: { owner: 'Platform' },
}
const secret: EntityFact = { id: 'k8s:eu/shop/secret/aws', kind: 'k8s.secret_object', name: 'shop/aws' }
const api: EntityFact = {
  id: 'k8s:eu/shop/deployment/api',
  kind: 'k8s.deployment',
  name: 'api',
  props: { owner: 'Shop' },
}
const shop: EntityFact = { id: 'system:shop', kind: 'business.system', name: 'Shop', props: { tier: 1 } }

const chain: RelationshipFact[] = [
  { kind: 'AUTHENTICATES_AS', from: key.id, to: user.id },
  { kind: 'HOLDS', from: vault.id, to: key.id },
  { kind: 'SYNCED_FROM', from: secret.id, to: vault.id, pickup: [0, 3600] },
  { kind: 'USES_SECRET', from: api.id, to: secret.id, delivery: 'env_at_start', evidence: seen('observed') },
  { kind: 'DEPENDS_ON', from: shop.id, to: api.id },
]
const all = [key, user, vault, secret, api, shop]
const blast = (estate: Estate, op: 'revoke' | 'rotate' | 'disable') => answerBlast(estate, idOf(key.id), { op }, NOW)

describe('what breaks, and when', () => {
  it('a revoked key with a consumer that reads it at start is safe after steps: second value, restart', () => {
    const reply = BlastReply.parse(blast(estateOf(all, chain), 'revoke'))
    expect(reply.counts).toMatchObject({ breaks: 0, steps: 1, unknown: 0 })
    expect(reply.verdict).toBe('safe-after-steps')
    expect(reply.steps.map((step) => step.id)).toEqual(['second-value', 'restart'])
    expect(reply.headline.title).toBe('Safe to revoke after 2 steps')
    expect(reply.systems.map((system) => system.name)).toEqual(['Shop'])
  })

  it('a hard-coded consumer is saved by no standard step', () => {
    const hard = [
      ...chain.slice(0, 3),
      { kind: 'USES_CREDENTIAL', from: api.id, to: key.id, delivery: 'hardcoded' } as RelationshipFact,
      chain[4]!,
    ]
    const reply = blast(estateOf(all, hard), 'revoke')
    expect(reply.verdict).toBe('not-safe')
    expect(reply.headline.sentence).toContain('1 dependant in 1 system breaks at once')
    expect(reply.headline.first).toMatchObject({ name: 'api', system: 'Shop' })
  })

  it('a rotation with overlap reaches a consumer that reads again, and breaks one that reads at start', () => {
    const rereads = chain.map((one) =>
      one.kind === 'USES_SECRET' ? { ...one, delivery: 'volume_refresh' as const } : one,
    )
    expect(blast(estateOf(all, rereads), 'rotate')).toMatchObject({ verdict: 'safe', counts: { keeps: 1 } })
    expect(blast(estateOf(all, chain), 'rotate')).toMatchObject({ verdict: 'safe-after-steps', counts: { steps: 1 } })
  })

  it('is never safe while a source that this kind needs is missing', () => {
    const rereads = chain.map((one) =>
      one.kind === 'USES_SECRET' ? { ...one, delivery: 'volume_refresh' as const } : one,
    )
    const reply = blast(estateOf(all, rereads, ['aws-access-keys']), 'rotate')
    expect(reply.verdict).toBe('cannot-say')
    expect(reply.coverage.missing.map((one) => one.source)).toContain('CloudTrail')
  })

  it('a use that nobody could attribute is unknown, in a row of its own', () => {
    const caller: EntityFact = { id: 'caller:x', kind: 'caller', name: '203.0.113.0/24, aws-cli' }
    const use: RelationshipFact = {
      kind: 'USES_CREDENTIAL',
      from: caller.id,
      to: key.id,
      confidence: 'possible',
      evidence: seen('observed'),
    }
    const reply = blast(estateOf([...all, caller], [...chain, use]), 'revoke')
    expect(reply.verdict).toBe('cannot-say')
    expect(reply.systems.at(-1)).toMatchObject({ kind: 'unattributed' })
    expect(reply.counts.unknown).toBe(1)
  })

  it('nothing seen is not the same as unused', () => {
    const reply = blast(estateOf([key, user], chain.slice(0, 1)), 'revoke')
    expect(reply.verdict).toBe('cannot-say')
    expect(reply.headline.sentence).toContain('not the same as unused')
    const unused = { ...key, props: { lastUsedAt: '2026-01-01T00:00:00Z' } }
    expect(blast(estateOf([unused, user], chain.slice(0, 1)), 'revoke').verdict).toBe('safe')
  })

  it('a dependent with a confirmed fallback keeps working and has one path less', () => {
    const other: EntityFact = { id: 'k8s:eu/shop/secret/spare', kind: 'k8s.secret_object', name: 'shop/spare' }
    const either = [
      ...chain.slice(0, 3),
      { kind: 'USES_SECRET', from: api.id, to: secret.id, need: 'creds', delivery: 'env_at_start' } as RelationshipFact,
      { kind: 'USES_SECRET', from: api.id, to: other.id, need: 'creds', delivery: 'env_at_start' } as RelationshipFact,
      chain[4]!,
    ]
    const reply = blast(estateOf([...all, other], either), 'revoke')
    expect(reply.counts).toMatchObject({ breaks: 0, keeps: 1 })
  })
})

describe('what a verdict may not stand on', () => {
  const rereads = chain.map((one) =>
    one.kind === 'USES_SECRET' ? { ...one, delivery: 'volume_refresh' as const } : one,
  )

  it('a last use that cannot be read does not prove that nobody uses it', () => {
    const garbled = { ...key, props: { lastUsedAt: 'N/A' } }
    const reply = blast(estateOf([garbled, user], chain.slice(0, 1)), 'revoke')
    expect(reply.verdict).toBe('cannot-say')
    expect(reply.headline.sentence).toContain('No source says when it was last used')
  })

  it('the log of another account is no log of this key', () => {
    const estate = estateOf(all, rereads)
    const of = (account: string): Estate => ({
      ...estate,
      sources: estate.sources.map((one) =>
        one.importer === 'cloudtrail' ? { ...one, scope: `cloudtrail:aws/${account}` } : one,
      ),
    })
    expect(blast(of('111122223333'), 'rotate').verdict).toBe('safe')
    expect(blast(of('444455556666'), 'rotate').verdict).toBe('cannot-say')
  })

  it('with every slot taken there is no second value: a rotation is not safe as it is, a revoke moves to the other key', () => {
    const other: EntityFact = { ...key, id: 'aws:key:AKIAEXAMPLE000000002', name: 'AKIAEXAMPLE000000002' }
    const both = estateOf([...all, other], [...rereads, { kind: 'AUTHENTICATES_AS', from: other.id, to: user.id }])
    const rotated = blast(both, 'rotate')
    expect(rotated.verdict).toBe('cannot-say')
    expect(rotated.unknowns.map((one) => one.settles)).toContain(`ask what breaks without ${other.name}`)
    const [step] = blast(both, 'revoke').steps
    expect(step).toMatchObject({ title: `Move to ${other.name}, which is there already`, confirmed: false })
  })

  it('an inactive key is no other way', () => {
    const second: EntityFact = {
      ...key,
      id: 'aws:key:AKIAEXAMPLE000000002',
      name: 'second',
      props: { status: 'Inactive' },
    }
    const either = [key, second].map((one): RelationshipFact => ({
      kind: 'USES_CREDENTIAL',
      from: api.id,
      to: one.id,
      need: 'key',
    }))
    const reply = blast(estateOf([...all, second], [...chain.slice(0, 3), ...either, chain[4]!]), 'revoke')
    expect(reply.counts.keeps).toBe(0)
    expect(reply.verdict).not.toBe('safe')
    const active = { ...second, props: { status: 'Active' } }
    expect(blast(estateOf([...all, active], [...chain.slice(0, 3), ...either, chain[4]!]), 'revoke').counts.keeps).toBe(
      1,
    )
  })

  it('a use seen long ago does not explain that the key was used yesterday', () => {
    const old = rereads.map((one) =>
      one.kind === 'USES_SECRET'
        ? { ...one, evidence: [{ source: 'log', kind: 'observed' as const, lastSeen: '2026-09-01T00:00:00Z' }] }
        : one,
    )
    expect(blast(estateOf(all, rereads), 'rotate').verdict).toBe('safe')
    expect(blast(estateOf(all, old), 'rotate').verdict).toBe('cannot-say')
  })

  it('a key that configuration replaces by destroying the old one first has no overlap, unless one is asked for', () => {
    const replaced = all.map((one) =>
      one.kind === 'aws.iam_access_key' ? { ...one, props: { ...one.props, replacedWithOverlap: false } } : one,
    )
    const safe = blast(estateOf(all, rereads), 'rotate')
    const sudden = blast(estateOf(replaced, rereads), 'rotate')
    expect([safe.change.overlap, sudden.change.overlap]).toEqual([86_400, 0])
    expect([safe.verdict === 'safe', sudden.verdict === 'safe']).toEqual([true, false])
  })

  it('a key kept in a Vault and a cluster needs the log of that Vault and the workloads of that cluster', () => {
    const missing = (importers: string[]) =>
      blast(estateOf(all, rereads, importers), 'rotate').coverage.missing.map((one) => one.source)
    expect(missing(['aws-access-keys', 'cloudtrail', 'vault-audit', 'kubernetes'])).toEqual([])
    expect(missing(['aws-access-keys', 'cloudtrail', 'kubernetes'])).toEqual(['a Vault audit log (v)'])
    expect(missing(['aws-access-keys', 'cloudtrail', 'vault-audit'])).toEqual(['the cluster’s workloads (eu)'])
  })

  it('a bundle about other things shows nothing of the use of a password', () => {
    const password: EntityFact = { id: 'db:shop#password', kind: 'db.postgres_password', name: 'shop' }
    const reply = answerBlast(estateOf([password], [], ['bundle']), idOf(password.id), { op: 'revoke' }, NOW)
    expect(reply.coverage.state).toBe('partial')
    expect(reply.verdict).toBe('cannot-say')
  })

  it('Find counts a missing source for the credentials that need it, not for all of their plane', () => {
    const elsewhere: EntityFact = { id: 'aws:key:AKIAEXAMPLE000000009', kind: 'aws.iam_access_key', name: 'elsewhere' }
    const other: EntityFact = { id: 'arn:aws:iam::444455556666:user/x', kind: 'aws.iam_user', name: 'x' }
    const login: RelationshipFact = { kind: 'AUTHENTICATES_AS', from: elsewhere.id, to: other.id }
    const estate = estateOf([...all, elsewhere, other], [...rereads, login])
    const sources = estate.sources.map((one) =>
      one.importer === 'cloudtrail' ? { ...one, scope: 'cloudtrail:aws/111122223333' } : one,
    )
    const { unknowns } = answerHome({ ...estate, sources }, NOW)
    expect(unknowns.filter((one) => one.reason.startsWith('CloudTrail')).map((one) => one.count)).toEqual([1])
  })

  it('Find opens with the heaviest fall, however many credentials there are and however few read its value', () => {
    const hard = (from: string, to: string): RelationshipFact => ({
      kind: 'USES_CREDENTIAL',
      from,
      to,
      delivery: 'hardcoded',
    })
    const dull: EntityFact[] = Array.from({ length: 1100 }, (_, at) => ({
      id: `aws:key:dull-${at}`,
      kind: 'aws.iam_access_key',
      name: `dull ${at}`,
    }))
    const readers = ['one', 'two'].map((name): EntityFact => ({ ...api, id: `k8s:eu/shop/deployment/${name}`, name }))
    const behind = Array.from({ length: 9 }, (_, at): EntityFact => ({
      ...api,
      id: `k8s:eu/shop/deployment/deep-${at}`,
      name: `deep ${at}`,
    }))
    const estate = estateOf(
      [key, ...dull, ...readers, ...behind],
      [
        ...dull.flatMap(({ id }) => readers.map((reader) => hard(reader.id, id))),
        hard(behind[0]!.id, key.id),
        ...behind
          .slice(1)
          .map(({ id }, at): RelationshipFact => ({ kind: 'DEPENDS_ON', from: id, to: behind[at]!.id })),
      ],
    )
    const { worst } = answerHome(estate, NOW)
    expect(worst[0]!.name).toBe(key.name)
    expect(worst.map(({ name }) => name)).toEqual(
      answerRank(estate, { limit: worst.length }, NOW).items.map(({ credential }) => credential.name),
    )
  })
})
