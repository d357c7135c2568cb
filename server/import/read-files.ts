import { open } from 'node:fs/promises'
import type { LostFile } from '../../importers/read/run-importers.ts'
import { readOnce } from './read-once.ts'
import { ReadingFailed, type ReadableFile, type ReadingOptions, type ReadMessage } from './reading.ts'
import { walkFiles } from './walk-files.ts'

/** A path on this machine (a folder is walked), or bytes from elsewhere; `open` may be called more than once. */
export type Source =
  | { readonly path: string }
  | {
      readonly name: string
      readonly size?: number | undefined
      /** Id of the importer that a person chose for it. */
      readonly importer?: string | undefined
      /** Where on this machine the bytes lie, if they do: another thread may open them there. */
      readonly file?: string | undefined
      open(): AsyncIterable<Uint8Array>
    }

/** After so many deaths the files are not worth more children. */
const MAX_DEATHS = 20

/**
 * Reads files into facts in a child process. A file that kills its reader costs that file: a `restart` comes, then
 * all messages again without it; its own message carries the error. Progress goes to `onProgress`.
 * @throws ReadingFailed where the whole reading has to end (time, number of facts, too many deaths); the system's
 * error where a named path can't be opened; the reason of `signal` when it is aborted.
 */
export async function* readFiles(
  sources: readonly Source[],
  options: ReadingOptions = {},
): AsyncGenerator<ReadMessage> {
  const lost: LostFile[] = []
  for (;;) {
    const death = yield* readOnce(filesOf(sources), lost, options)
    if (!death) return
    if (lost.length >= MAX_DEATHS || lost.some(({ name }) => name === death.name)) {
      throw new ReadingFailed(`${death.error} It was not the first: import these files in smaller parts.`)
    }
    lost.push(death)
    yield { type: 'restart', lost: death }
  }
}

async function* filesOf(sources: readonly Source[]): AsyncGenerator<ReadableFile> {
  for (const source of sources) {
    if ('open' in source) {
      const { name, size, importer } = source
      yield { name, size, ...(importer !== undefined && { importer }), open: () => source.open() }
      continue
    }
    // Two folders may hold files of one name.
    for await (const { path, ...file } of walkFiles(source.path)) yield { ...file, open: () => bytesOf(path) }
  }
}

const CHUNK_BYTES = 256 * 1024

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    for (;;) {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
