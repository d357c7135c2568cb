import { momentOfAnswer } from '../answer/blast.ts'
import { answerWatch } from '../answer/watch.ts'
import type { Estate } from '../estate/estate.ts'
import type { PlanEdit, Prediction } from '../wire-cutover.ts'
import { isCut } from './edit.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { KeptState } from './kept-item.ts'
import { keptPlanned } from './kept-item.ts'
import { watchingTime } from './watching.ts'

/** What the present snapshot says of one change of a plan; undefined where no source shows the credential any more. */
export function predictionOf(
  estate: Estate,
  state: KeptState,
  credential: string,
  now: string,
): Prediction | undefined {
  const item = state.plan.items.find((one) => one.credential === credential)
  const window = state.plan.waves.find((one) => one.credentials.includes(credential))
  if (!item || !window) return undefined
  const one = keptPlanned(estate, state, item, window, [], momentOfAnswer(estate, now))
  if (!one) return undefined
  const { assessment, op } = one.planned.readiness
  return {
    ...{ credential, op, snapshot: estate.snapshot.id, at: cutMomentOf(state.plan, credential) ?? now },
    watch: watchingTime(assessment).lasts,
    members: assessment.dependents.map(({ index, verdict, band, certain, possible }) => ({
      ...{ id: estate.entities[index]!.id, name: estate.entities[index]!.name, verdict, band },
      from: possible === null ? null : possible[0],
      surely: certain === null ? null : certain[0],
    })),
  }
}

/** When its cut was marked as done, ISO 8601. */
export function cutMomentOf({ done }: Pick<KeptPlan, 'done'>, credential: string): string | undefined {
  return done.find((one) => one.credential === credential && one.step.startsWith('cut: '))?.at
}

/**
 * Keeps the prediction of each cut that these edits mark as done, as it was at that moment, and forgets it where the
 * mark was taken back: later imports change what is known, not what was said before.
 */
export function withPredictions(
  estate: Estate,
  plan: KeptPlan,
  edits: readonly PlanEdit[],
  state: Omit<KeptState, 'plan'>,
  now: string,
): KeptPlan {
  const touched = new Set(
    edits.flatMap((edit) => (edit.do === 'done' || edit.do === 'undone' ? [edit.credential] : [])),
  )
  if (touched.size === 0) return plan
  const before = plan.predictions ?? []
  const kept = before.filter(({ credential }) => !touched.has(credential) || isCut(plan, credential))
  const known = new Set(kept.map(({ credential }) => credential))
  const made = [...touched].flatMap((credential) =>
    isCut(plan, credential) && !known.has(credential)
      ? (predictionOf(estate, { ...state, plan }, credential, now) ?? [])
      : [],
  )
  return { ...plan, predictions: [...kept, ...made] }
}

/** It and the places that hold it: uses of these are uses of its value. */
export function watchedIds(
  estate: Estate,
  { credential, op }: Pick<Prediction, 'credential' | 'op'>,
  now: string,
): string[] {
  if (!estate.indexOf.has(credential)) return [credential]
  return [credential, ...answerWatch(estate, credential, { op }, now).places.map(({ id }) => id)]
}
