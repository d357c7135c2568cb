import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Limits } from './limits.ts'
import { checkRatio } from './meter.ts'
import { ReadError } from './read-error.ts'

/** Uncompressed bytes of a gzip stream of one or more members. @throws ReadError on a bomb, a cut or a damaged file. */
export async function* gunzip(packed: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip({ chunkSize: 128 * 1024 })
  let sourceError: unknown
  // The callback hears the same errors that the loop below throws.
  pipeline(
    Readable.from(
      rememberError(packed, (error) => (sourceError = error)),
      { objectMode: false },
    ),
    unpacker,
    () => {},
  )
  let out = 0
  try {
    for await (const chunk of unpacker as AsyncIterable<Uint8Array>) {
      out += chunk.length
      checkRatio(unpacker.bytesWritten, out, limits)
      yield chunk
    }
  } catch (error) {
    if (error instanceof ReadError) throw error
    if (sourceError) throw sourceError
    const cut = (error as { code?: string }).code === 'Z_BUF_ERROR'
    throw cut
      ? new ReadError('truncated', 'The gzip file ends in the middle: copy it again.', `byte ${out}`)
      : new ReadError('unreadable-record', 'The gzip file is damaged: copy it again.', `byte ${out}`)
  }
}

async function* rememberError(source: AsyncIterable<Uint8Array>, remember: (error: unknown) => void) {
  try {
    yield* source
  } catch (error) {
    remember(error)
    throw error
  }
}
