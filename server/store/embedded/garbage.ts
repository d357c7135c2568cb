import { setImmediate } from 'node:timers/promises'
import type { ImportId, PruneReport, RetentionPolicy, Sha256 } from '../contract.ts'
import { isStoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { decided, type DatedImport } from '../retention.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'
import { markTidy } from './tidy.ts'
import { readImport, readImportAfter, readImportsAfter, readScope, readScopes, writeScope } from './rows.ts'

/** Segments that an import in the making counts on. */
export interface StagedSegments {
  has(hash: Sha256): boolean
}

/** Removes segments that no import names: what a killed import left. Nobody stages meanwhile. */
export function sweep(database: Database): number {
  const named = new Set<Sha256>()
  for (const { segments } of readImportsAfter(database, 0)) for (const hash of segments) named.add(hash)
  const stored = database.prepare('SELECT hash FROM segment').all() as Row[]
  const remove = database.prepare('DELETE FROM segment WHERE hash = ?')
  const loose = stored.map((row) => String(row['hash'])).filter((hash) => !named.has(hash))
  for (const hash of loose) remove.run(hash)
  return loose.length
}

const IMPORTS_AT_ONCE = 8
/** Bytes of segments that one transaction removes: each is written over. */
const BYTES_AT_ONCE = 1 << 20
const PAGES_AT_ONCE = 256

/**
 * Lets imports go in steps of a few milliseconds, so that others are answered in between. A process that dies on the
 * way leaves segments that nobody names, which the next start removes.
 */
export async function pruneImports(
  database: Database,
  guard: <T>(touch: () => T) => T,
  policy: RetentionPolicy,
  staged: StagedSegments,
): Promise<PruneReport> {
  const step = async <T>(touch: () => T): Promise<T> => {
    await setImmediate()
    return guard(touch)
  }
  const all: DatedImport[] = []
  for (let next = await step(() => readImportAfter(database, 0)); next;) {
    const { id, scope, seq, at } = next
    all.push({ id, scope, seq, at })
    next = await step(() => readImportAfter(database, seq))
  }
  const { gone, scopes } = decided(all, headsOf(database, guard), policy)
  const loose = await onlyNamedBy(database, step, new Set(gone.map(({ id }) => id)), all)
  const bytesOf = database.prepare('SELECT length(bytes) AS n FROM segment WHERE hash = ?')
  let bytes = 0
  const batches: Sha256[][] = []
  let inBatch = Infinity
  for (const hash of loose) {
    const size = Number((guard(() => bytesOf.get(hash)) as Row | undefined)?.['n'] ?? 0)
    bytes += size
    if ((inBatch += size) > BYTES_AT_ONCE) {
      batches.push([])
      inBatch = size
      await setImmediate()
    }
    batches.at(-1)!.push(hash)
  }
  const report = { imports: gone.map(({ id }) => id), segments: loose.size, bytes, scopes }
  if (policy.dryRun === true) return report
  for (let at = 0; at < gone.length; at += IMPORTS_AT_ONCE)
    await step(() => forgetImports(database, gone.slice(at, at + IMPORTS_AT_ONCE)))
  let segments = 0
  for (const batch of batches) segments += await step(() => removeSegments(database, batch, staged))
  await giveBack(database, step, policy.compact === true)
  return { ...report, segments }
}

const headsOf = (database: Database, guard: <T>(touch: () => T) => T): ReadonlySet<ImportId> =>
  new Set(guard(() => readScopes(database)).map(({ importId }) => importId))

/** Segments that these imports have and no other. */
async function onlyNamedBy(
  database: Database,
  step: <T>(touch: () => T) => Promise<T>,
  ids: ReadonlySet<ImportId>,
  all: readonly DatedImport[],
): Promise<ReadonlySet<Sha256>> {
  const loose = new Set<Sha256>()
  if (ids.size === 0) return loose
  const segmentsOf = (id: ImportId) => step(() => readImport(database, id)?.segments ?? [])
  for (const id of ids) for (const hash of await segmentsOf(id)) loose.add(hash)
  for (const { id } of all) if (!ids.has(id)) for (const hash of await segmentsOf(id)) loose.delete(hash)
  return loose
}

function forgetImports(database: Database, gone: readonly DatedImport[]): void {
  transaction(database, () => {
    markTidy(database, false)
    const remove = database.prepare('DELETE FROM import WHERE id = ?')
    for (const { id, scope } of gone) {
      // Somebody else may prune as well.
      if (remove.run(id).changes === 0) continue
      const row = readScope(database, scope)!
      writeScope(database, { ...row, imports: row.imports - 1 })
    }
    failpoint('inside-prune')
  })
}

/** What somebody staged since is his. */
function removeSegments(database: Database, batch: readonly Sha256[], staged: StagedSegments): number {
  return transaction(database, () => {
    const remove = database.prepare('DELETE FROM segment WHERE hash = ?')
    const loose = batch.filter((hash) => !staged.has(hash))
    for (const hash of loose) remove.run(hash)
    return loose.length
  })
}

const pragma = (database: Database, name: string): number =>
  Number(Object.values((database.prepare(`PRAGMA ${name}`).get() ?? { none: 0 }) as object)[0])

const INCREMENTAL = 2

/**
 * Free pages go back to the disk a few at a time. A file of an older version cannot do that: there they are written
 * again by later imports, until somebody who has the store to himself has it made anew.
 */
async function giveBack(database: Database, step: <T>(touch: () => T) => Promise<T>, isAlone: boolean): Promise<void> {
  if (pragma(database, 'auto_vacuum') !== INCREMENTAL) {
    if (!isAlone || pragma(database, 'freelist_count') === 0) return
    try {
      await step(() => database.exec(`PRAGMA auto_vacuum = ${INCREMENTAL}; VACUUM`))
    } catch (error) {
      // It takes room for a second file. What went is gone, and its pages are written again.
      if (!isStoreError(error, 'StoreFull')) throw error
    }
    return
  }
  for (let free = pragma(database, 'freelist_count'); free > 0;) {
    await step(() => database.prepare(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`).all())
    const left = pragma(database, 'freelist_count')
    if (left >= free) return
    free = left
  }
}
