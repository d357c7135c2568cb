import type { DocStore } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { checkOf, sha256 } from '../hashing.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'

/** Plans, approvals, overrides, users, sessions: each replaced only by who saw its last version. */
export function documents(database: Database, guard: <T>(touch: () => T) => T): DocStore {
  const find = database.prepare('SELECT version, bytes, sum FROM doc WHERE kind = ? AND id = ?')
  const write = database.prepare('INSERT OR REPLACE INTO doc (kind, id, version, bytes, sum) VALUES (?, ?, ?, ?, ?)')
  const remove = database.prepare('DELETE FROM doc WHERE kind = ? AND id = ?')
  // Rows of other kinds too: a damaged kind or id would otherwise hide a document without a word.
  const all = database.prepare('SELECT kind, id, version, bytes, sum FROM doc ORDER BY kind, id')

  function expect(kind: string, id: string, expected: number): void {
    const version = Number((find.get(kind, id) as Row | undefined)?.['version'] ?? 0)
    if (version !== expected)
      throw new StoreError('VersionConflict', `${kind} ${id} is at version ${version}, not ${expected}.`)
  }

  return {
    get: async (kind, id) => {
      const row = guard(() => find.get(kind, id) as Row | undefined)
      if (!row) return undefined
      const { version, bytes } = checked({ ...row, kind, id })
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
      guard(() => all.all() as Row[])
        .map(checked)
        .filter((row) => row.kind === kind)
        .map(({ id, version }) => {
          // The table has it; a damaged index would not find it.
          if (!guard(() => find.get(kind, id))) throw damaged(kind, id)
          return { id, version }
        }),
  }
}

/** A row whose sum is that of what it says. */
function checked(row: Row): { kind: string; id: string; version: number; bytes: Uint8Array } {
  const [kind, id, version] = [String(row['kind']), String(row['id']), Number(row['version'])]
  const bytes = row['bytes'] as Uint8Array
  if (row['sum'] !== checkOf(kind, id, version, sha256(bytes))) throw damaged(kind, id)
  return { kind, id, version, bytes }
}

function damaged(kind: string, id: string): StoreError {
  return new StoreError('CorruptSegment', `${kind} ${id} is not what was stored.`)
}
