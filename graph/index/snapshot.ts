import type { EngineMemory } from './engine-memory.ts'
import { bytesOf, indexIn, type FlatIndex } from './flat-index.ts'
import {
  HEADER_BYTES,
  MAGIC,
  NAME_AT,
  NAME_LIMIT,
  VERSION,
  headerWords,
  placeSections,
  readCounts,
} from './sections.ts'

/** Why a file is not used: then the index is built anew, which is always right and only slower. */
export type Refused = 'not-an-index' | 'other-version' | 'cut-short' | 'damaged' | 'stale'

/**
 * Seals an index for a file: the bytes are the index's own buffer. `name` says what it was made of (the id of a
 * snapshot of the store, and whatever else decides its content); who opens it says what he wants.
 * @throws RangeError where the name is too long for the header, or changes are laid over the index: its rows then stand
 * elsewhere, and a file of them would be a wrong "safe".
 */
export function sealSnapshot(index: FlatIndex, name: string): Uint8Array {
  if (index.inEnd.byteOffset !== index.inStart.byteOffset + 4)
    throw new RangeError('an index with changes over it is not kept: make it anew')
  const bytes = bytesOf(index)
  const header = new Int32Array(index.buffer, 0, HEADER_BYTES / 4)
  const text = new TextEncoder().encode(name)
  if (text.length > NAME_LIMIT) throw new RangeError(`the name of an index takes at most ${NAME_LIMIT} bytes`)
  bytes.fill(0, NAME_AT, HEADER_BYTES)
  bytes.set(text, NAME_AT)
  header[headerWords.nameBytes] = text.length
  header[headerWords.magic] = MAGIC
  header[headerWords.version] = VERSION
  header[headerWords.bytes] = bytes.length
  header[headerWords.checksum] = 0
  header[headerWords.checksum] = checksumOf(index.buffer, bytes.length)
  return bytes
}

/**
 * The index in the bytes of a file, as it lies; nothing is copied. The buffer must hold the file and nothing else, or
 * `memory` be what it is of and `bytes` the length of the file at its beginning.
 * Whatever is not exactly what was sealed under this name is refused: a wrong index would be a wrong "safe".
 */
export function openSnapshot(
  buffer: ArrayBufferLike,
  name: string,
  bytes = buffer.byteLength,
  memory: EngineMemory | null = null,
): FlatIndex | Refused {
  if (bytes < HEADER_BYTES || bytes % 4 !== 0) return 'not-an-index'
  const header = new Int32Array(buffer, 0, HEADER_BYTES / 4)
  if (header[headerWords.magic] !== MAGIC) return 'not-an-index'
  if (header[headerWords.version] !== VERSION) return 'other-version'
  if (header[headerWords.bytes] !== bytes) return 'cut-short'
  const stated = header[headerWords.checksum]!
  if (checksumOf(buffer, bytes) !== stated) return 'damaged'
  const length = header[headerWords.nameBytes]!
  if (length < 0 || length > NAME_LIMIT || !hasSoundCounts(header, bytes)) return 'damaged'
  const text = new TextDecoder().decode(new Uint8Array(buffer, NAME_AT, length).slice())
  return text === name ? indexIn(buffer, memory) : 'stale'
}

function hasSoundCounts(header: Int32Array, bytes: number): boolean {
  const counts = readCounts(header)
  return Object.values(counts).every((count: number) => count >= 0) && placeSections(counts).bytes === bytes
}

/**
 * Four sums side by side, each of a quarter of the words, mixed at the end. It finds damage, not forgery: whoever may
 * write beside the store may write the store. The word of the checksum itself is left out.
 */
function checksumOf(buffer: ArrayBufferLike, bytes: number): number {
  const words = new Int32Array(buffer, 0, bytes >>> 2)
  const quarter = words.length >> 2
  let a = 0x9e3779b1 ^ words.length
  let b = 0x85ebca6b
  let c = 0xc2b2ae35
  let d = 0x27d4eb2f
  for (let i = 0; i < quarter; i++) {
    a = Math.imul(a ^ (i === headerWords.checksum ? 0 : words[i]!), 0x01000193) ^ (a >>> 15)
    b = Math.imul(b ^ words[quarter + i]!, 0x01000193) ^ (b >>> 15)
    c = Math.imul(c ^ words[2 * quarter + i]!, 0x01000193) ^ (c >>> 15)
    d = Math.imul(d ^ words[3 * quarter + i]!, 0x01000193) ^ (d >>> 15)
  }
  for (let i = 4 * quarter; i < words.length; i++) a = Math.imul(a ^ words[i]!, 0x01000193) ^ (a >>> 15)
  return (a ^ Math.imul(b, 3) ^ Math.imul(c, 5) ^ Math.imul(d, 7)) | 0
}
