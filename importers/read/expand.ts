import { pipeline, Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { archiveForm } from './archive-form.ts'
import { gunzip } from './gunzip.ts'
import type { Limits } from './limits.ts'
import { metered, type Meter } from './meter.ts'
import { peek } from './peek.ts'
import type { RawFile } from './raw-file.ts'
import { ReadError } from './read-error.ts'
import { unzip } from './unzip.ts'

/** A file out of its packing, or the reason why what is at this place was not read. */
export type Expanded = { readonly file: RawFile } | { readonly name: string; readonly refused: ReadError }

const HEAD = 512
const nested = () =>
  new ReadError('unreadable-record', 'An archive inside an archive is not read: unpack the outer one first.')

/**
 * What a file holds: itself, its uncompressed self, or the entries of the archive it is, each under
 * `archive.zip!/name/of/entry`. Packing is told by the first bytes. Nothing is written anywhere; names are only labels.
 */
export async function* expand(raw: RawFile, limits: Limits, meter: Meter): AsyncGenerator<Expanded> {
  try {
    const form = await formOf(raw)
    if (form === 'plain') yield { file: metered(raw, meter) }
    else if (form === 'zip') yield* zipEntries(raw, limits, meter)
    else if (form === 'tar') yield* tarEntries(metered(raw, meter), limits)
    else yield* insideGzip(raw, limits, meter)
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    yield { name: raw.name, refused: error }
  }
}

async function formOf(file: RawFile) {
  const { head, close } = await peek(file.stream(), HEAD)
  await close()
  return archiveForm(head)
}

async function* insideGzip(raw: RawFile, limits: Limits, meter: Meter): AsyncGenerator<Expanded> {
  const file = metered({ ...raw, size: undefined, stream: () => gunzip(raw.stream(), limits) }, meter)
  const form = await formOf(file)
  if (form === 'plain') yield { file }
  else if (form === 'tar') yield* tarEntries(file, limits)
  else throw nested()
}

/** An entry may be packed by itself (`logs/a.json.gz`), but be no archive. */
async function* entryOf(file: RawFile, limits: Limits): AsyncGenerator<Expanded> {
  try {
    const form = await formOf(file)
    if (form === 'plain') yield { file }
    else if (form === 'gzip') {
      const unpacked = { ...file, size: undefined, stream: () => gunzip(file.stream(), limits) }
      if ((await formOf(unpacked)) !== 'plain') throw nested()
      yield { file: unpacked }
    } else throw nested()
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    yield { name: file.name, refused: error }
  }
}

async function* zipEntries(raw: RawFile, limits: Limits, meter: Meter): AsyncGenerator<Expanded> {
  const tooLarge = `The zip archive is larger than ${limits.compressedBytes} bytes: unpack it and import the folder.`
  const archive = await hold(raw.stream(), limits.compressedBytes, tooLarge)
  for await (const entry of unzip(archive, limits)) {
    const name = `${raw.name}!/${entry.name}`
    if (entry.size > limits.entryBytes) yield { name, refused: entryTooLarge(limits) }
    else yield* entryOf(metered({ ...raw, name, size: entry.size, stream: () => entry.stream() }, meter), limits)
  }
}

async function* tarEntries(raw: RawFile, limits: Limits): AsyncGenerator<Expanded> {
  const archive = extract()
  let sourceError: unknown
  pipeline(Readable.from(raw.stream(), { objectMode: false }), archive, (error) => (sourceError = error))
  let entries = 0
  try {
    for await (const entry of archive) {
      if (++entries > limits.archiveEntries) {
        throw new ReadError('too-large', `The archive has more than ${limits.archiveEntries} entries: split it.`)
      }
      const { type, size, name: inner } = entry.header
      const name = `${raw.name}!/${inner}`
      if (type !== 'file') {
        entry.resume()
        if (type !== 'directory') yield { name, refused: notAFile() }
      } else if ((size ?? 0) > limits.entryBytes) {
        entry.resume()
        yield { name, refused: entryTooLarge(limits) }
      } else {
        const content = await hold(entry as AsyncIterable<Uint8Array>, limits.entryBytes, entryTooLarge(limits).message)
        yield* entryOf({ ...raw, name, size: content.length, stream: () => once(content) }, limits)
      }
    }
  } catch (error) {
    if (error instanceof ReadError) throw error
    if (sourceError instanceof ReadError) throw sourceError
    throw new ReadError('truncated', `The tar archive is damaged or cut after ${entries} entries: make it again.`)
  }
}

const notAFile = () => new ReadError('not-relevant', 'A link or device inside an archive is not followed.')
const entryTooLarge = (limits: Limits) =>
  new ReadError('too-large', `The entry holds more than ${limits.entryBytes} bytes: unpack it and import the file.`)

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function hold(bytes: AsyncIterable<Uint8Array>, limit: number, tooLarge: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > limit) throw new ReadError('too-large', tooLarge)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}
