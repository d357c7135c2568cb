import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assess } from '../../graph/answer/assess.ts'
import { operationNames, actionsOf } from '../../graph/answer/operations.ts'
import { buildEstate } from '../../graph/estate/build.ts'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { idOf } from '../../graph/ids.ts'
import { changeKinds } from '../../graph/kinds/change-kinds.ts'
import { clients } from '../../graph/kinds/clients.ts'
import { deliveryModeNames } from '../../graph/kinds/delivery.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { startMerge } from '../../graph/merge.ts'
import type { Operation } from '../../graph/wire.ts'

const NOW = '2026-11-20T04:00:00Z'
const numRuns = Number(process.env['KEYFALL_LAW_RUNS'] ?? 150)

/** One credential, perhaps issued by another, in a place that another may copy, and one workload that uses it. */
interface World {
  readonly kind: EntityKind
  readonly parent: EntityKind | null
  readonly synced: number | null
  readonly use: Partial<RelationshipFact>
  readonly op: Operation
  readonly overlap: number
  readonly fallback: boolean
}

const kinds = Object.entries(changeKinds)
  .filter(([, row]) => row.role === 'credential')
  .map(([kind]) => kind as EntityKind)
const seconds = fc.constantFrom(0, 30, 300, 1800, 3600, 43_200)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

const use: fc.Arbitrary<Partial<RelationshipFact>> = fc
  .record({
    delivery: maybe(fc.constantFrom(...deliveryModeNames)),
    cadence: maybe(seconds),
    props: fc.record({
      client: maybe(fc.constantFrom(...Object.keys(clients))),
      tokenSeconds: maybe(seconds),
      poolSeconds: maybe(seconds),
      cacheSeconds: maybe(seconds),
      rereadSeconds: maybe(seconds),
      restartSeconds: maybe(seconds),
    }),
  })
  .map((one) => JSON.parse(JSON.stringify(one)) as Partial<RelationshipFact>)

const world: fc.Arbitrary<World> = fc.record({
  kind: fc.constantFrom(...kinds),
  parent: fc.option(fc.constantFrom(...kinds), { nil: null, freq: 3 }),
  synced: fc.option(seconds, { nil: null }),
  use,
  op: fc.constantFrom(...operationNames),
  overlap: seconds,
  fallback: fc.constant(false),
})

const evidence = [{ source: 'test', kind: 'observed' as const }]

function answer({ kind, parent, synced, use: how, op, overlap, fallback }: World) {
  const merge = startMerge()
  const thing = (id: string, of: EntityKind): void =>
    void merge.entity({ id, kind: of, name: id, props: { expiresAt: '2027-11-20T00:00:00Z' } } as EntityFact)
  thing('key', kind)
  thing('place', 'vault.kv2_secret')
  thing('copy', 'k8s.secret_object')
  thing('app', 'generic.workload')
  const link = (one: RelationshipFact): void => void merge.relationship({ evidence, ...one })
  if (parent) {
    thing('parent', parent)
    link({ kind: 'ISSUED_BY', from: 'key', to: 'parent' })
  }
  link({ kind: 'HOLDS', from: 'place', to: 'key' })
  if (synced !== null)
    link({
      kind: 'SYNCED_FROM',
      from: 'copy',
      to: 'place',
      delivery: 'operator_sync',
      props: { refreshSeconds: synced },
    })
  const need = fallback ? { need: 'login' } : {}
  link({ kind: 'USES_SECRET', from: 'app', to: synced === null ? 'place' : 'copy', ...how, ...need })
  if (fallback) {
    thing('spare', 'generic.api_key')
    link({ kind: 'USES_CREDENTIAL', from: 'app', to: 'spare', ...need })
  }
  const about = { importer: 'bundle', importerTitle: 'bundle', nature: 'snapshot' as const, complete: true, at: NOW }
  const scope = { ...about, scope: 'bundle:x', title: 'x', files: [], blindTo: [], facts: merge.finish() }
  const estate = buildEstate([scope], { id: 'law', at: NOW, sample: false })
  const subject = estate.indexOf.get(idOf(parent ? 'parent' : 'key'))!
  if (!actionsOf(estate.entities[subject]!).some((one) => one.op === op && one.available)) return null
  let assessment
  try {
    assessment = assess(
      estate,
      subject,
      op,
      op.startsWith('rotate') && op !== 'rotate-in-place' ? overlap : undefined,
      {
        now: NOW,
      },
    )
  } catch {
    // Refused: no right of it is known.
    return null
  }
  const { base, dependents } = assessment
  const app = estate.indexOf.get(idOf('app'))!
  const found = dependents.find((one) => one.index === app)
  return { certain: base.certain(app), possible: base.possible(app), verdict: found?.verdict ?? 'keeps' }
}

