import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { standingOf, type Columns } from '../../graph/index/columns.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import { naiveOver, type NaiveAnswer } from './naive-columns.ts'
import type { ColumnChange } from './naive-columns-part.ts'
import { naiveOutages, type NaiveChange, type NaiveEstate, type NaiveExpect } from './naive-outage.ts'
import { question } from './random-estate.ts'

/** An estate of texts as columns, written down without any of the code that the product does it with. */
function asColumns({ entities, relationships }: NaiveEstate): Columns {
  const numbers = new Map(entities.map(({ id }, number) => [id, number]))
  const names = new Map(relationships.map(({ id }, number) => [id, number]))
  const needs = [...new Set(relationships.map(({ need }) => need))]
  const pairs = (of: (one: NaiveEstate['relationships'][number]) => string[], known: Map<string, number>) =>
    relationships.flatMap((one, number) => of(one).map((name) => [number, known.get(name)!] as const))
  const agents = pairs(({ by = [] }) => by, numbers)
  const carriers = pairs(({ via = [] }) => via, names)
  const span = (value: [number, number | null] | undefined, absent: number) =>
    value ? [value[0], value[1] ?? Infinity] : [absent, absent]
  return {
    entityCount: entities.length,
    describedCount: entities.length,
    ids: { bytes: new Uint8Array(0), offsets: new Uint32Array(1) },
    entityKind: Uint16Array.from(entities, () => entityKindNames.indexOf('generic.other')),
    relationshipCount: relationships.length,
    from: Int32Array.from(relationships, ({ from }) => numbers.get(from)!),
    to: Int32Array.from(relationships, ({ to }) => numbers.get(to)!),
    kind: Uint8Array.from(relationships, ({ kind }) => relationshipKindNames.indexOf(kind as never)),
    standing: Uint8Array.from(relationships, ({ confidence, strength }) => standingOf(confidence, strength)),
    need: Int32Array.from(relationships, ({ need }) => (need === undefined ? -1 : needs.indexOf(need))),
    timing: Int32Array.from(relationships.keys(), (number) => number + 1),
    timings: Float64Array.from([
      ...[0, 0, 0, 0, Infinity, Infinity, 0],
      ...relationships.flatMap(({ session, tolerance, pickup, cadence = 0 }) => [
        ...span(session, 0),
        ...span(tolerance, 0),
        ...span(pickup, Infinity),
        cadence,
      ]),
    ]),
    picked: Int32Array.from(agents, ([number]) => number),
    agent: Int32Array.from(agents, ([, agent]) => agent),
    carried: Int32Array.from(carriers, ([number]) => number),
    carrier: Int32Array.from(carriers, ([, carrier]) => carrier),
  }
}

function asNumbers({ entities, relationships }: NaiveEstate, change: NaiveChange): ColumnChange {
  const { action, targets, lag, publish, ...times } = change
  const names = new Map((action === 'cut' ? relationships : entities).map(({ id }, number) => [id, number]))
  const places = new Map(entities.map(({ id }, number) => [id, number]))
  return {
    ...times,
    action,
    targets: targets.map((id) => names.get(id)!),
    ...(lag && { lag: [lag[0], lag[1] ?? Infinity] as const }),
    ...(publish && { publish: publish.map((id) => places.get(id)!) }),
  }
}

function asExpect({ entities }: NaiveEstate, answer: NaiveAnswer): NaiveExpect {
  const span = ({ start, end }: NaiveAnswer['possible']['out'], row: number): [number, number | null] | null =>
    end[row]! > start[row]! ? [start[row]!, end[row] === Infinity ? null : end[row]!] : null
  return Object.fromEntries(
    Array.from(answer.entities, (entity, row) => {
      const certain = span(answer.certain.degraded, row)
      const possible = span(answer.possible.degraded, row)
      const out = { certain: span(answer.certain.out, row), possible: span(answer.possible.out, row) }
      return [entities[entity]!.id, { ...out, degraded: certain || possible ? { certain, possible } : null }]
    }),
  )
}

test.prop([question()], { numRuns: Number(process.env['KEYFALL_LAW_RUNS'] ?? 250) })(
  'over columns the naive fixpoint says what it says over texts',
  ({ estate, change }) => {
    const answer = naiveOver(asColumns(estate))(asNumbers(estate, change))!
    expect(asExpect(estate, answer)).toEqual(naiveOutages(estate, change))
  },
)
