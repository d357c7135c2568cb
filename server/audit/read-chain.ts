import type { AuditStore } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'
import { recordOf, type AuditRecord } from './record.ts'

const PAGE = 500

export interface ReadLine {
  readonly seq: number
  readonly line: string
  /** Undefined: the line is no entry. */
  readonly record: AuditRecord | undefined
}

/** Newest first, from below `before`. Damaged pages are passed over: `verifyAudit` names them. */
export async function* readBackwards(
  audit: AuditStore,
  chain: string,
  before: number = Infinity,
): AsyncGenerator<ReadLine> {
  const end = Math.min(await audit.last(chain), before - 1)
  for (let to = end; to > 0; to -= PAGE) {
    const from = Math.max(0, to - PAGE)
    yield* (await readable(audit, chain, from, to - from)).reverse()
  }
}

/** Oldest first. */
export async function* readForwards(audit: AuditStore, chain: string): AsyncGenerator<ReadLine> {
  const end = await audit.last(chain)
  for (let from = 0; from < end; from += PAGE) yield* await readable(audit, chain, from, Math.min(PAGE, end - from))
}

async function readable(audit: AuditStore, chain: string, after: number, limit: number): Promise<ReadLine[]> {
  try {
    return (await audit.read(chain, after, limit)).map(({ seq, body }) => ({ seq, line: body, record: recordOf(body) }))
  } catch (error) {
    if (!isStoreError(error, 'CorruptSegment')) throw error
    if (limit === 1) return []
    const lines: ReadLine[] = []
    for (let at = after; at < after + limit; at++) lines.push(...(await readable(audit, chain, at, 1)))
    return lines
  }
}
