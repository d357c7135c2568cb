import { snapshotsOfPlan } from '../plans/kept-plans.ts'
import { readPlans } from '../plans/kept-plans.ts'
import { readScenarios } from '../estate/kept-scenarios.ts'
import type { ImportId } from '../store/contract.ts'
import { importsOfSnapshots, keepSnapshots, readSnapshots, type SnapshotRoom } from './kept-snapshots.ts'

/** What is kept that refers to what was once believed: a plan with its sign-offs and scores, or a saved page. */
export interface Reference {
  readonly what: 'plan' | 'scenario'
  readonly id: string
  readonly name: string
  readonly snapshots: readonly string[]
}

export interface Referred {
  readonly references: readonly (Reference & { readonly imports: readonly ImportId[]; readonly upTo: number })[]
  readonly snapshots: ReadonlySet<string>
  readonly pinned: readonly ImportId[]
  /** Everything up to this place in the order of the store is referred to, by plans of older versions. */
  readonly pinnedUpTo: number
}

const DAY_MS = 86_400_000

/**
 * Everything that plans and saved pages refer to. A plan refers for as long as it is there, a saved page for as many
 * days as an import is kept. Throws where a plan cannot be read: then nobody knows what it refers to.
 */
export async function referredTo(room: SnapshotRoom, days: number): Promise<Referred> {
  const since = Date.parse(room.now()) - days * DAY_MS
  const references: Reference[] = [
    ...(await readPlans(room.store)).map((state) => ({
      ...{ what: 'plan' as const, id: state.plan.id, name: state.plan.name },
      snapshots: [...new Set([...snapshotsOfPlan(state.plan), ...state.signOffs.map(({ snapshot }) => snapshot)])],
    })),
    ...(await readScenarios(room.store))
      .filter(({ at }) => !(Date.parse(at) < since))
      .map(({ code, snapshot }) => ({ what: 'scenario' as const, id: code, name: code, snapshots: [snapshot] })),
  ]
  const snapshots = new Set(references.flatMap((one) => one.snapshots))
  await keepSnapshots(room, snapshots)
  const kept = await readSnapshots(room.store)
  const { imports, upTo } = importsOfSnapshots(kept, snapshots)
  return {
    references: references.map((one) => ({ ...one, ...importsOfSnapshots(kept, one.snapshots) })),
    snapshots,
    pinned: imports,
    pinnedUpTo: upTo,
  }
}
