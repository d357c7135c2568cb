import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { startMerge } from '../merge.ts'
import { buildEstate } from './build.ts'
import type { Estate, EstateScope } from './estate.ts'
import { storedValueKey } from './implied.ts'
import type { Decision } from './links.ts'

const declared = [{ source: 'test', kind: 'declared' as const }]
const observed = [{ source: 'log', kind: 'observed' as const, count: 3 }]
const print = (name: string, value: string) => `${name}=fp1:0badcafe:${value.padStart(32, '0')}`

function scope(entities: EntityFact[], relationships: RelationshipFact[], name = 'a'): EstateScope {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach(merge.relationship)
  const at = '2026-11-20T04:00:00Z'
  return {
    ...{ scope: name, title: name, importer: 'test', importerTitle: 'Test', nature: 'snapshot', complete: true, at },
    ...{ files: [], blindTo: [], facts: merge.finish() },
  } as EstateScope
}

const build = (scopes: EstateScope[], decisions: Decision[] = []) =>
  buildEstate(scopes, { id: 'x', at: null, sample: false }, { decisions })
const has = (estate: Estate, key: string) => estate.indexOf.has(idOf(key))
const links = (estate: Estate, kind: string) =>
  estate.relationships
    .filter((one) => one.kind === kind)
    .map(({ from, to, confidence }) => {
      const key = (id: string) => estate.entities[estate.indexOf.get(id)!]!.key
      return `${key(from)} > ${key(to).startsWith('value:') ? 'the value' : key(to)} ${confidence ?? 'confirmed'}`
    })
    .sort()
const says = (decision: Decision['decision'], kind: Decision['kind'], from: string, to: string): Decision => ({
  ...{ decision, kind, from, to },
  ...{ who: 'platform on-call', at: '2026-11-21T10:00:00Z' },
})

describe('one value in several places', () => {
  it('is one credential of all of them, in place of the implied ones', () => {
    const estate = build([
      scope([{ id: 's:a', kind: 'k8s.secret_object', props: { fingerprints: [print('password', '1')] } }], []),
      scope([{ id: 's:b', kind: 'aws.secretsmanager_secret', props: { fingerprints: [print('pw', '1')] } }], [], 'b'),
      scope([{ id: 'w:c', kind: 'aws.lambda_function', props: { fingerprints: [print('DB_PASS', '1')] } }], [], 'c'),
    ])
    expect(links(estate, 'HOLDS')).toEqual(['s:a > the value confirmed', 's:b > the value confirmed'])
    expect(links(estate, 'USES_CREDENTIAL')).toEqual(['w:c > the value confirmed'])
    expect(has(estate, storedValueKey('s:a'))).toBe(false)
  })

  it('leaves a secret with more in it its own value too', () => {
    const both = { fingerprints: [print('a', '1'), print('b', '2')] }
    const estate = build([
      scope([{ id: 's:a', kind: 'k8s.secret_object', props: both }], []),
      scope([{ id: 's:b', kind: 'k8s.secret_object', props: { fingerprints: [print('a', '1')] } }], [], 'b'),
    ])
    expect(has(estate, storedValueKey('s:a'))).toBe(true)
    expect(has(estate, storedValueKey('s:b'))).toBe(false)
  })

  it('is a known credential where one source knows it; of several with that value it is possibly each', () => {
    const place: EntityFact = { id: 's:a', kind: 'k8s.secret_object', props: { fingerprints: [print('p', '1')] } }
    const one: EntityFact = { id: 'c:1', kind: 'generic.password', props: { fingerprints: [print('result', '1')] } }
    expect(links(build([scope([place, one], [])]), 'HOLDS')).toEqual(['s:a > c:1 confirmed'])
    const two = build([scope([place, one, { ...one, id: 'c:2' }], [])])
    expect(links(two, 'HOLDS').filter((line) => line.includes('c:'))).toEqual([
      's:a > c:1 possible',
      's:a > c:2 possible',
    ])
    expect(has(two, storedValueKey('s:a'))).toBe(true)
  })

  it('adds nothing where the copy is a synchronised one, and nothing for one place', () => {
    const props = { fingerprints: [print('p', '1')] }
    const estate = build([
      scope(
        [
          { id: 's:a', kind: 'k8s.secret_object', props },
          { id: 's:b', kind: 'vault.kv2_secret', props },
        ],
        [{ kind: 'SYNCED_FROM', from: 's:a', to: 's:b', evidence: declared }],
      ),
    ])
    expect(links(estate, 'HOLDS')).toEqual([`s:b > ${storedValueKey('s:b')} confirmed`])
  })
})

