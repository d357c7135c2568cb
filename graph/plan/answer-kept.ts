import { snapshotOf } from '../answer/blast.ts'
import { plural } from '../answer/durations.ts'
import type { Estate } from '../estate/estate.ts'
import type { CutoverConflict, CutoverItem, CutoverWave, KeptPlanReply, PlanRow } from '../wire-cutover.ts'
import { RULES } from './answer-plan.ts'
import { blockersOf } from './blockers.ts'
import { isCut, isUndoable } from './edit.ts'
import { conflictsOfKept } from './kept-conflicts.ts'
import { exceptionOf } from './kept-exceptions.ts'
import { cutoverItem, isClosed, type KeptState } from './kept-item.ts'
import type { KeptWave } from './kept-plan.ts'
import { worldOf, type KeptWorld } from './kept-world.ts'
import { gateTotals, missingNames } from './planned.ts'
import { isReviewDue } from './sign-off.ts'
import { signOffOf } from './sign-off-needs.ts'
import { preparedOf, unpreparedOf, wordsOf } from './together.ts'

const LOG_SHOWN = 200
const BLOCKERS_SHOWN = 200

const KEPT_RULES = [
  ...RULES.slice(1),
  'A sign-off holds for its credential, its action, its window and exactly the dependants it was given for. It lapses by itself, and counts again if the set is again what it was.',
  'Whoever wrote or changed a plan cannot sign it. An admin alone can, for at most 24 hours, with a reason that stays, and somebody else reviews it.',
  'An exception leaves a gate open and says who answers for that until when. Missing names, a refused way back and use that nobody explained take none.',
]

/**
 * A kept plan recomputed against the present snapshot: gates, conflicts, combined outages, which sign-offs stand. Nothing
 * of that is kept, so it closes again by itself when the graph changes. Same estate, documents and day give the same bytes.
 */
export function answerKept(estate: Estate, state: KeptState, now: string): KeptPlanReply {
  const { plan, version } = state
  const world = worldOf(estate, state, now)
  const { at, planned } = world
  const conflicts = conflictsOfKept(estate, plan, world)
  const waves = plan.waves.map((wave, number) => waveOf(estate, state, wave, number, conflicts.ofWave[number]!, world))
  const items = waves.flatMap((wave) => wave.items)
  const blockers = blockersOf(waves, conflicts.whole)
  const ready = blockers.length === 0
  const needs = items.flatMap((item) => (item.stays === null ? item.signOffs : []))
  const gatesOf = new Map(items.map((item) => [item.credential.id, item.gates]))
  const signOffs = state.signOffs
    .map((one) => signOffOf(one, planned.get(one.credential)?.present, at))
    .sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : a.id < b.id ? -1 : 1))
  const conflictCount = conflicts.whole.length + waves.reduce((sum, wave) => sum + wave.conflicts.length, 0)
  const totals = {
    credentials: plan.items.length,
    ready: items.filter((item) => item.ready || item.stays !== null || item.steps.cut).length,
    waves: waves.length,
    conflicts: conflictCount,
    needs: needs.length,
    signed: needs.filter((need) => need.state === 'valid').length,
    lapsed: needs.filter((need) => need.state === 'lapsed').length,
    reviewsDue: state.signOffs.filter(isReviewDue).length,
  }
  const last = plan.log.at(-1)
  return {
    snapshot: snapshotOf(estate),
    ...{ id: plan.id, name: plan.name, version, ready, totals, waves, signOffs },
    status: plan.status === 'ready' && !ready ? 'draft' : plan.status,
    kept: plan.status,
    created: plan.created,
    changed: last ? { by: last.by, at: last.at } : plan.created,
    authors: plan.authors,
    ...wordsOfKept(plan.status, totals, blockers.length),
    blockers: blockers.slice(0, BLOCKERS_SHOWN),
    blockersCount: blockers.length,
    conflicts: conflicts.whole,
    freezes: plan.freezes,
    names: plan.names,
    exceptions: plan.exceptions.map((one) => exceptionOf(one, gatesOf.get(one.credential), at)),
    gates: gateTotals(items),
    missing: missingNames(items),
    log: [...plan.log]
      .reverse()
      .slice(0, LOG_SHOWN)
      .map(({ version: of, by, at: when, words, snapshot }) => ({
        ...{ version: of, by, at: when, words, snapshot },
        undoable: isUndoable(plan, of),
      })),
    rules: KEPT_RULES,
  }
}

