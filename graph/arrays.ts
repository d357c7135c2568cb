/**
 * Arrays of many numbers that mostly count with no heap. V8 looks the whole heap over whenever buffers of 64 MB were made
 * since it last did so (`kExternalAllocationSoftLimit`), however little of the heap is new: at a million things 1 to 2 s
 * each time (`--trace-gc`). Memory that threads may share is not counted (`BackingStore::PerIsolateAccountingLength`), and is given back
 * as any other when nobody holds it.
 */

export type Numbers = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array

/** From so many bytes on; a small buffer is made faster without. */
const MANY = 1 << 16

/** A buffer that workers can share, where the platform has one. */
export function bufferOf(bytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes)
}

/** Of so many bytes that were made this many count, so that what nobody holds is looked for now and then. */
const ROUND = 1 << 29
const COUNTED = 1 << 26
let made = 0

function placeFor(bytes: number): ArrayBufferLike {
  made = (made + bytes) % ROUND
  return made < COUNTED ? new ArrayBuffer(bytes) : bufferOf(bytes)
}

/** Of zeros; so many numbers, not bytes. */
export const int32s = (length: number): Int32Array =>
  4 * length < MANY ? new Int32Array(length) : new Int32Array(placeFor(4 * length))
export const uint32s = (length: number): Uint32Array =>
  4 * length < MANY ? new Uint32Array(length) : new Uint32Array(placeFor(4 * length))
export const uint16s = (length: number): Uint16Array =>
  2 * length < MANY ? new Uint16Array(length) : new Uint16Array(placeFor(2 * length))
export const uint8s = (length: number): Uint8Array =>
  length < MANY ? new Uint8Array(length) : new Uint8Array(placeFor(length))
export const float64s = (length: number): Float64Array =>
  8 * length < MANY ? new Float64Array(length) : new Float64Array(placeFor(8 * length))

/** As `slice`, from the beginning. */
export function copyOf<T extends Numbers>(numbers: T, length = numbers.length): T {
  if (numbers.BYTES_PER_ELEMENT * length < MANY) return numbers.slice(0, length) as T
  const Sort = numbers.constructor as new (buffer: ArrayBufferLike) => T
  const copy = new Sort(placeFor(numbers.BYTES_PER_ELEMENT * length))
  copy.set(numbers.subarray(0, length))
  return copy
}
