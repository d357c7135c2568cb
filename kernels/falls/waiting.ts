import { hubAt, hubsEnd } from './hubs'
import { CLAIMED, FIRST_HUB, limit, nextWaiting, OF_BEST, REST, SIZE, WAITING, WAIT_COUNT } from './state'

/**
 * Who waits for a hub, and who waits for its best case, in lists of all workers. Nobody waits for a worker: whoever puts a
 * thing into a list looks at all lists again before it leaves, so nothing stays in one.
 */

/** The list of whose best case has to be counted still; by number, like that of a hub. */
export const UNLIKE_LIST: u32 = 0
/** With the next that waits: its hub may fall in the worst case only. */
const UNLIKE: i32 = i32.MIN_VALUE

/** Of what `takeWaiting` gave: its hub may fall with it in the worst case only. */
export let takenUnlike: bool = false

function nextOf(place: i32): usize {
  return nextWaiting + ((<usize>place) << 2)
}

export function putWaiting(list: u32, place: i32, unlike: bool): void {
  const first = hubAt(list) + WAITING
  for (;;) {
    const head = atomic.load<i32>(first)
    store<i32>(nextOf(place), head | (unlike ? UNLIKE : 0))
    // Whoever takes it sees the line above, as it took what is written here.
    if (atomic.cmpxchg<i32>(first, head, place + 1) == head) break
  }
  atomic.add<i32>(hubAt(list), 1, WAIT_COUNT)
}

/** So many are taken at once: each taking is a line of cache that another worker has to give up. */
const HANDFUL: i32 = 8
/** Of those that were taken and not given yet: the first, from 1 on, and how many. */
let heldFirst: i32 = 0
let heldCount: i32 = 0

/**
 * One of those that came last; -1: none. A thing waits in a list at most once, ever (who waits again does for a larger hub),
 * so a head that was taken never comes again: where it is still there, what was read of those behind it is still so. The
 * caller takes of one list until nothing is left there.
 */
export function takeWaiting(list: u32): i32 {
  if (heldCount == 0 && !takeHandful(list)) return -1
  return takeHeld()
}

/** One of those that were taken already; -1: none. */
export function takeHeld(): i32 {
  if (heldCount == 0) return -1
  const place = heldFirst - 1
  const next = load<i32>(nextOf(place))
  takenUnlike = next < 0
  heldFirst = next & ~UNLIKE
  heldCount--
  return place
}

function takeHandful(list: u32): bool {
  const first = hubAt(list) + WAITING
  for (;;) {
    const head = atomic.load<i32>(first)
    if (head == 0) return false
    let behind = head
    let count = 0
    for (; behind != 0 && count < HANDFUL; count++) behind = load<i32>(nextOf(behind - 1)) & ~UNLIKE
    if (atomic.cmpxchg<i32>(first, head, behind) != head) continue
    atomic.sub<i32>(hubAt(list), count, WAIT_COUNT)
    heldFirst = head
    heldCount = count
    return true
  }
}

/**
 * The smallest hub of a case that nobody counts upon, as whoever meets a larger one waits again: it is the caller's until
 * `letGo`. Where there is none, one of another worker for which so many wait that counting its fall twice pays. 0: none.
 */
export function takeHub(worst: bool): u32 {
  let hub = smallest(worst)
  // Of several workers one finds 0 in it.
  while (hub != 0 && atomic.xchg<i32>(hubAt(hub), 1, CLAIMED) != 0) hub = smallest(worst)
  return hub != 0 ? hub : busiest(worst)
}

/** Its list may have a thing again: the caller looks at all lists after this, so it is not lost. */
export function letGo(hub: u32): void {
  atomic.store<i32>(hubAt(hub), 0, CLAIMED)
}

function smallest(worst: bool): u32 {
  let found: u32 = 0
  let least = i32.MAX_VALUE
  for (let hub = FIRST_HUB, end = hubsEnd(); hub < end; hub++) {
    const at = hubAt(hub)
    if (atomic.load<i32>(at, WAITING) == 0 || atomic.load<i32>(at, CLAIMED) != 0) continue
    const size = load<i32>(at, SIZE)
    if (size >= least || (load<i32>(at, OF_BEST) == 0) != worst) continue
    found = hub
    least = size
  }
  return found
}

function busiest(worst: bool): u32 {
  let found: u32 = 0
  let most: i64 = 0
  for (let hub = FIRST_HUB, end = hubsEnd(); hub < end; hub++) {
    const at = hubAt(hub)
    if (atomic.load<i32>(at, WAITING) == 0 || (load<i32>(at, OF_BEST) == 0) != worst) continue
    const gain = <i64>atomic.load<i32>(at, WAIT_COUNT) * max(limit, load<i32>(at, REST)) - load<i32>(at, SIZE)
    if (gain <= most) continue
    found = hub
    most = gain
  }
  return found
}
