/** Addresses of what is read and written, of the one worker that this instance belongs to. */

/** `FallView`: rows of two words, and what is said of groups (four words). */
export let entities: i32 = 0
export let start: usize = 0
export let edges: usize = 0
export let groups: usize = 0

/** Marks of one thing after the other: where they equal the epoch, they count. */
export let out: usize = 0
export let refused: usize = 0
export let reads: usize = 0
export let soft: usize = 0
export let queue: usize = 0
export let places: usize = 0
export let edgeCount: i32 = 0
export let groupCount: i32 = 0

/** By edge address, in order: members of groups that were counted, so that they can be taken back. */
export let counted: usize = 0
/** By entity, two bytes, in the worst and in the best case: a hub that falls with it; 0: none is known. */
export let worstHubs: usize = 0
export let bestHubs: usize = 0
/** By hub: its entity, how many fall with it, and the first thing that waits to be counted upon it, from 1 on. */
export let hubs: usize = 0
/** By thing: the next that waits for the same hub, from 1 on. */
export let nextWaiting: usize = 0
export let asked: usize = 0

/** What is counted: of which things, and what each entity is worth. */
export let things: usize = 0
export let unsure: usize = 0
/** Two bytes an entity: `countedAs` in two bits, its weight above them; 0: only who is out is counted. */
export let worth: usize = 0
export let systems: usize = 0
export let tier1: usize = 0
export let systemMarks: usize = 0
export let falls: usize = 0
export let limit: i32 = 0

export function useView(n: i32, s: usize, e: usize, g: usize, ec: i32, gc: i32): void {
  entities = n
  start = s
  edges = e
  groups = g
  edgeCount = ec
  groupCount = gc
}

export function useMarks(o: usize, r: usize, d: usize, s: usize, q: usize, p: usize, c: usize): void {
  out = o
  refused = r
  reads = d
  soft = s
  queue = q
  places = p
  counted = c
}

export function useHubs(w: usize, b: usize, h: usize, n: usize, a: usize): void {
  worstHubs = w
  bestHubs = b
  hubs = h
  nextWaiting = n
  asked = a
}

export function useSubject(
  t: usize,
  u: usize,
  w: usize,
  s: usize,
  one: usize,
  m: usize,
  f: usize,
  l: i32,
): void {
  things = t
  unsure = u
  worth = w
  systems = s
  tier1 = one
  systemMarks = m
  falls = f
  limit = l
}

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

/** Of `hubs`, bytes. */
export const HUB: usize = 12
export const SIZE: usize = 4
export const WAITING: usize = 8
export const MOST_HUBS: i32 = 8192
/** Of the words of `worstHubs`: which; and whether it falls in the worst case only, or so it seems. */
export const HUB_NUMBER: u16 = 0x7fff
export const HUB_UNLIKE: u16 = 0x8000

/** `fallColumns`, bytes. */
export const ROW: usize = 56
export const WEIGHT: usize = 0
export const BREAKS: usize = 8
export const UNKNOWN: usize = 16
export const SYSTEMS: usize = 24
export const TIER1: usize = 32
export const CERTAIN_OUT: usize = 40
export const POSSIBLE_OUT: usize = 48
export const CERTAIN: f64 = 10
