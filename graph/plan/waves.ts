/** One credential as the order sees it. Plain data, so that the order can be tested without an estate. */
export interface Candidate {
  /** Breaks ties; the order of input never does. */
  readonly key: string
  readonly owner: string | null
  /** What falls with it, and what is found on it. */
  readonly weight: number
  readonly risk: number
  /** Gates that are not met, then those not known. */
  readonly open: number
  /** Keys of candidates that have to go first. */
  readonly after: readonly string[]
  /** Place in the order of an exposure; absent where there is none. */
  readonly exposed?: number
}

export interface OrderConflict {
  readonly kind: 'order' | 'ring' | 'owner-load'
  readonly keys: readonly string[]
}

export interface Waves {
  /** Keys by wave, in the order in which they go; the first is the pilot. No wave is empty. */
  readonly waves: readonly (readonly string[])[]
  readonly conflicts: readonly OrderConflict[]
}

export const MOST_OF_AN_OWNER = 5
export const PILOT = 3
/** Weight of what falls with an item from which on it is no pilot, where there are lighter ones. */
const MOST_OF_A_PILOT = 21
/** A wave that one change meeting can go through. Fewer waves than that takes makes them larger, all alike. */
export const MOST_OF_A_WAVE = 12

interface Ring {
  readonly keys: readonly string[]
}

/**
 * Waves: what is upstream never later than what needs it; small blasts with high risk first; a pilot of at most three,
 * the readiest; at most twelve items a wave, five of one owner. With fewer waves than that takes, an owner's last is overfull,
 * and says so. Rings have no order: they go together and are named.
 */
export function wavesOf(candidates: readonly Candidate[], most?: number): Waves {
  const byKey = new Map(candidates.map((one) => [one.key, one]))
  const sorted = [...byKey.values()].sort(compare)
  const known = sorted.map((one) => ({ ...one, after: one.after.filter((key) => key !== one.key && byKey.has(key)) }))
  const rings = ringsOf(known)
  const order = inOrder(known, rings)
  const waves: string[][] = []
  const waveOf = new Map<string, number>()
  const loads: Map<string, number>[] = []
  const limit = most ?? Infinity
  const pilots = pilotOf(order, limit)
  const room = Math.max(
    MOST_OF_A_WAVE,
    Math.ceil((order.length - pilots.size) / Math.max(1, limit - (pilots.size > 0 ? 1 : 0))),
  )
  const isFull = (at: number, owner: string | null): boolean =>
    (waves[at]?.length ?? 0) >= room || (owner !== null && (loads[at]?.get(owner) ?? 0) >= MOST_OF_AN_OWNER)
  for (const one of order) {
    const earliest = Math.max(0, ...one.after.map((key) => waveOf.get(key) ?? 0))
    let at = pilots.size > 0 && !pilots.has(one.key) ? Math.max(1, earliest) : earliest
    while (at < limit - 1 && isFull(at, one.owner)) at++
    at = Math.min(at, limit - 1)
    while (waves.length <= at) {
      waves.push([])
      loads.push(new Map())
    }
    waves[at]!.push(one.key)
    waveOf.set(one.key, at)
    if (one.owner !== null) loads[at]!.set(one.owner, (loads[at]!.get(one.owner) ?? 0) + 1)
  }
  const filled = waves.filter((wave) => wave.length > 0)
  return { waves: filled, conflicts: [...conflictsOf(byKey, filled, rings)] }
}

/** What is wrong with waves that somebody made: order, rings, an owner's load. */
export function conflictsIn(
  candidates: readonly Candidate[],
  waves: readonly (readonly string[])[],
): readonly OrderConflict[] {
  const byKey = new Map(candidates.map((one) => [one.key, one]))
  const known = [...byKey.values()].map((one) => ({
    ...one,
    after: one.after.filter((key) => key !== one.key && byKey.has(key)),
  }))
  return [...conflictsOf(byKey, waves, ringsOf(known))]
}

