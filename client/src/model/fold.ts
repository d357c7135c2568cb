import { group } from 'd3'
import type { BlastReply, Cell, Verdict } from '../../../graph/wire.ts'
import { total, worstFirst, worstOf, type Counts } from './verdict.ts'

type System = BlastReply['systems'][number]
export type Member = Cell['members'][number]

/** Rows of the front before tiers fold, and how many an opened fold shows at a time (client.md 3.1 and 11). */
export const ROW_LIMIT = 40
export const MEMBERS_SHOWN = 24

/** What stands in one crossing of row and band. */
export interface FrontCell extends Counts {
  readonly members: readonly Member[]
  /** With a diff: what stood here before, and the places with outlines where all are named (whatif-diff.ts). */
  readonly was?: Counts
  readonly slots?: readonly { readonly member: Member; readonly ghost: boolean }[]
}

export interface SystemRow {
  readonly kind: 'system'
  readonly id: string
  readonly sys: number
  readonly system: System
  readonly cells: readonly (FrontCell | null)[]
}
export interface FoldRow {
  readonly kind: 'fold'
  readonly id: string
  readonly title: string
  readonly worst: Verdict
  readonly top: readonly string[]
  readonly opened: boolean
  readonly cells: readonly (FrontCell | null)[]
}
export interface MoreRow {
  readonly kind: 'more'
  readonly id: string
  readonly left: number
}
export type FrontRow = SystemRow | FoldRow | MoreRow

/** Names a row in the URL: the system's id, or what stands for having none. */
export const rowIdOf = (system: System): string => system.id ?? system.kind

/** One row a system, ordered by tier, worst verdict, earliest band, name; unattributed use is always last. */
export function systemRows(reply: BlastReply): SystemRow[] {
  const cellsOf = group(reply.cells, (cell) => cell.sys)
  const rows = reply.systems.map((system, sys): SystemRow => {
    const cells = reply.bands.map((): FrontCell | null => null)
    for (const cell of cellsOf.get(sys) ?? []) if (total(cell) > 0) cells[cell.band] = cell
    return { kind: 'system', id: rowIdOf(system), sys, system, cells }
  })
  return rows
    .filter((row) => row.cells.some(Boolean))
    .map((row) => ({ row, key: sortKey(row) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ row }) => row)
}

const lastKinds = { system: 0, none: 1, unattributed: 2 } as const

function sortKey(row: SystemRow): readonly (number | string)[] {
  const worst = worstOf(sumCells(row.cells))
  const band = row.cells.findIndex((cell) => cell !== null && cell[worst] > 0)
  return [lastKinds[row.system.kind], row.system.tier ?? 99, worstFirst.indexOf(worst), band, row.system.name]
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i]! < b[i]!) return -1
    if (a[i]! > b[i]!) return 1
  }
  return 0
}

/** Counts of many cells together. */
export function sumCells(cells: readonly (Counts | null)[]): Counts {
  const sum = { breaks: 0, unknown: 0, steps: 0, keeps: 0 }
  for (const cell of cells) if (cell) for (const verdict of worstFirst) sum[verdict] += cell[verdict]
  return sum
}

/**
 * The rows as drawn: at most 40 systems; with more, tiers fold from the least critical up until they fit. A fold opens
 * in place, 40 rows at a time: `opened` holds its id, or `id*n` for n times 40.
 */
export function foldRows(
  rows: readonly SystemRow[],
  opened: readonly string[],
  grouping: FrontGrouping = 'system',
): FrontRow[] {
  if (grouping !== 'system') return groupedRows(rows, opened, grouping)
  if (rows.length <= ROW_LIMIT) return [...rows]
  const tiers = group(
    rows.filter((row) => row.system.kind === 'system'),
    (row) => row.system.tier,
  )
  const foldable = [...tiers.keys()].sort((a, b) => (b ?? 99) - (a ?? 99))
  const folded = new Set<number | null>()
  let shown = rows.length
  for (const tier of foldable) {
    const keepsOpen = tier !== null && tier < 3 && shown <= ROW_LIMIT
    if (keepsOpen) break
    folded.add(tier)
    shown -= tiers.get(tier)!.length - 1
  }
  const out: FrontRow[] = []
  const done = new Set<number | null>()
  for (const row of rows) {
    const tier = row.system.tier
    if (row.system.kind !== 'system' || !folded.has(tier)) out.push(row)
    else if (!done.has(tier)) {
      done.add(tier)
      out.push(...foldOf(groupIdOf(row.system, 'tier'), tierTitle(tier), tiers.get(tier)!, opened))
    }
  }
  return out
}

