import { createHash } from 'node:crypto'
import { canonical } from '../../graph/canonical.ts'
import { AuditEntry } from '../../graph/wire-audit.ts'
import type { AuditKeys } from './keys.ts'

/** One line of a chain: the entry as JSON with its mac as last field. The mac is over the bytes before it. */
export interface AuditRecord {
  readonly entry: AuditEntry
  readonly mac: string
  /** Exactly what the mac is over. */
  readonly body: string
}

const TAIL = /,"mac":"([0-9a-f]{64})"\}$/
const TAIL_LENGTH = ',"mac":""}'.length + 64

/** What stands before the first entry of a chain. */
export function genesis(chain: string): string {
  return createHash('sha256').update(`keyfall audit chain ${chain}`).digest('hex')
}

export function lineOf(keys: AuditKeys, prev: string, entry: AuditEntry): { line: string; mac: string } {
  const body = canonical(entry)
  const mac = keys.mac(prev, body)
  return { line: `${body.slice(0, -1)},"mac":"${mac}"}`, mac }
}

/** The parts of a line that `lineOf` could have made; whether its mac is right is not looked at. */
export function partsOf(line: string): { readonly body: string; readonly mac: string } | undefined {
  const mac = TAIL.exec(line.slice(-TAIL_LENGTH))?.[1]
  return mac === undefined ? undefined : { mac, body: `${line.slice(0, -TAIL_LENGTH)}}` }
}

/** Undefined: not an entry. Says nothing of whether its mac is right. */
export function recordOf(line: string): AuditRecord | undefined {
  const parts = partsOf(line)
  if (!parts) return undefined
  try {
    const entry = AuditEntry.safeParse(JSON.parse(parts.body))
    return entry.success ? { entry: entry.data, ...parts } : undefined
  } catch {
    return undefined
  }
}
