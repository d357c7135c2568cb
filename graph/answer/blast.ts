import { QuestionError } from '../errors.ts'
import { giveWay } from '../give-way.ts'
import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { BlastQuery, BlastReply, Cell, Fact, Operation, Snapshot, System, Verdict } from '../wire.ts'
import { actionFacts, callFacts, effectWords, partWords } from './actions.ts'
import { assess, type AssessedDependent, type Assessment } from './assess.ts'
import { bands, type BandId } from './bands.ts'
import { publishOf } from './change.ts'
import { wordsOfChange } from './change-words.ts'
import { coverageOfChange } from './coverage-of-change.ts'
import { countsOf, headlineOf, overallOf } from './headline.ts'
import { notesOf } from './notes.ts'
import { lagAt } from './lag.ts'
import { actionsOf, availabilityOf, operations } from './operations.ts'
import { subjectOf } from './subject.ts'
import { systemRow, UNATTRIBUTED } from './systems.ts'
import { headOf, numberProp, ownerOf, textProp, thingOf } from './things.ts'
import { unknownsOf } from './unknowns.ts'

const MEMBERS_IN_A_CELL = 24
const glyphOrder = { breaks: 0, steps: 1, unknown: 2, keeps: 3 } as const satisfies Record<Verdict, number>

/** The question as it was meant: defaults filled in, operations that do not exist refused with the reason. */
export function assessed(estate: Estate, id: string, query: BlastQuery, now?: string): Assessment {
  const subject = subjectOf(estate, id, query.op)
  const entity = estate.entities[subject]!
  const offered = actionsOf(entity, query)
  const op: Operation = query.op ?? offered.find((one) => one.available)?.op ?? 'revoke'
  const chosen = offered.find((one) => one.op === op)!
  const possible = offered.filter((one) => one.available).map((one) => one.op)
  if (!chosen.available && query.op)
    throw new QuestionError(
      'bad-change',
      `cannot ${operations[op].verb} ${entity.name}: ${chosen.why}`,
      `possible: ${possible.join(', ') || 'nothing'}`,
    )
  const only = query.only === undefined ? undefined : estate.indexOf.get(query.only)
  if (query.only !== undefined && only === undefined)
    throw new QuestionError('not-found', `nothing with the id ${query.only} is known`, 'only: the id of the other end')
  return assess(estate, subject, op, query.overlap, {
    lasts: query.lasts,
    at: query.at,
    only,
    ...(now !== undefined && { now: momentOfAnswer(estate, now) }),
  })
}

/** "What breaks, and when": the whole answer of the Blast screen. Same estate, question and `now` give the same bytes. */
export function answerBlast(estate: Estate, id: string, query: BlastQuery, now: string): BlastReply {
  const assessment = assessed(estate, id, query, now)
  const at = momentOfAnswer(estate, now)
  const { subject, op } = assessment
  const entity = estate.entities[subject]!
  const coverage = coverageOfChange(assessment, at)
  const counts = countsOf(assessment)
  const verdict = overallOf(assessment, counts, coverage, at)
  const rows = rowsOf(assessment)
  const shown = bandsOf(assessment)
  giveWay()
  const headline = headlineOf(assessment, verdict, counts, coverage, at)
  giveWay()
  const notes = notesOf(assessment)
  giveWay()
  return {
    snapshot: snapshotOf(estate),
    subject: {
      ...thingOf(estate, subject),
      facts: factsOf(assessment),
      owner: ownerOf(estate, subject),
      lastUsedAt: textProp(entity, 'lastUsedAt') ?? null,
    },
    op,
    ops: availabilityOf(entity),
    actions: actionFacts(estate, subject),
    change: changeWords(assessment),
    verdict,
    headline,
    counts,
    bands: shown,
    systems: rows.map((row) => systemRow(estate, row)),
    cells: cellsOf(
      assessment,
      rows,
      shown.map((band) => band.id),
    ),
    steps: [...assessment.steps],
    unknowns: unknownsOf(assessment, coverage, at),
    notes,
    coverage,
  }
}

