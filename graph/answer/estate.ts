import type { Estate } from '../estate/estate.ts'
import { controls } from '../findings/controls.ts'
import { findings } from '../findings/registry.ts'
import { fits, readFilter, type Term, type Told } from '../filter.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { EstateQuery, EstateReply, EstateRow, FindingsReply } from '../wire-estate.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { hitOf } from './find.ts'
import { inventoryOf, planeOf, type InventoryLine } from './inventory.ts'
import { evidenceItem, numberProp, thingOf } from './things.ts'

const PAGE = 50
const MOST_ROWS = 200
const MOST_FINDINGS = 5_000

/** Keys that the filter of the estate understands. */
export const estateKeys = [
  'kind',
  'own',
  'sys',
  'tier',
  'plane',
  'used',
  'age',
  'exp',
  'flag',
  'purpose',
  'rule',
] as const

/** The inventory: totals, gaps with their counts, and a page of rows with mini-fronts. */
export function answerEstate(estate: Estate, query: EstateQuery, now: string): EstateReply {
  const at = momentOfAnswer(estate, now)
  const lines = inventoryOf(estate, at)
  const { kept, problem } = chosenLines(estate, query, at)
  const rows = inOrder(estate, kept, query.sort)
  const from = Math.max(0, Math.floor(query.cursor ?? 0))
  const limit = Math.min(Math.max(1, Math.floor(query.limit ?? PAGE)), MOST_ROWS)
  return {
    snapshot: snapshotOf(estate),
    totals: { ...totalsOf(estate, lines) },
    gaps: gapsOf(lines).map((gap) => ({ ...gap })),
    problem,
    matched: kept.length,
    rows: rows.slice(from, from + limit).map((line) => rowOf(estate, line, now)),
    ...(from + limit < rows.length && { next: from + limit }),
  }
}

/** Lines of the inventory that a filter and a gap leave; where the filter is not understood, all that the gap leaves. */
export function chosenLines(
  estate: Estate,
  query: Pick<EstateQuery, 'f' | 'gap'>,
  at: string,
): { readonly kept: readonly InventoryLine[]; readonly problem: EstateReply['problem'] } {
  const read = readFilter(query.f ?? '', estateKeys)
  const problem = 'message' in read ? read : null
  const terms: readonly Term[] = 'message' in read ? [] : read
  const lines = inventoryOf(estate, at)
  if (terms.length === 0 && query.gap === undefined) return { kept: lines, problem }
  const kept = lines.filter(
    (line) =>
      (query.gap === undefined || line.found.some(({ finding }) => finding.id === query.gap)) &&
      fits(terms, nameOf(estate, line), (key) => toldOf(estate, line, key, at)),
  )
  return { kept, problem }
}

/** Every finding on every credential, or of one kind, or on one; what was found, why, and what it answers to. */
export function answerFindings(
  estate: Estate,
  query: { readonly finding?: string | undefined; readonly credential?: string | undefined },
  now: string,
): FindingsReply {
  const lines = inventoryOf(estate, momentOfAnswer(estate, now))
  const wanted = query.credential === undefined ? undefined : estate.indexOf.get(query.credential)
  const all = lines
    .filter((line) => query.credential === undefined || line.credential === wanted)
    .flatMap((line) => line.found.map((one) => ({ line, ...one })))
    .filter(({ finding }) => query.finding === undefined || finding.id === query.finding)
  return {
    snapshot: snapshotOf(estate),
    credentials: lines.length,
    items: all.slice(0, MOST_FINDINGS).map(({ line, finding, what }) => ({
      ...{ finding: finding.id, title: finding.title, level: finding.level, todo: finding.todo },
      credential: thingOf(estate, line.credential),
      ...{ reason: what.reason, owner: line.owner, evidence: what.evidence.map(evidenceItem) },
      controls: finding.controls.map((id) => ({ id, ...controls[id] })),
    })),
    more: Math.max(0, all.length - MOST_FINDINGS),
  }
}

function rowOf(estate: Estate, line: InventoryLine, now: string): EstateRow {
  const { ageDays, usedDays, expiresAt, purpose, rotation, places, users, owner } = line
  return {
    ...hitOf(estate, line.credential, now),
    ...(owner !== null && { owner }),
    ...statedOf(estate, line.credential),
    plane: planeOf(estate, line.credential),
    ...{ ageDays, usedDays, expiresAt, purpose, rotation, places, users },
    systems: line.systems.map((index) => estate.entities[index]!.name),
    flags: line.found.map(({ finding }) => finding.id),
  }
}

/** What of it a person stated: the screen draws a pencil beside it. */
function statedOf(estate: Estate, credential: number): Pick<EstateRow, 'stated'> {
  const stated = estate.entities[credential]!.props?.['stated']
  return Array.isArray(stated) ? { stated: [...stated] } : {}
}

