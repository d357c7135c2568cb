import { SEGMENTS } from '../../../graph/segments.ts'
import type { Committed, ImportDraft, ImportId, ImportManifest, Sha256, Staging } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { CODEC, damaged, newImportId, packed, rootOf, sha256 } from '../hashing.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'
import { markTidy } from './tidy.ts'
import { readNumber, readScope, writeImport, writeNumber, writeScope } from './rows.ts'

export interface Imports {
  stage(draft: ImportDraft, bytes: number): Staging
  /** Segments that imports in the making count on, and those that count on one from now on: pruning leaves them alone. */
  watchStaged(): WatchedSegments
}

export interface WatchedSegments {
  has(hash: Sha256): boolean
  /** `isTidy`: all that no import names any more is gone. */
  stop(isTidy: boolean): void
}

/** What puts an import into the database: in this thread, or in one of its own (writer-apart.ts). */
export interface ImportWriter {
  /** Stores a segment that is not stored yet. Throws `CorruptSegment` where it is not what it is called. */
  put(bucket: number, hash: Sha256, bytes: Uint8Array): Promise<void>
  /** The one moment at which an import becomes true; resolves when it is on disk. */
  flip(import_: NewImport): Promise<Committed>
}

export interface NewImport {
  readonly id: ImportId
  readonly draft: ImportDraft
  /** By bucket. */
  readonly segments: ReadonlyMap<number, Sha256>
  /** Generation of the scope that it goes on from. */
  readonly expected: number
}

/**
 * What is staged is only held in memory: the bytes are in the store at once, in small transactions, but no row names
 * them until the commit. What a killed process leaves behind is therefore just segments nobody names.
 */
export function startImports(
  database: Database,
  guard: <T>(touch: () => T) => T,
  writerOf: (bytes: number) => ImportWriter,
  committed: (manifest: ImportManifest, by: ImportWriter) => void,
): Imports {
  const open = new Set<Map<number, Sha256>>()
  const watches = new Set<Set<Sha256>>()
  /** An import was given up: what it stored may be named by none. */
  let isLoose = false
  const find = database.prepare('SELECT 1 FROM segment WHERE hash = ?')
  const isStored = (hash: Sha256): boolean => guard(() => find.get(hash) !== undefined)

  /** Nothing is stored while no import is in the making, and nothing comes loose while nobody prunes. */
  const tidied = (): void => {
    if (open.size === 0 && watches.size === 0 && !isLoose) sayTidy(database)
  }

  function stage(draft: ImportDraft, bytes: number): Staging {
    const id = newImportId()
    const writer = writerOf(bytes)
    const segments = new Map<number, Sha256>()
    open.add(segments)
    const place = (bucket: number, hash: Sha256): void => {
      if (!open.has(segments)) throw new Error(`import ${id} is over: stage a new one`)
      if (!(bucket >= 0 && bucket < SEGMENTS)) throw new Error(`no bucket ${bucket}`)
      segments.set(bucket, hash)
      for (const seen of watches) seen.add(hash)
    }
    return {
      id,
      put: async (bucket, hash, bytes) => {
        // First: whoever prunes leaves it alone from here on.
        place(bucket, hash)
        const isThere = isStored(hash)
        if (isThere && sha256(bytes) !== hash) throw damaged(bucket, hash)
        if (!isThere) await writer.put(bucket, hash, bytes)
      },
      keep: async (bucket, hash) => {
        if (!isStored(hash)) throw new StoreError('CorruptSegment', `Segment ${bucket} is not stored.`)
        place(bucket, hash)
      },
      commit: async (expected) => {
        if (!open.has(segments)) throw new Error(`import ${id} is over: stage a new one`)
        try {
          const result = await writer.flip({ id, draft, segments, expected })
          open.delete(segments)
          tidied()
          committed(result.manifest, writer)
          return result
        } finally {
          if (open.delete(segments)) isLoose = true
        }
      },
      abort: async () => {
        if (open.delete(segments) && segments.size > 0) isLoose = true
      },
    }
  }

  return {
    stage,
    watchStaged: () => {
      const seen = new Set([...open].flatMap((segments) => [...segments.values()]))
      watches.add(seen)
      return {
        has: (hash) => seen.has(hash),
        stop: (isTidy) => {
          watches.delete(seen)
          if (isTidy) tidied()
          else isLoose = true
        },
      }
    },
  }
}

