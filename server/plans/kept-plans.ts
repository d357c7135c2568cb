import type * as z from 'zod/mini'
import { QuestionError } from '../../graph/errors.ts'
import type { KeptState } from '../../graph/plan/kept-item.ts'
import { KeptPlan, KeptSignOff } from '../../graph/plan/kept-plan.ts'
import { keepSnapshots, type SnapshotRoom } from '../retention/kept-snapshots.ts'
import type { Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'

/**
 * Plans and sign-offs as documents. A sign-off is a document of its own, so that who signs and who edits do not get in
 * each other's way.
 */
const PLAN = 'plan'
const SIGN_OFF = 'plan-signoff'
const TRIES = 3

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** Nothing half understood is believed: throws where a document is not of this kind. */
function parsed<T>(shape: z.ZodMiniType<T>, bytes: Uint8Array): T {
  return shape.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

const none = (): QuestionError =>
  new QuestionError('not-found', 'there is no such plan', 'GET /api/plans and `keyfall plan list` have them all')

/** @throws QuestionError where there is none. */
export async function readPlan(store: Store, id: string): Promise<KeptState> {
  const doc = await store.docs.get(PLAN, id)
  if (!doc) throw none()
  return { plan: parsed(KeptPlan, doc.bytes), version: doc.version, signOffs: await readSignOffs(store, id) }
}

export async function readPlans(store: Store): Promise<KeptState[]> {
  const found: KeptState[] = []
  for (const { id } of await store.docs.list(PLAN)) {
    const doc = await store.docs.get(PLAN, id)
    if (!doc) continue
    found.push({ plan: parsed(KeptPlan, doc.bytes), version: doc.version, signOffs: await readSignOffs(store, id) })
  }
  return found
}

/** Every snapshot that a plan names; its sign-offs name others. */
export function snapshotsOfPlan({ log, predictions = [], scores = [] }: KeptPlan): string[] {
  return [...new Set([...log, ...predictions, ...scores].map(({ snapshot }) => snapshot))]
}

/** Writes a plan over exactly the version that was read. @throws QuestionError `plan-moved`. */
export async function writePlan(room: SnapshotRoom, plan: KeptPlan, version: number): Promise<number> {
  const { store } = room
  await keepSnapshots(room, snapshotsOfPlan(plan))
  try {
    return await store.docs.put(PLAN, plan.id, version, bytesOf(KeptPlan.parse(plan)))
  } catch (error) {
    if (!isStoreError(error, 'VersionConflict')) throw error
    throw await moved(store, plan.id, version, plan.log.at(-1)?.words ?? [])
  }
}

/** What others did since a version was read, and what was asked on it. */
export async function moved(
  store: Store,
  id: string,
  version: number,
  yours: readonly string[],
): Promise<QuestionError> {
  const doc = await store.docs.get(PLAN, id)
  if (!doc) return none()
  const { log } = parsed(KeptPlan, doc.bytes)
  const since = log.filter((entry) => entry.version > version)
  const theirs = since.flatMap(({ by, at, words }) => words.map((one) => `${by.name}, ${at.slice(0, 16)}: ${one}`))
  return new QuestionError(
    'plan-moved',
    `the plan is at version ${doc.version}, not ${version}: ${theirs.length} changes since, nothing of yours was kept`,
    `read version ${doc.version}, and send what you still want`,
    [...theirs.map((one) => `theirs: ${one}`), ...yours.map((one) => `yours: ${one}`)],
  )
}

/** @throws QuestionError `plan-moved`. */
export async function removePlan(store: Store, id: string, version: number): Promise<void> {
  try {
    await store.docs.remove(PLAN, id, version)
  } catch (error) {
    if (!isStoreError(error, 'VersionConflict')) throw error
    throw await moved(store, id, version, ['deleted'])
  }
}

const docId = (plan: string, id: string): string => `${plan}.${id}`

async function readSignOffs(store: Store, plan: string): Promise<KeptSignOff[]> {
  const found: KeptSignOff[] = []
  for (const { id } of await store.docs.list(SIGN_OFF)) {
    if (!id.startsWith(`${plan}.`)) continue
    const doc = await store.docs.get(SIGN_OFF, id)
    if (doc) found.push(parsed(KeptSignOff, doc.bytes))
  }
  return found
}

export async function addSignOff(room: SnapshotRoom, signOff: KeptSignOff): Promise<void> {
  const { store } = room
  await keepSnapshots(room, [signOff.snapshot])
  await store.docs.put(SIGN_OFF, docId(signOff.plan, signOff.id), 0, bytesOf(KeptSignOff.parse(signOff)))
}

/** What it was given for never changes; withdrawing and reviewing add to it. */
export async function changeSignOff(
  store: Store,
  plan: string,
  id: string,
  change: (now: KeptSignOff) => Partial<Pick<KeptSignOff, 'withdrawn' | 'breakGlass'>>,
): Promise<void> {
  for (let left = TRIES; ; left--) {
    const doc = await store.docs.get(SIGN_OFF, docId(plan, id))
    if (!doc) throw new QuestionError('not-found', 'there is no such sign-off', 'see the sign-offs of the plan')
    const now = parsed(KeptSignOff, doc.bytes)
    try {
      await store.docs.put(SIGN_OFF, doc.id, doc.version, bytesOf(KeptSignOff.parse({ ...now, ...change(now) })))
      return
    } catch (error) {
      if (left === 1 || !isStoreError(error, 'VersionConflict')) throw error
    }
  }
}
