import { momentOfAnswer, snapshotOf } from '../../graph/answer/blast.ts'
import { thingOf } from '../../graph/answer/things.ts'
import { QuestionError } from '../../graph/errors.ts'
import type { Estate } from '../../graph/estate/estate.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { isCut } from '../../graph/plan/edit.ts'
import { needsOf, type KeptPlanned, type KeptState } from '../../graph/plan/kept-item.ts'
import { worldOf } from '../../graph/plan/kept-world.ts'
import { boundTo, setNameOf } from '../../graph/plan/sign-off.ts'
import { signOffOf } from '../../graph/plan/sign-off-needs.ts'
import type { GiveSignOff, SignOffPage, SignOffsReply } from '../../graph/wire-cutover.ts'
import type { Person } from '../auth/person.ts'
import { addSignOff, changeSignOff, readPlan } from './kept-plans.ts'
import { newId, whoOf, type PlanRoom } from './plan-room.ts'

const HOUR = 3_600_000

/** All sign-offs of a plan as they stand now; of one credential with all that somebody needs to sign it. */
export async function listSignOffs(
  room: PlanRoom,
  id: string,
  credential: string | undefined,
  person: Person,
): Promise<SignOffsReply> {
  const state = await readPlan(room.store, id)
  const estate = room.keeper.estate()
  const world = worldOf(estate, state, room.now())
  const signOffs = state.signOffs
    .map((one) => signOffOf(one, world.planned.get(one.credential)?.present, world.at))
    .sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : a.id < b.id ? -1 : 1))
  if (credential === undefined) return { snapshot: snapshotOf(estate), signOffs, page: null }
  const one = plannedIn(world.planned, credential)
  const own = signOffs.filter((signOff) => signOff.credential === credential)
  return {
    snapshot: snapshotOf(estate),
    signOffs: own,
    page: { ...pageOf(estate, state, one, world.at, person), signOffs: own },
  }
}

function plannedIn(planned: ReadonlyMap<string, KeptPlanned>, credential: string): KeptPlanned {
  const one = planned.get(credential)
  if (!one)
    throw new QuestionError(
      'not-found',
      'this plan has no such credential, or no source shows it any more',
      'see the waves of the plan',
    )
  return one
}

function pageOf(
  estate: Estate,
  state: KeptState,
  one: KeptPlanned,
  at: string,
  person: Person,
): Omit<SignOffPage, 'signOffs'> {
  const { plan, version } = state
  const { present, planned } = one
  const { verdict, sentence, rollback, assessment } = planned.readiness
  return {
    snapshot: snapshotOf(estate),
    plan: { id: plan.id, name: plan.name, version, status: plan.status },
    credential: thingOf(estate, assessment.subject),
    ...{ op: present.op, window: { ...present.window }, verdict, sentence },
    wave: plan.waves.findIndex(({ credentials }) => credentials.includes(present.credential)) + 1,
    title: `Sign off: ${one.kept.name} in “${plan.name}”`,
    set: setNameOf(present),
    members: present.set.map(({ id, name, verdict: of, system }) => {
      const index = estate.indexOf.get(id)!
      return {
        ...{ id, name, verdict: of, title: entityKinds[estate.entities[index]!.kind].title },
        system: system === null ? null : { id: system, name: estate.entities[estate.indexOf.get(system)!]!.name },
      }
    }),
    needs: needsOf(estate, state, one, at),
    rollback: `${rollback.verdict}: ${rollback.why}`,
    may: mayOf(state, present.credential, person),
  }
}

/** Whether this person may sign this now. */
function mayOf({ plan }: KeptState, credential: string, { id, roles }: Person): SignOffPage['may'] {
  const isOver = plan.status === 'closed' || plan.status === 'rolled-back'
  const isAuthor = plan.authors.some((author) => author.id === id)
  const why = isOver
    ? `the plan is ${plan.status}`
    : isCut(plan, credential)
      ? 'it has been cut already'
      : isAuthor
        ? 'you wrote or changed this plan: somebody else signs it'
        : roles.includes('approver')
          ? ''
          : 'signing takes the role approver'
  return { sign: why === '', breakGlass: !isOver && !isCut(plan, credential) && roles.includes('admin'), why }
}

/**
 * Signs one change of a plan for what is there now: credential, action, window and the exact set of dependents. Both the
 * snapshot and the set have to be those that were read. With `decline` it is a no, bound to the same.
 * @throws QuestionError `may-not` for authors and without the role; `set-moved` where something is different by now.
 */
