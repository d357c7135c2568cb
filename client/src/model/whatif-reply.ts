import type { MovesReply, WhatIfReply } from '../../../graph/wire-acts.ts'
import type { BlastReply, Overall } from '../../../graph/wire.ts'
import { exact, plural, total, verdictRows, type Counts } from './verdict.ts'
import { signed } from './whatif-steps.ts'
import { foldMoves, maskOf, overallAfter } from './whatif.ts'

type Cell = BlastReply['cells'][number]
type Member = Cell['members'][number]

/** The answer as it would be with these steps done, by the move table: what a tick paints at once. */
export function answerAfter(base: BlastReply, moves: MovesReply, ticked: readonly string[]): BlastReply {
  const folded = foldMoves(moves, maskOf(moves, ticked), base)
  const used = new Set(folded.cells.map((cell) => moves.bands[cell.band]!.id))
  const shown = new Set([...base.bands.map(({ id }) => id), ...used])
  const bands = moves.bands
    .filter(({ id }) => shown.has(id))
    .map((band) => base.bands.find(({ id }) => id === band.id) ?? band)
  const place = new Map(moves.bands.map(({ id }, i) => [i, bands.findIndex((band) => band.id === id)]))
  const cells = folded.cells.map((cell) => ({ ...cell, band: place.get(cell.band)! }))
  return worded(base, ticked, {
    bands,
    cells,
    counts: folded.counts,
    verdict: overallAfter(folded.counts, moves.best, ticked.length),
  })
}

interface Figures {
  readonly bands: BlastReply['bands']
  readonly cells: readonly Cell[]
  readonly counts: Counts
  readonly verdict: Overall
}

/** An answer with other figures says them in its own headline. */
function worded(base: BlastReply, ticked: readonly string[], { bands, cells, counts, verdict }: Figures): BlastReply {
  const broken = new Set(cells.filter((cell) => cell.breaks > 0).map((cell) => cell.sys))
  const { breaks, unknown, steps, keeps } = counts
  const after = {
    ...base,
    bands: [...bands],
    cells: [...cells],
    verdict,
    counts: { ...base.counts, breaks, unknown, steps, keeps, systemsBroken: broken.size },
  }
  const first = firstFailing(after)
  return { ...after, headline: { title: titleOf(after, ticked), sentence: sentenceOf(after, ticked, first), first } }
}

const operationWords: Readonly<Record<string, string>> = { expire: 'let expire' }
const verbOf = ({ op }: BlastReply): string => operationWords[op] ?? op.replaceAll('-', ' ')

function titleOf(after: BlastReply, ticked: readonly string[]): string {
  const verb = verbOf(after)
  if (after.verdict === 'not-safe') return `Still not safe to ${verb}`
  if (after.verdict === 'cannot-say') return 'Cannot say yet'
  if (after.verdict === 'safe') return `Safe to ${verb} now`
  const done = after.steps.filter(({ id }) => ticked.includes(id))
  const open =
    after.counts.steps > 0 ? after.steps.filter(({ id, needed }) => !ticked.includes(id) && needed !== false) : []
  const assumed = [...done, ...open].filter((step) => !step.confirmed).length
  return `Safe to ${verb} after ${plural(Math.max(1, done.length + open.length), 'step')}${assumed > 0 ? `, ${assumed} to be confirmed` : ''}`
}

function sentenceOf(after: BlastReply, ticked: readonly string[], first: BlastReply['headline']['first']): string {
  const { breaks, steps, unknown, keeps } = after.counts
  const parts: string[] = []
  const done = `With ${plural(ticked.length, 'step')}`
  if (breaks > 0) {
    const who =
      first === null
        ? ''
        : `${breaks === 1 ? ': ' : ', first '}${first.system === null ? first.name : `${first.system} / ${first.name}`}`
    parts.push(`${done}, ${plural(breaks, 'dependant')} still ${breaks === 1 ? 'breaks' : 'break'}${who}.`)
  }
  const rest: string[] = []
  if (steps > 0) {
    const who = breaks > 0 ? exact(steps) : plural(steps, 'dependant')
    rest.push(`${who} ${steps === 1 ? 'waits' : 'wait'} for a further step`)
  }
  if (unknown > 0) {
    const nothing = breaks === 0 && steps === 0 ? 'nothing known breaks; ' : ''
    rest.push(`${nothing}${exact(unknown)} ${unknown === 1 ? 'stays' : 'stay'} unknown`)
  }
  if (breaks + steps + unknown === 0)
    rest.push(keeps === 1 ? 'the one dependant keeps working' : `all ${plural(keeps, 'dependant')} keep working`)
  if (rest.length > 0) parts.push(`${breaks > 0 ? '' : `${done}, `}${rest.join('; ')}.`)
  const missing = after.coverage.missing[0]
  if (after.verdict === 'cannot-say' && missing) parts.push(`Missing: ${missing.source}.`)
  else if (after.verdict === 'cannot-say' && unknown === 0)
    parts.push('Steps alone cannot make it safe: what is seen is not all there is.')
  return parts.join(' ')
}

