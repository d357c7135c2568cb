import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Name of this server's chain of audit entries: several servers on one Neo4j have one each. */
export function auditChain(dataDir: string): string {
  const file = join(dataDir, 'audit-chain')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    const chain = `server-${randomBytes(6).toString('hex')}`
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(file, `${chain}\n`, { mode: 0o600 })
    return chain
  }
}
