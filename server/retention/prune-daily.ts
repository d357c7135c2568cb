import type { AuditDetail } from '../../graph/wire-audit.ts'
import type { Ledger } from '../audit/ledger.ts'
import type { Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'
import { prune, type PruneRoom } from './prune.ts'

const KIND = 'retention'
const ID = 'last'
const HOUR_MS = 3_600_000
/** Less than a day: who starts at the same time every morning prunes every morning. */
const AGAIN_MS = 20 * HOUR_MS

export interface DailyPruning {
  /** Looks now, if it is time: for tests, and for whoever does not want to wait. */
  look(): Promise<boolean>
  stop(): Promise<void>
}

export interface DailyRoom extends PruneRoom {
  readonly ledger: Ledger
  /** Somebody imports or commits: another time. */
  isBusy(): boolean
  onError(error: unknown): void
  /** Milliseconds until the first look, and between looks. */
  readonly everyMs?: number
}

/**
 * Prunes once a day in the background, by one server where several share a store. What goes is entered in the audit
 * before it goes; a day on which nothing goes is no entry.
 */
export function pruneDaily(room: DailyRoom): DailyPruning {
  let running: Promise<boolean> | undefined
  const look = (): Promise<boolean> => {
    running ??= pruneIfDue(room).finally(() => (running = undefined))
    return running
  }
  const timer = setInterval(() => void look().catch(room.onError), room.everyMs ?? HOUR_MS)
  timer.unref()
  return {
    look,
    async stop() {
      clearInterval(timer)
      await running?.catch(() => undefined)
    },
  }
}

async function pruneIfDue(room: DailyRoom): Promise<boolean> {
  const { store, ledger, retention } = room
  if (room.isBusy()) return false
  // A scope has seen as many imports as its generation says: without more than are kept, nothing can go.
  if (![...(await store.heads()).values()].some(({ generation }) => generation > retention.imports)) return false
  if (!(await isMyTurn(store, room.now()))) return false
  const { imports, segments, bytes } = await prune(room, { dryRun: true })
  if (imports === 0) return false
  const entered = (how: 'begun' | 'done' | 'failed', detail: AuditDetail): Promise<number> =>
    ledger.append({
      action: how === 'failed' ? 'store.prune.failed' : 'store.prune',
      ...{ outcome: how, actor: 'server', via: 'server', detail },
    })
  const of = await entered('begun', { more: { imports, segments, bytes } })
  try {
    const done = await prune(room)
    await entered('done', { of, more: { imports: done.imports, segments: done.segments, bytes: done.bytes } })
  } catch (error) {
    await entered('failed', { of })
    throw error
  }
  return true
}

/** Takes the turn of a day: of several servers that look at once, one gets it. */
async function isMyTurn({ docs }: Store, now: string): Promise<boolean> {
  const last = await docs.get(KIND, ID)
  const at = last && Date.parse(new TextDecoder().decode(last.bytes))
  if (at !== undefined && Math.abs(Date.parse(now) - at) < AGAIN_MS) return false
  try {
    await docs.put(KIND, ID, last?.version ?? 0, new TextEncoder().encode(now))
    return true
  } catch (error) {
    if (isStoreError(error, 'VersionConflict')) return false
    throw error
  }
}
