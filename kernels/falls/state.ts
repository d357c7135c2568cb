/** Addresses of what is read and written, of the one worker that this instance belongs to. */

/** `FallView`: rows of two words, what is said of groups (four words), and who is in them (two words a member). */
export let entities: i32 = 0
export let start: usize = 0
export let edges: usize = 0
export let groups: usize = 0
export let memberStart: usize = 0
export let members: usize = 0

/** Marks of one thing after the other: where they equal the epoch, they count. */
export let out: usize = 0
export let refused: usize = 0
export let reads: usize = 0
export let soft: usize = 0
export let queue: usize = 0
export let places: usize = 0
/** 1: its own fall is small, 2: it is large, and so is that of whoever it falls with. */
export let tags: usize = 0
export let edgeCount: i32 = 0
export let groupCount: i32 = 0

/** Sixteen bytes an entity: a bit for each of the things that are counted together. */
export let outBits: usize = 0
export let refusedBits: usize = 0
export let softBits: usize = 0
export let systemBits: usize = 0
/** By entity: it waits in the queue. */
export let waits: usize = 0
export let met: usize = 0
/** Who waits, in a ring of `entities + 1` places. */
export let ring: usize = 0
export let planes: usize = 0

/** What is counted: of which things, and what each entity is worth. */
export let things: usize = 0
export let unsure: usize = 0
/** Two bytes an entity: `countedAs` in two bits, its weight above them; 0: only who is out is counted. */
export let worth: usize = 0
export let systems: usize = 0
export let tier1: usize = 0
export let systemMarks: usize = 0
export let falls: usize = 0
export let aside: usize = 0
export let limit: i32 = 0

export function useView(n: i32, s: usize, e: usize, g: usize, ms: usize, m: usize, ec: i32, gc: i32): void {
  entities = n
  start = s
  edges = e
  groups = g
  memberStart = ms
  members = m
  edgeCount = ec
  groupCount = gc
}

export function useMarks(o: usize, r: usize, d: usize, s: usize, q: usize, p: usize, t: usize): void {
  out = o
  refused = r
  reads = d
  soft = s
  queue = q
  places = p
  tags = t
}

export function useBits(o: usize, r: usize, s: usize, y: usize, w: usize, m: usize, q: usize, p: usize): void {
  outBits = o
  refusedBits = r
  softBits = s
  systemBits = y
  waits = w
  met = m
  ring = q
  planes = p
}

export function useSubject(
  t: usize,
  u: usize,
  w: usize,
  s: usize,
  one: usize,
  marks: usize,
  f: usize,
  a: usize,
  l: i32,
): void {
  things = t
  unsure = u
  worth = w
  systems = s
  tier1 = one
  systemMarks = marks
  falls = f
  aside = a
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

/** Of `tags`. */
export const SMALL: u8 = 1
export const LARGE: u8 = 2

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
