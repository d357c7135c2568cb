import { QuestionError } from '../errors.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { BlastQuery, BlastReply, Cell, Fact, Operation, Snapshot, System, Verdict } from '../wire.ts'
import { assess, type AssessedDependent, type Assessment } from './assess.ts'
import { bands, type BandId } from './bands.ts'
import { coverageOf } from './coverage.ts'
import { duration } from './durations.ts'
import { countsOf, headlineOf, overallOf } from './headline.ts'
import { notesOf } from './notes.ts'
import { availabilityOf, changeRow, lagOf } from './operations.ts'
import { defaultPublish, subjectOf } from './subject.ts'
import { systemRow, UNATTRIBUTED } from './systems.ts'
import { headOf, ownerOf, textProp, thingOf } from './things.ts'
import { unknownsOf } from './unknowns.ts'

const MEMBERS_IN_A_CELL = 24
const glyphOrder = { breaks: 0, steps: 1, unknown: 2, keeps: 3 } as const satisfies Record<Verdict, number>

/** The question as it was meant: defaults filled in, operations that do not exist refused with the reason. */
export function assessed(estate: Estate, id: string, query: BlastQuery): Assessment {
  const subject = subjectOf(estate, id)
  const entity = estate.entities[subject]!
  const offered = availabilityOf(entity)
  const op: Operation = query.op ?? offered.find((one) => one.available)?.op ?? 'revoke'
  const chosen = offered.find((one) => one.op === op)!
  if (!chosen.available && query.op)
    throw new QuestionError(
      'bad-change',
      `cannot ${chosen.title.toLowerCase()} ${entity.name}: ${chosen.why}`,
      `possible: ${
        offered
          .filter((one) => one.available)
          .map((one) => one.op)
          .join(', ') || 'nothing'
      }`,
    )
  return assess(estate, subject, op, query.overlap)
}

/** "What breaks, and when": the whole answer of the Blast screen. Same estate, question and `now` give the same bytes. */
export function answerBlast(estate: Estate, id: string, query: BlastQuery, now: string): BlastReply {
  const assessment = assessed(estate, id, query)
  const at = momentOfAnswer(estate, now)
  const { subject, op } = assessment
  const entity = estate.entities[subject]!
  const coverage = coverageOf(estate, subject, at)
  const counts = countsOf(assessment)
  const verdict = overallOf(assessment, counts, coverage, at)
  const rows = rowsOf(assessment)
  const shown = bandsOf(assessment)
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
    change: changeWords(assessment),
    verdict,
    headline: headlineOf(assessment, verdict, counts, coverage, at),
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
    notes: notesOf(assessment),
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
  const members = new Map<number, AssessedDependent[]>()
  for (const one of dependents) members.set(one.system, [...(members.get(one.system) ?? []), one])
  const worst = (row: number): number => Math.min(...members.get(row)!.map((one) => glyphOrder[one.verdict]))
  const earliest = (row: number): number => Math.min(...members.get(row)!.map((one) => bandNumber(one.band)))
  const order = (row: number): (number | string)[] => {
    const system: System = systemRow(estate, row)
    const tier = row === UNATTRIBUTED ? 99 : row < 0 ? 98 : (system.tier ?? 9)
    return [tier, worst(row), earliest(row), system.name, row]
  }
  const keyed = [...members.keys()].map((row) => ({ row, order: order(row) }))
  return keyed.sort((a, b) => compare(a.order, b.order)).map(({ row }) => row)
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1
  return 0
}

function bandNumber(id: BandId): number {
  return bands.findIndex((band) => band.id === id)
}

/** The default bands; `later` only where something is in it, and then the next restart only where something is. */
export function bandsOf({ dependents }: Assessment): (typeof bands)[number][] {
  const used = new Set(dependents.map((one) => one.band))
  const optional = used.has('later') ? new Set<BandId>(['restart']) : new Set<BandId>(['later'])
  return bands.filter((band) => used.has(band.id) || !optional.has(band.id))
}

