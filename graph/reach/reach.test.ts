import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { estateOf, indexIn, namesOf, seen } from './estate.test-data.ts'
import { isNetwork, overlaps } from './network.ts'
import { canReach, wasUsed } from './reach.ts'

/**
 * A key proves a user, who may read a vault path that holds a database password; the password opens a role on the
 * ledger. The user may also assume an administrator, under conditions.
 */
const entities: EntityFact[] = [
  { id: 'key', kind: 'aws.iam_access_key' },
  { id: 'user', kind: 'aws.iam_user' },
  { id: 'admin', kind: 'aws.iam_role' },
  { id: 'path', kind: 'vault.kv2_secret' },
  { id: 'password', kind: 'db.postgres_password' },
  { id: 'writer', role: 'identity' },
  { id: 'ledger', role: 'resource' },
  { id: 'policy', kind: 'aws.iam_policy' },
  { id: 'inside', kind: 'caller', props: { network: '198.51.100.0/24' } },
  { id: 'outside', kind: 'caller', props: { network: '203.0.113.0/24' } },
]
const relationships: RelationshipFact[] = [
  { kind: 'AUTHENTICATES_AS', from: 'key', to: 'user', evidence: seen('2026-11-18T00:00:00Z') },
  {
    kind: 'ASSUMES',
    from: 'user',
    to: 'admin',
    confidence: 'none',
    props: { conditions: ['aws:MultiFactorAuthPresent'] },
  },
  { kind: 'CAN_ACCESS', from: 'user', to: 'path', evidence: seen('2026-11-10T00:00:00Z') },
  { kind: 'CAN_ACCESS', from: 'admin', to: 'ledger', props: { action: 'rds:DeleteDBInstance' } },
  { kind: 'HOLDS', from: 'path', to: 'password' },
  { kind: 'AUTHENTICATES_AS', from: 'password', to: 'writer' },
  { kind: 'CAN_ACCESS', from: 'writer', to: 'ledger', confidence: 'possible', evidence: seen('2026-11-10T00:00:00Z') },
  { kind: 'CONTAINED_IN', from: 'policy', to: 'user' },
  { kind: 'USES_CREDENTIAL', from: 'inside', to: 'key', evidence: seen('2026-11-10T00:00:00Z') },
  { kind: 'USES_CREDENTIAL', from: 'outside', to: 'key', evidence: seen('2026-11-18T00:00:00Z') },
]
const estate = estateOf(entities, relationships)
const at = (key: string) => indexIn(estate, key)
const key = at('key')

describe('what may be reached from a key', () => {
  const reach = canReach(estate, key)

  it('is everything along the arrows, nearest first, and not the policy that merely describes the user', () => {
    expect(new Set(namesOf(estate, reach.things))).toEqual(
      new Set(['user', 'admin', 'path', 'password', 'writer', 'ledger']),
    )
    expect(reach.things[0]).toBe(at('user'))
  })

  it('the shortest chain may be a permission under conditions that nobody evaluated', () => {
    const chain = reach.shortest(at('ledger'))
    expect(chain.links.length).toBe(3)
    expect(chain).toMatchObject({ may: true, weakest: 'declared', conditions: ['aws:MultiFactorAuthPresent'] })
    expect(reach.way(at('ledger'))).toBe('change')
  })

  it('says how each thing is within reach', () => {
    expect(['user', 'path', 'password'].map((name) => reach.way(at(name)))).toEqual(['act-as', 'read', 'act-as'])
  })

  it('the strongest chain avoids what was only deduced, however long it gets', () => {
    const guessed: RelationshipFact = {
      kind: 'CAN_ACCESS',
      from: 'user',
      to: 'ledger',
      evidence: [{ source: 'test', kind: 'inferred' }],
    }
    const more = estateOf(entities, [...relationships, guessed])
    const ledger = indexIn(more, 'ledger')
    const both = canReach(more, indexIn(more, 'key'))
    expect(both.shortest(ledger)).toMatchObject({ weakest: 'inferred' })
    expect(both.shortest(ledger).links.length).toBe(2)
    expect(both.strongest(ledger)).toMatchObject({ weakest: 'declared' })
    expect(both.strongest(ledger).links.length).toBe(3)
  })

  it('from the vendor that was given a key reaches what the key reaches', () => {
    const handed = estateOf(
      [...entities, { id: 'vendor', kind: 'business.vendor' }],
      [...relationships, { kind: 'SUPPLIED_BY', from: 'key', to: 'vendor' }],
    )
    expect(namesOf(handed, canReach(handed, indexIn(handed, 'vendor')).things)).toContain('ledger')
  })

  it('a repository reaches its workloads and what they use; a thing of which nothing is known reaches nothing', () => {
    const code = estateOf(
      [{ id: 'repo', kind: 'github.repository' }, { id: 'job', kind: 'github.job' }, ...entities],
      [
        ...relationships,
        { kind: 'DEFINED_IN', from: 'job', to: 'repo' },
        { kind: 'USES_CREDENTIAL', from: 'job', to: 'key' },
      ],
    )
    expect(namesOf(code, canReach(code, indexIn(code, 'repo')).things).slice(0, 3)).toEqual(['job', 'key', 'user'])
    expect(canReach(code, indexIn(code, 'ledger')).things).toEqual([])
  })
})

describe('what was used', () => {
  const used = (window: Parameters<typeof wasUsed>[2]) => namesOf(estate, wasUsed(estate, key, window).things)

  it('is what logs show, and what stands in a secret that was read', () => {
    expect(used({})).toEqual(['user', 'path', 'password'])
  })
  it('since a time', () => expect(used({ since: '2026-11-15T00:00:00Z' })).toEqual(['user']))
  it('from networks: only what callers from there had', () => {
    expect(used({ networks: ['203.0.113.77'] })).toEqual(['user', 'path', 'password'])
    expect(used({ networks: ['192.0.2.0/24'] })).toEqual([])
    expect(used({ networks: ['198.51.100.0/24'], since: '2026-11-15T00:00:00Z' })).toEqual([])
  })
})

describe('networks', () => {
  it.each([
    ['203.0.113.7', '203.0.113.0/24', true],
    ['203.0.112.0/23', '203.0.113.0/24', true],
    ['203.0.114.7', '203.0.113.0/24', false],
    ['2001:db8::1', '2001:db8::/64', true],
    ['2001:db8:0:1::1', '2001:db8::/64', false],
    ['vpce-0abc', 'VPCE-0ABC', true],
    ['1.2.3', '1.2.3', true],
    ['0.0.0.0/0', '2001:db8::/64', false],
  ])('%s and %s: %s', (one, other, expected) => expect(overlaps(one, other)).toBe(expected))

  it.each([
    [' 203.0.113.7', true],
    ['2001:db8::/64', true],
    ['vpce-0abc', true],
    ['s3.amazonaws.com', true],
    ['203.0.113', false],
    ['203.0.113.0/33', false],
    ['203.0.113.1-9', false],
    ['2001:db8:::1', false],
  ])('%s: %s', (text, expected) => expect(isNetwork(text)).toBe(expected))
})
