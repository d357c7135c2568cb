import { keepParts, partsOf, type SaidOfParts } from '../../graph/answer/kept-parts.ts'
import type { Estate, EstateRelationship, Source } from '../../graph/estate/estate.ts'
import { lazyList } from '../../graph/estate/lazy-list.ts'
import type { KnownEntity } from '../../graph/known.ts'
import { columnFrames, columnsFrom, listOfColumns, type ColumnList, type Columns } from './kept-columns.ts'
import { idColumns, idsFrom, type KeptIds } from './kept-ids.ts'
import { recordFrames, recordsOf, type KeptRecords } from './kept-records.ts'

/** A new one for each change of the form below. */
export const FORM = 2

/**
 * An estate as a row of frames: what it stands on, columns (ends of relationships, adjacency, ids, what answers make of
 * all of it before the first of them), its entities, its relationships. Records are the text of JSON, so that everything
 * is again what it was, in the same order and with its attributes in the same order. Frames are small, and between those
 * that take long to make comes `undefined`: whoever writes them can let others run in between.
 */
export function* framesOf(estate: Estate): Generator<Uint8Array | undefined> {
  const { snapshot, sources, suggestions, lags, entities, relationships, tails, heads } = estate
  const parts = yield* partsOf(estate)
  const ids = idColumns(entities.map(({ id }) => id))
  yield undefined
  const columns: Columns = {
    ...{ tails, heads, outStart: estate.out.start, outList: estate.out.list },
    ...{ inStart: estate.in.start, inList: estate.in.list },
    ...ids,
    ...parts.columns,
  }
  const head: Head = {
    snapshot,
    suggestions,
    ...(lags && { lags: [...lags] }),
    ...withoutFiles(sources),
    entities: entities.length,
    relationships: relationships.length,
    columns: listOfColumns(columns),
    parts: parts.said,
  }
  yield Buffer.from(JSON.stringify(head))
  yield* columnFrames(columns)
  yield* recordFrames(entities, (one) => one)
  yield* recordFrames(relationships, withoutEnds)
}

/** They stand in `tails` and `heads`; their places in the record stay. */
const withoutEnds = (one: EstateRelationship): EstateRelationship => ({ ...one, from: '', to: '' })

interface Head extends KeptSources, Pick<Estate, 'snapshot' | 'suggestions'> {
  readonly lags?: readonly (readonly [
    string,
    NonNullable<Estate['lags']> extends ReadonlyMap<string, infer S> ? S : never,
  ])[]
  readonly entities: number
  readonly relationships: number
  readonly columns: ColumnList
  readonly parts: SaidOfParts
}

interface KeptSources {
  /** `files`: number of its list. */
  readonly sources: readonly (Omit<Source, 'files'> & { readonly files: number })[]
  /** Numbers of names: sources of one import have the same list, and lists the same names. */
  readonly fileLists: readonly (readonly number[])[]
  readonly fileNames: readonly string[]
}

function withoutFiles(sources: readonly Source[]): KeptSources {
  const names = new Map<string, number>()
  const lists = new Map<readonly string[], number>()
  const byText = new Map<string, number>()
  const fileLists: number[][] = []
  const numberOf = (name: string): number => {
    const number = names.get(name) ?? names.size
    names.set(name, number)
    return number
  }
  const listOf = (files: readonly string[]): number => {
    const known = lists.get(files)
    if (known !== undefined) return known
    const numbers = files.map(numberOf)
    const text = numbers.join()
    const number = byText.get(text) ?? fileLists.push(numbers) - 1
    byText.set(text, number)
    lists.set(files, number)
    return number
  }
  const told = sources.map((source) => ({ ...source, files: listOf(source.files) }))
  return { sources: told, fileLists, fileNames: [...names.keys()] }
}