/** Small blasts stand together; within them what is riskier goes first, then what is readier, then what is lighter. */
function compare(a: Candidate, b: Candidate): number {
  return (
    (a.exposed ?? 0) - (b.exposed ?? 0) ||
    band(a.weight) - band(b.weight) ||
    b.risk - a.risk ||
    a.open - b.open ||
    a.weight - b.weight ||
    (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
  )
}

/** By powers of ten. */
const band = (weight: number): number => (weight <= 0 ? 0 : 1 + Math.floor(Math.log10(weight)))

/** The readiest that wait for nobody, and then the lightest; none where all fit into one wave. */
function pilotOf(order: readonly Candidate[], limit: number): Set<string> {
  if (limit < 2 || order.length <= PILOT) return new Set()
  const free = order.filter(({ after }) => after.length === 0)
  const small = free.filter(({ weight }) => weight < MOST_OF_A_PILOT)
  const readiest = (small.length > 0 ? small : free).sort(
    (a, b) => a.open - b.open || band(a.weight) - band(b.weight) || compare(a, b),
  )
  return new Set(readiest.slice(0, PILOT).map(({ key }) => key))
}

/** Kahn's algorithm with the sorted list as its queue; a ring that stops it is let through together. */
function inOrder(sorted: readonly Candidate[], rings: readonly Ring[]): Candidate[] {
  const ringOf = new Map(rings.flatMap((ring) => ring.keys.map((key) => [key, ring] as const)))
  const done = new Set<string>()
  const left = new Set(sorted)
  const order: Candidate[] = []
  while (left.size > 0) {
    let moved = false
    for (const one of left) {
      const ring = ringOf.get(one.key)
      if (!one.after.every((key) => done.has(key) || (ring !== undefined && ringOf.get(key) === ring))) continue
      left.delete(one)
      done.add(one.key)
      order.push(one)
      moved = true
      break
    }
    // Only reached if a ring was overlooked, which the laws exclude; nothing may be lost then.
    if (!moved) {
      const [first] = left
      left.delete(first!)
      done.add(first!.key)
      order.push(first!)
    }
  }
  return order
}

/** Sets in which everybody waits for everybody: strongly connected ones of more than one. */
function ringsOf(candidates: readonly Candidate[]): Ring[] {
  const after = new Map(candidates.map((one) => [one.key, one.after]))
  const reaches = new Map(candidates.map(({ key }) => [key, reachOf(after, key)]))
  const taken = new Set<string>()
  const rings: Ring[] = []
  for (const { key } of candidates) {
    if (taken.has(key) || !reaches.get(key)!.has(key)) continue
    const keys = [...reaches.get(key)!].filter((other) => reaches.get(other)!.has(key)).sort()
    for (const one of keys) taken.add(one)
    rings.push({ keys })
  }
  return rings
}

function reachOf(after: ReadonlyMap<string, readonly string[]>, from: string): Set<string> {
  const seen = new Set(after.get(from))
  for (const key of seen) for (const next of after.get(key)!) seen.add(next)
  return seen
}

function* conflictsOf(
  byKey: ReadonlyMap<string, Candidate>,
  waves: readonly (readonly string[])[],
  rings: readonly Ring[],
): Generator<OrderConflict> {
  const place = new Map(waves.flatMap((wave, number) => wave.map((key, at) => [key, [number, at] as const] as const)))
  for (const { keys } of rings) yield { kind: 'ring', keys }
  const isInRing = (a: string, b: string): boolean => rings.some(({ keys }) => keys.includes(a) && keys.includes(b))
  for (const [key, [wave, at]] of place)
    for (const upstream of byKey.get(key)!.after) {
      const other = place.get(upstream)
      if (other === undefined || upstream === key || isInRing(key, upstream)) continue
      if (other[0] > wave || (other[0] === wave && other[1] > at)) yield { kind: 'order', keys: [upstream, key] }
    }
  for (const wave of waves) {
    const owners = new Map<string, string[]>()
    for (const key of wave) {
      const { owner } = byKey.get(key)!
      if (owner !== null) owners.set(owner, [...(owners.get(owner) ?? []), key])
    }
    for (const keys of owners.values()) if (keys.length > MOST_OF_AN_OWNER) yield { kind: 'owner-load', keys }
  }
}
