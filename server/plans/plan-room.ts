import { randomUUID } from 'node:crypto'
import { QuestionError } from '../../graph/errors.ts'
import type { Estate } from '../../graph/estate/estate.ts'
import { idOf } from '../../graph/ids.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { momentOfAnswer } from '../../graph/answer/blast.ts'
import { inventoryOf } from '../../graph/answer/inventory.ts'
import { answerPlan } from '../../graph/plan/answer-plan.ts'
import type { EditRoom } from '../../graph/plan/edit.ts'
import { keptPlanned, stepKeys, type KeptState } from '../../graph/plan/kept-item.ts'
import type { KeptWave } from '../../graph/plan/kept-plan.ts'
import type { PlanQuery } from '../../graph/wire-plan.ts'
import type { Person } from '../auth/person.ts'
import type { Keeper } from '../estate/keeper.ts'
import type { Store } from '../store/contract.ts'

/** What plans are kept and computed with. */
export interface PlanRoom {
  readonly store: Store
  readonly keeper: Pick<Keeper, 'estate' | 'answering' | 'importsOf'>
  /** ISO 8601, UTC. */
  now(): string
}

export const newId = (): string => idOf(randomUUID())
export const whoOf = ({ id, name }: Person): { id: string; name: string } => ({ id, name })

/** What an edit of this plan by this person may ask of the estate. */
export function editRoom(room: PlanRoom, state: KeptState, person: Person): EditRoom {
  const estate = room.keeper.estate()
  const now = room.now()
  return {
    ...{ by: whoOf(person), at: now, snapshot: estate.snapshot.id, newId },
    nameOf: (id) => nameOfCredential(estate, id, now),
    systemName: (id) => systemName(estate, id),
    propose: (credentials, asked) => proposed(estate, credentials, asked, now),
    stepsOf(plan, credential) {
      const item = plan.items.find((one) => one.credential === credential)!
      const window = plan.waves.find((one) => one.credentials.includes(credential))!
      const at = momentOfAnswer(estate, now)
      const planned = keptPlanned(estate, { ...state, plan: { ...state.plan, ...plan } }, item, window, [], at)
      return planned ? stepKeys(estate, planned.planned, at) : []
    },
  }
}

function nameOfCredential(estate: Estate, id: string, now: string): string {
  const index = estate.indexOf.get(id)
  if (index === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const { name } = estate.entities[index]!
  if (!inventoryOf(estate, momentOfAnswer(estate, now)).some(({ credential }) => credential === index))
    throw new QuestionError('wrong-kind', `${name} is no credential that is planned`, 'name one of the inventory')
  return name
}

function systemName(estate: Estate, id: string): string {
  const entity = estate.entities[estate.indexOf.get(id) ?? -1]
  if (!entity || entityKinds[entity.kind].role !== 'system')
    throw new QuestionError('not-found', `${id} is no business system`, 'use the id of a system that has to agree')
  return entity.name
}

/** The product's own waves; what no source shows any more goes with the last. */
function proposed(
  estate: Estate,
  credentials: readonly string[],
  asked: { waves?: number; from?: string },
  now: string,
): KeptWave[] {
  const known = credentials.filter((id) => estate.indexOf.has(id))
  const lost = credentials.filter((id) => !estate.indexOf.has(id))
  if (known.length === 0)
    throw new QuestionError('bad-change', 'no source shows any credential of the plan', 'import their sources again')
  const waves = wavesFrom(answerPlan(estate, { credentials: known.join(','), ...asked }, now).waves)
  return waves.map((wave, at) =>
    at === waves.length - 1 ? { ...wave, credentials: [...wave.credentials, ...lost] } : wave,
  )
}

export function wavesFrom(waves: ReturnType<typeof answerPlan>['waves']): KeptWave[] {
  return waves.map(({ pilot, start, end, items }) => ({
    ...{ title: '', pilot, start, end },
    credentials: items.map(({ credential }) => credential.id),
  }))
}

/** A plan as the filter or the ids give it. @throws QuestionError where nothing fits. */
export function planFrom(estate: Estate, query: PlanQuery, now: string): ReturnType<typeof answerPlan> {
  const reply = answerPlan(estate, query, now)
  if (reply.problem)
    throw new QuestionError(
      'bad-change',
      `the filter is not understood at character ${reply.problem.at + 1}: ${reply.problem.message}`,
      'for example: tier:1 flag:never-rotated',
    )
  if (reply.waves.length === 0)
    throw new QuestionError('bad-change', 'no credential fits', 'name credentials, or widen the filter')
  return reply
}