/** Should it not be written, the next start looks. */
function sayTidy(database: Database): void {
  try {
    sync(database, 'NORMAL')
    markTidy(database, true)
  } catch {
    // Nothing is lost.
  } finally {
    sync(database, 'FULL')
  }
}

/**
 * Writes in this thread, each segment in its own small transaction, which is not synced: nothing names it yet, and the
 * flip that will syncs the log, which holds it before itself.
 */
export function writerHere(database: Database, guard: <T>(touch: () => T) => T): ImportWriter {
  const insert = insertSegment(database)
  return {
    put: async (bucket, hash, bytes) => {
      if (sha256(bytes) !== hash) throw damaged(bucket, hash)
      const small = await packed(bytes)
      failpoint('before-put')
      guard(() => {
        sync(database, 'NORMAL')
        try {
          transaction(database, () => {
            markTidy(database, false)
            insert(hash, small)
          })
        } finally {
          sync(database, 'FULL')
        }
      })
      failpoint('after-put')
    },
    flip: async (one) => {
      failpoint('before-flip')
      const result = guard(() => transaction(database, () => flip(database, one)))
      failpoint('after-flip')
      return result
    },
  }
}

/** FULL: what a transaction wrote, and all that the log holds before it, is on disk when it ends. */
export function sync(database: Database, how: 'NORMAL' | 'FULL'): void {
  database.exec(`PRAGMA synchronous = ${how}`)
}

export function insertSegment(database: Database): (hash: Sha256, small: Uint8Array) => void {
  const insert = database.prepare('INSERT OR IGNORE INTO segment (hash, codec, bytes) VALUES (?, ?, ?)')
  return (hash, small) => void insert.run(hash, CODEC, small)
}

/** Makes an import the head of its scope; inside a transaction of the caller's. */
export function flip(database: Database, { id, draft, segments: staged, expected }: NewImport): Committed {
  const find = database.prepare('SELECT 1 FROM segment WHERE hash = ?')
  const before = readScope(database, draft.scope)
  const generation = before?.generation ?? 0
  if (generation !== expected)
    throw new StoreError('ScopeMoved', `${draft.scope} is at generation ${generation}, not ${expected}.`)
  const segments = Array.from({ length: SEGMENTS }, (_, bucket) => staged.get(bucket) ?? '')
  const missing = segments.findIndex((hash) => hash === '' || find.get(hash) === undefined)
  if (missing >= 0) throw new Error(`import ${id} has no segment ${missing}: put all ${SEGMENTS}`)
  const seq = readNumber(database, 'seq') + 1
  const manifest: ImportManifest = { ...draft, id, seq, generation: generation + 1, segments, root: rootOf(segments) }
  writeImport(database, manifest)
  failpoint('inside-flip')
  writeScope(database, {
    scope: draft.scope,
    importId: id,
    generation: generation + 1,
    seq,
    imports: (before?.imports ?? 0) + 1,
  })
  writeNumber(database, 'seq', seq)
  return { changed: true, manifest, head: { importId: id, generation: generation + 1, seq } }
}

const finding = new WeakMap<Database, ReturnType<Database['prepare']>>()

/** Bytes of a stored segment, packed as they lie there. */
export function storedSegment(database: Database, hash: Sha256): { codec: unknown; bytes: Uint8Array } | undefined {
  let find = finding.get(database)
  // A store of hundreds of scopes is opened by a hundred thousand of these.
  if (!find) finding.set(database, (find = database.prepare('SELECT codec, bytes FROM segment WHERE hash = ?')))
  const row = find.get(hash) as Row | undefined
  return row && { codec: row['codec'], bytes: row['bytes'] as Uint8Array }
}
