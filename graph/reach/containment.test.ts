import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { contain, type Outage, type Pricing } from './containment.ts'
import { crownJewelsOf } from './crown-jewels.ts'
import type { CutAction } from './cut-actions.ts'
import { estateOf, indexIn } from './estate.test-data.ts'

/** Two ways to the ledger, which a tier 1 system depends on through its service. */
const entities: EntityFact[] = [
  { id: 'key', kind: 'aws.iam_access_key' },
  { id: 'user', kind: 'aws.iam_user' },
  { id: 'reader', kind: 'aws.iam_role' },
  { id: 'admin', kind: 'aws.iam_role' },
  { id: 'ledger', role: 'resource' },
  { id: 'cache', role: 'resource' },
  { id: 'service', role: 'workload' },
  { id: 'helper', role: 'workload' },
  { id: 'payments', kind: 'business.system', props: { tier: 1 } },
  { id: 'newsletter', kind: 'business.system', props: { tier: 3 } },
]
const relationships: RelationshipFact[] = [
  { kind: 'AUTHENTICATES_AS', from: 'key', to: 'user' },
  { kind: 'ASSUMES', from: 'user', to: 'reader' },
  { kind: 'ASSUMES', from: 'user', to: 'admin' },
  { kind: 'CAN_ACCESS', from: 'reader', to: 'ledger' },
  { kind: 'CAN_ACCESS', from: 'admin', to: 'ledger' },
  { kind: 'CAN_ACCESS', from: 'admin', to: 'cache' },
  { kind: 'DEPENDS_ON', from: 'payments', to: 'service' },
  { kind: 'DEPENDS_ON', from: 'service', to: 'helper' },
  { kind: 'DEPENDS_ON', from: 'helper', to: 'ledger' },
  { kind: 'DEPENDS_ON', from: 'newsletter', to: 'cache' },
]
const estate = estateOf(entities, relationships)
/** Prices of single actions, added up as sets of dependents. */
const priced = (outageOf: (action: CutAction) => Outage): Pricing => ({
  free: () => false,
  of: (actions) => {
    const outages = actions.map(outageOf)
    const breaks = new Set(outages.flatMap((one) => one.breaks))
    return {
      breaks: [...breaks],
      unknown: [...new Set(outages.flatMap((one) => one.unknown))].filter((one) => !breaks.has(one)),
    }
  },
})
const nameOf = ({ kind, target }: CutAction): string => {
  const { from, to } = estate.relationships[target]!
  const name = (id: string) => estate.entities[estate.indexOf.get(id)!]!.key
  return kind === 'grant' ? `${name(from)} > ${name(to)}` : estate.entities[target]!.key
}

describe('crown jewels', () => {
  it('are what a tier 1 system is made of: its own workloads, and resources however deep', () => {
    expect([...crownJewelsOf(estate)].map((at) => estate.entities[at]!.key).sort()).toEqual(['ledger', 'service'])
  })
  it('are what somebody marked', () => {
    const marked = estateOf([{ id: 'vault', role: 'resource', props: { crownJewel: true } }], [])
    expect([...crownJewelsOf(marked)]).toEqual([indexIn(marked, 'vault')])
  })
})

describe('containment', () => {
  it('takes the two trusts, where stopping the key would break more', () => {
    const prices: Record<string, number[]> = { key: [1, 2, 3], user: [1, 2, 3], reader: [1], admin: [2] }
    const found = contain(
      estate,
      indexIn(estate, 'key'),
      crownJewelsOf(estate),
      priced((action) => ({
        breaks: prices[nameOf(action)] ?? (nameOf(action) === 'user > reader' ? [] : [4]),
        unknown: [],
      })),
    )
    expect(found.cut.map(nameOf).sort()).toEqual(['admin', 'user > reader'])
    expect(found).toMatchObject({ price: { breaks: 1, unknown: 0 }, exact: true, routes: 2, uncuttable: [] })
    expect(nameOf(found.options[0]!.action)).toBe('user > reader')
    expect(found.curve.at(-1)).toMatchObject({ routes: 2, targetsLeft: 0 })
  })

  it('a session made of the key lives on: stopping the key alone contains nothing that the session reaches', () => {
    const session: EntityFact = { id: 'session', kind: 'aws.sts_role_session' }
    const more = estateOf(
      [...entities, session],
      [
        ...relationships,
        { kind: 'ISSUED_BY', from: 'session', to: 'key' },
        { kind: 'AUTHENTICATES_AS', from: 'session', to: 'reader' },
      ],
    )
    const found = contain(
      more,
      indexIn(more, 'key'),
      crownJewelsOf(more),
      priced(({ kind, target }) => ({
        breaks: kind === 'credential' && more.entities[target]!.key === 'key' ? [] : [target + 10],
        unknown: [],
      })),
    )
    expect(found.cut.length).toBe(2)
    expect(found.curve[0]).toMatchObject({ targetsLeft: 1, breaks: 0 })
  })

  it('says what no action takes out of reach', () => {
    const taken = estateOf(
      [
        { id: 'repo', kind: 'github.repository' },
        { id: 'job', role: 'workload', props: { crownJewel: true } },
      ],
      [{ kind: 'DEFINED_IN', from: 'job', to: 'repo' }],
    )
    const found = contain(
      taken,
      indexIn(taken, 'repo'),
      crownJewelsOf(taken),
      priced(() => ({ breaks: [], unknown: [] })),
    )
    expect(found).toMatchObject({ cut: [], uncuttable: [indexIn(taken, 'job')] })
  })
})