const gapCounts = new WeakMap<readonly InventoryLine[], EstateReply['gaps']>()

/** Each finding and how many have it. */
function gapsOf(lines: readonly InventoryLine[]): EstateReply['gaps'] {
  const known = gapCounts.get(lines)
  if (known) return known
  const counts = new Map<string, number>()
  for (const { found } of lines)
    for (const id of new Set(found.map(({ finding }) => finding.id))) counts.set(id, (counts.get(id) ?? 0) + 1)
  const gaps = findings.map(({ id, title, todo, level }) => ({
    ...{ id, title, todo, level },
    count: counts.get(id) ?? 0,
  }))
  gapCounts.set(lines, gaps)
  return gaps
}

const totals = new WeakMap<readonly InventoryLine[], EstateReply['totals']>()

function totalsOf(estate: Estate, lines: readonly InventoryLine[]): EstateReply['totals'] {
  const known = totals.get(lines)
  if (known) return known
  const having = (has: (line: InventoryLine) => boolean): number => lines.filter(has).length
  const made = {
    credentials: lines.length,
    systems: estate.entities.filter(({ kind }) => entityKinds[kind].role === 'system').length,
    complete: having(isComplete),
    withOwner: having(({ owner }) => owner !== null),
    withPurpose: having(({ purpose }) => purpose !== null),
    withRotation: having(({ rotation }) => rotation !== null),
    withExpiry: having(({ expiresAt }) => expiresAt !== null),
  }
  totals.set(lines, made)
  return made
}

function isComplete({ owner, purpose, rotation, expiresAt }: InventoryLine): boolean {
  return owner !== null && purpose !== null && rotation !== null && expiresAt !== null
}

const nameOf = (estate: Estate, { credential }: InventoryLine): string => estate.entities[credential]!.name

function toldOf(estate: Estate, line: InventoryLine, key: string, now: string): Told {
  const told: Record<(typeof estateKeys)[number], () => Told> = {
    kind: () => {
      const { kind } = estate.entities[line.credential]!
      return [kind, entityKinds[kind].title]
    },
    own: () => line.owner,
    sys: () => line.systems.map((index) => estate.entities[index]!.name),
    tier: () => line.systems.flatMap((index) => numberProp(estate.entities[index]!, 'tier') ?? []),
    plane: () => planeOf(estate, line.credential),
    used: () => line.usedDays,
    age: () => line.ageDays,
    exp: () => (line.expiresAt === null ? null : (Date.parse(line.expiresAt) - Date.parse(now)) / 86_400_000),
    flag: () => line.found.map(({ finding }) => finding.id),
    purpose: () => line.purpose,
    rule: () => line.rotation,
  }
  return told[key as (typeof estateKeys)[number]]()
}

type Sorted = string | number | null

/** Orders of the last questions, by page after page of which one looks at a list: sorting is dearer than a page. */
const ordered = new WeakMap<readonly InventoryLine[], Map<string, readonly InventoryLine[]>>()
const ORDERS_KEPT = 4

function inOrder(estate: Estate, kept: readonly InventoryLine[], sort: string | undefined): readonly InventoryLine[] {
  if (sort === undefined) return kept
  const orders = ordered.get(kept) ?? new Map<string, readonly InventoryLine[]>()
  ordered.set(kept, orders)
  const made = orders.get(sort) ?? sorted(estate, kept, sort)
  orders.delete(sort)
  orders.set(sort, made)
  if (orders.size > ORDERS_KEPT) orders.delete(orders.keys().next().value!)
  return made
}

function sorted(estate: Estate, lines: readonly InventoryLine[], sort: string): readonly InventoryLine[] {
  const turned = sort.startsWith('-')
  const by: Record<string, (line: InventoryLine) => Sorted> = {
    name: (line) => nameOf(estate, line).toLowerCase(),
    kind: (line) => entityKinds[estate.entities[line.credential]!.kind].title,
    owner: (line) => line.owner?.toLowerCase() ?? null,
    age: (line) => line.ageDays,
    used: (line) => line.usedDays,
    weight: (line) => line.weight,
  }
  const value = by[turned ? sort.slice(1) : sort]!
  // Told once for each, not for each comparison; what is not known stands last either way.
  const keyed = lines.map((line) => ({ line, value: value(line) }))
  return keyed
    .sort(({ line: a, value: x }, { line: b, value: y }) => {
      if (x === null || y === null) return x === y ? a.credential - b.credential : x === null ? 1 : -1
      const order = x < y ? -1 : x > y ? 1 : a.credential - b.credential
      return turned ? -order : order
    })
    .map(({ line }) => line)
}
