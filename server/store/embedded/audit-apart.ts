import type { AuditStore } from '../contract.ts'
import { startAskedThread, type AskedThread } from './asked-thread.ts'
import { forgetFirstTurn, type WritingTurns } from './writing-turns.ts'

export type ToAudit =
  | { readonly say: 'append'; readonly chain: string; readonly first: number; readonly bodies: readonly string[] }
  /** Whether the log of the database is moved by this thread; else another does that. */
  | { readonly say: 'moves log'; readonly isOn: boolean }
  | { readonly say: 'close' }

export interface AuditApart {
  readonly audit: AuditStore
  /** Another thread moves the log now, or no longer. */
  movesLog(isOn: boolean): void
  close(): Promise<void>
}

/**
 * Enters lines by a thread with a handle of its own, from the first one for which `isWanted` says so: the wait for the
 * disk, and for an import that is being written, is then that thread's and not everybody's. What it promises is the
 * same: a line is on disk when `append` resolves, and where the thread dies it rejects. The next line starts another.
 * Reading stays with `here`.
 */
export function openAuditApart(
  path: string,
  turns: WritingTurns,
  here: AuditStore,
  isWanted: () => boolean,
): AuditApart {
  let thread: AskedThread<ToAudit, undefined> | undefined
  let isApart = false
  let isMover = true
  let isClosed = false

  const running = (): AskedThread<ToAudit, undefined> => {
    if (thread) return thread
    const one: AskedThread<ToAudit, undefined> = startAskedThread('audit-thread', { path, turns }, () => {
      if (thread === one) thread = undefined
      forgetFirstTurn(turns)
    })
    thread = one
    one.tell({ say: 'moves log', isOn: isMover })
    return one
  }
  const append = async (chain: string, first: number, bodies: readonly string[]): Promise<void> => {
    isApart ||= isWanted()
    // After its end nothing may be started any more: the handle here is closed, too, and says so.
    if (isApart && !isClosed) await running().ask({ say: 'append', chain, first, bodies })
    else await here.appendAll!(chain, first, bodies)
  }
  return {
    audit: {
      ...here,
      append: (chain, seq, body) => append(chain, seq, [body]),
      appendAll: append,
    },
    movesLog(isOn) {
      isMover = isOn
      thread?.tell({ say: 'moves log', isOn })
    },
    async close() {
      isClosed = true
      await thread?.close()
    },
  }
}
