import type { PruneReport, RetentionPolicy, Sha256 } from '../contract.ts'
import { failpoint } from '../failpoint.ts'
import { expired } from '../retention.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'
import { readAllImports, readScope, readScopes, writeScope } from './rows.ts'

/** Removes segments that no import names: what a killed import left, and what pruning let go. */
export function sweep(database: Database, staged: ReadonlySet<Sha256>): number {
  const named = new Set(staged)
  for (const { segments } of readAllImports(database)) for (const hash of segments) named.add(hash)
  const stored = database.prepare('SELECT hash FROM segment').all() as Row[]
  const remove = database.prepare('DELETE FROM segment WHERE hash = ?')
  const loose = stored.map((row) => String(row['hash'])).filter((hash) => !named.has(hash))
  for (const hash of loose) remove.run(hash)
  return loose.length
}

export function pruneImports(database: Database, policy: RetentionPolicy, staged: ReadonlySet<Sha256>): PruneReport {
  return transaction(database, () => {
    const heads = new Set(readScopes(database).map(({ importId }) => importId))
    const gone = expired(readAllImports(database), heads, policy)
    const remove = database.prepare('DELETE FROM import WHERE id = ?')
    for (const { id, scope } of gone) {
      remove.run(id)
      const row = readScope(database, scope)!
      writeScope(database, { ...row, imports: row.imports - 1 })
    }
    failpoint('inside-prune')
    return { imports: gone.map(({ id }) => id), segments: gone.length ? sweep(database, staged) : 0 }
  })
}
