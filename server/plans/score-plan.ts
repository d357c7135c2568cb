import { QuestionError } from '../../graph/errors.ts'
import type { Estate } from '../../graph/estate/estate.ts'
import { adviceOf, scoreCredential } from '../../graph/plan/after.ts'
import { cutMomentOf, predictionOf, watchedIds } from '../../graph/plan/after-prediction.ts'
import { seenInEstate } from '../../graph/plan/after-seen.ts'
import { answerKept } from '../../graph/plan/answer-kept.ts'
import type { KeptState } from '../../graph/plan/kept-item.ts'
import type { KeptPlan } from '../../graph/plan/kept-plan.ts'
import type {
  CredentialScore,
  EndWave,
  KeptPlanReply,
  Prediction,
  ScorePlan,
  WatchedReply,
  WaveScore,
} from '../../graph/wire-cutover.ts'
import type { Person } from '../auth/person.ts'
import { moved, readPlan, writePlan } from './kept-plans.ts'
import { whoOf, type PlanRoom } from './plan-room.ts'

/** Of each credential that is cut: what logs have to be searched for, and since when. */
export async function watchedOfPlan(room: PlanRoom, id: string): Promise<WatchedReply> {
  const state = await readPlan(room.store, id)
  const estate = room.keeper.estate()
  const credentials = state.plan.waves.flatMap((wave, at) =>
    cutOf(state.plan, wave.credentials).flatMap((credential) => {
      const { prediction } = predicted(estate, state, credential, room.now())
      if (!prediction) return []
      const { name } = state.plan.items.find((one) => one.credential === credential)!
      const ids = watchedIds(estate, prediction, room.now())
      return [{ credential, name, wave: at + 1, at: prediction.at, ids }]
    }),
  )
  return { version: state.version, credentials }
}

/**
 * Scores what was predicted of the cut credentials of a wave, or of all waves, against logs, and keeps the score.
 * @throws QuestionError `plan-moved`; `bad-change` where nothing is cut.
 */
export async function scorePlan(room: PlanRoom, id: string, asked: ScorePlan, person: Person): Promise<KeptPlanReply> {
  const state = await readAt(room, id, asked.version, 'score')
  const { plan } = state
  const waves = plan.waves.filter((_, at) => asked.wave === undefined || at + 1 === asked.wave)
  const scored = waves.filter(({ credentials }) => cutOf(plan, credentials).length > 0)
  if (scored.length === 0)
    throw new QuestionError('bad-change', 'nothing of that is cut yet', 'mark the cut as done: keyfall plan done')
  const made = scored.map(({ credentials }) => scoreWave(room, state, cutOf(plan, credentials), asked, person))
  const again = new Set(made.flatMap(({ credentials }) => credentials))
  const words = made.map(({ advice, reason, credentials }) => `${credentials.length} scored: ${adviceWords[advice]}, ${reason}`) // prettier-ignore
  const others = (plan.scores ?? []).filter(({ credentials }) => !credentials.some((one) => again.has(one)))
  return kept(room, state, { scores: [...others, ...made] }, words, person)
}

const adviceWords = { close: 'can be closed', 'roll-back': 'to be rolled back', wait: 'wait' } as const

/**
 * Ends a wave: closed, or rolled back, with the reason. It has to have been scored; ending it otherwise than advised is
 * possible, and is said.
 */
