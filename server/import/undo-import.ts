import type { ScopeId } from '../../graph/known.ts'
import { goneWords } from '../retention/pruned-imports.ts'
import type { ImportId, ImportManifest } from '../store/contract.ts'
import { forgetScope, restoreImport } from '../store/scope-facts.ts'
import { JobError } from './job-error.ts'
import type { ImportRoom } from './import-plan.ts'

/** What a batch made the head of a scope, and what was it before; undefined: nothing was known of the scope. */
export interface CommittedScope {
  readonly scope: ScopeId
  readonly importId: ImportId
  readonly before: ImportId | undefined
}

/**
 * Makes what was believed before a batch believed again, as new imports: history only grows. Nothing is undone unless
 * all of it can be.
 * @throws JobError `wrong-state` where somebody imported one of its scopes again, with the scope's title.
 */
export async function undoImport(
  room: Pick<ImportRoom, 'store' | 'keeper'>,
  committed: readonly CommittedScope[],
): Promise<void> {
  await room.keeper.reload()
  const heads = await room.store.heads()
  for (const { scope, importId } of committed)
    if (heads.get(scope)?.importId !== importId) {
      const title = room.keeper.scope(scope)?.manifest.scopeTitle ?? scope
      throw new JobError('wrong-state', `${title} was imported again since: undo that import first`)
    }
  const earlierOf = new Map<ScopeId, ImportManifest>()
  for (const { scope, before } of committed) {
    if (before === undefined) continue
    const earlier = await room.store.manifest(before)
    if (!earlier) throw new JobError('wrong-state', `what it was before ${await goneWords(room.store, before)}`)
    earlierOf.set(scope, earlier)
  }
  await room.keeper.afterAll(async () => {
    for (const { scope, importId } of committed) {
      const { generation } = heads.get(scope)!
      const earlier = earlierOf.get(scope)
      // With the time of what it restores: an old export does not become fresh by being believed again.
      if (earlier) await restoreImport(room.store, earlier.id, generation, earlier.at)
      else await forgetScope(room.store, importId, generation)
    }
  })
}