/** The worst of those that are named: breaks, then unknown, the earliest band, the most critical system. */
function firstFailing({ cells, systems }: BlastReply): BlastReply['headline']['first'] {
  const rank = (cell: Cell): number => cell.band * 100 + (systems[cell.sys]!.tier ?? 99)
  for (const verdict of ['breaks', 'unknown', 'steps'] as const) {
    const found = cells
      .filter((cell) => cell.members.some((member) => member.verdict === verdict))
      .toSorted((a, b) => rank(a) - rank(b))[0]
    const member = found?.members.find((one) => one.verdict === verdict)
    if (!found || !member) continue
    const system = systems[found.sys]!
    return { id: member.id, name: member.name, system: system.kind === 'system' ? system.name : null }
  }
  return null
}

// ---------------------------------------------------------------- the server's answer

/** What the server says otherwise than the table, in one line; `null`: they agree. */
export function differenceOf(local: BlastReply, moved: number | null, served: WhatIfReply): string | null {
  const parts = verdictRows
    .filter((row) => local.counts[row.verdict] !== served.after.counts[row.verdict])
    .map((row) => {
      const [here, there] = [local.counts[row.verdict], served.after.counts[row.verdict]]
      return `${exact(there)} ${there === 1 ? row.word : row.many}, not ${exact(here)}`
    })
  if (parts.length > 0) return parts.join('; ')
  if (local.verdict !== served.after.verdict) return 'another verdict of the whole change'
  if (moved !== null && moved !== served.movedCount)
    return `${plural(served.movedCount, 'dependant')} move, not ${exact(moved)}`
  return null
}

/** How many the table moves, for the comparison. */
export const movedBy = (base: BlastReply, moves: MovesReply, ticked: readonly string[]): number =>
  foldMoves(moves, maskOf(moves, ticked), base).moved

/**
 * The answer as the server says it is with the steps done. It lists at most 500 that move: with more, or where a system
 * cannot be told by its name, counts and verdict are the server's and the picture stays `local`.
 */
export function answerOfServer(
  base: BlastReply,
  local: BlastReply,
  served: WhatIfReply,
  ticked: readonly string[],
): BlastReply {
  const cells = cellsAfter(base, served)
  const { counts, verdict } = served.after
  return worded(base, ticked, {
    bands: cells?.bands ?? local.bands,
    cells: cells?.cells ?? local.cells,
    counts,
    verdict,
  })
}

/** Cells of the answer with every listed dependant put where the server has it; `null` where that cannot be told. */
function cellsAfter(base: BlastReply, served: WhatIfReply): { cells: Cell[]; bands: BlastReply['bands'] } | null {
  if (served.movedCount !== served.moved.length) return null
  if (
    served.moved.some(
      ({ from, to }) => !from || !to || ![from.band, to.band].every((id) => base.bands.some((band) => band.id === id)),
    )
  )
    return null
  const cells = new Map(base.cells.map((cell) => [`${cell.sys} ${cell.band}`, { ...cell, members: [...cell.members] }]))
  const home = new Map(base.cells.flatMap((cell) => cell.members.map(({ id }) => [id, cell.sys] as const)))
  for (const { dependent, system, from, to } of served.moved) {
    const sys = home.get(dependent.id) ?? soleSystem(base, system)
    const source = cells.get(`${sys} ${bandOf(base, from!.band)}`)
    if (sys === null || !source || source[from!.verdict] === 0) return null
    source[from!.verdict]--
    source.members = source.members.filter(({ id }) => id !== dependent.id)
    const band = bandOf(base, to!.band)
    const target = cells.get(`${sys} ${band}`) ?? { sys, band, breaks: 0, unknown: 0, steps: 0, keeps: 0, members: [] }
    target[to!.verdict]++
    target.members.push({ id: dependent.id, name: dependent.name, verdict: to!.verdict })
    cells.set(`${sys} ${band}`, target)
  }
  const kept = [...cells.values()].filter((cell) => total(cell) > 0)
  for (const cell of kept) cell.members.sort(byGlyph)
  return { cells: kept, bands: base.bands }
}

const bandOf = (base: BlastReply, id: string): number => base.bands.findIndex((band) => band.id === id)

function soleSystem(base: BlastReply, name: string | null): number | null {
  const found = base.systems.flatMap((system, sys) =>
    (system.kind === 'system' ? system.name : null) === name ? [sys] : [],
  )
  return found.length === 1 ? found[0]! : null
}

const order = ['breaks', 'steps', 'unknown', 'keeps']
const byGlyph = (a: Member, b: Member): number =>
  order.indexOf(a.verdict) - order.indexOf(b.verdict) || (a.id < b.id ? -1 : 1)

/** "(−13)" beside a chip; empty without a change. */
export const chipChange = (before: number, after: number): string =>
  before === after ? '' : `(${signed(after - before)})`
