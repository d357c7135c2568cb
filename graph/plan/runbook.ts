import { DEFAULT_OVERLAP, publishOf } from '../answer/change.ts'
import { duration } from '../answer/durations.ts'
import { operations } from '../answer/operations.ts'
import { ownerOf } from '../answer/things.ts'
import type { Estate } from '../estate/estate.ts'
import type { Step } from '../wire.ts'
import type { RunbookReply, RunbookStep } from '../wire-plan.ts'
import type { Readiness } from './gates.ts'
import { moveOf, type Move } from './move.ts'

type Draft = Omit<RunbookStep, 'number' | 'when' | 'date'>
type RollbackStep = RunbookReply['rollbackSteps'][number]

const HOUR = 3600
/** What has to be built or found out first is asked for so long before the first act. */
const NOTICE = 7 * 86_400

export interface Written {
  readonly steps: readonly Draft[]
  readonly rollbackSteps: readonly RollbackStep[]
}

/** Where a check runs and what it is, in one line. */
export interface CheckLine {
  readonly words: string
  readonly run: readonly string[]
}

/**
 * The steps of one change, oldest first, each with its time from T (the cut), who does it, how one sees that it worked
 * and how it is undone. Commands are of the table of platform calls; nothing runs them.
 */
export function stepsOf(
  estate: Estate,
  readiness: Readiness,
  check: CheckLine,
  watch: { lasts: number; why: string },
): Written {
  const { assessment, op, scene } = readiness
  const { subject, users } = assessment
  const move = moveOf(estate, subject, op)
  const who = revokerOf(readiness) ?? scene.owner
  const { name } = estate.entities[subject]!
  const known = assessment.steps
  const least = Math.max(0, ...known.flatMap(({ overlap }) => overlap ?? []))
  // The old value has to be seen unused for one full period before it goes (change-semantics.md 13.5).
  const lead = move.second === 'none' ? 0 : Math.max(least, DEFAULT_OVERLAP) + watch.lasts
  const places = publishOf(estate, subject, op, users.places)
  const put = [
    ...new Set([...places, ...users.places.filter((place) => place.put && place.confirmed).map(({ index }) => index)]),
  ]
  const first = -lead - (move.second === 'none' ? HOUR : 0)
  const steps: Draft[] = [
    ...prepareSteps(known, first - NOTICE),
    ...(move.second === 'none' ? [] : [makeStep(move, name, first, who)]),
    ...(move.second === 'none' || put.length === 0 ? [] : [putStep(estate, put, first, who)]),
    ...deliverSteps(known, first, watch.lasts),
    {
      ...{ phase: 'validate', at: -HOUR, who, run: [...check.run], final: false },
      title:
        move.second === 'none'
          ? 'Check on the workload’s own path that it works before the cut'
          : 'Check the new value on the workload’s own path',
      detail: check.words,
      check: 'every workload named here answers; if one does not, stop and undo',
      undo: 'nothing is changed by it',
    },
    ...(move.second === 'none' ? [] : [quietStep(name, who, watch)]),
    cutStep(move, name, who, op, check),
    watchStep(name, readiness, watch),
    ...(move.retire === null ? [] : [retireStep(move, name, watch.lasts, who)]),
  ]
  return { steps: steps.sort((a, b) => a.at - b.at), rollbackSteps: rollbackSteps(estate, move, put, known, check) }
}

/** Steps with a key each that stays the same while the step does: its phase and title, numbered where two are alike. */
export function keyed<S extends Pick<RunbookStep, 'phase' | 'title'>>(steps: readonly S[]): (S & { key: string })[] {
  const seen = new Map<string, number>()
  return steps.map((step) => {
    const key = `${step.phase}: ${step.title}`.slice(0, 380)
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    return { ...step, key: times === 1 ? key : `${key} (${times})` }
  })
}

function revokerOf({ named }: Readiness): string | null {
  return named.find(({ duty }) => duty === 'revoker')!.name
}

/** Ids of steps that are the making of the second value itself, which has a step of its own. */
const opening = new Set(['second-value', 'overlap'])
const deliveries = new Set(['restart', 'redeploy', 'by-hand'])

/** What has to be built, found out or freed before anything is changed. */
function prepareSteps(known: readonly Step[], at: number): Draft[] {
  return known
    .filter(({ id }) => !opening.has(id) && !deliveries.has(id) && !id.startsWith('publish-'))
    .map(({ title, detail, who, needed }) => ({
      ...{ phase: 'prepare' as const, title, detail, at, who: who ?? null, run: [], final: false },
      check: needed === false ? 'done and imported again: the answer no longer names it' : 'the platform shows it',
      undo: 'nothing of the credential is changed yet',
    }))
}

