import { createHash } from 'node:crypto'

/**
 * A digest of one answer: of every entity that the two runs touch, in ascending order, when its needs fail and are met
 * again in each run. Whoever gives the same digest gave the same answer, starts and ends of both runs.
 */
export function digestOfOutages({ entities, possible, certain }) {
  const columns = [possible, certain].flatMap(({ needs }) => [needs.start, needs.end])
  const numbers = new Float64Array(5 * entities.length)
  entities.forEach((entity, at) => numbers.set([entity, ...columns.map((column) => column[at])], 5 * at))
  return digestOf(numbers)
}

/** The same of an answer in maps of entities to `{ start, end }`. */
export function digestOfMaps({ possible, certain }, target) {
  const entities = [...touchedBy({ possible, certain }, target)].sort((a, b) => Number(a) - Number(b))
  const spans = (entity) =>
    [possible, certain].flatMap(({ out }) => {
      const span = out.get(entity)
      return [span?.start ?? Infinity, span?.end ?? -Infinity]
    })
  return digestOf(Float64Array.from(entities.flatMap((entity) => [Number(entity), ...spans(entity)])))
}

/** Everything that is out or degraded in either run, and what was struck. */
export function touchedBy({ possible, certain }, target) {
  const touched = new Set([target])
  for (const map of [possible.out, possible.soft, certain.out, certain.soft])
    for (const entity of map.keys()) touched.add(entity)
  return touched
}

/** Zero has one form in a digest. */
const digestOf = (numbers) =>
  createHash('sha256')
    .update(new Uint8Array(numbers.map((one) => one + 0).buffer))
    .digest('base64')