describe('suggested links', () => {
  const estate = [
    scope(
      [
        { id: 'system:checkout', kind: 'business.system', name: 'Checkout' },
        { id: 'k8s:prod/shop/deployment/checkout', kind: 'k8s.deployment', name: 'checkout' },
        { id: 'team:payments', kind: 'business.team', name: 'payments' },
        { id: 'team:acme/payments', kind: 'business.team', name: 'acme/payments' },
        { id: 'caller:x', kind: 'caller', name: 'x', props: { sessionNames: ['nightly-export'] } },
        { id: 'k8s:prod/shop/cronjob/nightly-export', kind: 'k8s.cron_job', name: 'nightly-export' },
        { id: 'c:key', kind: 'aws.iam_access_key' },
      ],
      [{ kind: 'USES_CREDENTIAL', from: 'caller:x', to: 'c:key', evidence: observed }],
    ),
  ]
  const caller = ['SAME', 'caller:x', 'k8s:prod/shop/cronjob/nightly-export'] as const

  it('are possible, with a reason, and a pair that may be one stays two', () => {
    const open = build(estate)
    expect(open.suggestions.open.map(({ kind, from }) => `${kind} ${from}`)).toEqual([
      'SAME team:payments',
      'SAME caller:x',
      'DEPENDS_ON system:checkout',
    ])
    expect(links(open, 'DEPENDS_ON')).toEqual(['system:checkout > k8s:prod/shop/deployment/checkout possible'])
    expect(has(open, 'caller:x')).toBe(true)
  })

  it('become certain when a person confirms them, with what the log saw', () => {
    const after = build(estate, [says('confirmed', ...caller)])
    expect(has(after, 'caller:x')).toBe(false)
    expect(links(after, 'USES_CREDENTIAL')).toEqual(['k8s:prod/shop/cronjob/nightly-export > c:key confirmed'])
    expect(after.relationships.find(({ kind }) => kind === 'USES_CREDENTIAL')!.evidence).toEqual(observed)
    expect(after.suggestions.open.some(({ from }) => from === 'caller:x')).toBe(false)
  })

  it('are gone when a person rejects them, and wait while an end is not there', () => {
    const no = says('rejected', 'DEPENDS_ON', 'system:checkout', 'k8s:prod/shop/deployment/checkout')
    expect(links(build(estate, [no]), 'DEPENDS_ON')).toEqual([])
    expect(build([], [no, says('confirmed', ...caller)]).entities).toEqual([])
  })

  it('cannot take away what a source declares', () => {
    const link: RelationshipFact = { kind: 'HOLDS', from: 's:a', to: 'c:key', evidence: declared }
    const no = says('rejected', 'HOLDS', 's:a', 'c:key')
    expect(links(build([scope([{ id: 's:a', kind: 'k8s.secret_object' }], [link])], [no]), 'HOLDS')).toEqual([
      's:a > c:key confirmed',
    ])
  })

  it('that go in a circle leave everything where it is', () => {
    const [a, b] = ['team:payments', 'team:acme/payments']
    const after = build(estate, [says('confirmed', 'SAME', a, b), says('confirmed', 'SAME', b, a)])
    expect([has(after, a), has(after, b)]).toEqual([true, true])
  })

  it('law: the order of sources and of decisions never matters', () => {
    const others = scope(
      [{ id: 's:b', kind: 'k8s.secret_object', props: { fingerprints: [print('p', '1')] } }],
      [],
      'z',
    )
    const third = scope([{ id: 's:c', kind: 'k8s.secret_object', props: { fingerprints: [print('p', '1')] } }], [], 'y')
    const all = [...estate, others, third]
    const decisions = [
      says('confirmed', ...caller),
      says('confirmed', 'SAME', 'team:payments', 'team:acme/payments'),
      says('rejected', 'DEPENDS_ON', 'system:checkout', 'k8s:prod/shop/deployment/checkout'),
    ]
    const told = (one: Estate) => [one.entities, one.relationships, one.suggestions]
    const first = told(build(all, decisions))
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.shuffledSubarray(decisions, { minLength: decisions.length }),
        (scopes, said) => {
          expect(told(build(scopes, said))).toEqual(first)
        },
      ),
      { numRuns: 30 },
    )
  })
})
