import { createHash } from 'node:crypto'
import type { InputFile, Probe } from '../importer.ts'
import { asUtf8, decodeText, headText } from './decode-text.ts'
import type { Limits } from './limits.ts'
import { peek } from './peek.ts'
import type { RawFile } from './raw-file.ts'
import { ReadError } from './read-error.ts'

export interface OpenedFile {
  readonly probe: Probe
  readonly input: InputFile
  /** Uncompressed bytes read so far, at the most advanced reading. */
  bytes(): number
  close(): Promise<void>
}

/**
 * Opens an unpacked file: held in memory up to `limits.heldBytes`, and then read only once; streamed above that.
 * @param progress called for every chunk that an importer takes, and awaited: it holds the importer back while
 * nobody takes its facts.
 */
export async function openFile(
  file: RawFile,
  limits: Limits,
  progress: (bytes: number) => Promise<void>,
): Promise<OpenedFile> {
  const begin = await peek(file.stream(), limits.heldBytes)
  if (begin.whole) return heldFile(file, begin.head, limits, progress)
  const head = begin.head.subarray(0, limits.headBytes)
  let first: AsyncIterable<Uint8Array> | undefined = begin.rest()
  const hash = createHash('sha256')
  let hashed = 0
  let sha256 = ''
  async function* counted(): AsyncGenerator<Uint8Array> {
    const bytes = first ?? file.stream()
    first = undefined
    let at = 0
    for await (const chunk of bytes) {
      const fresh = at + chunk.length - hashed
      if (fresh > 0) {
        hash.update(chunk.subarray(chunk.length - fresh))
        hashed += fresh
      }
      at += chunk.length
      await progress(at)
      yield chunk
    }
    if (sha256 === '') sha256 = hash.digest('hex')
  }
  const input: InputFile = {
    name: file.name,
    size: file.size,
    repository: file.repository,
    get sha256() {
      return sha256
    },
    stream: () => asUtf8(counted(), head),
    text: async () => decodeText(await document(counted(), limits)),
  }
  return {
    probe: { name: file.name, head: headText(head), whole: false },
    input,
    bytes: () => hashed,
    close: () => (first ? begin.close() : Promise.resolve()),
  }
}

const CHUNK = 256 * 1024

function heldFile(
  file: RawFile,
  bytes: Uint8Array,
  limits: Limits,
  progress: (bytes: number) => Promise<void>,
): OpenedFile {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      await progress(Math.min(at + CHUNK, bytes.length))
      yield bytes.subarray(at, at + CHUNK)
    }
  }
  const head = bytes.subarray(0, limits.headBytes)
  return {
    probe: { name: file.name, head: headText(head), whole: bytes.length <= limits.headBytes },
    input: {
      name: file.name,
      size: bytes.length,
      repository: file.repository,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      stream: () => asUtf8(chunks(), head),
      text: async () => {
        await progress(bytes.length)
        return decodeText(bytes)
      },
    },
    bytes: () => bytes.length,
    close: () => Promise.resolve(),
  }
}

async function document(bytes: AsyncIterable<Uint8Array>, limits: Limits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > limits.documentBytes) {
      throw new ReadError('too-large', `One document of more than ${limits.documentBytes} bytes: split it.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}
