import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
import type { Operation, Step, Verdict } from '../wire.ts'
import { duration, exactly, plural } from './durations.ts'
import { remedyOf, type Remedy } from './model.ts'
import { canOverlap, operations } from './operations.ts'
import { isUnused, slotsTakenBy } from './slots.ts'
import type { Place } from './subject.ts'
import { ownerOf, thingOf } from './things.ts'

/** A dependent with its verdict, and the steps it needs. */
export interface Judged {
  readonly index: number
  readonly verdict: Verdict
  readonly steps: readonly string[]
}

type Words = Pick<Step, 'title' | 'detail' | 'confirmed'> & { who?: string }

/** What comes first: room for a second value where there is none, and the second value, or time to take it. */
export function describeOpening(
  estate: Estate,
  subject: number,
  op: Operation,
  places: readonly Place[],
  least: number | undefined,
): (Words & { id: string; overlap?: number })[] {
  const entity = estate.entities[subject]!
  const { title } = entityKinds[entity.kind]
  const where = places.map((place) => estate.entities[place.index]!.name)
  const into = where.length ? `into ${listed(where)}` : 'to whoever uses it'
  const owner = ownerOf(estate, subject)
  const who = owner === null ? {} : { who: owner }
  const isRotation = operations[op].engine === 'rotate'
  const time = least === undefined ? '' : `; both values for at least ${duration(least)}`
  const overlap = least === undefined ? {} : { overlap: least }
  const others = slotsTakenBy(estate, subject)
  const unused = others.find((index) => isUnused(estate, index))
  const freed =
    unused === undefined
      ? []
      : [
          {
            id: 'free-slot',
            title: `Delete ${estate.entities[unused]!.name}, which nobody uses, to free a slot`,
            detail: `all ${others.length + 1} slots of ${title}s are taken; by the platform's own word this one is not used`,
            confirmed: true,
            ...who,
          },
        ]
  if (others.length > 0 && unused === undefined && !isRotation)
    return [
      {
        id: 'second-value',
        title: `Move to ${listed(others.map((index) => estate.entities[index]!.name))}, which is there already`,
        detail: `all ${others.length + 1} slots are taken: no other value can be made before one is free; its value ${into}${time}`,
        confirmed: false,
        ...overlap,
        ...who,
      },
    ]
  if (isRotation)
    return [
      ...freed,
      {
        id: 'overlap',
        title: `Keep both values until everybody has taken the new one${least === undefined ? '' : `: ${duration(least)} or longer`}`,
        detail: `new value ${into}`,
        confirmed: owner !== null && canOverlap(entity.kind),
        ...overlap,
        ...who,
      },
    ]
  const second = canOverlap(entity.kind)
    ? `Create a second value of this ${title}`
    : 'Create a second user with the same rights'
  return [
    ...freed,
    {
      id: 'second-value',
      title: `${second} and move to it`,
      detail: `new value ${into}${time}`,
      confirmed: owner !== null && canOverlap(entity.kind),
      ...overlap,
      ...who,
    },
  ]
}

export function describePublish(estate: Estate, places: readonly Place[]): Words {
  const things = places.map((place) => thingOf(estate, place.index))
  const what = things.length === 1 ? things[0]!.name : plural(things.length, things[0]!.title)
  const names = things.map(({ name, where }) => (where ? `${name} (${where})` : name))
  return {
    title: `Put the new value into ${what} too`,
    detail: `copies of their own, not synchronised from anywhere: ${listed(names)}`,
    ...ownersOf(
      estate,
      places.map((place) => place.index),
    ),
  }
}

const remedyWords = {
  restart: {
    title: (what: string) => `Restart ${what} after the new value has arrived`,
    why: 'read at start, never again',
  },
  redeploy: {
    title: (what: string) => `Deploy ${what} again after the new value has arrived`,
    why: 'read at deployment',
  },
  'by-hand': { title: (what: string) => `Give ${what} the new value by hand`, why: 'put in by a person' },
  rebuild: { title: (what: string) => `Build the image of ${what} again and roll it out`, why: 'baked into the image' },
  'change-code': { title: (what: string) => `Change the code of ${what}`, why: 'hard-coded' },
  'ask-vendor': { title: (what: string) => `Ask the vendor to change it in ${what}`, why: 'managed by a vendor' },
} as const satisfies Record<Remedy, { title: (what: string) => string; why: string }>

