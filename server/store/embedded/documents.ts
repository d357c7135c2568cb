import type { DocStore } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { checkOf, sha256 } from '../hashing.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'

/** Plans, approvals, overrides, users, sessions: each replaced only by who saw its last version. */
export function documents(database: Database, guard: <T>(touch: () => T) => T): DocStore {
  const find = database.prepare('SELECT version, bytes, sum FROM doc WHERE kind = ? AND id = ?')
  const write = database.prepare('INSERT OR REPLACE INTO doc (kind, id, version, bytes, sum) VALUES (?, ?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM doc WHERE kind = ? AND id = ?')
  const all = database.prepare('SELECT id, version FROM doc WHERE kind = ? ORDER BY id')

  function expect(kind: string, id: string, expected: number): void {
    const version = Number((find.get(kind, id) as Row | undefined)?.['version'] ?? 0)
    if (version !== expected)
      throw new StoreError('VersionConflict', `${kind} ${id} is at version ${version}, not ${expected}.`)
  }

  return {
    get: async (kind, id) => {
      const row = guard(() => find.get(kind, id) as Row | undefined)
      if (!row) return undefined
      const [version, bytes] = [Number(row['version']), row['bytes'] as Uint8Array]
      if (row['sum'] !== checkOf(kind, id, version, sha256(bytes)))
        throw new StoreError('CorruptSegment', `${kind} ${id} is not what was stored.`)
      return { id, version, bytes }
    },
    put: async (kind, id, expected, bytes) =>
      guard(() =>
        transaction(database, () => {
          expect(kind, id, expected)
          write.run(kind, id, expected + 1, bytes, checkOf(kind, id, expected + 1, sha256(bytes)))
          return expected + 1
        }),
      ),
    remove: async (kind, id, expected) =>
      guard(() =>
        transaction(database, () => {
          expect(kind, id, expected)
          remove.run(kind, id)
        }),
      ),
    list: async (kind) =>
      guard(() => all.all(kind) as Row[]).map((row) => ({ id: String(row['id']), version: Number(row['version']) })),
  }
}