/**
 * The moment that "fresh" and "unused" are measured from. The fictional sample lives at the end of its own logs,
 * otherwise it would go stale and nothing in it could be called safe.
 */
export function momentOfAnswer(estate: Estate, now: string): string {
  if (!estate.snapshot.sample) return now
  return (
    estate.sources
      .map((source) => source.until ?? '')
      .sort()
      .at(-1) || now
  )
}

export function snapshotOf(estate: Estate): Snapshot {
  return {
    ...estate.snapshot,
    entities: estate.entities.length,
    relationships: estate.relationships.length,
    sources: estate.sources.length,
  }
}

/**
 * Row order (client.md 3.1): tier, worst verdict, earliest band, name; use that nobody could attribute always last.
 */
export function rowsOf({ estate, dependents }: Assessment): number[] {
  const rows = new Map<number, { worst: number; earliest: number }>()
  for (const { system, verdict, band } of dependents) {
    const row = rows.get(system)
    if (row === undefined) rows.set(system, { worst: glyphOrder[verdict], earliest: bandNumbers.get(band)! })
    else {
      row.worst = Math.min(row.worst, glyphOrder[verdict])
      row.earliest = Math.min(row.earliest, bandNumbers.get(band)!)
    }
  }
  const keyed = [...rows].map(([row, { worst, earliest }]) => {
    const system: System = systemRow(estate, row)
    const tier = row === UNATTRIBUTED ? 99 : row < 0 ? 98 : (system.tier ?? 9)
    return { row, order: [tier, worst, earliest, system.name, row] }
  })
  return keyed.sort((a, b) => compare(a.order, b.order)).map(({ row }) => row)
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1
  return 0
}

const bandNumbers: ReadonlyMap<BandId, number> = new Map(bands.map(({ id }, at) => [id, at]))

/** The default bands; `later` only where something is in it, and then the next restart only where something is. */
export function bandsOf({ dependents }: Assessment): (typeof bands)[number][] {
  const used = new Set(dependents.map((one) => one.band))
  const optional = used.has('later') ? new Set<BandId>(['restart']) : new Set<BandId>(['later'])
  return bands.filter((band) => used.has(band.id) || !optional.has(band.id))
}

function cellsOf({ estate, dependents }: Assessment, rows: readonly number[], bandIds: readonly BandId[]): Cell[] {
  const rowOf = new Map(rows.map((row, sys) => [row, sys]))
  const columnOf = new Map(bandIds.map((id, band) => [id, band]))
  const cells = new Map<number, AssessedDependent[]>()
  for (const one of dependents) {
    const key = rowOf.get(one.system)! * bandIds.length + columnOf.get(one.band)!
    const members = cells.get(key)
    if (members) members.push(one)
    else cells.set(key, [one])
  }
  return [...cells]
    .sort(([a], [b]) => a - b)
    .map(([key, members]): Cell => {
      const counts = { breaks: 0, unknown: 0, steps: 0, keeps: 0 }
      for (const { verdict } of members) counts[verdict]++
      return {
        sys: Math.floor(key / bandIds.length),
        band: key % bandIds.length,
        ...counts,
        members: firstInGlyphOrder(estate, members, MEMBERS_IN_A_CELL).map(({ index, verdict }) => ({
          id: estate.entities[index]!.id,
          name: estate.entities[index]!.name,
          verdict,
        })),
      }
    })
}

/** Worst verdict first, then the earliest loss, then the most critical system: the order of lists. */
export function worstFirst(assessment: Assessment, members: readonly AssessedDependent[]): AssessedDependent[] {
  const { estate } = assessment
  const keyed = members.map((one) => ({
    one,
    glyph: glyphOrder[one.verdict],
    start: one.possible?.[0] ?? Infinity,
    tier: one.system < 0 ? 98 : (numberProp(estate.entities[one.system]!, 'tier') ?? 9),
    id: estate.entities[one.index]!.id,
  }))
  // Infinity less itself is not a number, which is no order.
  const before = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0)
  return keyed
    .sort((a, b) => a.glyph - b.glyph || before(a.start, b.start) || a.tier - b.tier || (a.id < b.id ? -1 : 1))
    .map(({ one }) => one)
}