export function describeRemedy(estate: Estate, remedy: Remedy, needing: readonly number[]): Words {
  const touched = needing.filter((index) => needsRemedy(estate, index, remedy))
  const names = touched.map((index) => estate.entities[index]!.name)
  return {
    title: remedyWords[remedy].title(touched.length === 1 ? names[0]! : plural(touched.length, 'workload')),
    detail: `${remedyWords[remedy].why}: ${listed(names)}`,
    ...ownersOf(estate, touched),
  }
}

function needsRemedy(estate: Estate, index: number, remedy: Remedy): boolean {
  for (const number of along(estate.out, index)) if (remedyOf(estate.relationships[number]!) === remedy) return true
  return false
}

const movers = {
  'enforce-vault': { id: 'read-from-vault', title: (what: string) => `Let ${what} read it from the vault` },
  'enforce-jit': {
    id: 'ask-broker',
    title: (what: string) => `Let ${what} ask the broker for it, without anybody who approves`,
  },
} as const satisfies Partial<Record<Operation, { id: string; title: (what: string) => string }>>

/** Who uses the static value elsewhere has to be changed before it goes: that is built, not done. */
export function describeMoving(
  estate: Estate,
  op: Operation,
  dependents: readonly Judged[],
  users: readonly number[],
): Step[] {
  if (op !== 'enforce-vault' && op !== 'enforce-jit') return []
  const own = new Set(users)
  const open = dependents
    .filter(({ index, verdict }) => own.has(index) && verdict !== 'keeps')
    .map(({ index }) => index)
  const moved = open.filter((index) => estate.entities[index]!.kind !== 'caller')
  if (moved.length === 0) return []
  const names = moved.map((index) => estate.entities[index]!.name)
  const { id, title } = movers[op]
  return [
    {
      id,
      title: title(moved.length === 1 ? names[0]! : plural(moved.length, 'workload')),
      detail: `uses a value of its own: ${listed(names)}`,
      settles: moved.length,
      needed: false,
      ...ownersOf(estate, moved),
      confirmed: false,
    },
  ]
}

/** What only somebody who knows can settle: who calls, and how a value gets there. It makes nothing safe by itself. */
export function describeAsking(estate: Estate, dependents: readonly Judged[]): Step[] {
  const open = dependents
    .filter(({ verdict }) => verdict === 'unknown' || verdict === 'breaks')
    .map(({ index }) => index)
  const callers = open.filter((index) => estate.entities[index]!.kind === 'caller')
  const unsaid = open.filter((index) => estate.entities[index]!.kind !== 'caller' && isUnsaid(estate, index))
  const asked: Step[] = []
  if (callers.length > 0)
    asked.push({
      id: 'name-callers',
      title: `Name who stands behind ${callers.length === 1 ? estate.entities[callers[0]!]!.name : plural(callers.length, 'unattributed caller')}`,
      detail: `seen using it, and no workload known here explains it: ${listed(callers.map((index) => estate.entities[index]!.name))}`,
      settles: callers.length,
      confirmed: false,
      needed: false,
    })
  if (unsaid.length > 0)
    asked.push({
      id: 'ask-delivery',
      title: `Find out how ${unsaid.length === 1 ? `${estate.entities[unsaid[0]!]!.name} gets` : `${plural(unsaid.length, 'workload')} get`} the value`,
      detail: `nothing here says it, so neither when a new one would be taken: ${listed(unsaid.map((index) => estate.entities[index]!.name))}`,
      settles: unsaid.length,
      needed: false,
      ...ownersOf(estate, unsaid),
      confirmed: false,
    })
  return asked
}

/** A use of which no source says how the value gets there. */
function isUnsaid(estate: Estate, index: number): boolean {
  for (const number of along(estate.out, index)) {
    const { kind, delivery, pickup, confidence } = estate.relationships[number]!
    const isUse = kind === 'USES_SECRET' || kind === 'USES_CREDENTIAL'
    if (isUse && confidence !== 'none' && delivery === undefined && pickup === undefined) return true
  }
  return false
}

function ownersOf(estate: Estate, indices: readonly number[]): Pick<Words, 'confirmed' | 'who'> {
  const owners = indices.map((index) => ownerOf(estate, index))
  const teams = [...new Set(owners.filter((owner) => owner !== null))].sort()
  return { confirmed: owners.every((owner) => owner !== null), ...(teams.length > 0 && { who: listed(teams) }) }
}

/** "a, b, c and 4 more". */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3)
  return names.length > 3 ? `${shown.join(', ')} and ${exactly(names.length - 3)} more` : shown.join(', ')
}