/** What rows of the front stand for: each system by itself, or all of an owner or a tier, which open in place. */
export type FrontGrouping = 'system' | 'owner' | 'tier'
export const frontGroupings: readonly FrontGrouping[] = ['system', 'owner', 'tier']

/** Names a group in the URL; of an owner without his name. */
export function groupIdOf(system: System, grouping: 'owner' | 'tier'): string {
  if (grouping === 'tier') return system.tier === null ? 'tier-none' : `tier-${system.tier}`
  const owner = ownerOf(system)
  return owner === null ? 'owner-none' : `owner-${shortHash(owner)}`
}

const ownerOf = ({ owner, team }: System): string | null => owner ?? team
const tierTitle = (tier: number | null): string => (tier === null ? 'No tier' : `Tier ${tier}`)

function shortHash(text: string): string {
  let hash = 5381
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 33) ^ text.charCodeAt(i)) >>> 0
  return hash.toString(36)
}

/** One row an owner or tier, in the order of its first system; what belongs to no system stays by itself, last. */
function groupedRows(rows: readonly SystemRow[], opened: readonly string[], grouping: 'owner' | 'tier'): FrontRow[] {
  const systems = rows.filter((row) => row.system.kind === 'system')
  const groups = group(systems, (row) => groupIdOf(row.system, grouping))
  const out: FrontRow[] = []
  for (const [id, members] of groups) {
    const { system } = members[0]!
    const title = grouping === 'tier' ? tierTitle(system.tier) : (ownerOf(system) ?? 'Owner unknown')
    out.push(...foldOf(id, title, members, opened))
  }
  return [...out, ...rows.filter((row) => row.system.kind !== 'system')]
}

/** Does this row stand inside an open fold, which counts it already? */
export const isInFold = (row: SystemRow, rows: readonly FrontRow[]): boolean =>
  row.system.kind === 'system' &&
  rows.some(
    ({ kind, id }) =>
      kind === 'fold' && (id === groupIdOf(row.system, 'tier') || id === groupIdOf(row.system, 'owner')),
  )

function foldOf(id: string, title: string, rows: readonly SystemRow[], opened: readonly string[]): FrontRow[] {
  const pages = Math.max(0, ...opened.map((entry) => pagesOf(entry, id)))
  const shown = rows.slice(0, pages * ROW_LIMIT)
  const fold: FoldRow = {
    kind: 'fold',
    id,
    title: rows.length === 1 ? title : `${title} · ${rows.length.toLocaleString('en-US')} systems`,
    worst: worstOf(sumCells(rows.flatMap((row) => row.cells))),
    top: rows.slice(0, 3).map((row) => row.system.name),
    opened: pages > 0,
    cells: rows[0]!.cells.map((_, band) => mergeCells(rows.map((row) => row.cells[band] ?? null))),
  }
  const left = rows.length - shown.length
  return pages > 0 && left > 0 ? [fold, ...shown, { kind: 'more', id: `${id}*${pages + 1}`, left }] : [fold, ...shown]
}

function pagesOf(entry: string, id: string): number {
  if (entry === id) return 1
  return entry.startsWith(`${id}*`) ? Number(entry.slice(id.length + 1)) || 1 : 0
}

const glyphOrder: readonly Verdict[] = ['breaks', 'steps', 'unknown', 'keeps']

function mergeCells(cells: readonly (FrontCell | null)[]): FrontCell | null {
  const counts = sumCells(cells)
  if (total(counts) === 0) return null
  const members = cells.flatMap((cell) => cell?.members ?? [])
  members.sort((a, b) => glyphOrder.indexOf(a.verdict) - glyphOrder.indexOf(b.verdict))
  return { ...counts, members: members.slice(0, MEMBERS_SHOWN) }
}
