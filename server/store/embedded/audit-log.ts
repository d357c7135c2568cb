import type { AuditStore } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { checkOf } from '../hashing.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'

export function auditLog(database: Database, guard: <T>(touch: () => T) => T): AuditStore {
  const last = database.prepare('SELECT max(seq) AS seq FROM audit WHERE chain = ?')
  const insert = database.prepare('INSERT INTO audit (chain, seq, body, sum) VALUES (?, ?, ?, ?)')
  const after = database.prepare('SELECT seq, body, sum FROM audit WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?')
  return {
    append: async (chain, body) =>
      guard(() =>
        transaction(database, () => {
          const seq = Number((last.get(chain) as Row)['seq'] ?? 0) + 1
          insert.run(chain, seq, body, checkOf(chain, seq, body))
          return seq
        }),
      ),
    read: async (chain, from, limit) =>
      guard(() => after.all(chain, from, limit) as Row[]).map((row, at) => {
        const [seq, body] = [Number(row['seq']), String(row['body'])]
        if (seq !== from + at + 1 || row['sum'] !== checkOf(chain, seq, body))
          throw new StoreError('CorruptSegment', `Audit entry ${chain}/${from + at + 1} is not what was stored.`)
        return { seq, body }
      }),
  }
}
