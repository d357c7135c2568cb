import type { PruneReply } from '../../graph/wire-retention.ts'
import type { ImportId } from '../store/contract.ts'
import { forgetSnapshots, type SnapshotRoom } from './kept-snapshots.ts'
import { forgetPruned, keepPruned } from './pruned-imports.ts'
import { referredTo } from './references.ts'

/** How long an import is kept: while it is among so many newest of its source, or younger than so many days. */
export interface Retention {
  readonly imports: number
  readonly days: number
}

export interface PruneRoom extends SnapshotRoom {
  readonly retention: Retention
  /** Imports that somebody is at work with here. */
  readonly inUse?: () => readonly ImportId[]
}

const DAY_MS = 86_400_000

/**
 * Lets go what is beyond the policy, and tells what went, what stays and why; with `dryRun`, what would. Heads stay,
 * and so does what plans, sign-offs, saved pages and open imports refer to. Throws where that cannot be told.
 */
export async function prune(
  room: PruneRoom,
  { dryRun = false, compact = false }: { readonly dryRun?: boolean; readonly compact?: boolean } = {},
): Promise<PruneReply> {
  const { store, keeper, retention, inUse } = room
  const now = room.now()
  const { references, snapshots, pinned, pinnedUpTo } = await referredTo(room, retention.days)
  const report = await store.prune({
    ...{ keep: retention.imports, days: retention.days, now, dryRun, compact, pinnedUpTo },
    pinned: [...pinned, ...(keeper?.importsOf?.() ?? []), ...(inUse?.() ?? [])],
  })
  if (!dryRun) {
    if (report.imports.length > 0) await keepPruned(store, now, report.imports)
    await forgetPruned(store, new Date(Date.parse(now) - Math.max(retention.days, 1) * DAY_MS).toISOString())
    await forgetSnapshots(store, snapshots, now)
  }
  const heads = await store.heads()
  const titles = new Map<string, string>()
  for (const { scope } of report.scopes) {
    const head = heads.get(scope)
    titles.set(scope, (head && (await store.manifest(head.importId))?.scopeTitle) ?? scope)
  }
  return {
    ...{ at: now, dryRun, policy: { imports: retention.imports, days: retention.days } },
    ...{ imports: report.imports.length, segments: report.segments, bytes: report.bytes },
    scopes: report.scopes.map((one) => ({ ...one, title: titles.get(one.scope)! })),
    references: references.map(({ what, id, name, imports, upTo }) => ({
      ...{ what, id, name },
      imports: upTo > 0 ? null : imports.length,
    })),
  }
}
