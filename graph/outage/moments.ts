import { float64s, int32s } from '../arrays.ts'
/**
 * What is to be looked at, by moment: a bucket for each distinct moment and a heap over the moments. Of a hundred
 * thousand outages most share a few thousand moments, so this is cheaper than a heap over entities. Nothing is cleared
 * between two runs: buckets of another epoch do not count.
 */
export interface Moments {
  epoch: number
  /** Open addressing: moment, first entry and epoch of each bucket. */
  keys: Float64Array
  heads: Int32Array
  stamps: Int32Array
  used: number
  /** Entries: an entity, and the next entry of the same bucket. */
  entities: Int32Array
  nexts: Int32Array
  entryCount: number
  /** The heap: moments, earliest first. */
  heap: Float64Array
  heapSize: number
  /** The moment of the bucket that was emptied last. */
  now: number
}

export function momentsOf(): Moments {
  return {
    epoch: 0,
    keys: new Float64Array(1024),
    heads: new Int32Array(1024),
    stamps: new Int32Array(1024),
    used: 0,
    entities: new Int32Array(1024),
    nexts: new Int32Array(1024),
    entryCount: 0,
    heap: new Float64Array(256),
    heapSize: 0,
    now: -Infinity,
  }
}

export function startMoments(moments: Moments, epoch: number): void {
  moments.epoch = epoch
  moments.used = moments.entryCount = moments.heapSize = 0
  moments.now = -Infinity
}

function slotOf({ keys, stamps, epoch }: Moments, moment: number): number {
  const mask = keys.length - 1
  const whole = moment | 0
  const hash = Math.imul(whole ^ ((moment - whole) * 65536), 0x9e3779b1)
  let slot = (hash ^ (hash >>> 15)) & mask
  while (stamps[slot] === epoch && keys[slot] !== moment) slot = (slot + 1) & mask
  return slot
}

/** Puts an entity into the bucket of a moment. */
export function pushMoment(moments: Moments, moment: number, entity: number): void {
  let slot = slotOf(moments, moment)
  if (moments.stamps[slot] !== moments.epoch) {
    if (2 * ++moments.used > moments.keys.length) {
      growBuckets(moments)
      slot = slotOf(moments, moment)
    }
    moments.stamps[slot] = moments.epoch
    moments.keys[slot] = moment
    moments.heads[slot] = -1
  }
  const head = moments.heads[slot]!
  if (head < 0) pushHeap(moments, moment)
  const entry = moments.entryCount++
  if (entry === moments.entities.length) {
    moments.entities = larger(moments.entities)
    moments.nexts = larger(moments.nexts)
  }
  moments.entities[entry] = entity
  moments.nexts[entry] = head
  moments.heads[slot] = entry
}

/** First entry of the earliest bucket, which is emptied; -1 when there is none. */
export function popMoment(moments: Moments): number {
  if (moments.heapSize === 0) return -1
  moments.now = popHeap(moments)
  const slot = slotOf(moments, moments.now)
  const head = moments.heads[slot]!
  moments.heads[slot] = -1
  return head
}

function larger(items: Int32Array): Int32Array {
  const grown = int32s(items.length * 2)
  grown.set(items)
  return grown
}

function growBuckets(moments: Moments): void {
  const { keys, heads, stamps, epoch } = moments
  moments.keys = float64s(keys.length * 4)
  moments.heads = int32s(keys.length * 4)
  moments.stamps = int32s(keys.length * 4)
  for (let old = 0; old < keys.length; old++) {
    if (stamps[old] !== epoch) continue
    const slot = slotOf(moments, keys[old]!)
    moments.stamps[slot] = epoch
    moments.keys[slot] = keys[old]!
    moments.heads[slot] = heads[old]!
  }
}

function pushHeap(moments: Moments, moment: number): void {
  if (moments.heapSize === moments.heap.length) {
    const grown = float64s(moments.heap.length * 2)
    grown.set(moments.heap)
    moments.heap = grown
  }
  const { heap } = moments
  let at = moments.heapSize++
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (heap[parent]! <= moment) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = moment
}

function popHeap(moments: Moments): number {
  const { heap } = moments
  const first = heap[0]!
  const last = heap[--moments.heapSize]!
  const size = moments.heapSize
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= size) break
    if (child + 1 < size && heap[child + 1]! < heap[child]!) child++
    if (heap[child]! >= last) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
  return first
}
