import { int32s } from '../arrays.ts'
import { giveWay } from '../give-way.ts'
import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import type { MapCellQuery, MapCellReply, MapQuery, MapReply, MapRow } from '../wire-map.ts'
import { snapshotOf } from './blast.ts'
import { exactly, plural } from './durations.ts'
import { foldSystems, MOST_ROWS, type FoldedRow, type Folding } from './map-fold.ts'
import { inWords, systemMap, type SystemMap } from './map-systems.ts'
import { strengthOf, thingOf } from './things.ts'

/** Credentials of a cell on one page, and dependencies. */
const LISTED = 200

/** Systems by systems: what they share and which needs which. Throws `not-found` for a group that is none. */
export function answerMap(estate: Estate, query: MapQuery): MapReply {
  const map = systemMap(estate)
  const folding = foldSystems(estate, map.systems, query)
  const rowOf = placeOfRow(map, folding.rows)
  const shared = new Map<number, number>()
  const needed = new Map<number, number>()
  const own = new Map<number, number>()
  for (const { systems } of map.sharings) {
    giveWay()
    const rows = [...new Set(placed(systems, rowOf))]
    for (const row of rows) add(own, row)
    for (const [row, column] of pairsOf(folding.rows, systems, rows)) add(shared, row * MOST_ROWS + column)
  }
  giveWay()
  for (const { from, to } of map.crossings)
    for (const pair of crossedPairs(from, to, rowOf)) add(needed, pair[0] * MOST_ROWS + pair[1])
  const places = [...new Set([...shared.keys(), ...needed.keys()])].sort((a, b) => a - b)
  return {
    snapshot: snapshotOf(estate),
    systems: folding.systems,
    within: [...folding.within],
    rows: folding.rows.map((row, place) => shownRow(map, row, own.get(place) ?? 0)),
    cells: places.map((place) => [
      Math.floor(place / MOST_ROWS),
      place % MOST_ROWS,
      shared.get(place) ?? 0,
      needed.get(place) ?? 0,
    ]),
    folded: foldedWords(folding),
  }
}

/** What stands behind one cell. Throws `not-found` for a row or column that is not in this map. */
export function answerMapCell(estate: Estate, query: MapCellQuery): MapCellReply {
  const map = systemMap(estate)
  const { rows } = foldSystems(estate, map.systems, query)
  const rowOf = placeOfRow(map, rows)
  const [row, column] = [query.row, query.column].map((id) => rows.findIndex((one) => one.id === id)) as [
    number,
    number,
  ]
  if (row < 0 || column < 0)
    throw new QuestionError('not-found', 'this row or column is not on the map', 'open the map: GET /api/map')
  const credentials = map.sharings
    .filter(({ systems }) => {
      const on = [...new Set(placed(systems, rowOf))]
      return pairsOf(rows, systems, on).some(([a, b]) => a === row && b === column)
    })
    .map(({ credential }) => credential)
    .sort((a, b) => inWords(estate.entities[a]!.name, estate.entities[b]!.name) || a - b)
  const needs = map.crossings.filter(({ from, to }) =>
    crossedPairs(from, to, rowOf).some(([a, b]) => a === row && b === column),
  )
  const startOf = (cursor: number | undefined): number => Math.max(0, Math.floor(cursor ?? 0) || 0)
  const [start, startNeeds] = [startOf(query.cursor), startOf(query.needsCursor)]
  const ownOf = (at: number): number =>
    map.sharings.filter(({ systems }) => systems.some((place) => rowOf[place] === at)).length
  return {
    snapshot: snapshotOf(estate),
    row: shownRow(map, rows[row]!, ownOf(row)),
    column: shownRow(map, rows[column]!, ownOf(column)),
    shared: credentials.length,
    credentials: credentials.slice(start, start + LISTED).map((index) => thingOf(estate, index)),
    dependencies: needs.length,
    needs: needs.slice(startNeeds, startNeeds + LISTED).map(({ relationship: number }) => {
      const relationship = estate.relationships[number]!
      const [from, to] = [estate.tails[number]!, estate.heads[number]!]
      return { from: thingOf(estate, from), to: thingOf(estate, to), strength: strengthOf(relationship) }
    }),
    ...(start + LISTED < credentials.length && { next: start + LISTED }),
    ...(startNeeds + LISTED < needs.length && { nextNeeds: startNeeds + LISTED }),
  }
}

/** For every system the number of its row, -1 for those that are not looked at. */
function placeOfRow({ systems }: SystemMap, rows: readonly FoldedRow[]): Int32Array {
  const rowOf = int32s(systems.length).fill(-1)
  rows.forEach((row, at) => row.systems.forEach((place) => (rowOf[place] = at)))
  return rowOf
}

const placed = (systems: readonly number[], rowOf: Int32Array): number[] =>
  systems.map((place) => rowOf[place]!).filter((row) => row >= 0)

/** Cells that a credential of these systems counts in: all pairs of rows, and a fold with itself where two of its systems share it. */
function pairsOf(rows: readonly FoldedRow[], systems: readonly number[], on: readonly number[]): [number, number][] {
  const pairs: [number, number][] = []
  for (const row of on)
    for (const column of on) if (row !== column || countIn(rows[row]!, systems) > 1) pairs.push([row, column])
  return pairs
}

const countIn = (row: FoldedRow, systems: readonly number[]): number =>
  row.kind === 'system' ? 1 : row.systems.filter((place) => systems.includes(place)).length

/** Cells that one dependency counts in, each once; within a fold it counts on the diagonal. */
function crossedPairs(from: readonly number[], to: readonly number[], rowOf: Int32Array): [number, number][] {
  const pairs = new Map<number, [number, number]>()
  for (const row of placed(from, rowOf))
    for (const column of placed(to, rowOf)) pairs.set(row * MOST_ROWS + column, [row, column])
  return [...pairs.values()]
}

const add = (counts: Map<number, number>, key: number): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

function shownRow({ systems }: SystemMap, row: FoldedRow, credentials: number): MapRow {
  const { id, kind, name, domain } = row
  const tiers = row.systems.flatMap((place) => systems[place]!.tier ?? [])
  return {
    ...{ id, kind, name, domain, credentials },
    tier: tiers.length === 0 ? null : Math.min(...tiers),
    systems: row.systems.length,
  }
}

function foldedWords({ rows, systems }: Folding): string | null {
  const folds = rows.filter(({ kind }) => kind === 'fold')
  if (folds.length === 0) return null
  const inside = folds.reduce((sum, { systems: members }) => sum + members.length, 0)
  const largest = [...folds].sort((a, b) => b.systems.length - a.systems.length).slice(0, 3)
  const named = largest.map(({ name, systems: members }) => `${name} (${members.length})`).join(', ')
  return `${exactly(inside)} of ${plural(systems, 'system')} stand folded in ${plural(folds.length, 'row')}; the largest: ${named}. A row opens to show its systems.`
}
