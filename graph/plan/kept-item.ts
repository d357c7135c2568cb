import { answerWatch } from '../answer/watch.ts'
import { fallRanking } from '../answer/fall-ranking.ts'
import { inventoryOf } from '../answer/inventory.ts'
import { availability } from '../answer/operations.ts'
import { systemRow } from '../answer/systems.ts'
import { textProp } from '../answer/things.ts'
import type { Estate } from '../estate/estate.ts'
import type { CutoverGate, CutoverItem, CutoverNamed, SignOffNeed } from '../wire-cutover.ts'
import { checkOf } from './answer-runbook.ts'
import { readinessOf } from './gates.ts'
import { isCut } from './edit.ts'
import { exceptedGates, stayOf } from './kept-exceptions.ts'
import type { KeptItem, KeptPlan, KeptSignOff, KeptWave } from './kept-plan.ts'
import { itemOf, riskOf, type Planned } from './planned.ts'
import { usualProposal } from './rollback.ts'
import { keyed, stepsOf } from './runbook.ts'
import { needOf, systemsToAsk } from './sign-off-needs.ts'
import { setNameOf, type Present } from './sign-off.ts'
import { namesOfPlan } from './stated.ts'
import { watchingTime } from './watching.ts'

/** A plan with its version in the store, and every sign-off that was given for it. */
export interface KeptState {
  readonly plan: KeptPlan
  readonly version: number
  readonly signOffs: readonly KeptSignOff[]
}

/** One credential of a kept plan at the present snapshot, before it is put into words. */
export interface KeptPlanned {
  readonly kept: KeptItem
  readonly planned: Planned
  readonly present: Present
  /** The kept operation is no longer possible; what is shown is the usual one. */
  readonly isOtherOp: boolean
}

/**
 * A credential of a plan with what the plan says of it; undefined where no source shows it any more. `after`: entity
 * numbers of what goes first.
 */
export function keptPlanned(
  estate: Estate,
  { plan }: KeptState,
  kept: KeptItem,
  window: Pick<KeptWave, 'start' | 'end'>,
  after: readonly number[],
  at: string,
): KeptPlanned | undefined {
  const index = estate.indexOf.get(kept.credential)
  const line = index === undefined ? undefined : lineOf(estate, index, at)
  if (index === undefined || !line) return undefined
  const entity = estate.entities[index]!
  const isOtherOp = kept.op !== null && !availability(entity, kept.op).available
  const readiness = readinessOf(estate, kept.credential, isOtherOp ? undefined : (kept.op ?? undefined), at, {
    names: (imported) => namesOfPlan(plan.names, kept.credential, imported),
    proposal: kept.proposal ?? usualProposal,
  })
  const set = readiness.assessment.dependents.map((one) => ({
    id: estate.entities[one.index]!.id,
    name: estate.entities[one.index]!.name,
    verdict: one.verdict,
    system: systemRow(estate, one.system).id,
  }))
  const { start, end } = window
  return {
    ...{ kept, isOtherOp },
    planned: { line, readiness, risk: riskOf(line), after },
    present: {
      credential: kept.credential,
      op: readiness.op,
      window: { start, end },
      set,
      authors: plan.authors.map(({ id }) => id),
    },
  }
}

function lineOf(estate: Estate, credential: number, at: string): Planned['line'] | undefined {
  return inventoryOf(estate, at).find((line) => line.credential === credential)
}

/** Who has to agree to this change, and who has. */
export function needsOf(
  estate: Estate,
  { plan, signOffs }: KeptState,
  { planned, present }: KeptPlanned,
  at: string,
): SignOffNeed[] {
  const { systems, whole } = systemsToAsk(present)
  const { named } = planned.readiness
  // The sample lives at the end of its own logs, people's marks in the present.
  const moment = (estate.snapshot.sample ? undefined : cutAt(plan, present.credential)) ?? at
  const ofSystem = systems
    .map((id) => {
      const entity = estate.entities[estate.indexOf.get(id)!]!
      const owner = textProp(entity, 'businessOwner') ?? textProp(entity, 'owner') ?? null
      return { system: { id, name: entity.name }, owner }
    })
    .sort((a, b) => (a.system.name < b.system.name ? -1 : a.system.name > b.system.name ? 1 : 0))
  const approver = named.find(({ duty }) => duty === 'approver')!.name
  return [...ofSystem, ...(whole ? [{ system: null, owner: approver }] : [])].map((need) =>
    needOf(need, present, signOffs, plan.asks, moment),
  )
}

/** A sign-off has to stand when the cut is made; afterwards its time may be over. */
function cutAt({ done }: KeptPlan, credential: string): string | undefined {
  return done.find((one) => one.credential === credential && one.step.startsWith('cut: '))?.at
}

/** The credential as the screen shows it: gates with exceptions, names, sign-offs, progress. */
export function cutoverItem(estate: Estate, state: KeptState, one: KeptPlanned, at: string): CutoverItem {
  const { kept, planned, present } = one
  const { plan } = state
  const fall = fallRanking(estate).falls.find(({ credential }) => credential === planned.line.credential)!
  const { gates: _gates, named: _named, ready: _ready, ...item } = itemOf(estate, planned, fall)
  const needs = needsOf(estate, state, one, at)
  const gates = [...exceptedGates(planned.readiness.gates, plan.exceptions, kept.credential, at), signOffGate(needs)]
  const closed = gates.filter(isClosed).length
  const keys = stepKeys(estate, planned, at)
  const done = plan.done.filter((mark) => mark.credential === kept.credential && keys.includes(mark.step)).length
  return {
    ...item,
    ...{ gates, closed },
    named: planned.readiness.named as CutoverNamed[],
    ready: closed === gates.length,
    signOffs: needs,
    set: setNameOf(present),
    dependents: present.set.length,
    proposal: kept.proposal ?? usualProposal,
    proposed: kept.proposal !== null,
    steps: { done, of: keys.length, cut: isCut(plan, kept.credential) },
    stays: stayOf(plan.exceptions, kept.credential, at)?.id ?? null,
  }
}

export const isClosed = ({ state, excepted }: CutoverGate): boolean => state === 'met' || excepted !== null

function signOffGate(needs: readonly SignOffNeed[]): CutoverGate {
  const valid = needs.filter(({ state }) => state === 'valid').length
  const open = needs.filter(({ state }) => state !== 'valid')
  const of = (need: SignOffNeed): string => `${need.system?.name ?? 'the whole change'}: ${need.words}`
  return {
    ...{ id: 'signoff', title: 'Business sign-off', excepted: null },
    state: open.length === 0 ? 'met' : open.every(({ state }) => state === 'asked') ? 'unknown' : 'not-met',
    why: `${valid} of ${needs.length}${open.length > 0 ? `; ${of(open[0]!)}` : ''}`,
    todo: open.length === 0 ? '' : `ask ${open[0]!.owner ?? 'an approver'} to sign`,
  }
}

/** Keys of the runbook's steps; an edit asks for them to know whether a step is one. */
export function stepKeys(estate: Estate, { readiness }: Planned, at: string): string[] {
  const { assessment, op } = readiness
  const seen = answerWatch(estate, estate.entities[assessment.subject]!.id, { op }, at)
  const { steps } = stepsOf(estate, readiness, checkOf(seen), watchingTime(assessment))
  return keyed(steps).map(({ key }) => key)
}