function cellsOf({ estate, dependents }: Assessment, rows: readonly number[], bandIds: readonly BandId[]): Cell[] {
  const rowOf = new Map(rows.map((row, sys) => [row, sys]))
  const cells = new Map<string, AssessedDependent[]>()
  for (const one of dependents) {
    const key = `${rowOf.get(one.system)!} ${bandIds.indexOf(one.band)}`
    cells.set(key, [...(cells.get(key) ?? []), one])
  }
  return [...cells]
    .map(([key, members]): Cell => {
      const [sys, band] = key.split(' ').map(Number) as [number, number]
      const count = (verdict: Verdict): number => members.filter((one) => one.verdict === verdict).length
      const drawn = inGlyphOrder(estate, members).slice(0, MEMBERS_IN_A_CELL)
      return {
        sys,
        band,
        breaks: count('breaks'),
        unknown: count('unknown'),
        steps: count('steps'),
        keeps: count('keeps'),
        members: drawn.map(({ index, verdict }) => ({
          id: estate.entities[index]!.id,
          name: estate.entities[index]!.name,
          verdict,
        })),
      }
    })
    .sort((a, b) => a.sys - b.sys || a.band - b.band)
}

/** Worst verdict first, then the earliest loss, then the most critical system: the order of lists. */
export function worstFirst(assessment: Assessment, members: readonly AssessedDependent[]): AssessedDependent[] {
  const { estate } = assessment
  const tier = (one: AssessedDependent): number => (one.system < 0 ? 98 : (systemRow(estate, one.system).tier ?? 9))
  const start = (one: AssessedDependent): number => one.possible?.[0] ?? Infinity
  return inGlyphOrder(estate, members).sort(
    (a, b) => glyphOrder[a.verdict] - glyphOrder[b.verdict] || start(a) - start(b) || tier(a) - tier(b),
  )
}

/** Breaks, safe after steps, unknown, keeps; then by id, which is a hash and so a stable order without meaning. */
export function inGlyphOrder(estate: Estate, members: readonly AssessedDependent[]): AssessedDependent[] {
  return [...members].sort(
    (a, b) =>
      glyphOrder[a.verdict] - glyphOrder[b.verdict] ||
      (estate.entities[a.index]!.id < estate.entities[b.index]!.id ? -1 : 1),
  )
}

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

function changeWords({ estate, subject, op, change, users }: Assessment): BlastReply['change'] {
  const entity = estate.entities[subject]!
  const lag = lagOf(entity.kind).span
  const within = `refused everywhere within ${duration(lag[1])}`
  const overlap = change.overlap ?? null
  const words = {
    revoke: `revoked now; ${within}`,
    disable: `disabled now; ${within}`,
    rotate: overlap
      ? `a new value now; the old one refused after ${duration(overlap)}`
      : 'a new value now; the old one refused at once, there is no overlap',
    expire: `not renewed; refused from ${textProp(entity, 'expiresAt') ?? 'its expiry'}`,
  } as const satisfies Record<Operation, string>
  const publish = op === 'rotate' ? defaultPublish(users.places).map((place) => thingOf(estate, place.index)) : []
  return { words: words[op], lag: [lag[0], lag[1]], overlap, publish, undo: undoWords(assessmentKind(entity.kind), op) }
}

function assessmentKind(kind: Parameters<typeof changeRow>[0]): { title: string; reversible: string; note: string } {
  const row = changeRow(kind)
  return { title: entityKinds[kind].title, reversible: row?.reversible ?? 'unk', note: row?.note ?? '' }
}

function undoWords(kind: { title: string; reversible: string; note: string }, op: Operation): string {
  if (op === 'revoke') return `A revoked ${kind.title} cannot be brought back: a new one has to be made and delivered.`
  if (op === 'expire') return 'Renew or replace it before that moment.'
  if (op === 'rotate') return 'Until the old value is refused, consumers can go back to it.'
  const how = kind.note.match(/reversible_by: ([^;]+)/)?.[1]
  return kind.reversible === 'false'
    ? 'Cannot be undone on this platform.'
    : how
      ? `Can be undone: ${how}.`
      : 'Can be enabled again.'
}
