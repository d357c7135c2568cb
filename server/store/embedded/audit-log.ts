import type { AuditStore } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { checkOf } from '../hashing.ts'
import { transaction, type Database, type Row } from '../sqlite-driver.ts'

type Guard = <T>(touch: () => T) => T

const LAST = 'SELECT max(seq) AS seq FROM audit WHERE chain = ?'

/** Enters lines, the first of them as `first`, all or none. Throws `VersionConflict` unless that is the next of the chain. */
export function appendLines(
  database: Database,
  guard: Guard,
): (chain: string, first: number, bodies: readonly string[]) => void {
  const last = database.prepare(LAST)
  const insert = database.prepare('INSERT INTO audit (chain, seq, body, sum) VALUES (?, ?, ?, ?)')
  return (chain, first, bodies) =>
    guard(() =>
      transaction(database, () => {
        const next = Number((last.get(chain) as Row)['seq'] ?? 0) + 1
        if (first !== next)
          throw new StoreError('VersionConflict', `Chain ${chain} goes on at ${next}, not at ${first}.`)
        for (const [at, body] of bodies.entries()) insert.run(chain, first + at, body, checkOf(chain, first + at, body))
      }),
    )
}

export function auditLog(database: Database, guard: Guard): AuditStore {
  const last = database.prepare(LAST)
  const after = database.prepare('SELECT seq, body, sum FROM audit WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?')
  const names = database.prepare('SELECT DISTINCT chain FROM audit ORDER BY chain')
  const lastOf = (chain: string): number => Number((last.get(chain) as Row)['seq'] ?? 0)
  const appendAll = appendLines(database, guard)
  return {
    append: async (chain, seq, body) => appendAll(chain, seq, [body]),
    appendAll: async (chain, seq, bodies) => appendAll(chain, seq, bodies),
    read: async (chain, from, limit) =>
      guard(() => after.all(chain, from, limit) as Row[]).map((row, at) => {
        const [seq, body] = [Number(row['seq']), String(row['body'])]
        if (seq !== from + at + 1 || row['sum'] !== checkOf(chain, seq, body))
          throw new StoreError('CorruptSegment', `Audit entry ${chain}/${from + at + 1} is not what was stored.`)
        return { seq, body }
      }),
    last: async (chain) => guard(() => lastOf(chain)),
    chains: async () => guard(() => names.all() as Row[]).map((row) => String(row['chain'])),
  }
}
