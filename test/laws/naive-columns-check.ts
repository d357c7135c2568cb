import type { Columns } from '../../graph/index/columns.ts'
import type { FlatOutages } from '../../graph/outage/flat-outages.ts'
import type { Strike } from '../../graph/outage/flat-run.ts'
import type { RunColumns, SpanColumns } from '../../graph/outage/run-columns.ts'
import { naiveOver, withoutTimes, type NaiveAnswer } from './naive-columns.ts'
import type { ColumnChange } from './naive-columns-part.ts'
import type { NaiveSpans } from './naive-columns-run.ts'

/** A fast way to answer: null where it leaves the question to another. It is given what the change is in numbers. */
export interface FastWay {
  readonly name: string
  readonly answer: (change: ColumnChange) => Answer | null
}
export type Answer = Pick<FlatOutages, 'entities' | 'possible' | 'certain'>

/** What was compared: answers given by each way, answers it left to another, and rows of them. */
export interface Compared {
  questions: number
  rows: number
  /** Questions too large for the naive fixpoint: nothing is known of them. */
  tooLarge: number
  readonly given: Map<string, number>
  readonly left: Map<string, number>
}

/** A span from the naive fixpoint against one from a fast way; what ends before it starts is none. */
function sameSpan(naive: NaiveSpans, row: number, fast: SpanColumns, at: number): boolean {
  const [start, end] = [fast.start[at]!, fast.end[at]!]
  if (!(naive.end[row]! > naive.start[row]!)) return !(end > start)
  return naive.start[row] === start && naive.end[row] === end
}

const parts = ['out', 'needs', 'degraded'] as const

function isNothing(run: RunColumns, at: number): boolean {
  return parts.every((part) => !(run[part].end[at]! > run[part].start[at]!))
}

/**
 * @throws Error with the first difference: entity, run and both spans.
 */
export function assertSame(naive: NaiveAnswer, fast: Answer, words: string): void {
  const fail = (entity: number, what: string): never => {
    throw new Error(`${words}: entity ${entity}: ${what}`)
  }
  let row = 0
  for (let at = 0; at < fast.entities.length; at++) {
    const entity = fast.entities[at]!
    if (at > 0 && fast.entities[at - 1]! >= entity) fail(entity, 'stands out of order')
    if (naive.entities[row]! < entity) fail(naive.entities[row]!, 'is missing from the fast answer')
    if (naive.entities[row] !== entity) {
      if (!isNothing(fast.possible, at) || !isNothing(fast.certain, at)) fail(entity, 'is out in the fast answer alone')
      continue
    }
    for (const run of ['possible', 'certain'] as const)
      for (const part of parts)
        if (!sameSpan(naive[run][part], row, fast[run][part], at)) {
          const span = ({ start, end }: SpanColumns, i: number) => `[${start[i]}, ${end[i]})`
          fail(entity, `${run}, ${part}: ${span(naive[run][part], row)} but fast ${span(fast[run][part], at)}`)
        }
    row++
  }
  if (row < naive.entities.length) fail(naive.entities[row]!, 'is missing from the fast answer')
}

/** Every change by the naive fixpoint once, and by each way. */
export function compareOutages(
  columns: Columns,
  changes: Iterable<ColumnChange>,
  ways: readonly FastWay[],
  words: string,
  most = Infinity,
): Compared {
  const naively = naiveOver(columns, most)
  const compared: Compared = { questions: 0, rows: 0, tooLarge: 0, given: new Map(), left: new Map() }
  for (const change of changes) {
    const naive = naively(change)
    if (!naive) {
      compared.tooLarge++
      continue
    }
    compared.questions++
    compared.rows += naive.entities.length
    for (const { name, answer } of ways) {
      const fast = answer(change)
      const counts = fast ? compared.given : compared.left
      counts.set(name, (counts.get(name) ?? 0) + 1)
      if (fast) assertSame(naive, fast, `${words}, ${name}, ${JSON.stringify(change)}`)
    }
  }
  return compared
}

/** The strikes of both runs as the flat engines take them; `edges` has the edge of each relationship. */
export function strikesOf(
  { carried, carrier }: Columns,
  edges: Int32Array,
  { action, targets, at = 0, lag: [least, most] = [0, 0], until }: ColumnChange,
): { worst: Strike; best: Strike } {
  const cut = new Set<number>()
  if (action === 'cut') {
    const gone = new Set(targets)
    carried.forEach((one, i) => {
      if (targets.includes(carrier[i]!)) gone.add(one)
    })
    for (const one of gone) if (edges[one]! >= 0) cut.add(edges[one]!)
  }
  const struck = action === 'cut' ? [] : targets
  const end = (wait: number) => (until === undefined ? Infinity : until + wait)
  return {
    worst: { struck, cut, inv: at + least, until: end(most) },
    best: { struck, cut, inv: at + most, until: end(least) },
  }
}

