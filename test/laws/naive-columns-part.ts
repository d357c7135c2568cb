import { standingBits, type Columns } from '../../graph/index/columns.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'

/** engine.md, "What a change says", in numbers: targets are entities, of a cut relationships. Seconds. */
export interface ColumnChange {
  readonly action: 'revoke' | 'disable' | 'rotate' | 'cut'
  readonly targets: readonly number[]
  readonly at?: number
  readonly lag?: readonly [number, number]
  readonly overlap?: number
  readonly publish?: readonly number[]
  readonly until?: number
}

/** Relationships by dependent (`out`), by what is needed (`in`), and agents by relationship. */
export interface Arrows {
  readonly outStart: Int32Array
  readonly out: Int32Array
  readonly inStart: Int32Array
  readonly in: Int32Array
  readonly agentStart: Int32Array
  /** Local number of each entity in the part at hand, -1: not in it. */
  readonly local: Int32Array
}

/** engine.md, "One rule for every arrow": what carries breakage, and how. */
const ways: Record<string, 'flow' | 'seen' | 'holds' | 'syncs' | 'reads' | 'has'> = {
  AUTHENTICATES_AS: 'flow',
  ISSUED_BY: 'flow',
  ENCRYPTED_BY: 'flow',
  RUNS_AS: 'flow',
  MEMBER_OF: 'flow',
  DEPENDS_ON: 'flow',
  ASSUMES: 'seen',
  CAN_ACCESS: 'seen',
  HOLDS: 'holds',
  SYNCED_FROM: 'syncs',
  USES_SECRET: 'reads',
  USES_CREDENTIAL: 'has',
}
export const wayOfKind = relationshipKindNames.map((kind) => ways[kind])

export function kindNumber(name: (typeof relationshipKindNames)[number]): number {
  return relationshipKindNames.indexOf(name)
}

/** 0 none, 1 possible, 2 confirmed; what was only ever seen is never more than possible. */
export function confidenceOf({ standing, kind }: Columns, relationship: number): number {
  const said = (standing[relationship]! >> standingBits.confidenceShift) & standingBits.confidenceMask
  return said === 2 && wayOfKind[kind[relationship]!] === 'seen' ? 1 : said
}

export function isSoft({ standing }: Columns, relationship: number): boolean {
  return (standing[relationship]! & standingBits.soft) !== 0
}

/** Does an outage, or a refused value, get over it at all? */
export function carries(columns: Columns, relationship: number): boolean {
  return wayOfKind[columns.kind[relationship]!] !== undefined && confidenceOf(columns, relationship) !== 0
}

export function arrowsOf(columns: Columns): Arrows {
  const out = byPlace(columns.entityCount, columns.from)
  const into = byPlace(columns.entityCount, columns.to)
  return {
    outStart: out.start,
    out: out.list,
    inStart: into.start,
    in: into.list,
    agentStart: byPlace(columns.relationshipCount, columns.picked).start,
    local: new Int32Array(columns.entityCount).fill(-1),
  }
}

function byPlace(count: number, places: Int32Array): { start: Int32Array; list: Int32Array } {
  const start = new Int32Array(count + 1)
  for (const place of places) start[place + 1]!++
  for (let i = 0; i < count; i++) start[i + 1]! += start[i]!
  const next = start.slice()
  const list = new Int32Array(places.length)
  for (let i = 0; i < places.length; i++) list[next[places[i]!]!++] = i
  return { start, list }
}

/** What a question is about: nothing else can be out or degraded. */
export interface Part {
  /** Those that may be out come first, then those that may only be degraded. */
  readonly entities: Int32Array
  /** Cut relationships: the targets, and those that run over one of them. */
  readonly cut: ReadonlySet<number>
}

/**
 * Everything that an arrow leads to a target from, over however many others: only what depends can be out. A soft need
 * degrades and goes no further, so what is found over one is not walked on from. Leaves `arrows.local` set, until the
 * next part.
 */
export function partOf(columns: Columns, arrows: Arrows, change: ColumnChange): Part {
  const cut = new Set<number>()
  if (change.action === 'cut') {
    for (const target of change.targets) cut.add(target)
    const targets = new Set(cut)
    columns.carried.forEach((carried, i) => {
      if (targets.has(columns.carrier[i]!)) cut.add(carried)
    })
  }
  const { inStart, local } = arrows
  const hard = new Set<number>()
  const soft = new Set<number>()
  const meet = (relationship: number) => {
    if (!carries(columns, relationship)) return
    const way = wayOfKind[columns.kind[relationship]!]
    const isCopy = way === 'holds' || way === 'syncs'
    if (isSoft(columns, relationship) && !isCopy) soft.add(columns.from[relationship]!)
    else hard.add(columns.from[relationship]!)
  }
  if (change.action === 'cut') for (const relationship of cut) meet(relationship)
  else for (const target of change.targets) hard.add(target)
  for (const entity of hard) for (let i = inStart[entity]!; i < inStart[entity + 1]!; i++) meet(arrows.in[i]!)
  for (const entity of hard) soft.delete(entity)
  local.fill(-1)
  const entities = Int32Array.from([...hard, ...soft])
  entities.forEach((entity, i) => (local[entity] = i))
  return { entities, cut }
}
