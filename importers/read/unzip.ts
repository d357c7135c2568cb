import type { Readable } from 'node:stream'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
import type { Limits } from './limits.ts'
import { checkRatio } from './meter.ts'
import { ReadError } from './read-error.ts'

export interface ZipEntry {
  readonly name: string
  readonly size: number
  /** Uncompressed bytes; may be called more than once. */
  stream(): AsyncIterable<Uint8Array>
}

const ENCRYPTED = 1
const damaged = 'The zip archive is damaged: make it again.'

/** Entries of a zip archive held in memory, in its own order, folders left out. @throws ReadError */
export async function* unzip(archive: Buffer, limits: Limits): AsyncGenerator<ZipEntry> {
  const zip = await open(archive)
  if (zip.entryCount > limits.archiveEntries) {
    throw new ReadError('too-large', `The archive has more than ${limits.archiveEntries} entries: split it.`)
  }
  for (;;) {
    const entry = await nextEntry(zip)
    if (!entry) return
    if (entry.fileName.endsWith('/')) continue
    yield { name: entry.fileName, size: entry.uncompressedSize, stream: () => entryBytes(zip, entry, limits) }
  }
}

function open(archive: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true }
    fromBuffer(archive, options, (error, zip) =>
      error || !zip ? reject(new ReadError('unreadable-record', damaged)) : resolve(zip),
    )
  })
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
      done()
    }
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)))
    zip.once('end', () => settle(() => resolve(undefined)))
    zip.once('error', () => settle(() => reject(new ReadError('unreadable-record', damaged))))
    zip.readEntry()
  })
}

async function* entryBytes(zip: ZipFile, entry: Entry, limits: Limits): AsyncGenerator<Uint8Array> {
  if (entry.generalPurposeBitFlag & ENCRYPTED) {
    throw new ReadError('unreadable-record', 'The entry is encrypted: unpack it first.')
  }
  const stream = await new Promise<Readable>((resolve, reject) =>
    zip.openReadStream(entry, (error, opened) =>
      error || !opened ? reject(new ReadError('unreadable-record', damaged)) : resolve(opened),
    ),
  )
  let out = 0
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      out += chunk.length
      checkRatio(entry.compressedSize, out, limits)
      yield chunk
    }
  } catch (error) {
    throw error instanceof ReadError ? error : new ReadError('unreadable-record', damaged)
  }
}