/** Who falls with each of these, by the naive fixpoint on an estate without times, against what was counted. */
export function compareFalls(
  columns: Columns,
  things: Iterable<number>,
  counted: (thing: number) => Record<string, { possible: number; certain: number; degraded?: number }>,
  words: string,
): number {
  const naively = naiveOver(withoutTimes(columns))
  let compared = 0
  for (const thing of things) {
    const { possible, certain } = naively({ action: 'revoke', targets: [thing] })!
    const count = ({ start, end }: NaiveSpans) => start.reduce((sum, from, i) => sum + (end[i]! > from ? 1 : 0), 0)
    const degraded = possible.out.start.reduce((sum, _, i) => {
      const isOut = [possible.out, certain.out].some((span) => span.end[i]! > span.start[i]!)
      return sum + (isOut ? 0 : 1)
    }, 0)
    const expected = { possible: count(possible.out), certain: count(certain.out), degraded }
    for (const [name, found] of Object.entries(counted(thing)))
      for (const [side, number] of Object.entries(found))
        if (expected[side as keyof typeof expected] !== number)
          throw new Error(
            `${words}: ${name}, the fall of ${thing}, ${side}: ${JSON.stringify(expected)}, not ${number}`,
          )
    compared++
  }
  return compared
}

/** What compromise reaches over columns, from engine.md's table: plain breadth first, one thing at a time. */
export function naiveReach(columns: Columns, kindNames: readonly string[]): (thing: number) => number {
  const along = new Set(
    [
      'AUTHENTICATES_AS',
      'HOLDS',
      'SYNCED_FROM',
      'USES_SECRET',
      'USES_CREDENTIAL',
      'RUNS_AS',
      'ASSUMES',
      'CAN_ACCESS',
    ].concat('MEMBER_OF'),
  )
  const against = new Set(['ISSUED_BY', 'DEFINED_IN'])
  const next = new Map<number, number[]>()
  const add = (from: number, to: number) => {
    const list = next.get(from)
    if (list) list.push(to)
    else next.set(from, [to])
  }
  for (let i = 0; i < columns.relationshipCount; i++) {
    const kind = kindNames[columns.kind[i]!]!
    if (along.has(kind)) add(columns.from[i]!, columns.to[i]!)
    if (against.has(kind)) add(columns.to[i]!, columns.from[i]!)
  }
  return (thing) => {
    const found = new Set([thing])
    for (const at of found) for (const to of next.get(at) ?? []) found.add(to)
    return found.size - 1
  }
}

/** Seeded questions of every action about these targets, in turn. */
export function* changesOf(
  columns: Columns,
  credentials: Int32Array,
  count: number,
  actions: readonly ColumnChange['action'][],
): Generator<ColumnChange> {
  let state = count
  const below = (bound: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
  const lags = [
    [0, 0],
    [0, 120],
    [30, 900],
    [0, Infinity],
  ] as const
  for (let i = 0; i < count; i++) {
    const action = actions[i % actions.length]!
    const one = credentials[below(credentials.length)]!
    const several = below(4) === 0 ? [one, credentials[below(credentials.length)]!, below(columns.entityCount)] : [one]
    const when = { ...(below(3) === 0 && { at: 300 }), ...(below(3) === 0 && { lag: lags[below(lags.length)]! }) }
    if (action === 'revoke') yield { action, targets: [...new Set(several)], ...when }
    else if (action === 'disable')
      yield { action, targets: [...new Set(several)], ...when, until: 900 + below(9) * 900 }
    else if (action === 'cut') {
      const targets = Array.from({ length: 1 + below(3) }, () => below(columns.relationshipCount))
      // A grant that others run over, where there is one.
      if (columns.carrier.length > 0) targets.push(columns.carrier[below(columns.carrier.length)]!)
      yield { action, targets: [...new Set(targets)], ...when, ...(below(2) === 0 && { until: 3600 }) }
    } else yield { action, targets: [one], ...when, overlap: below(3) * 1200, publish: placesOf(columns, one, below) }
  }
}

const isPlain = (value: number | undefined): value is number => value !== undefined

/** Some of the places that have an arrow to it: what is published to holds it, or uses it. */
function placesOf({ from, to }: Columns, credential: number, below: (bound: number) => number): number[] {
  const all: number[] = []
  for (let i = 0; i < to.length; i++) if (to[i] === credential) all.push(from[i]!)
  return [...new Set([all[below(all.length || 1)], all[below(all.length || 1)]].filter(isPlain))]
}
