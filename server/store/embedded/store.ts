import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { ScopeId } from '../../../graph/known.ts'
import type { ImportId, ImportManifest, SegmentBytes, Store } from '../contract.ts'
import { isStoreError, StoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { damaged, EMPTY_SEGMENT, unpacked } from '../hashing.ts'
import { backupDatabase, guarded, openDatabase, transaction, translated, type Database } from '../sqlite-driver.ts'
import { openAuditApart } from './audit-apart.ts'
import { auditLog } from './audit-log.ts'
import { dataFiles, type DataFiles } from './directory.ts'
import { documents } from './documents.ts'
import { pruneImports, sweep } from './garbage.ts'
import { startImports, storedSegment, writerHere, type ImportWriter } from './imports.ts'
import { lockDirectory } from './lock.ts'
import { movesLogItself, shortenLog } from './move-log.ts'
import { readWholeNow } from './read-whole.ts'
import { readImport, readImports, readScopes } from './rows.ts'
import { prepareSchema } from './schema.ts'
import { isTidy, markTidy } from './tidy.ts'
import { verifyStore } from './verify.ts'
import { openWriterApart } from './writer-apart.ts'
import { writingTurns } from './writing-turns.ts'

export interface EmbeddedStore extends Store {
  readonly kind: 'embedded'
  /** Segments that an import left when its process was killed, removed at this start. */
  readonly swept: number
  /** Writes a copy that opens as a store; `to` must not exist. Others may go on reading and importing. */
  backup(to: string): Promise<void>
}

export interface EmbeddedOptions {
  /** From so many bytes of segments on an import is written by a thread of its own. Absent: never. */
  readonly apartFromBytes?: number | undefined
  /** From so many bytes of its file on the audit is written by a thread of its own. Absent: never. */
  readonly auditApartFromBytes?: number | undefined
}

/**
 * Opens the store of a data directory, making it where there is none. Throws `StoreLocked` when a server has it,
 * `StoreUnavailable` when it is open to others, `SchemaTooNew`, `CorruptSegment`.
 */
export async function openEmbeddedStore(folder: string, options: EmbeddedOptions = {}): Promise<EmbeddedStore> {
  const files = dataFiles(folder)
  const lock = lockDirectory(files)
  let database: Database | undefined
  try {
    database = openDatabase(files.store)
    return opened(database, files, lock.release, options)
  } catch (error) {
    database?.close()
    lock.release()
    throw translated(files.store, error)
  }
}

/** Where an import cannot be read nobody knows what is garbage: nothing goes, and reading says what is damaged. */
function sweepLeftovers(database: Database, guard: <T>(touch: () => T) => T): number {
  try {
    return guard(() => {
      if (isTidy(database)) return 0
      return transaction(database, () => {
        const swept = sweep(database)
        markTidy(database, true)
        return swept
      })
    })
  } catch (error) {
    if (isStoreError(error, 'CorruptSegment')) return 0
    throw error
  }
}

/** Reading holds up others for so long at once. */
const TURN_MS = 10
/** Some 17 KB each: those of a large estate are asked for one after the other, twice. */
const MANIFESTS_KEPT = 1_000
const NO_BYTES = new Uint8Array(0)

function opened(
  database: Database,
  files: DataFiles,
  release: () => void,
  { apartFromBytes = Infinity, auditApartFromBytes = Infinity }: EmbeddedOptions,
): EmbeddedStore {
  const path = files.store
  const guard = <T>(touch: () => T): T => guarded(path, touch)
  guard(() => prepareSchema(database, path))
  const swept = sweepLeftovers(database, guard)
  const watchers = new Set<(changed: readonly ScopeId[]) => void>()
  const here = writerHere(database, guard)
  const turns = writingTurns()
  let isWriterApart = false
  const isLarge = (): boolean => isWriterApart || statSync(path).size >= auditApartFromBytes
  const auditApart = openAuditApart(
    path,
    turns,
    auditLog(database, guard),
    () => auditApartFromBytes < Infinity && isLarge(),
  )
  // That thread moves the log while it runs: for whoever else writes it may take a while.
  const apart = openWriterApart(path, turns, (isOpen) => {
    isWriterApart = isOpen
    movesLogItself(database, !isOpen)
    auditApart.movesLog(!isOpen)
  })
  const writerOf = (bytes: number): ImportWriter => (bytes >= apartFromBytes ? apart : here)
  const imports = startImports(database, guard, writerOf, ({ scope }, by) => {
    failpoint('before-checkpoint')
    if (by === here) shortenLog(database)
    for (const tell of watchers) tell([scope])
  })
  let open = true
  /** An import never changes, and goes by pruning alone. */
  const manifests = new Map<ImportId, ImportManifest>()
  const manifestOf = (id: ImportId): ImportManifest | undefined => {
    const known = manifests.get(id) ?? guard(() => readImport(database, id))
    manifests.delete(id)
    if (known) manifests.set(id, known)
    if (manifests.size > MANIFESTS_KEPT) manifests.delete(manifests.keys().next().value!)
    return known
  }

  async function* readSegments(id: ImportId, buckets?: readonly number[]): AsyncGenerator<SegmentBytes> {
    const manifest = manifestOf(id)
    if (!manifest) throw new StoreError('CorruptSegment', `Import ${id} is not stored: it was pruned, or never was.`)
    let since = performance.now()
    for (const bucket of buckets ?? manifest.segments.keys()) {
      const hash = manifest.segments[bucket]
      if (hash === undefined) throw new Error(`no bucket ${bucket}`)
      if (hash === EMPTY_SEGMENT) {
        yield { bucket, hash, bytes: NO_BYTES }
        continue
      }
      const stored = guard(() => storedSegment(database, hash))
      if (!stored) throw damaged(bucket, hash)
      yield await unpacked(bucket, hash, stored.codec, stored.bytes)
      if (performance.now() - since < TURN_MS) continue
      await setImmediate()
      since = performance.now()
    }
  }

  return {
    kind: 'embedded',
    swept,
    beside: {
      estate: files.estate,
      readNow: (id) => {
        const manifest = manifestOf(id)
        return manifest && guard(() => readWholeNow(database, manifest.segments))
      },
    },
    heads: async () =>
      new Map(
        guard(() => readScopes(database)).map(({ scope, importId, generation, seq }) => [
          scope,
          { importId, generation, seq },
        ]),
      ),
    stage: async (draft, bytes = 0) => imports.stage(draft, bytes),
    manifest: async (id) => manifestOf(id),
    readSegments,
    readWhole: async (id) => {
      const manifest = manifestOf(id)
      return manifest && apart.read(manifest.segments)
    },
    imports: async (scope, { before = Infinity, limit = 100 } = {}) =>
      guard(() => readImports(database, scope))
        .filter(({ seq }) => seq < before)
        .slice(0, limit),
    prune: async (policy) => {
      const staged = imports.watchStaged()
      let isDone = policy.dryRun === true
      try {
        const report = await pruneImports(database, guard, policy, staged)
        isDone = true
        return report
      } finally {
        if (policy.dryRun !== true) manifests.clear()
        if (open) {
          staged.stop(isDone)
          if (!isWriterApart) shortenLog(database)
        }
      }
    },
    docs: documents(database, guard),
    audit: auditApart.audit,
    watch: (onHeads) => {
      watchers.add(onHeads)
      return () => watchers.delete(onHeads)
    },
    health: async () =>
      open ? { ready: true, words: 'the embedded store is open' } : { ready: false, words: 'the store is closed' },
    verify: () => verifyStore(database),
    backup: (to) => backupDatabase(path, to),
    close: async () => {
      if (!open) return
      open = false
      watchers.clear()
      await Promise.all([apart.close(), auditApart.close()])
      database.close()
      release()
    },
  }
}