function waveOf(
  estate: Estate,
  state: KeptState,
  wave: KeptWave,
  number: number,
  conflicts: readonly CutoverConflict[],
  { planned, at }: KeptWorld,
): CutoverWave {
  const items = wave.credentials.flatMap((id): CutoverItem[] => {
    const one = planned.get(id)
    return one ? [cutoverItem(estate, state, one, at)] : []
  })
  const going = items.filter(({ stays }) => stays === null)
  const numbers = going.map(({ credential }) => estate.indexOf.get(credential.id)!)
  const { title, pilot, start, end } = wave
  return {
    ...{ number: number + 1, title, pilot, start, end, items, conflicts: [...conflicts] },
    ready:
      going.every((item) => item.gates.every(isClosed) || item.steps.cut) && !conflicts.some(({ blocks }) => blocks),
    unprepared: wordsOf(estate, unpreparedOf(estate, numbers)),
    prepared: wordsOf(estate, preparedOf(estate, numbers)),
    sum: {
      breaks: going.reduce((sum, { breaks }) => sum + breaks, 0),
      unknown: going.reduce((sum, { unknown }) => sum + unknown, 0),
    },
    steps: {
      done: items.reduce((sum, { steps }) => sum + steps.done, 0),
      of: items.reduce((sum, { steps }) => sum + steps.of, 0),
    },
    ...afterOf(state, wave),
  }
}

/** What became of a wave that was cut, at least in part. */
function afterOf({ plan }: KeptState, { credentials }: KeptWave): Pick<CutoverWave, 'after'> {
  const isOf = (one: { readonly credentials: readonly string[] }): boolean =>
    one.credentials.some((id) => credentials.includes(id))
  const score = plan.scores?.find(isOf) ?? null
  const outcome = plan.outcomes?.find(isOf) ?? null
  return credentials.some((id) => isCut(plan, id)) ? { after: { score, outcome } } : {}
}

function wordsOfKept(
  status: KeptPlanReply['status'],
  { credentials, ready, waves, conflicts, needs, signed, lapsed, reviewsDue }: KeptPlanReply['totals'],
  blockers: number,
): { title: string; sentence: string } {
  const sentence = [
    `${plural(credentials, 'credential')} in ${plural(waves, 'wave')}, ${plural(conflicts, 'conflict')}.`,
    `${signed} of ${plural(needs, 'sign-off')} given${lapsed > 0 ? `, ${lapsed} lapsed` : ''}.`,
    ...(reviewsDue > 0 ? [`${plural(reviewsDue, 'break-glass sign-off')} to be reviewed.`] : []),
  ].join(' ')
  if (status === 'closed' || status === 'rolled-back')
    return { title: status === 'closed' ? 'Closed' : 'Rolled back', sentence }
  const title =
    blockers === 0
      ? status === 'running'
        ? 'Running, nothing stands in the way'
        : 'Ready'
      : `${status === 'ready' ? 'No longer ready' : status === 'running' ? 'Running, and not ready' : 'Not ready'}: ${ready} of ${credentials} are, ${plural(blockers, 'thing')} open`
  return { title, sentence }
}

/** A plan in the list of plans. */
export function rowOfPlan(reply: KeptPlanReply, now: string): PlanRow {
  const { id, name, version, status, ready, authors, changed, totals, waves, blockersCount, sentence } = reply
  const next = waves.find(({ end, items }) => end > now && items.some(({ steps }) => !steps.cut))
  return {
    ...{ id, name, version, status, ready, authors, changed, sentence },
    ...{ credentials: totals.credentials, waves: totals.waves, conflicts: totals.conflicts },
    ...{ needs: totals.needs, signed: totals.signed, lapsed: totals.lapsed, reviewsDue: totals.reviewsDue },
    next: next?.start ?? null,
    blockers: blockersCount,
  }
}
