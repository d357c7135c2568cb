import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { estateOf, indexIn, seen } from './estate.test-data.ts'
import { exposedBy } from './exposure.ts'
import { canReach, wasUsed } from './reach.ts'
import type { Price } from './price.ts'
import { rotationOrder } from './rotation-order.ts'

/** A credential, the identity it proves, and the vault path in which it stands. */
const login = (name: string): { entities: EntityFact[]; relationships: RelationshipFact[] } => ({
  entities: [
    { id: name, kind: 'generic.api_key' },
    { id: `${name}-identity`, role: 'identity' },
    { id: `${name}-path`, kind: 'vault.kv2_secret' },
  ],
  relationships: [
    { kind: 'AUTHENTICATES_AS', from: name, to: `${name}-identity` },
    { kind: 'HOLDS', from: `${name}-path`, to: name },
  ],
})
const mayRead = (reader: string, stored: string): RelationshipFact => ({
  kind: 'CAN_ACCESS',
  from: `${reader}-identity`,
  to: `${stored}-path`,
  confidence: 'none',
})

function planFor(
  source: string,
  names: readonly string[],
  reads: readonly (readonly [string, string])[],
  prices: Readonly<Record<string, number>> = {},
) {
  const parts = names.map(login)
  const estate = estateOf(
    parts.flatMap(({ entities }) => entities),
    [...parts.flatMap(({ relationships }) => relationships), ...reads.map(([a, b]) => mayRead(a, b))],
  )
  const price = (at: number): Price => ({ breaks: prices[estate.entities[at]!.key] ?? 0, unknown: 0 })
  const { steps, cycles } = rotationOrder(estate, canReach(estate, indexIn(estate, source)), price)
  return {
    steps: steps.map(({ action, thing }) => `${action} ${estate.entities[thing]!.key}`),
    cycles: cycles.map(({ credentials }) => credentials.map((at) => estate.entities[at]!.key)),
  }
}

describe('the order of rotation', () => {
  it('rotates whatever can read a value before that value', () => {
    const reads = [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ] as const
    expect(planFor('a', ['a', 'b', 'c'], reads)).toEqual({ steps: ['rotate a', 'rotate b', 'rotate c'], cycles: [] })
  })

  it('names a ring and stops it where that breaks least, to renew it last', () => {
    const reads = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
      ['c', 'd'],
    ] as const
    expect(planFor('a', ['a', 'b', 'c', 'd'], reads, { b: 7, c: 2 })).toEqual({
      steps: ['rotate a', 'stop c', 'rotate b', 'renew c', 'rotate d'],
      cycles: [['b', 'c']],
    })
  })

  it('a credential that may read its own place is a ring of one: stopped before it gets a new value', () => {
    expect(planFor('a', ['a'], [['a', 'a']])).toEqual({ steps: ['stop a', 'renew a'], cycles: [['a']] })
  })

  it('a compromised workload is taken back first: what it carries would be read again', () => {
    const estate = estateOf(
      [{ id: 'job', kind: 'github.job' }, ...login('a').entities],
      [...login('a').relationships, { kind: 'USES_SECRET', from: 'job', to: 'a-path' }],
    )
    const reach = canReach(estate, indexIn(estate, 'job'))
    const { steps } = rotationOrder(estate, reach, () => ({ breaks: 0, unknown: 0 }))
    expect(steps.map(({ action, thing }) => `${action} ${estate.entities[thing]!.key}`)).toEqual([
      'evict job',
      'rotate a',
    ])
  })

  it('a chain of ten thousand links needs no stack', () => {
    const names = Array.from({ length: 2_500 }, (_, at) => `k${String(at).padStart(4, '0')}`)
    const reads = names.slice(1).map((name, at) => [names[at]!, name] as const)
    const { steps } = planFor(names[0]!, names, reads)
    expect(steps).toEqual(names.map((name) => `rotate ${name}`))
  })
})

describe('exposure', () => {
  it('lists every credential within reach with its reason, what was seen used first', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(login)
    const estate = estateOf(
      [...a!.entities, ...b!.entities, ...c!.entities],
      [
        { ...a!.relationships[0]!, evidence: seen('2026-11-18T00:00:00Z') },
        ...b!.relationships,
        ...c!.relationships,
        mayRead('a', 'b'),
        { ...mayRead('a', 'c'), confidence: 'possible', evidence: seen('2026-11-18T00:00:00Z') },
      ],
    )
    const source = indexIn(estate, 'a')
    const found = exposedBy(estate, canReach(estate, source), wasUsed(estate, source, {}))
    expect(found.map(({ credential, why, used }) => [estate.entities[credential]!.key, why, used])).toEqual([
      ['a', 'held', true],
      ['c', 'read', true],
      ['b', 'read', false],
    ])
  })
})
