import { exactly } from '../answer/durations.ts'
import { DEFAULT_OVERLAP } from '../answer/change.ts'
import { textProp } from '../answer/things.ts'
import type { Estate } from '../estate/estate.ts'
import type { Conflict } from '../wire-plan.ts'
import type { Window } from './calendar.ts'
import type { Readiness } from './gates.ts'
import { jobsIn } from './jobs.ts'
import { moveOf } from './move.ts'
import type { Planned } from './planned.ts'
import type { Upstream } from './upstream.ts'
import { watchingTime } from './watching.ts'
import { MOST_OF_AN_OWNER, type OrderConflict } from './waves.ts'

/** What is wrong with waves, in words, whoever made them. */

export function conflictWords(
  estate: Estate,
  { kind, keys }: OrderConflict,
  numbers: ReadonlyMap<string, number>,
  planned: ReadonlyMap<number, Planned>,
): Conflict {
  const things = keys.map((key) => estate.entities[numbers.get(key)!]!)
  const names = things.map(({ name }) => name)
  const credentials = things.map(({ id }) => id)
  if (kind === 'ring')
    return {
      ...{ kind, credentials },
      words: `each of ${names.join(', ')} needs another of them for its own change to arrive`,
      todo: 'break the ring: give one of them another way for the time of the change',
    }
  if (kind === 'order')
    return {
      ...{ kind, credentials },
      words: `${names[1]} needs ${names[0]}, which goes later`,
      todo: `move ${names[0]} to an earlier wave`,
    }
  const { owner } = planned.get(numbers.get(keys[0]!)!)!.line
  return {
    ...{ kind, credentials },
    words: `${owner} has ${keys.length} items in this wave, more than ${MOST_OF_AN_OWNER}`,
    todo: 'allow more waves, or name somebody else for some of them',
  }
}

/** What only may be needed orders nothing; where it goes later than who may need it, that is said, once for each. */
export function mayNeed(
  estate: Estate,
  waves: readonly (readonly number[])[],
  upstream: ReadonlyMap<number, Upstream>,
): Conflict[] {
  const place = new Map(waves.flat().map((credential, at) => [credential, at]))
  const waiting = new Map<number, number[]>()
  for (const credential of place.keys())
    for (const other of upstream.get(credential)!.possible)
      if (place.get(other)! > place.get(credential)!) waiting.set(other, [...(waiting.get(other) ?? []), credential])
  return [...waiting]
    .sort(([a], [b]) => place.get(a)! - place.get(b)!)
    .map(([other, earlier]) => ({
      kind: 'order',
      credentials: [other, ...earlier].map((index) => estate.entities[index]!.id),
      words: `${listed(earlier.map((index) => estate.entities[index]!.name))} may need ${estate.entities[other]!.name}, which goes later: possible, not certain`,
      todo: `settle what is not known of ${estate.entities[other]!.name}, or plan it first`,
    }))
}

export function windowConflicts(estate: Estate, members: readonly Planned[], window: Window): Conflict[] {
  const found: Conflict[] = []
  const undated: { id: string; names: readonly string[] }[] = []
  for (const { line, readiness } of members) {
    const { id, name } = estate.entities[line.credential]!
    const about = (kind: Conflict['kind'], words: string, todo: string): void =>
      void found.push({ kind, credentials: [id], words, todo })
    const { during, unsure } = jobsIn(estate, readiness, window)
    if (during.length > 0)
      about(
        'job',
        `${name}: ${listed(during)} ${during.length === 1 ? 'runs' : 'run'} within the window`,
        'move the window or the run, or pause it',
      )
    if (unsure.length > 0) undated.push({ id, names: unsure })
    for (const words of statedFreezes(estate, readiness))
      about(
        'freeze',
        `${name}: a source states the freeze “${words}”`,
        'compare it with the window; --freeze A..B keeps it clear',
      )
    const slot = readiness.gates.find((gate) => gate.id === 'overlap')!
    if (slot.state === 'not-met' && slot.why.startsWith('all ')) about('no-slot', `${name}: ${slot.why}`, slot.todo)
  }
  const jobs = [...new Set(undated.flatMap(({ names }) => names))]
  if (jobs.length > 0)
    found.push({
      ...{ kind: 'job', credentials: undated.map(({ id }) => id) },
      words: `when ${listed(jobs)} ${jobs.length === 1 ? 'runs' : 'run'} is not known; it may be within the window`,
      todo: 'look up the schedule',
    })
  return found
}

/** Preparing takes an overlap and a full period of use: whoever should have begun by now is named. */
export function tooSoon(estate: Estate, members: readonly Planned[], { start }: Window, at: string): Conflict[] {
  const late = members.filter(({ line, readiness }) => {
    if (moveOf(estate, line.credential, readiness.op).second === 'none') return false
    const lead = DEFAULT_OVERLAP + watchingTime(readiness.assessment).lasts
    return start - lead * 1000 < Date.parse(at)
  })
  if (late.length === 0) return []
  const things = late.map(({ line }) => estate.entities[line.credential]!)
  return [
    {
      ...{ kind: 'lead', credentials: things.map(({ id }) => id) },
      words: `the preparation of ${listed(things.map(({ name }) => name))} should have begun already`,
      todo: 'start later (--from), or accept that a rare use is not seen before the cut',
    },
  ]
}

/** Freezes that imports state as text, of the credential, what it proves, its places, its systems. */
function statedFreezes(estate: Estate, { scene }: Readiness): string[] {
  const near = [...scene.around, ...scene.systems.map((index) => estate.entities[index]!)]
  return [...new Set(near.flatMap((entity) => textProp(entity, 'freezeWindows') ?? []))].sort()
}

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${exactly(names.length - 3)} more` : names.join(', ')