function makeStep(move: Move, name: string, at: number, who: string | null): Draft {
  const what = {
    value: 'a second value',
    user: 'a second user with the same rights',
    vault: 'the way through the vault',
    none: '',
  }
  const taken = move.unmake.length > 0 ? `: ${move.unmake.join('; ')}` : ''
  return {
    ...{ phase: 'issue', at, who, run: [...move.make], final: false },
    title: `Make ${what[move.second]} beside ${name}`,
    detail: 'from here on two are accepted; the plan ends with one',
    check: 'the platform lists both',
    undo: `delete the new one${taken}`,
  }
}

function putStep(estate: Estate, put: readonly number[], at: number, who: string | null): Draft {
  const names = put.map((index) => estate.entities[index]!.name)
  const owners = [...new Set(put.flatMap((index) => ownerOf(estate, index) ?? []))].sort()
  return {
    ...{ phase: 'deliver', at, run: [], final: false, who: owners.length > 0 ? owners.join(', ') : who },
    title: `Put the new value into ${names.length === 1 ? names[0]! : `${names.length} places`}`,
    detail: names.join(', '),
    check: 'each place shows a new version; what synchronises from it follows',
    undo: 'put the old value back as the newest version',
  }
}

/** Restarts come after the value has arrived, and leave a full period in which the old one can be seen unused. */
function deliverSteps(known: readonly Step[], first: number, watch: number): Draft[] {
  return known
    .filter(({ id }) => deliveries.has(id))
    .map(({ title, detail, who, after = 0 }) => ({
      ...{
        phase: 'deliver' as const,
        title,
        detail,
        at: Math.min(first + after, -watch - HOUR),
        who: who ?? null,
        run: [],
        final: false,
      },
      check: 'it started after the new value had arrived, and is healthy',
      undo: 'put the old value back, and do the same once more',
    }))
}

function quietStep(name: string, who: string | null, watch: { lasts: number }): Draft {
  return {
    ...{ phase: 'validate', at: -HOUR, who, run: [], final: false },
    title: `See that nobody uses ${name} any more`,
    detail: `its last use has to be older than the rarest period of use, ${duration(watch.lasts)}; a later use is a consumer that was not moved`,
    check: 'last used, as the platform and the logs show it, is before the new value was delivered',
    undo: 'nothing is changed by it; a use that is seen stops the change',
  }
}

function cutStep(move: Move, name: string, who: string | null, op: Readiness['op'], check: CheckLine): Draft {
  const isFinal = move.undo.possible === 'no' || (move.undo.possible === 'unknown' && move.retire === null)
  return {
    ...{ phase: 'cut', at: 0, who, run: [...move.cut], final: isFinal },
    title: `${move.cutWords}: ${name}`,
    detail:
      move.cut.length > 0
        ? 'nothing runs this for you'
        : `${operations[op].verb} on the platform; no command is known for it`,
    check: `the old value fails where it worked; the new one works: ${check.words}`,
    undo: isFinal
      ? `none: ${move.undo.words}`
      : [...move.undo.run, ...(move.undo.run.length === 0 ? [move.undo.words] : [])].join('; '),
  }
}

function watchStep(name: string, readiness: Readiness, watch: { lasts: number; why: string }): Draft {
  const onCall = readiness.named.find(({ duty }) => duty === 'on-call')!.name
  return {
    ...{ phase: 'watch', at: 0, who: onCall, run: [], final: false },
    title: `Watch for ${duration(watch.lasts)}`,
    detail: `${watch.why}; the signals and queries are below`,
    check: `no failed use of ${name}; keyfall compare scores the logs against the prediction`,
    undo: 'roll back at the first signal that was not predicted',
  }
}

function retireStep(move: Move, name: string, at: number, who: string | null): Draft {
  return {
    ...{ phase: 'retire', at, who, run: [...(move.retire ?? [])], final: true },
    title: `Delete ${name} for good`,
    detail: 'only after the watch has passed without a signal',
    check: 'the platform lists one value',
    undo: 'none: a deleted value cannot be brought back',
  }
}

function rollbackSteps(
  estate: Estate,
  move: Move,
  put: readonly number[],
  known: readonly Step[],
  check: CheckLine,
): RollbackStep[] {
  if (move.undo.possible === 'no' && move.second === 'none') return []
  const names = put.map((index) => estate.entities[index]!.name)
  const restarts = known.filter(({ id }) => deliveries.has(id))
  return [
    move.undo.possible === 'no'
      ? { title: 'Before T the old value still works: do not cut', run: [] }
      : { title: 'Make the old value work again', run: [...move.undo.run] },
    ...(names.length > 0 && move.second !== 'none'
      ? [{ title: `Put the old value back into ${names.join(', ')}`, run: [] }]
      : []),
    ...restarts.map(({ title }) => ({
      title: title.replace('the new value has arrived', 'the old value is back'),
      run: [],
    })),
    { title: `Check on the workload’s own path: ${check.words}`, run: [...check.run] },
    ...(move.second === 'none'
      ? []
      : [{ title: 'Take the new one away, so that one value is left', run: [...move.unmake] }]),
  ]
}
