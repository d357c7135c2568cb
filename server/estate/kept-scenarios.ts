import { z } from 'zod'
import { idOf } from '../../graph/ids.ts'
import type { ScenarioReply } from '../../graph/wire-scenarios.ts'
import { keepSnapshots, type SnapshotRoom } from '../retention/kept-snapshots.ts'
import type { Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

const KIND = 'scenario'
const CODE = 12
const Kept = z.object({ path: z.string(), at: z.string(), snapshot: z.string() })
type Kept = z.infer<typeof Kept>

/** The same state on the same snapshot has the same code: saving it twice keeps one. */
export async function keepScenario(room: SnapshotRoom, scenario: Kept): Promise<ScenarioReply> {
  const { store } = room
  await keepSnapshots(room, [scenario.snapshot])
  const code = idOf(`scenario ${scenario.snapshot} ${scenario.path}`).slice(0, CODE)
  try {
    await store.docs.put(KIND, code, 0, new TextEncoder().encode(JSON.stringify(Kept.parse(scenario))))
  } catch (error) {
    if (!isStoreError(error, 'VersionConflict')) throw error
  }
  return (await readScenario(store, code)) ?? { code, ...scenario }
}

export async function readScenarios(store: Store): Promise<ScenarioReply[]> {
  const found: ScenarioReply[] = []
  for (const { id } of await store.docs.list(KIND)) {
    const one = await readScenario(store, id)
    if (one) found.push(one)
  }
  return found
}

/** `undefined`: no such code. */
export async function readScenario(store: Store, code: string): Promise<ScenarioReply | undefined> {
  const doc = await store.docs.get(KIND, code)
  return doc && { code, ...Kept.parse(JSON.parse(new TextDecoder().decode(doc.bytes))) }
}
