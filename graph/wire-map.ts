import * as z from 'zod/mini'
import { EvidenceStrength, Snapshot, Thing } from './wire.ts'

/** The map: systems by systems, and the surroundings of one thing, one hop at a time. */

const count = z.int().check(z.nonnegative())
const list = z.string().check(z.maxLength(2_000))

export const MapQuery = z.object({
  /** `owner`: one row an owner or domain; `tier`: one a tier; also where every system would have room. */
  by: z.optional(z.enum(['system', 'owner', 'tier'])),
  /** Ids of the folded rows to look into, outermost first, with commas. */
  in: z.optional(list),
})
export type MapQuery = z.infer<typeof MapQuery>

export const MapRow = z.object({
  /** Of a system: its own; of a fold: to be given in `in`. */
  id: z.string(),
  kind: z.enum(['system', 'fold']),
  name: z.string(),
  /** Domain the system is contained in, else its owner; null: neither is known. */
  domain: z.nullable(z.string()),
  tier: z.nullable(z.number()),
  /** Systems this row stands for. */
  systems: count,
  /** Credentials that these systems use. */
  credentials: count,
})
export type MapRow = z.infer<typeof MapRow>

export const MapReply = z.object({
  snapshot: Snapshot,
  /** Systems in what is looked at. */
  systems: count,
  /** Where `in` led, outermost first. */
  within: z.array(z.object({ id: z.string(), name: z.string() })),
  /** At most 120; the columns are the same, in the same order. */
  rows: z.array(MapRow),
  /** `[row, column, shared credentials, dependencies of row on column]`; cells without either are left out. */
  cells: z.array(z.tuple([count, count, count, count])),
  /** One sentence on what stands folded; null: every row is a system. */
  folded: z.nullable(z.string()),
})
export type MapReply = z.infer<typeof MapReply>

export const MapCellQuery = z.extend(MapQuery, {
  row: z.string(),
  column: z.string(),
  cursor: z.optional(z.coerce.number()),
  needsCursor: z.optional(z.coerce.number()),
})
export type MapCellQuery = z.infer<typeof MapCellQuery>

export const MapCellReply = z.object({
  snapshot: Snapshot,
  row: MapRow,
  column: MapRow,
  shared: count,
  credentials: z.array(Thing),
  dependencies: count,
  /** What of the row needs what of the column, 200 from `needsCursor` on. */
  needs: z.array(z.object({ from: Thing, to: Thing, strength: EvidenceStrength })),
  /** Ask again with this as `cursor` for further credentials. */
  next: z.optional(count),
  /** Ask again with this as `needsCursor` for further dependencies. */
  nextNeeds: z.optional(count),
})
export type MapCellReply = z.infer<typeof MapCellReply>

export const AroundQuery = z.object({
  /** Kinds that are not shown, with commas. What lies behind them stays, as an implied relationship. */
  hide: z.optional(list),
  /** Groups to open, with commas, `group*2` for the second page; `none`; absent: the small ones. */
  open: z.optional(list),
  /** For exports: things on a page of the last group of `open`, which is then the only one; at most 1,000. */
  size: z.optional(z.coerce.number()),
  /** Ids of things passed on the way here, for their names. */
  trail: z.optional(list),
})
export type AroundQuery = z.infer<typeof AroundQuery>

/**
 * What a relationship means for an outage. `needs`: it fails with what it needs. `about`: ownership and place. `may`: a
 * right that no log shows used, or a link that was rejected: nothing depends on it.
 */
export const Nature = z.enum(['needs', 'about', 'may'])
export type Nature = z.infer<typeof Nature>

export const MapEdge = z.object({
  /** Reads from the focus: "stored in". */
  verb: z.string(),
  strength: EvidenceStrength,
  fact: z.string(),
})

export const MapThing = z.extend(Thing, {
  /** What joins it to the focus itself; the first 6. */
  edges: z.array(MapEdge),
  /** From the focus through what is hidden to this thing, where nothing direct is as good; at most 12 hops, `name` and `title` of what each leads to. */
  implied: z.nullable(z.array(z.object({ verb: z.string(), name: z.string(), title: z.string() }))),
  /** Things one hop further the same way. */
  onward: count,
})
export type MapThing = z.infer<typeof MapThing>

export const MapGroup = z.object({
  /** `up.needs.aws.iam_user` */
  id: z.string(),
  side: z.enum(['up', 'down']),
  nature: Nature,
  kind: z.string(),
  title: z.string(),
  count,
  /** How many of them are joined to the focus only through what is hidden. */
  implied: count,
  /** From 1; 0: folded. */
  page: count,
  pages: count,
  /** At most 25 unless `size` was asked for, and none of a folded group. */
  things: z.array(MapThing),
})
export type MapGroup = z.infer<typeof MapGroup>

export const AroundReply = z.object({
  snapshot: Snapshot,
  focus: Thing,
  /** Things upstream (what the focus needs or belongs to) and downstream. */
  up: count,
  down: count,
  groups: z.array(MapGroup),
  /** Every kind met on the way, and every hidden one. */
  kinds: z.array(z.object({ kind: z.string(), title: z.string(), count, hidden: z.boolean() })),
  trail: z.array(Thing),
})
export type AroundReply = z.infer<typeof AroundReply>