const end = (moment: number | null): number => moment ?? Infinity
/** A law that was never asked would hold as well: in some of the worlds there has to be something to say. */
const law = (check: (world: World) => boolean): void => {
  let said = 0
  fc.assert(
    fc.property(world, (asked) => {
      if (check(asked)) said++
    }),
    { numRuns, endOnFailure: true },
  )
  expect(said).toBeGreaterThan(numRuns / 25)
}

describe('laws of change-semantics.md section 14', () => {
  it('P1: a longer overlap never makes a break earlier, nor makes one', () => {
    law((asked) => {
      const rotated = { ...asked, op: 'rotate' as const }
      const [short, long] = [answer(rotated), answer({ ...rotated, overlap: asked.overlap + 3600 })]
      if (!short || !long) return false
      if (short.possible === null) expect(long.possible).toBeNull()
      if (short.possible && long.possible) expect(long.possible[0]).toBeGreaterThanOrEqual(short.possible[0])
      return short.possible !== null
    })
  })

  it('P2: another way never makes an outage longer', () => {
    law((asked) => {
      const [alone, backed] = [answer(asked), answer({ ...asked, fallback: true })]
      if (!alone || !backed) return false
      if (alone.possible === null) expect(backed.possible).toBeNull()
      if (backed.possible)
        expect(end(backed.possible[1]) - backed.possible[0]).toBeLessThanOrEqual(
          end(alone.possible![1]) - alone.possible![0],
        )
      return alone.possible !== null
    })
  })

  it('P3: what becomes unknown never turns a break into none', () => {
    law((asked) => {
      const { props: _props, delivery: _delivery, ...bare } = asked.use
      const { props: __props, ...undescribed } = asked.use
      const known = answer(asked)
      if (!known) return false
      for (const less of [bare, undescribed]) {
        const unknown = answer({ ...asked, use: less })!
        if (known.certain) expect(unknown.possible).not.toBeNull()
        if (known.verdict === 'breaks') expect(unknown.verdict).not.toBe('keeps')
      }
      return known.verdict === 'breaks' || known.certain !== null
    })
  })

  it('P4: nothing breaks for certain before it may, nor is it back for certain later than it may be', () => {
    law((asked) => {
      const found = answer(asked)
      if (!found?.certain) return false
      expect(found.possible).not.toBeNull()
      expect(found.certain[0]).toBeGreaterThanOrEqual(found.possible![0])
      expect(end(found.certain[1])).toBeLessThanOrEqual(end(found.possible![1]))
      return true
    })
  })

  it('P5: who has the new value before the old one is refused is not hit', () => {
    law((asked) => {
      const delivery = 'fetch_cached' as const
      const found = answer({
        ...asked,
        parent: null,
        synced: null,
        op: 'rotate',
        overlap: 3600,
        use: { ...asked.use, delivery, props: { cacheSeconds: 3600 } },
      })
      if (found) expect(found.possible).toBeNull()
      return found !== null
    })
  })

  it('P6: a parent that takes its children along breaks them no later than one whose children live on', () => {
    law((asked) => {
      const cut = answer({ ...asked, kind: 'vault.db_dynamic_lease', parent: 'vault.service_token', op: 'revoke' })!
      const lives = answer({
        ...asked,
        kind: 'vault.db_dynamic_lease',
        parent: 'vault.approle_secret_id',
        op: 'revoke',
      })!
      expect(cut.possible![0]).toBeLessThanOrEqual(lives.possible?.[0] ?? Infinity)
      expect(cut.certain?.[0] ?? Infinity).toBeLessThanOrEqual(lives.certain?.[0] ?? Infinity)
      return true
    })
  })
})
