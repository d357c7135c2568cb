import assert from 'node:assert/strict'
import { buildEstate } from '../../dist/graph/estate/build.js'
import { changeOf } from '../../dist/graph/answer/change.js'
import { modelOf } from '../../dist/graph/answer/model.js'
import { placesOf } from '../../dist/graph/answer/subject.js'
import { entityKinds } from '../../dist/graph/kinds/entity-kinds.js'
import { TIMING_WIDTH } from '../../dist/graph/outage/timings.js'
import { simulate, toExpect } from '../../dist/graph/outage/simulate.js'
import { naiveOutages } from './naive.mjs'
import { race } from './rounds.mjs'

const CREDENTIALS = 20
/** How many answers the naive twin checks; it also gets their time as the yardstick. */
const CHECKED = 3

/**
 * One outage, both runs, starts and ends: the most used credentials one after the other. The naive fixpoint, which shares
 * no code with the engine, says what is right; it is slow, so it checks a few of them.
 */
export async function benchOutage({ size, rounds, imported }) {
  const estate = buildEstate(imported.scopes, { id: 'bench', at: null, sample: false })
  const model = modelOf(estate, { op: 'revoke' })
  const subjects = mostUsed(estate).slice(0, CREDENTIALS)
  const changes = subjects.map((subject) => changeOf(estate, subject, 'revoke', undefined, placesOf(estate, subject)))
  const few = changes.slice(0, CHECKED)
  const parts = few.map((_, at) => reachablePart(estate, subjects[at]))
  const naively = () => few.map((change, at) => naiveOutages(parts[at], change))
  const expected = naively()
  const affected = changes.reduce((sum, change) => sum + simulate(model, change).entities.length, 0)

  const check = (outages) =>
    expected.forEach((one, at) => assert.deepEqual(Object.fromEntries(toExpect(outages[at])), one))
  const all = await race(
    rounds,
    { [`engine, ${changes.length} credentials`]: () => changes.map((change) => simulate(model, change)) },
    (found) => check([...found.values()][0]),
  )
  const against = await race(
    rounds,
    {
      [`engine, ${CHECKED} of them`]: () => few.map((change) => simulate(model, change)),
      [`naive fixpoint, the same ${CHECKED}`]: naively,
    },
    (found) => check([...found.values()][0]),
  )
  return [
    {
      name: 'outage',
      size,
      what: `revoke each of the ${changes.length} most used credentials; ${(affected / changes.length).toFixed(0)} affected on average`,
      times: { ...all, ...against },
      figures: {
        'ms an outage': (Object.values(all)[0].median / changes.length).toFixed(3),
        'answers checked by the naive twin': CHECKED,
      },
    },
  ]
}

/**
 * The part of the estate that decides about a change of this credential: everything that could depend on it, with all
 * that each of those needs. Nothing else can be out, so the naive twin's answer on it is the answer on the whole.
 */
function reachablePart(estate, subject) {
  const view = { entities: estate.entities, relationships: viewedRelationships(estate) }
  const dependents = new Set([subject])
  const queue = [subject]
  for (const at of queue)
    for (let i = estate.in.start[at]; i < estate.in.start[at + 1]; i++) {
      const from = estate.indexOf.get(estate.relationships[estate.in.list[i]].from)
      if (!dependents.has(from)) {
        dependents.add(from)
        queue.push(from)
      }
    }
  const relationships = view.relationships.filter((one) => dependents.has(estate.indexOf.get(one.from)))
  const named = new Set(relationships.flatMap(({ from, to, by = [] }) => [from, to, ...by]))
  return {
    entities: view.entities.filter((entity) => named.has(entity.id) || entity.id === estate.entities[subject].id),
    relationships,
  }
}

/** Relationships with the confidence and the times that this view gives them, as facts say such things. */
function viewedRelationships(estate) {
  const { confidence, timing, timings } = modelOf(estate, { op: 'revoke' })
  const never = (seconds) => (seconds === Infinity ? null : seconds)
  return estate.relationships.map(({ id, kind, from, to, need, strength, by, via }, number) => {
    const row = timings.subarray(timing[number] * TIMING_WIDTH, (timing[number] + 1) * TIMING_WIDTH)
    return {
      ...{ id, kind, from, to, need, strength, by, via },
      confidence: ['none', 'possible', 'confirmed'][confidence[number]],
      session: [row[0], never(row[1])],
      tolerance: [row[2], never(row[3])],
      ...(row[4] !== Infinity && { pickup: [row[4], never(row[5])] }),
      cadence: row[6],
    }
  })
}

function mostUsed(estate) {
  const used = (index) => estate.in.start[index + 1] - estate.in.start[index]
  return [...estate.entities.keys()]
    .filter((index) => entityKinds[estate.entities[index].kind].role === 'credential')
    .sort((a, b) => used(b) - used(a) || a - b)
}
