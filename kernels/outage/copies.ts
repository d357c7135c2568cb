import { bitsAt, CHANNEL, CONFIRMED, edges, endOf, ENTITY, firstOf, HOLDS, places, SYNCS, WALK } from './ground'
import { met } from './spread'

export { places } from './ground'
/** How many entries of `places` the last walk left. */
export let placeCount: u32 = 0
let walk: u32 = 0
let cuts: usize = 0
let cutCount: u32 = 0

/** Edges that are cut, ascending: no value goes over them. */
export function openWalks(cutsAt: usize, cutsGiven: u32): void {
  walk = 0
  cuts = cutsAt
  cutCount = cutsGiven
}

/**
 * Places that hold the credential: rows, in whose lowest bits stands in which runs (1 worst, 2 best; in the best case
 * only over what is confirmed). One that is found in the best run after it was found in the worst stands there twice.
 */
export function walkCopies(credential: u32): void {
  walk++
  placeCount = 0
  let next: u32 = 0
  let over = HOLDS
  let runs: u32 = 3
  for (let entity = credential; ; ) {
    const end = endOf(entity)
    for (let at = firstOf(entity); at < end; at += 8) {
      const bits = bitsAt(load<u32>(at, 4))
      if ((bits & CHANNEL) != over) continue
      if (cutCount != 0 && isCut(<u32>((at - edges) >> 3))) continue
      const row = met(load<u32>(at))
      const seen = load<u32>(row, WALK)
      const before = seen >> 2 == walk ? seen & 3 : 0
      const now = before | ((bits & CONFIRMED) != 0 ? runs : runs & 1)
      if (now == before) continue
      store<u32>(row, (walk << 2) | now, WALK)
      store<u32>(places + (<usize>placeCount << 2), <u32>row | now)
      placeCount++
    }
    if (next == placeCount) return
    const place = load<u32>(places + (<usize>next << 2))
    runs = place & 3
    entity = load<u32>(<usize>(place ^ runs), ENTITY)
    next++
    over = SYNCS
  }
}

function isCut(edge: u32): bool {
  let low: u32 = 0
  let high = cutCount
  while (low < high) {
    const middle = (low + high) >> 1
    const one = load<u32>(cuts + (<usize>middle << 2))
    if (one == edge) return true
    if (one < edge) low = middle + 1
    else high = middle
  }
  return false
}
