import type { KnownEntity } from '../../graph/known.ts'
import type { Estate, EstateRelationship } from '../../graph/estate/estate.ts'
import { adjacency } from '../../graph/outage/adjacency.ts'

/** A new one for each change of the form below. */
export const FORM = 1

/**
 * An estate as a row of frames: what it stands on, its entities, both ends of each relationship as numbers, its
 * relationships. Each frame is the text of JSON but for the ends, so that everything is again what it was, in the same
 * order and with its attributes in the same order. Frames are small: whoever writes them can let others run in between.
 */
export function* framesOf(estate: Estate): Generator<Uint8Array> {
  const { snapshot, sources, suggestions, lags, entities, relationships, tails, heads } = estate
  const counts = { entities: entities.length, relationships: relationships.length }
  yield textOf({ snapshot, sources, suggestions, lags: lags && [...lags], ...counts })
  for (let at = 0; at < entities.length; at += TOGETHER) yield textOf(entities.slice(at, at + TOGETHER))
  yield bytesOf(tails)
  yield bytesOf(heads)
  for (let at = 0; at < relationships.length; at += TOGETHER)
    yield textOf(relationships.slice(at, at + TOGETHER).map(withoutEnds))
}

/** Some 0.3 MB, and 3 ms. */
const TOGETHER = 1_000

/** They stand in `tails` and `heads`; their places in the record stay. */
const withoutEnds = (one: EstateRelationship): EstateRelationship => ({ ...one, from: '', to: '' })

const textOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
const bytesOf = (numbers: Int32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

type Head = Pick<Estate, 'snapshot' | 'sources' | 'suggestions'> & {
  readonly lags?: readonly (readonly [
    string,
    NonNullable<Estate['lags']> extends ReadonlyMap<string, infer S> ? S : never,
  ])[]
  readonly entities: number
  readonly relationships: number
}

/**
 * The estate of these frames.
 * @throws Error where they are not those of `framesOf`: bytes that were not checked are not to be given here
 */
export function estateOf(frames: Iterator<Uint8Array>): Estate {
  const next = (): Buffer => {
    const { value, done } = frames.next()
    if (done) throw new Error('a frame is missing')
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  const { snapshot, sources, suggestions, lags, ...counts } = JSON.parse(next().toString()) as Head
  const entities: KnownEntity[] = []
  while (entities.length < counts.entities) taken(entities, next())
  const [tails, heads] = [numbersOf(next(), counts), numbersOf(next(), counts)]
  const relationships: EstateRelationship[] = []
  while (relationships.length < counts.relationships) {
    let at = relationships.length
    taken(relationships, next())
    for (; at < relationships.length; at++) {
      const one = relationships[at] as { from: string; to: string }
      one.from = entities[tails[at]!]!.id
      one.to = entities[heads[at]!]!.id
    }
  }
  if (entities.length !== counts.entities || relationships.length !== counts.relationships || !frames.next().done)
    throw new Error('there are more than there should be')
  return {
    snapshot,
    sources,
    suggestions,
    ...(lags && { lags: new Map(lags) }),
    entities,
    relationships,
    indexOf: new Map(entities.map(({ id }, index) => [id, index])),
    tails,
    heads,
    out: adjacency(entities.length, tails),
    in: adjacency(entities.length, heads),
  }
}

function taken<T>(into: T[], frame: Buffer): void {
  const some = JSON.parse(frame.toString()) as readonly T[]
  if (some.length === 0) throw new Error('a frame is empty')
  for (const one of some) into.push(one)
}

function numbersOf(
  frame: Buffer,
  { entities, relationships }: { entities: number; relationships: number },
): Int32Array {
  const numbers = new Int32Array(new Uint8Array(frame).buffer)
  if (numbers.length !== relationships) throw new Error('ends are missing')
  for (const number of numbers) if (number < 0 || number >= entities) throw new Error('an end is nowhere')
  return numbers
}
