import { isUtf8 } from 'node:buffer'
import { ReadError } from './read-error.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/**
 * Encoding by byte order mark, else by the zero bytes that UTF-16 has where a file starts with a plain letter or
 * bracket (PowerShell writes it, with and without mark). `skip`: length of the mark in bytes.
 */
export function sniffEncoding(head: Uint8Array): { encoding: Encoding; skip: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', skip: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', skip: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', skip: 2 }
  if (head.length >= 4 && head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0) {
    return { encoding: 'utf-16le', skip: 0 }
  }
  if (head.length >= 4 && head[0] === 0 && head[1] !== 0 && head[2] === 0 && head[3] !== 0) {
    return { encoding: 'utf-16be', skip: 0 }
  }
  return { encoding: 'utf-8', skip: 0 }
}

/** Text of a whole file. @throws ReadError where it is not text, with the offset of the first wrong byte. */
export function decodeText(bytes: Uint8Array): string {
  const { encoding, skip } = sniffEncoding(bytes)
  const body = bytes.subarray(skip)
  if (encoding !== 'utf-8') return new TextDecoder(encoding).decode(body)
  if (!isUtf8(body)) {
    const offset = skip + firstInvalid(body)
    throw new ReadError(
      'unreadable-record',
      `The file is not UTF-8 text: the byte at ${offset} has no meaning.`,
      `byte ${offset}`,
    )
  }
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
}

/** Offset of the first byte that is not UTF-8: the longest valid prefix, by halving. */
function firstInvalid(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (validUpTo(bytes.subarray(0, middle))) good = middle
    else bad = middle
  }
  return good
}

/** A cut in the middle of a character is no fault of the text before it. */
function validUpTo(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** The same bytes as UTF-8 without mark, chunk by chunk; plain UTF-8 passes through untouched. */
export async function* asUtf8(bytes: AsyncIterable<Uint8Array>, head: Uint8Array): AsyncGenerator<Uint8Array> {
  const { encoding, skip } = sniffEncoding(head)
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding, { ignoreBOM: true })
  let toSkip = skip
  for await (const chunk of bytes) {
    const cut = Math.min(toSkip, chunk.length)
    toSkip -= cut
    const body = cut === 0 ? chunk : chunk.subarray(cut)
    if (body.length > 0) yield decoder ? Buffer.from(decoder.decode(body, { stream: true }), 'utf8') : body
  }
  if (decoder) yield Buffer.from(decoder.decode(), 'utf8')
}

/** First bytes as text for a look: wrong bytes become U+FFFD, a character cut at the end is left out. */
export function headText(head: Uint8Array): string {
  const { encoding, skip } = sniffEncoding(head)
  return new TextDecoder(encoding).decode(head.subarray(skip), { stream: true })
}
