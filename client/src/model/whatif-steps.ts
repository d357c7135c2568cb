import type { MovesReply } from '../../../graph/wire-acts.ts'
import type { BlastReply } from '../../../graph/wire.ts'
import { exact } from './verdict.ts'
import { countsAt, failing, standingAt } from './whatif.ts'

type Step = BlastReply['steps'][number]

/** A step as the panel lists it, under what is ticked already. */
export interface StepRow {
  readonly step: Step
  readonly ticked: boolean
  /** Key that ticks it, 1 to 9; later ones have none. */
  readonly key: string | null
  /** "−16 break", "±0, buys time". */
  readonly effect: string
  /** The effect is not there before what `needs` names is ticked too. */
  readonly conditional: boolean
  /** Titles of the steps without which this one moves nobody. */
  readonly needs: readonly string[]
  /** Title of the band it moves somebody to, where it buys time and no more. */
  readonly buysTimeTo: string | null
}

/**
 * The steps in the order to think about them: ticked ones first, in the order they were ticked, then by what each would
 * add now. So the key of a ticked step unticks it again, and `1` is the best one left while nothing is ticked.
 */
export function stepRows(reply: BlastReply, moves: MovesReply | null, ticked: readonly string[]): StepRow[] {
  const mask = moves
    ? moves.steps.reduce((bits, { id }, bit) => (ticked.includes(id) ? bits | (1 << bit) : bits), 0)
    : 0
  const judged = reply.steps.map((step, order) => ({
    step,
    order,
    at: ticked.indexOf(step.id),
    ...judge(moves, mask, step),
  }))
  judged.sort(
    (a, b) =>
      (a.at < 0 ? 99 : a.at) - (b.at < 0 ? 99 : b.at) ||
      (a.at >= 0 ? 0 : rankOf(a) - rankOf(b) || b.worth - a.worth) ||
      a.order - b.order,
  )
  return judged.map(({ step, at, words, conditional, needs, buysTimeTo }, i) => ({
    step,
    ticked: at >= 0,
    key: i < 9 ? String(i + 1) : null,
    effect: words,
    conditional,
    needs,
    buysTimeTo,
  }))
}

/** What does something by itself, what does something with others, what moves nobody. */
const rankOf = ({ worth, conditional }: Judged): number => (worth <= 0 ? 2 : conditional ? 1 : 0)

interface Judged {
  readonly words: string
  /** For the order only. */
  readonly worth: number
  readonly conditional: boolean
  readonly needs: readonly string[]
  readonly buysTimeTo: string | null
}

function judge(moves: MovesReply | null, mask: number, step: Step): Judged {
  const plain = { conditional: false, needs: [], buysTimeTo: null }
  const bit = moves ? moves.steps.findIndex(({ id }) => id === step.id) : -1
  if (!moves || bit < 0)
    return { ...plain, words: step.settles > 0 ? `needed by ${exact(step.settles)}` : '', worth: step.settles }
  const one = 1 << bit
  const now = gain(moves, mask & ~one, one)
  if (now.fewer !== 0 || now.told !== 0) return { ...plain, words: gainWords(now), worth: worthOf(now) }
  const later = laterBand(moves, mask & ~one, one)
  if (later !== null) return { ...plain, words: '±0, buys time', worth: 0.5, buysTimeTo: moves.bands[later]!.title }
  const first = neededFirst(moves, mask, one)
  if (first === null) return { ...plain, words: '±0', worth: 0 }
  const both = gain(moves, (mask | first) & ~one, one)
  const needs = moves.steps.filter((_, at) => (first >> at) & 1).map(({ title }) => title)
  return { words: gainWords(both), worth: worthOf(both), conditional: true, needs, buysTimeTo: null }
}

interface Gain {
  /** Dependants that no longer fail. */
  readonly fewer: number
  /** Unknowns that are settled. */
  readonly told: number
}

function gain(moves: MovesReply, without: number, one: number): Gain {
  const before = countsAt(moves, without)
  const after = countsAt(moves, without | one)
  return { fewer: failing(before) - failing(after), told: before.unknown - after.unknown }
}

const worthOf = ({ fewer, told }: Gain): number => fewer + told / 1_000

function gainWords({ fewer, told }: Gain): string {
  if (fewer === 0 && told === 0) return '±0'
  return fewer !== 0 ? `${signed(-fewer)} break` : `${signed(-told)} unknown`
}

/** "−16", "+3", "±0", with a real minus. */
export const signed = (n: number): string => (n === 0 ? '±0' : n > 0 ? `+${exact(n)}` : `−${exact(-n)}`)

/** The latest band to which it moves somebody who fails all the same. */
function laterBand(moves: MovesReply, without: number, one: number): number | null {
  let latest: number | null = null
  moves.count.forEach((_, row) => {
    const before = standingAt(moves, row, without)
    const after = standingAt(moves, row, without | one)
    if (after.band > before.band && (latest === null || after.band > latest)) latest = after.band
  })
  return latest
}

/** Bits that every useful alternative with this step asks for besides; `null`: there is none, or none is missing. */
function neededFirst(moves: MovesReply, mask: number, one: number): number | null {
  let common = -1
  for (const list of moves.alternatives)
    for (const alternative of list) if ((alternative.mask & one) !== 0) common &= alternative.mask
  if (common === -1) return null
  const missing = common & ~one & ~mask
  return missing === 0 ? null : missing
}
