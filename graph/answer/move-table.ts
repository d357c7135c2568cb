import type { Estate } from '../estate/estate.ts'
import type { MovesQuery, MovesReply } from '../wire-acts.ts'
import type { Verdict } from '../wire.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { bands, type BandId } from './bands.ts'
import { assessed, bandsOf, inGlyphOrder, momentOfAnswer, rowsOf, snapshotOf } from './blast.ts'
import { coverageOfChange } from './coverage-of-change.ts'
import { countsOf, overallOf, type Counts } from './headline.ts'
import { simulatedSteps, standingsWith, type Standing } from './standings.ts'

/** Bits in a mask that a browser can shift. */
const MOST_STEPS = 31
/** All sets of so many steps are simulated: 128 questions to the engine. */
const MOST_SIMULATED = 7
/** As many as a cell draws one by one. */
const MOST_NAMED = 24

interface Group {
  readonly sys: number
  readonly band: number
  readonly verdict: Verdict
  readonly alt: number
  readonly dependents: AssessedDependent[]
}

/**
 * Where every dependent stands after every set of steps (client.md 4.2): so that a tick needs no request before it paints.
 * Dependents that stand alike are one row of the columns, so its size follows the differences, not the dependents.
 */
export function answerMoves(estate: Estate, id: string, query: MovesQuery, now: string): MovesReply {
  const at = momentOfAnswer(estate, now)
  const assessment = assessed(estate, id, query, at)
  const steps = assessment.steps.slice(0, MOST_STEPS)
  const table = moveTable(
    assessment,
    steps.map((step) => step.id),
  )
  const rows = rowsOf(assessment)
  const shown = shownBands(assessment, table)
  const bandNumber = (band: BandId): number => shown.findIndex((one) => one.id === band)
  const lists: MovesReply['alternatives'] = []
  const listNumbers = new Map<string, number>()
  const groups = new Map<string, Group>()
  const rowNumbers = new Map(rows.map((row, at) => [row, at]))
  for (const one of assessment.dependents) {
    const list = table.alternatives(one).map(({ mask, band, verdict }) => ({ mask, band: bandNumber(band), verdict }))
    const words = JSON.stringify(list)
    let alt = listNumbers.get(words)
    if (alt === undefined) listNumbers.set(words, (alt = lists.push(list) - 1))
    const { verdict } = one
    const [sys, band] = [rowNumbers.get(one.system)!, bandNumber(one.band)]
    const key = `${sys} ${band} ${verdict} ${alt}`
    const known = groups.get(key)
    if (known) known.dependents.push(one)
    else groups.set(key, { sys, band, verdict, alt, dependents: [one] })
  }
  const named = ({ index }: AssessedDependent): MovesReply['members'][number][number] => {
    const { id: entity, name } = estate.entities[index]!
    return { id: entity, name }
  }
  const sorted = [...groups.values()].sort((a, b) => a.sys - b.sys || a.band - b.band || a.alt - b.alt)
  const after = countsAfter(assessment, table.at(table.whole))
  const best = overallOf(assessment, after, coverageOfChange(assessment, at), at)
  return {
    snapshot: snapshotOf(estate),
    op: assessment.op,
    overlap: assessment.change.overlap ?? null,
    steps: steps.map(({ id: step, title, confirmed }) => ({ id: step, title, confirmed })),
    bands: shown,
    sys: sorted.map((one) => one.sys),
    band: sorted.map((one) => one.band),
    verdict: sorted.map((one) => one.verdict),
    alt: sorted.map((one) => one.alt),
    count: sorted.map((one) => one.dependents.length),
    members: sorted.map(({ dependents }) =>
      dependents.length > MOST_NAMED ? [] : inGlyphOrder(estate, dependents).map(named),
    ),
    alternatives: lists,
    needed: table.needed,
    best: best === 'safe' && table.needed > 0 ? 'safe-after-steps' : best,
    exact: table.exact,
  }
}

export interface Alternative extends Standing {
  readonly mask: number
}

export interface MoveTable {
  /** Best first; the first one all of whose bits are ticked holds. */
  alternatives(one: AssessedDependent): readonly Alternative[]
  /** Where everybody stands after a simulated set of steps. */
  at(mask: number): (one: AssessedDependent) => Standing
  readonly masks: readonly number[]
  /** All steps that the engine knows. */
  readonly whole: number
  readonly needed: number
  readonly exact: boolean
}