export async function giveSignOff(
  room: PlanRoom,
  id: string,
  asked: GiveSignOff,
  person: Person,
): Promise<SignOffsReply> {
  const state = await readPlan(room.store, id)
  const estate = room.keeper.estate()
  const { planned, at } = worldOf(estate, state, room.now())
  const { present } = plannedIn(planned, asked.credential)
  const may = mayOf(state, asked.credential, person)
  if (asked.decline && asked.breakGlass)
    throw new QuestionError('bad-change', 'a no is not given by break-glass', 'send one of the two')
  if (asked.breakGlass ? !may.breakGlass : !may.sign)
    throw new QuestionError(
      'may-not',
      asked.breakGlass ? `break-glass is for an admin${may.why === '' ? '' : `; ${may.why}`}` : may.why,
      may.breakGlass
        ? 'an admin alone can with breakGlass and a written reason; somebody else reviews it'
        : 'ask somebody else',
    )
  if (asked.snapshot !== estate.snapshot.id || asked.set !== setNameOf(present))
    throw new QuestionError(
      'set-moved',
      'what you would sign is no longer what you read: the estate, the window or the action is another one',
      'read it again; nothing was signed',
    )
  if (Date.parse(present.window.end) <= Date.parse(at))
    throw new QuestionError('bad-change', 'its window is over', 'set a new window first')
  const system = asked.system === undefined ? null : systemOf(estate, asked.system)
  const set = boundTo(present.set, system?.id ?? null)
  if (system !== null && set.length === 0)
    throw new QuestionError('bad-change', `nothing of ${system.name} depends on it`, 'leave the system out')
  await addSignOff(room, {
    ...{ id: newId(), plan: id, credential: asked.credential, system, snapshot: estate.snapshot.id },
    ...{ op: present.op, window: { ...present.window }, by: whoOf(person), at: room.now(), withdrawn: null },
    set: set.map(({ id: of, name, verdict }) => ({ id: of, name, verdict })),
    ...(asked.note !== undefined && { note: asked.note }),
    ...(asked.decline && { declined: asked.decline }),
    breakGlass: asked.breakGlass
      ? { reason: asked.breakGlass.reason, until: untilOf(at, asked.breakGlass.hours), review: null }
      : null,
  })
  return listSignOffs(room, id, asked.credential, person)
}

const untilOf = (at: string, hours: number): string => new Date(Date.parse(at) + hours * HOUR).toISOString()

function systemOf(estate: Estate, id: string): { id: string; name: string } {
  const index = estate.indexOf.get(id)
  if (index === undefined)
    throw new QuestionError('not-found', 'there is no such business system', 'see the needs of the page')
  return { id, name: estate.entities[index]!.name }
}

/** Whoever gave it, an approver or an admin takes it back. It stays to be seen. */
export async function withdrawSignOff(
  room: PlanRoom,
  id: string,
  signOff: string,
  reason: string,
  person: Person,
): Promise<SignOffsReply> {
  await changeSignOff(room.store, id, signOff, (now) => {
    if (now.withdrawn) throw new QuestionError('bad-change', 'it is withdrawn already', 'sign anew')
    return { withdrawn: { by: whoOf(person), at: room.now(), reason } }
  })
  return listSignOffs(room, id, undefined, person)
}

/**
 * Somebody else looks at what an admin signed alone, once it was used or its time is over.
 * @throws QuestionError `may-not` for whoever gave it.
 */
export async function reviewSignOff(
  room: PlanRoom,
  id: string,
  signOff: string,
  words: string,
  person: Person,
): Promise<SignOffsReply> {
  const { plan } = await readPlan(room.store, id)
  const at = momentOfAnswer(room.keeper.estate(), room.now())
  await changeSignOff(room.store, id, signOff, (now) => {
    const { breakGlass } = now
    if (!breakGlass) throw new QuestionError('bad-change', 'only a break-glass sign-off is reviewed', '')
    if (breakGlass.review) throw new QuestionError('bad-change', 'it is reviewed already', '')
    if (now.by.id === person.id)
      throw new QuestionError('may-not', 'you gave it: somebody else reviews it', 'ask another approver or admin')
    const isUsed = plan.status === 'running' || plan.status === 'closed' || plan.status === 'rolled-back'
    if (!isUsed && !now.withdrawn && at < breakGlass.until)
      throw new QuestionError(
        'bad-change',
        'it is not used and not over yet: a review comes after',
        `review it once the plan has begun, or after ${breakGlass.until}`,
      )
    return { breakGlass: { ...breakGlass, review: { by: whoOf(person), at: room.now(), words } } }
  })
  return listSignOffs(room, id, undefined, person)
}
