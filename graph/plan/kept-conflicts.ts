import type { Estate } from '../estate/estate.ts'
import type { CutoverConflict } from '../wire-cutover.ts'
import type { Conflict } from '../wire-plan.ts'
import type { KeptWorld } from './kept-world.ts'
import { allTaken } from './all-taken.ts'
import { DAY, readFreezes, type Window } from './calendar.ts'
import { isCut } from './edit.ts'
import { stayOf } from './kept-exceptions.ts'
import type { KeptPlanned } from './kept-item.ts'
import type { KeptPlan, KeptWave } from './kept-plan.ts'
import { candidateOf } from './planned.ts'
import { conflictWords, mayNeed, tooSoon, windowConflicts } from './wave-conflicts.ts'
import { conflictsIn } from './waves.ts'

/** Whatever in these waves contradicts the graph, the calendar or itself, whoever made them. */
export function conflictsOfKept(
  estate: Estate,
  plan: KeptPlan,
  { planned, upstream, at }: KeptWorld,
): { ofWave: CutoverConflict[][]; whole: CutoverConflict[] } {
  const members = plan.waves.map(({ credentials }) =>
    credentials.flatMap((id) => planned.get(id) ?? []).filter(({ kept }) => !isCut(plan, kept.credential)),
  )
  const all = members.flat().map((one) => one.planned)
  const byNumber = new Map(all.map((one) => [one.line.credential, one]))
  const numbers = new Map(all.map(({ line }) => [estate.entities[line.credential]!.key, line.credential]))
  const keyOf = ({ planned: { line } }: KeptPlanned): string => estate.entities[line.credential]!.key
  const ordered = conflictsIn(
    all.map((one) => candidateOf(estate, one, new Map())),
    members.map((wave) => wave.map(keyOf)),
  ).map((one) => ({ one, conflict: conflictWords(estate, one, numbers, byNumber) }))
  const taken = allTaken(
    estate,
    plan.waves.map(({ credentials }) =>
      credentials
        .filter((id) => stayOf(plan.exceptions, id, at) === undefined)
        .flatMap((id) => planned.get(id) ?? [])
        .map(({ planned: { line }, present }) => ({ credential: line.credential, op: present.op })),
    ),
  )
  const ofWave = plan.waves.map((wave, number) => {
    const keys = new Set(members[number]!.map(keyOf))
    const window: Window = { start: Date.parse(wave.start), end: Date.parse(wave.end), moved: 0 }
    const own = ordered.filter(({ one }) => one.kind !== 'ring' && one.keys.some((key) => keys.has(key)))
    const wavePlanned = members[number]!.map((one) => one.planned)
    const together = members[number]!.length > 0 ? taken[number] : undefined
    return [
      ...(together ? [named(together, true)] : []),
      ...own.map(({ one, conflict }) => named(conflict, one.kind === 'order')),
      ...windowConflicts(estate, wavePlanned, window).map((one) => named(one, false)),
      ...(wavePlanned.length > 0 ? tooSoon(estate, wavePlanned, window, at).map((one) => named(one, false)) : []),
      ...frozen(plan, wave, window),
      ...past(members[number]!, wave, at),
    ]
  })
  const order = members.map((wave) => wave.map(({ planned: { line } }) => line.credential))
  return {
    ofWave,
    whole: [
      ...ordered.filter(({ one }) => one.kind === 'ring').map(({ conflict }) => named(conflict, false)),
      ...mayNeed(estate, order, upstream).map((one) => named(one, false)),
      ...gone(plan, planned),
      ...overlapping(plan.waves),
      ...over(plan, at),
    ],
  }
}

const named = (conflict: Conflict, blocks: boolean): CutoverConflict => ({ ...conflict, blocks })

function frozen({ freezes }: KeptPlan, wave: KeptWave, window: Window): CutoverConflict[] {
  return readFreezes(freezes.join(','))
    .filter(({ from, until }) => window.start < until + DAY && window.end > from)
    .map(({ words }) => ({
      ...{ kind: 'freeze', credentials: wave.credentials, blocks: true },
      words: `its window is within the freeze ${words}`,
      todo: 'move the window, or end the freeze',
    }))
}

function past(members: readonly KeptPlanned[], { end }: KeptWave, at: string): CutoverConflict[] {
  if (members.length === 0 || Date.parse(end) > Date.parse(at)) return []
  return [
    {
      ...{ kind: 'past', credentials: members.map(({ kept }) => kept.credential), blocks: true },
      words: `its window is over, and ${members.length === 1 ? members[0]!.kept.name : `${members.length} of it`} ${members.length === 1 ? 'is' : 'are'} not cut`,
      todo: 'set a new window; sign-offs are given for one',
    },
  ]
}

/** In the plan, and in no source any more, or no longer to be changed like that. */
function gone({ items }: KeptPlan, planned: ReadonlyMap<string, KeptPlanned>): CutoverConflict[] {
  return items.flatMap(({ credential, name, op }): CutoverConflict[] => {
    const one = planned.get(credential)
    if (one && !one.isOtherOp) return []
    return [
      {
        ...{ kind: 'gone', credentials: [credential], blocks: true },
        words: one ? `${name}: ${op} is not possible any more` : `${name} is in no source any more`,
        todo: one ? 'choose another operation' : 'take it out, or import its source again',
      },
    ]
  })
}

/** Two at a time: a failure of the one is not seen before the other. */
function overlapping(waves: readonly KeptWave[]): CutoverConflict[] {
  return waves.flatMap((wave, at) => {
    const other = waves.findIndex((one, number) => number > at && one.start < wave.end && wave.start < one.end)
    return other < 0
      ? []
      : [
          {
            ...{
              kind: 'overlap' as const,
              credentials: [...wave.credentials, ...waves[other]!.credentials],
              blocks: false,
            },
            words: `waves ${at + 1} and ${other + 1} are at the same time: their outage together is not computed`,
            todo: 'move one of them, or make them one wave',
          },
        ]
  })
}

function over({ exceptions, items }: KeptPlan, at: string): CutoverConflict[] {
  const names = new Map(items.map(({ credential, name }) => [credential, name]))
  return exceptions
    .filter(({ until, credential }) => at.slice(0, 10) > until && names.has(credential))
    .map(({ credential, what, until, owner }) => ({
      ...{ kind: 'exception' as const, credentials: [credential], blocks: false },
      words: `${names.get(credential)}: the exception for ${what} was over on ${until}`,
      todo: `${owner} closes it, or gives it a new end`,
    }))
}