/** Breaks, safe after steps, unknown, keeps; then by id, which is a hash and so a stable order without meaning. */
export function inGlyphOrder(estate: Estate, members: readonly AssessedDependent[]): AssessedDependent[] {
  return [...members].sort(
    (a, b) =>
      glyphOrder[a.verdict] - glyphOrder[b.verdict] ||
      (estate.entities[a.index]!.id < estate.entities[b.index]!.id ? -1 : 1),
  )
}

/** The first of them, whose number is small: a cell may have a hundred thousand. */
function firstInGlyphOrder(estate: Estate, members: readonly AssessedDependent[], most: number): AssessedDependent[] {
  let first: AssessedDependent[] = []
  let rest: AssessedDependent[] = []
  for (const one of members) {
    rest.push(one)
    if (rest.length < SORTED_AT_ONCE) continue
    first = inGlyphOrder(estate, [...first, ...rest]).slice(0, most)
    rest = []
  }
  return inGlyphOrder(estate, [...first, ...rest]).slice(0, most)
}

const SORTED_AT_ONCE = 512

const factLabels = [
  ['status', 'Status'],
  ['createdAt', 'Created'],
  ['lastRotatedAt', 'Last rotated'],
  ['lastUsedAt', 'Last used'],
  ['lastUsedService', 'Last used for'],
  ['expiresAt', 'Expires'],
  ['purpose', 'Purpose'],
] as const

function factsOf({ estate, subject, users }: Assessment): Fact[] {
  const entity = estate.entities[subject]!
  const facts: Fact[] = []
  for (const [name, label] of factLabels) {
    const value = textProp(entity, name)
    if (value !== undefined) facts.push(name.endsWith('At') ? { label, value, at: value } : { label, value })
  }
  const identity = headOf(estate, subject, 'AUTHENTICATES_AS')
  if (identity !== undefined) facts.unshift({ label: 'Proves', value: estate.entities[identity]!.name })
  if (users.places.length > 0)
    facts.push({
      label: 'Stored in',
      value:
        users.places.length === 1 ? estate.entities[users.places[0]!.index]!.name : `${users.places.length} places`,
    })
  return facts
}

function changeWords(assessment: Assessment): BlastReply['change'] {
  const { estate, subject, op, change, users } = assessment
  const lag = lagAt(estate, subject, op).span
  const publish =
    operations[op].engine === 'rotate'
      ? publishOf(estate, subject, op, users.places).map((index) => thingOf(estate, index))
      : []
  return {
    words: wordsOfChange(assessment),
    lag: [lag[0], lag[1]],
    overlap: change.overlap ?? null,
    publish,
    ...callFacts(estate, subject, op),
    effect: effectWords(estate, subject, op),
    ...(isSet(assessment) && { parts: partsOf(assessment) }),
  }
}

const MOST_PARTS = 500

/** Is it more than the subject alone that is struck? */
function isSet({ subject, targets }: Assessment): boolean {
  return targets.relationships.length > 1 || targets.entities.some((index) => index !== subject)
}

function partsOf({ estate, op, targets }: Assessment): NonNullable<BlastReply['change']['parts']> {
  const entities = targets.entities.slice(0, MOST_PARTS).map((index) => {
    const own = entityKinds[estate.entities[index]!.kind].role === 'credential' ? 'revoke' : 'delete'
    const { run, undo } = callFacts(estate, index, op === 'offboard' ? own : op)
    return { thing: thingOf(estate, index), words: partWords(estate, index, op), run, undo }
  })
  const relationships = targets.relationships.slice(0, MOST_PARTS).map((number) => {
    const relationship = estate.relationships[number]!
    const [from, to] = [estate.tails[number]!, estate.heads[number]!]
    const words = `${estate.entities[from]!.name} ${relationshipKinds[relationship.kind].sentence.split(' ').slice(1, -1).join(' ')} ${estate.entities[to]!.name}: taken away`
    return { thing: thingOf(estate, to), words, run: [], undo: 'give it back' }
  })
  return [...entities, ...relationships]
}
