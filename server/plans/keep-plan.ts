import { QuestionError } from '../../graph/errors.ts'
import { withPredictions } from '../../graph/plan/after-prediction.ts'
import { answerKept } from '../../graph/plan/answer-kept.ts'
import { edited } from '../../graph/plan/edit.ts'
import type { KeptState } from '../../graph/plan/kept-item.ts'
import type { KeptPlan } from '../../graph/plan/kept-plan.ts'
import type {
  CreatePlan,
  KeptPlanReply,
  KeptRunbookReply,
  PatchPlan,
  PlansReply,
  WavesReply,
} from '../../graph/wire-cutover.ts'
import type { Person } from '../auth/person.ts'
import { askInside } from '../estate/inside-questions.ts'
import { moved, readPlan, readPlans, removePlan, writePlan } from './kept-plans.ts'
import { editRoom, newId, planFrom, wavesFrom, whoOf, type PlanRoom } from './plan-room.ts'

/** All of them, last changed first. */
export async function listPlans(room: PlanRoom): Promise<PlansReply> {
  const { snapshot, plans } = await askInside(room.keeper, 'plan rows', await readPlans(room.store), room.now())
  const byChange = [...plans].sort((a, b) => (a.changed.at > b.changed.at ? -1 : a.changed.at < b.changed.at ? 1 : a.id < b.id ? -1 : 1)) // prettier-ignore
  return { snapshot, plans: byChange }
}

export async function showPlan(room: PlanRoom, id: string): Promise<KeptPlanReply> {
  return askInside(room.keeper, 'kept plan', await readPlan(room.store, id), room.now())
}

export async function showWaves(room: PlanRoom, id: string): Promise<WavesReply> {
  const { snapshot, version, waves, conflicts } = await showPlan(room, id)
  return { snapshot, id, version, waves, conflicts }
}

export async function showRunbook(room: PlanRoom, id: string, credential: string): Promise<KeptRunbookReply> {
  const state = await readPlan(room.store, id)
  return askInside(room.keeper, 'kept runbook', { state, id: credential }, room.now())
}

/** Keeps a plan of what the filter leaves, or a copy of another one. Whoever does it is its first author; of a copy, also who wrote it. */
export async function createPlan(
  room: PlanRoom,
  { name, copyOf, ...query }: CreatePlan,
  person: Person,
): Promise<KeptPlanReply> {
  const estate = room.keeper.estate()
  const now = room.now()
  const by = whoOf(person)
  const id = newId()
  const parts =
    copyOf === undefined ? partsFrom(planFrom(estate, query, now), query) : partsOf(await readPlan(room.store, copyOf))
  const { words, writers, ...rest } = parts
  const plan: KeptPlan = {
    ...{ id, name, status: 'draft', created: { by, at: now } },
    authors: [by, ...writers.filter((one) => one.id !== by.id)],
    ...{ exceptions: [], done: [], asks: [], ...rest },
    log: [{ version: 1, by, at: now, snapshot: estate.snapshot.id, words }],
  }
  await writePlan(room, plan, 0)
  return showPlan(room, id)
}

type Begun = Pick<KeptPlan, 'items' | 'waves' | 'freezes' | 'names'> & {
  words: string[]
  /** Who wrote what is copied: a copy is no way to sign what one wrote. */
  writers: KeptPlan['authors']
}

function partsFrom(reply: ReturnType<typeof planFrom>, { op, freeze }: Pick<CreatePlan, 'op' | 'freeze'>): Begun {
  const waves = wavesFrom(reply.waves)
  const items = reply.waves.flatMap((wave) => wave.items)
  return {
    waves,
    items: items.map(({ credential }) => ({
      ...{ credential: credential.id, name: credential.name, op: op ?? null, proposal: null },
    })),
    freezes: (freeze ?? '').split(',').map((one) => one.trim()).filter(Boolean), // prettier-ignore
    names: [],
    writers: [],
    words: [
      `begun with ${items.length} credentials in ${waves.length} waves`,
      ...(reply.left > 0 ? [`${reply.left} more fit and are left out`] : []),
    ],
  }
}

/** Names stay stated by whoever stated them; sign-offs, exceptions and what is done are of one plan only. */
function partsOf({ plan: { name, items, waves, freezes, names, authors } }: KeptState): Begun {
  return { items, waves, freezes, names, writers: authors, words: [`begun as a copy of “${name}”`] }
}

/**
 * Edits a plan, all or nothing, over exactly the version that was read. A plan is declared ready, or begun, only while
 * nothing holds it up.
 * @throws QuestionError `plan-moved` with what others did since; `bad-change` for what makes no sense.
 */
export async function changePlan(
  room: PlanRoom,
  id: string,
  { version, edits, preview }: PatchPlan,
  person: Person,
): Promise<KeptPlanReply> {
  const state = await readPlan(room.store, id)
  if (state.version !== version)
    throw await moved(
      room.store,
      id,
      version,
      edits.map(({ do: what }) => what),
    )
  const estate = room.keeper.estate()
  const made = edited(state.plan, version, edits, editRoom(room, state, person))
  const plan = withPredictions(estate, made, edits, state, room.now())
  const reply = answerKept(estate, { plan, version: version + 1, signOffs: state.signOffs }, room.now())
  const asked = edits.findLast((edit) => edit.do === 'status')
  if (asked && (asked.status === 'ready' || asked.status === 'running') && !reply.ready)
    throw new QuestionError(
      'bad-change',
      `the plan is not ready: ${reply.blockers[0]!.words}`,
      `${reply.blockersCount} things hold it up; ${reply.blockers[0]!.todo}`,
      reply.blockers.slice(0, 20).map(({ words }) => words),
    )
  if (preview) return reply
  await writePlan(room, plan, version)
  return reply
}

/** Deletes a draft that nobody has signed. What was signed or done stays: it is closed instead. */
export async function deletePlan(room: PlanRoom, id: string, version: number): Promise<PlansReply> {
  const { plan, signOffs, version: present } = await readPlan(room.store, id)
  if (present !== version) throw await moved(room.store, id, version, ['delete'])
  if (plan.status !== 'draft' || signOffs.length > 0 || plan.done.length > 0)
    throw new QuestionError(
      'bad-change',
      'only a draft that nobody has signed is deleted',
      'what was signed or done stays to be seen: close it, or roll it back',
    )
  await removePlan(room.store, id, version)
  return listPlans(room)
}
