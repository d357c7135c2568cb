/** Addresses of what is read and written. What is of the ledger all workers share; marks are of the one that this instance belongs to. */

export let entities: i32 = 0
/** By entity: `ROW`. Nobody writes it but `KNOWN`. */
export let rows: usize = 0
export let groupCount: i32 = 0

/** Marks of one thing after the other: where they equal the epoch, they count. */
export let out: usize = 0
export let refused: usize = 0
/** By place: as its value was refused, what reads there was counted as lost, before it stopped itself; the same of soft needs. */
export let readLoss: usize = 0
export let softLoss: usize = 0
export let soft: usize = 0
export let queue: usize = 0
export let places: usize = 0
/** By place of the queue: where those whom it takes with it begin. */
export let began: usize = 0
/** A word a group: the epoch above how many are lost. */
export let groups: usize = 0
/** Two words a group, of the view: how many have to be lost in the worst and in the best case. */
export let needs: usize = 0
/** Second words of edges, in order: members of groups that were counted, so that they can be taken back. */
export let counted: usize = 0
export let systemMarks: usize = 0
export let systems: i32 = 0
export let asked: usize = 0

/** By entity, two bytes: what `KNOWN` is, in the best case. */
export let bestHubs: usize = 0
/** By hub: `HUB`. The first is that of the list of whoever has its best case to be counted still. */
export let hubs: usize = 0
/** One word: hubs of both cases are numbered from `FIRST_HUB` to here. */
export let hubEnd: usize = 0
/** By thing: the next that waits for the same, from 1 on. */
export let nextWaiting: usize = 0

/** What is counted: of which things, and whether more than who is out. */
export let things: usize = 0
export let unsure: usize = 0
export let hasWorth: bool = false
export let falls: usize = 0
export let limit: i32 = 0

export function useView(n: i32, r: usize, gc: i32, d: usize): void {
  entities = n
  rows = r
  groupCount = gc
  needs = d
}

export function useMarks(
  o: usize,
  r: usize,
  rl: usize,
  sl: usize,
  s: usize,
  q: usize,
  p: usize,
  b: usize,
  g: usize,
  c: usize,
  m: usize,
  a: usize,
): void {
  out = o
  refused = r
  readLoss = rl
  softLoss = sl
  soft = s
  queue = q
  places = p
  began = b
  groups = g
  counted = c
  systemMarks = m
  asked = a
}

export function useHubs(b: usize, h: usize, e: usize, n: usize): void {
  bestHubs = b
  hubs = h
  hubEnd = e
  nextWaiting = n
}

export function useSubject(t: usize, u: usize, w: i32, f: usize, l: i32, s: i32): void {
  things = t
  unsure = u
  hasWorth = w != 0
  falls = f
  limit = l
  systems = s
}

/** Of `rows`, bytes: address of the first edge; */
export const ROW: usize = 16
export const ROW_SHIFT: usize = 4
/** that behind the last, in whose lowest bit (`SOFTENS`) is said that something only degrades; */
export const LAST: usize = 4
export const SOFTENS: u32 = 1
/** its system, twice, and one more where that is of tier 1; negative: none; */
export const SYSTEM: usize = 8
/** two bytes: `countedAs` in two bits, its weight above them; */
export const WORTH: usize = 12
/** two bytes: a hub that falls with it in the worst case; 0: none is known. */
export const KNOWN: usize = 14

/** Of an edge's second word: `fallBits`. */
export const CONFIRMED: u32 = 1
export const READS: u32 = 2
export const HOLDS: u32 = 4
export const SYNCS: u32 = 8
export const SOFT: u32 = 16
export const OTHERS: u32 = 28
export const GROUP: u32 = 5

/** `countedAs`. */
export const OTHER: u32 = 0
export const DEPENDENT: u32 = 1

/** Of `hubs`, bytes: its entity; how many fall with it; */
export const HUB: usize = 40
export const SIZE: usize = 4
/** the first thing that waits to be counted upon it, from 1 on, and how many do; */
export const WAITING: usize = 8
export const WAIT_COUNT: usize = 12
/** somebody counts upon it; it is one of the best case. */
export const CLAIMED: usize = 16
export const OF_BEST: usize = 20
/** so often a larger one was looked for (`NOT_FOUND`); while somebody looks, `~` of that; */
export const LOOKED: usize = 24
/** so many fall beside it, of who was counted upon it lately. */
export const REST: usize = 28
/** eight: as many in all since then. */
export const SPENT: usize = 32
export const MOST_HUBS: u32 = 8192
export const FIRST_HUB: u32 = 2
/** Of words that say what is known of an entity: which; and whether it falls in the worst case only, or so it seems. */
export const HUB_NUMBER: u16 = 0x7fff
export const HUB_UNLIKE: u16 = 0x8000

/** `fallColumns`, bytes. */
export const FALL: usize = 56
export const WEIGHT: usize = 0
export const BREAKS: usize = 8
export const UNKNOWN: usize = 16
export const SYSTEMS: usize = 24
export const TIER1: usize = 32
export const CERTAIN_OUT: usize = 40
export const POSSIBLE_OUT: usize = 48
export const CERTAIN: f64 = 10
