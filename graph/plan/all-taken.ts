import { exactly } from '../answer/durations.ts'
import { primarySystems } from '../answer/systems.ts'
import { operations } from '../answer/operations.ts'
import { lagAt } from '../answer/lag.ts'
import { bareModel, victimsOf, type Victims } from '../answer/victims.ts'
import type { Estate } from '../estate/estate.ts'
import { fallOf } from '../reach/fall.ts'
import type { Operation } from '../wire.ts'
import type { Conflict } from '../wire-plan.ts'
import { moveOf } from './move.ts'

/** One change of a plan: entity number of its credential, and what is done to it. */
export interface Taken {
  readonly credential: number
  readonly op: Operation
}

/**
 * What breaks although no single change of the plan breaks it: each credential is another one's fallback, so each answer
 * alone says that the dependant keeps working. A change that gives nothing in its place counts for every later wave; a
 * value that is overwritten counts in its own window. At most one conflict a wave, for what was not said before.
 */
export function allTaken(estate: Estate, waves: readonly (readonly Taken[])[]): (Conflict | undefined)[] {
  const alone = new Map<number, Victims>()
  const before: Taken[] = []
  const said = new Set<number>()
  return waves.map((wave) => {
    const gone = wave.filter((one) => operations[one.op].engine !== 'rotate')
    const overwritten = wave.filter(
      (one) => operations[one.op].engine === 'rotate' && moveOf(estate, one.credential, one.op).second === 'none',
    )
    const all = [...before, ...gone, ...overwritten]
    before.push(...gone)
    if (gone.length + overwritten.length === 0 || all.length < 2) return undefined
    const { breaks, unknown } = together(estate, all, alone)
    const fresh = [...breaks, ...unknown].filter((index) => !said.has(index))
    if (fresh.length === 0) return undefined
    for (const index of fresh) said.add(index)
    return conflictOf(estate, all, fresh, breaks.includes(fresh[0]!))
  })
}

/** Out by all of them, and by none of them alone; what is certain only together counts, although it was possible alone. */
function together(estate: Estate, all: readonly Taken[], alone: Map<number, Victims>): Victims {
  const whole = fallen(estate, all)
  const [broken, touched] = [new Set<number>(), new Set<number>()]
  for (const one of all) {
    const known = alone.get(one.credential) ?? fallen(estate, [one])
    alone.set(one.credential, known)
    for (const index of known.breaks) broken.add(index)
    for (const index of [...known.breaks, ...known.unknown]) touched.add(index)
  }
  return {
    breaks: whole.breaks.filter((index) => !broken.has(index)),
    unknown: whole.unknown.filter((index) => !touched.has(index)),
  }
}

function fallen(estate: Estate, taken: readonly Taken[]): Victims {
  const struck = [...new Set(taken.map(({ credential }) => credential))]
  const unsure = taken.filter(({ credential, op }) => lagAt(estate, credential, op).span[1] === null)
  const loss = { struck, unsure: new Set(unsure.map(({ credential }) => credential)) }
  const { breaks, unknown } = victimsOf(estate, fallOf(bareModel(estate), loss))
  return { breaks: [...breaks], unknown: [...unknown] }
}

const NAMED = 3

function conflictOf(estate: Estate, all: readonly Taken[], fresh: readonly number[], isCertain: boolean): Conflict {
  const [first] = fresh
  // Those without which the first of them would go on; where several groups fail it, all of them.
  const needed = all.filter((one) => {
    const { breaks, unknown } = fallen(estate, all.filter((other) => other !== one)) // prettier-ignore
    return !breaks.includes(first!) && (isCertain || !unknown.includes(first!))
  })
  const ways = needed.length > 1 ? needed : all
  const systems = primarySystems(estate)
  const of = [...new Set(fresh.map((index) => systems[index]!).filter((index) => index >= 0))]
  const behind = of.length > 0 ? ` (${listed(estate, of)})` : ''
  const names = listed(
    estate,
    ways.map(({ credential }) => credential),
  )
  return {
    kind: 'together',
    credentials: ways.map(({ credential }) => estate.entities[credential]!.id),
    words: `${listed(estate, fresh)}${behind} ${isCertain ? 'breaks' : 'may break'} although no single change breaks it: it goes on as long as one of ${names} works, and with this wave none does`,
    todo: 'leave one of them out, or rotate it with both values accepted',
  }
}

function listed(estate: Estate, indices: readonly number[]): string {
  const names = indices.slice(0, NAMED).map((index) => estate.entities[index]!.name)
  return indices.length > NAMED ? `${names.join(', ')} and ${exactly(indices.length - NAMED)} more` : names.join(', ')
}
