import { createHash, type Hash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import type { Estate } from '../../graph/estate/estate.ts'
import { estateOf, framesOf } from './kept-estate.ts'
import { indexPaths, indexWriters, openIndexesFor } from './kept-indexes.ts'

/**
 * The estate as it was made last, beside the store: opening it takes a fraction of what reading, merging and joining
 * take. The store alone decides what is believed: a file is used if its name (`estateName`) is that of what the store
 * believes now and its last 32 bytes are the SHA-256 of all others. Anything else is as if it was not there. That finds
 * damage, not forgery: whoever may write beside the store may write the store.
 */
export interface EstateFile {
  readonly path: string
  /** See `estateName`. */
  readonly name: string
}

/** Why a file is not used. */
export type Refused = 'missing' | 'open-to-others' | 'stale' | 'cut-short' | 'damaged'

const MAGIC = 'KEYFALL ESTATE 2'
const NAME_BYTES = 64
const FIRST_FRAME = MAGIC.length + NAME_BYTES
const SUM_BYTES = 32
const OTHERS = 0o077

/**
 * The estate of the file, or why there is none.
 * @param lazily its records are read as they are asked for: for whoever asks one question and leaves
 */
export function openEstateFile(file: EstateFile, { lazily = false } = {}): Estate | Refused {
  const bytes = bytesOf(file.path, file.name)
  if (typeof bytes === 'string') return bytes
  try {
    const estate = estateOf(framesIn(bytes.subarray(FIRST_FRAME, bytes.length - SUM_BYTES)), lazily)
    openIndexesFor(estate, file)
    return estate
  } catch {
    // Whole, and yet not what this code writes: never with its message, which may quote what it read.
    return 'damaged'
  }
}

/** Is there a file of this name, as far as its beginning tells? Says nothing of its being whole. */
export function isKept({ path, name }: EstateFile): boolean {
  return withFile(path, (file, { size }) => size > FIRST_FRAME + SUM_BYTES && beginning(file) === MAGIC + name) === true
}

function bytesOf(path: string, name: string): Buffer | Refused {
  return withFile(path, (file, { size, mode }) => {
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) return 'open-to-others'
    if (size < FIRST_FRAME + SUM_BYTES) return 'cut-short'
    if (beginning(file) !== MAGIC + name) return 'stale'
    const bytes = Buffer.allocUnsafe(size)
    const sum = createHash('sha256')
    for (let done = 0; done < size;) {
      const read = readSync(file, bytes, done, Math.min(size - done, READ_BYTES), done)
      if (read === 0) return 'cut-short'
      sum.update(bytes.subarray(done, Math.min(done + read, size - SUM_BYTES)))
      done += read
    }
    return sum.digest().equals(bytes.subarray(size - SUM_BYTES)) ? bytes : 'damaged'
  })
}

/** What was just read is still near when it is summed. */
const READ_BYTES = 1 << 20

function beginning(file: number): string {
  const bytes = Buffer.alloc(FIRST_FRAME)
  readSync(file, bytes, 0, FIRST_FRAME, 0)
  return bytes.toString('latin1')
}

/** A link that leads elsewhere is no file of ours. */
function withFile<T>(path: string, look: (file: number, about: Stats) => T): T | 'missing' {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch {
    return 'missing'
  }
  try {
    const about = fstatSync(file)
    return about.isFile() ? look(file, about) : 'missing'
  } catch {
    return 'missing'
  } finally {
    closeSync(file)
  }
}

function* framesIn(bytes: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at)
    if (at + 4 + length > bytes.length) throw new Error('a frame is cut short')
    yield bytes.subarray(at + 4, at + 4 + length)
    at += 4 + length
  }
}

/** Writes it at once; a disk that is full or cannot be written leaves none, nor does what is too long for one text. */
export function writeEstateFile(file: EstateFile, estate: Estate): void {
  const writing = begin(file)
  if (!writing) return
  try {
    for (const frame of framesOf(estate)) if (frame && !writing.put(frame)) return
  } catch {
    return writing.drop()
  }
  writing.end()
  for (const write of indexWriters(file, estate)) write()
}

/** The same with others let in between, every few milliseconds. */
export async function writeEstateFileInTurns(file: EstateFile, estate: Estate): Promise<void> {
  const writing = begin(file)
  if (!writing) return
  try {
    for (const frame of framesOf(estate)) {
      if (frame && !writing.put(frame)) return
      await setImmediate()
    }
  } catch {
    return writing.drop()
  }
  writing.end()
  for (const write of indexWriters(file, estate)) {
    await setImmediate()
    write()
  }
}

interface Writing {
  /** False where it came to nothing. */
  put(frame: Uint8Array): boolean
  end(): void
  /** It came to nothing, for a reason of what was to be written. */
  drop(): void
}

/** Written aside and moved into place, so that nobody reads one that is being written. It is not synced: the sum tells. */
function begin({ path, name }: EstateFile): Writing | undefined {
  const aside = `${path}.${process.pid}.${threadId}.new`
  let file: number | undefined
  const sum: Hash = createHash('sha256')
  const drop = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
    rmSync(aside, { force: true })
  }
  const attempt = (write: (file: number) => void): boolean => {
    if (file === undefined) return false
    try {
      write(file)
      return true
    } catch {
      drop()
      return false
    }
  }
  const put = (bytes: Uint8Array): boolean =>
    attempt((to) => {
      sum.update(bytes)
      for (let at = 0; at < bytes.length;) at += writeSync(to, bytes, at)
    })
  try {
    rmSync(aside, { force: true })
    file = openSync(aside, 'wx', 0o600)
  } catch {
    return undefined
  }
  if (!put(Buffer.from(MAGIC + name, 'latin1'))) return undefined
  return {
    drop,
    put(frame) {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(frame.length)
      return put(length) && put(frame)
    },
    end: () =>
      void attempt((to) => {
        const last = sum.digest()
        for (let at = 0; at < last.length;) at += writeSync(to, last, at)
        renameSync(aside, path)
        closeSync(to)
        file = undefined
      }),
  }
}

/** What a process left that was ended while it wrote. For whoever alone has the store. */
export function removeUnfinished(path: string): void {
  const isOurs = (name: string): boolean => name.startsWith(`${basename(path)}.`) && name.endsWith('.new')
  try {
    for (const name of readdirSync(dirname(path)).filter(isOurs)) rmSync(join(dirname(path), name), { force: true })
  } catch {
    // It only takes room.
  }
}

/** What is no longer believed does not stay on the disk beside a store that has forgotten it. */
export function removeEstateFile(path: string): void {
  try {
    for (const one of [path, ...indexPaths(path)])
      if (lstatSync(one, { throwIfNoEntry: false })) rmSync(one, { force: true })
  } catch {
    // It is not used under another name.
  }
}
