import { expect, it } from 'vitest'
import { edgesOf, indexOf } from '../../graph/index/index-of.ts'
import { WIDE } from '../../graph/index/sections.ts'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import { compileEstate } from '../../graph/outage/compile.ts'
import { boardFor } from '../../graph/outage/flat-board.ts'
import { flatOutages } from '../../graph/outage/flat-outages.ts'
import { goodBoardFor } from '../../graph/outage/for-good-board.ts'
import { outagesForGood } from '../../graph/outage/for-good-outages.ts'
import { resolveChange } from '../../graph/outage/resolve.ts'
import { simulate, simulateAhead } from '../../graph/outage/simulate.ts'
import { reachOfAll } from '../../graph/reach/all-reach.ts'
import { fallAt, fallPlaceFor } from '../../graph/reach/fall.ts'
import { countFalls, fallCounterFor } from '../../graph/reach/fall-counter.ts'
import { fallViewOf } from '../../graph/reach/fall-view.ts'
import { tangled } from '../estate/tangled.ts'
import { changesOf, compareFalls, compareOutages, naiveReach } from './naive-columns-check.ts'
import { compiledWays, flatWays, type Engine } from './naive-columns-ways.ts'

const engine: Engine = {
  ...{ indexOf, edgesOf, boardFor, flatOutages, goodBoardFor, outagesForGood },
  ...{ compileEstate, resolveChange, simulate, simulateAhead },
}
const SIZE = 3000
const ACTIONS = ['revoke', 'disable', 'cut', 'rotate'] as const

/** `npm run bench -- exact` asks the same of estates of a million things. */
it.each([1, 2])('on a tangled estate every fast way says what the naive fixpoint says (seed %i)', (seed) => {
  const columns = tangled(SIZE, seed)
  const credential = entityKindNames.indexOf('generic.credential')
  const credentials = Int32Array.from(columns.entityKind.keys()).filter((i) => columns.entityKind[i] === credential)
  const ways = [...flatWays(engine, columns), ...flatWays(engine, columns, WIDE), ...compiledWays(engine, columns)]
  const changes = changesOf(columns, credentials, 80, ACTIONS)
  const { questions, rows, given } = compareOutages(columns, changes, ways, `seed ${seed}`)
  expect(questions).toBe(80)
  expect(rows).toBeGreaterThan(400)
  expect(given.get('simulate')).toBe(80)
  for (const name of ['outagesForGood', 'outagesForGood, wide']) expect(given.get(name)).toBeGreaterThan(25)
  for (const name of ['flatOutages', 'flatOutages, wide']) expect(given.get(name)).toBeGreaterThan(45)

  const index = indexOf(columns)
  const place = fallPlaceFor(index)
  const counts = countFalls(fallCounterFor(fallViewOf(index)), credentials)
  const compared = compareFalls(
    columns,
    credentials.filter((_, i) => i % 4 === 0),
    (thing) => {
      const at = credentials.indexOf(thing)
      const { possible, certain, degraded } = fallAt(place, [thing])
      return {
        countFalls: { possible: counts.possible[at]!, certain: counts.certain[at]! },
        fallAt: { possible: possible.length, certain: certain.length, degraded: degraded.length },
      }
    },
    `seed ${seed}`,
  )
  expect(compared).toBeGreaterThan(100)

  const reach = naiveReach(columns, relationshipKindNames)
  const things = Int32Array.from({ length: columns.entityCount }, (_, i) => i)
  const all = reachOfAll({ start: index.accessStart, to: index.accessTo }, things)
  for (const thing of things.filter((i) => i % 7 === 0)) expect([thing, all[thing]]).toEqual([thing, reach(thing)])
})