export async function endWave(room: PlanRoom, id: string, asked: EndWave, person: Person): Promise<KeptPlanReply> {
  const state = await readAt(room, id, asked.version, asked.outcome)
  const { plan } = state
  const wave = plan.waves[asked.wave - 1]
  if (!wave)
    throw new QuestionError('not-found', `there is no wave ${asked.wave}`, `this plan has ${plan.waves.length}`)
  const cut = cutOf(plan, wave.credentials)
  const stays = new Set(plan.exceptions.filter(({ what }) => what === 'stays').map(({ credential }) => credential))
  const open = wave.credentials.filter((one) => !cut.includes(one) && !stays.has(one))
  const isClosing = asked.outcome === 'closed'
  if (cut.length === 0 || (isClosing && open.length > 0))
    throw new QuestionError('bad-change', `of wave ${asked.wave} ${cut.length === 0 ? 'nothing' : 'not everything'} is cut`, 'mark the cut as done, or let it stay by an exception') // prettier-ignore
  const score = (plan.scores ?? []).find(({ credentials }) => credentials.some((one) => cut.includes(one)))
  if (!score || cut.some((one) => !score.credentials.includes(one)))
    throw new QuestionError('bad-change', `wave ${asked.wave} has not been scored since its last cut`, 'import the logs since the cut, then keyfall plan score') // prettier-ignore
  const against = (score.advice === 'close') !== isClosing
  const others = (plan.outcomes ?? []).filter(({ credentials }) => !credentials.some((one) => cut.includes(one)))
  const { outcome, reason } = asked
  const ended = { credentials: cut, outcome, reason, advice: score.advice, by: whoOf(person), at: room.now() }
  const words = `wave ${asked.wave} ${isClosing ? 'closed' : 'rolled back'}: ${reason}${against ? ` (advice was: ${adviceWords[score.advice]})` : ''}`
  return kept(room, state, { outcomes: [...others, ended] }, [words], person)
}

const cutOf = (plan: KeptPlan, credentials: readonly string[]): string[] =>
  credentials.filter((one) => cutMomentOf(plan, one) !== undefined)

async function readAt(room: PlanRoom, id: string, version: number, what: string): Promise<KeptState> {
  const state = await readPlan(room.store, id)
  if (state.version !== version) throw await moved(room.store, id, version, [what])
  if (state.plan.status !== 'running')
    throw new QuestionError('bad-change', `the plan is ${state.plan.status}, not running`, 'scores belong to a plan that runs') // prettier-ignore
  return state
}

async function kept(
  room: PlanRoom,
  { plan, version, signOffs }: KeptState,
  change: Partial<Pick<KeptPlan, 'scores' | 'outcomes'>>,
  words: string[],
  person: Person,
): Promise<KeptPlanReply> {
  const estate = room.keeper.estate()
  const entry = { version: version + 1, by: whoOf(person), at: room.now(), snapshot: estate.snapshot.id, words }
  const next: KeptPlan = { ...plan, ...change, log: [...plan.log, entry] }
  await writePlan(room, next, version)
  return answerKept(estate, { plan: next, version: version + 1, signOffs }, room.now())
}

function predicted(
  estate: Estate,
  state: KeptState,
  credential: string,
  now: string,
): { prediction: Prediction | undefined; basis: CredentialScore['basis'] } {
  const own = state.plan.predictions?.find((one) => one.credential === credential)
  return own
    ? { prediction: own, basis: 'kept' }
    : { prediction: predictionOf(estate, state, credential, now), basis: 'present' }
}

function scoreWave(
  room: PlanRoom,
  state: KeptState,
  credentials: readonly string[],
  { logs }: ScorePlan,
  person: Person,
): WaveScore {
  const estate = room.keeper.estate()
  const now = room.now()
  let records = logs?.records ?? 0
  const scores = credentials.flatMap((credential): CredentialScore[] => {
    const { prediction, basis } = predicted(estate, state, credential, now)
    if (!prediction) return []
    const ids = watchedIds(estate, prediction, now)
    const found = logs ?? seenInEstate(estate, ids)
    if (!logs) records += found.records
    const wanted = new Set(ids)
    const index = estate.indexOf.get(credential)
    const { name } = state.plan.items.find((one) => one.credential === credential)!
    return [
      scoreCredential({
        ...{ prediction, basis, name, reaches: found.reaches },
        kind: index === undefined ? 'generic.credential' : estate.entities[index]!.kind,
        seen: found.seen.filter(({ of }) => wanted.has(of)),
      }),
    ]
  })
  return {
    ...{ credentials: [...credentials], by: whoOf(person), at: now, snapshot: estate.snapshot.id, records },
    ...{ from: logs ? 'logs' : 'imported', ...adviceOf(scores), scores },
  }
}