function withFiles({ sources, fileLists, fileNames }: KeptSources): Source[] {
  const lists = fileLists.map((numbers) => numbers.map((number) => fileNames[number]!))
  return sources.map((source) => ({ ...source, files: lists[source.files]! }))
}

/**
 * The estate of these frames.
 * @param lazily its things and relationships are read one by one, as they are asked for: for a single question. The
 * bytes of the frames stay then.
 * @throws Error where they are not those of `framesOf`: bytes that were not checked are not to be given here
 */
export function estateOf(frames: Iterator<Uint8Array>, lazily = false): Estate {
  const next = (): Buffer => {
    const { value, done } = frames.next()
    if (done) throw new Error('a frame is missing')
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  const head = JSON.parse(next().toString()) as Head
  const columns = columnsFrom(next, head.columns)
  const [tails, heads] = [endsIn(columns['tails'], head), endsIn(columns['heads'], head)]
  const ids = idsFrom(columns)
  const things = recordsOf<KnownEntity>(next, head.entities)
  const ways = recordsOf<EstateRelationship>(next, head.relationships)
  if (!frames.next().done) throw new Error('there is more than there should be')
  const about: About = {
    snapshot: head.snapshot,
    sources: withFiles(head),
    suggestions: head.suggestions,
    ...(head.lags && { lags: new Map(head.lags) }),
    tails,
    heads,
    out: { start: columns['outStart'] as Int32Array, list: columns['outList'] as Int32Array },
    in: { start: columns['inStart'] as Int32Array, list: columns['inList'] as Int32Array },
  }
  const estate = lazily ? lazyEstate(about, ids, things, ways) : wholeEstate(about, things, ways)
  keepParts(estate, { columns: columns as Parameters<typeof keepParts>[1]['columns'], said: head.parts })
  return estate
}

type About = Omit<Estate, 'entities' | 'relationships' | 'indexOf'>

function wholeEstate(about: About, things: KeptRecords<KnownEntity>, ways: KeptRecords<EstateRelationship>): Estate {
  const entities: KnownEntity[] = []
  things.all(entities, (one) => one)
  const relationships: EstateRelationship[] = []
  ways.all(
    relationships,
    withEnds(about, (number) => entities[number]!.id),
  )
  const { snapshot, sources, suggestions, lags, ...rest } = about
  const indexOf = new Map(entities.map(({ id }, index) => [id, index]))
  return { snapshot, sources, suggestions, ...(lags && { lags }), entities, relationships, indexOf, ...rest }
}

function lazyEstate(
  about: About,
  { at: idOf, indexOf }: KeptIds,
  things: KeptRecords<KnownEntity>,
  ways: KeptRecords<EstateRelationship>,
): Estate {
  const ended = withEnds(about, idOf)
  const entities = lazyList<KnownEntity>({
    length: things.count,
    at: things.at,
    all: (into) => things.all(into, (one) => one),
  })
  const relationships = lazyList<EstateRelationship>({
    length: ways.count,
    at: (number) => ended(ways.at(number), number),
    all: (into) => ways.all(into, ended),
  })
  const { snapshot, sources, suggestions, lags, ...rest } = about
  return {
    ...{ snapshot, sources, suggestions, ...(lags && { lags }) },
    get entities() {
      return entities.now()
    },
    get relationships() {
      return relationships.now()
    },
    indexOf,
    ...rest,
  }
}

const withEnds =
  ({ tails, heads }: About, idOf: (number: number) => string) =>
  (one: EstateRelationship, number: number): EstateRelationship => {
    const read = one as { from: string; to: string }
    read.from = idOf(tails[number]!)
    read.to = idOf(heads[number]!)
    return one
  }

function endsIn(column: Columns[string] | undefined, { entities, relationships }: Head): Int32Array {
  const numbers = column as Int32Array
  if (numbers.length !== relationships) throw new Error('ends are missing')
  for (const number of numbers) if (number < 0 || number >= entities) throw new Error('an end is nowhere')
  return numbers
}