/** Simulates sets of steps, and keeps of each dependent the smallest sets that move it. Bit `n` is step `n`. */
function moveTable(assessment: Assessment, steps: readonly string[]): MoveTable {
  const simulated = new Set(simulatedSteps(assessment))
  const bits = steps.flatMap((id, at) => (simulated.has(id) ? [at] : []))
  const whole = bits.reduce((mask, bit) => mask | bit1(bit), 0)
  const masks = bits.length <= MOST_SIMULATED ? subsetsOf(bits) : someSets(assessment, steps, bits, whole)
  const standings = new Map(
    masks.map((mask) => [
      mask,
      standingsWith(
        assessment,
        steps.filter((_, at) => (mask & bit1(at)) !== 0),
      ),
    ]),
  )
  const at = (mask: number): ((one: AssessedDependent) => Standing) => standings.get(mask)!
  const alternatives = new Map<AssessedDependent, readonly Alternative[]>()
  let exact = bits.length <= MOST_SIMULATED
  for (const one of assessment.dependents) {
    const found = smallestFirst(
      masks.map((mask) => ({ mask, ...at(mask)(one) })),
      one,
    )
    alternatives.set(one, found)
    exact &&= masks.every((mask) => isSame(found.find((alt) => (alt.mask & mask) === alt.mask) ?? one, at(mask)(one)))
  }
  const isSaved = (mask: number): boolean =>
    assessment.dependents.every(
      (one) => one.verdict !== 'steps' || at(whole)(one).verdict !== 'keeps' || at(mask)(one).verdict === 'keeps',
    )
  const needed = [...masks].sort((a, b) => ones(a) - ones(b) || a - b).find(isSaved) ?? whole
  return { alternatives: (one) => alternatives.get(one)!, at, masks, whole, needed, exact }
}

const bit1 = (bit: number): number => 1 << bit

function ones(mask: number): number {
  let count = 0
  for (let left = mask; left !== 0; left &= left - 1) count++
  return count
}

function subsetsOf(bits: readonly number[]): number[] {
  return Array.from({ length: 1 << bits.length }, (_, set) =>
    bits.reduce((mask, bit, at) => ((set >> at) & 1 ? mask | bit1(bit) : mask), 0),
  )
}

/** For many steps: none, all, all but one, the first with each other, and what each dependent is said to need. */
function someSets(assessment: Assessment, steps: readonly string[], bits: readonly number[], whole: number): number[] {
  const first = bit1(bits[0]!)
  const needs = assessment.dependents.map((one) =>
    one.steps.reduce((mask, id) => mask | (steps.indexOf(id) < 0 ? 0 : bit1(steps.indexOf(id))), 0),
  )
  const union = needs.reduce((mask, need) => mask | need, 0)
  return [
    ...new Set([
      0,
      whole,
      union & whole,
      ...bits.flatMap((bit) => [bit1(bit), first | bit1(bit), whole & ~bit1(bit)]),
      ...needs.map((need) => need & whole),
    ]),
  ].sort((a, b) => a - b)
}

const quality = { keeps: 0, steps: 1, unknown: 2, breaks: 3 } as const satisfies Record<Verdict, number>

function bandOrder(band: BandId): number {
  return bands.findIndex(({ id }) => id === band)
}

function isSame(a: Standing, b: Standing): boolean {
  return a.verdict === b.verdict && a.band === b.band
}

/** The best standing first, of one standing the smaller sets; without what a smaller set does as well. */
function smallestFirst(all: readonly Alternative[], base: Standing): Alternative[] {
  const order = (a: Standing, b: Standing): number =>
    quality[a.verdict] - quality[b.verdict] || bandOrder(b.band) - bandOrder(a.band)
  const sorted = [...all].sort((a, b) => order(a, b) || ones(a.mask) - ones(b.mask) || a.mask - b.mask)
  const kept: Alternative[] = []
  for (const one of sorted) {
    if (order(one, base) >= 0) continue
    if (!kept.some((other) => (other.mask & one.mask) === other.mask)) kept.push(one)
  }
  return kept
}

function shownBands(assessment: Assessment, table: MoveTable): MovesReply['bands'] {
  const used = new Set<BandId>(bandsOf(assessment).map(({ id }) => id))
  for (const one of assessment.dependents) for (const { band } of table.alternatives(one)) used.add(band)
  return bands.filter(({ id }) => used.has(id)).map((band) => ({ ...band }))
}

/** The counts of an answer if everybody stands as given. */
export function countsAfter(assessment: Assessment, standing: (one: AssessedDependent) => Standing): Counts {
  const dependents = assessment.dependents.map((one) => ({ ...one, ...standing(one) }))
  return countsOf({ dependents })
}
