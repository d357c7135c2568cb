import { createHash } from 'node:crypto'

/**
 * A digest of one answer: of every entity that the two runs touch, in ascending order, when its needs fail and are met
 * again in each run. Whoever gives the same digest gave the same answer, starts and ends of both runs.
 */
export function digestOfOutages({ entities, possible, certain }) {
  const columns = [possible, certain].map(({ needs }) => needs)
  const numbers = new Float64Array(5 * entities.length)
  entities.forEach((entity, at) =>
    numbers.set([entity, ...columns.flatMap(({ start, end }) => spanOf(start[at], end[at]))], 5 * at),
  )
  return digestOf(numbers)
}

/** The same of starts by entity (see `startRun`) of what is never undone. */
export function digestOfStates(states, target) {
  const entities = [...states.keys()].sort((a, b) => Number(a) - Number(b))
  const touched = entities.filter((entity) => entity === target || Math.min(...shownOf(states.get(entity))) < Infinity)
  const spans = ({ worst, best }) => [worst, best].flatMap((start) => spanOf(start, Infinity))
  return digestOf(Float64Array.from(touched.flatMap((entity) => [Number(entity), ...spans(states.get(entity))])))
}

const shownOf = ({ worst, best, softWorst, softBest }) => [worst, best, softWorst, softBest]

const spanOf = (start, end) => (end > start ? [start, end] : [Infinity, -Infinity])

/** Zero has one form in a digest. */
const digestOf = (numbers) =>
  createHash('sha256')
    .update(new Uint8Array(numbers.map((one) => one + 0).buffer))
    .digest('base64')
