import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { ImportReply, Overall, Thing } from '../wire.ts'
import { fallRanking } from './fall-ranking.ts'
import { hitOf } from './find.ts'
import { ownerOf, thingOf } from './things.ts'

type Totals = NonNullable<ImportReply['totals']>
type Moved = NonNullable<ImportReply['moved']>

/** Credentials asked before and after: those with the heaviest fall, each of them a simulation on either side. */
const COMPARED = 200
/** Of them as many as have so many dependents together: each of a large estate may have ten thousand. */
const DEPENDENTS = 200_000

/** What an effect is told from, of one of its two estates: they need not be in one thread. */
export interface EffectSide {
  readonly numbers: readonly { readonly title: string; readonly value: number; readonly share: boolean }[]
  /** Of each credential that was asked and is there. */
  readonly verdicts: readonly { readonly thing: Thing; readonly verdict: Overall | null }[]
}

/** Ids of the credentials whose verdicts are compared: those with the heaviest fall in either estate. */
export function comparedIds(estate: Estate): readonly string[] {
  return heaviest(estate)
}

export function effectSide(estate: Estate, ids: readonly string[], now: string): EffectSide {
  const verdicts = ids.flatMap((id) => {
    const index = estate.indexOf.get(id)
    return index === undefined ? [] : [{ thing: thingOf(estate, index), verdict: verdictIn(estate, id, now) }]
  })
  return { numbers: numbersOf(estate), verdicts }
}

/** What there was and is, in words of the estate. */
export function totalsBetween(before: EffectSide, after: EffectSide): Totals {
  const [was, is] = [before.numbers, after.numbers]
  return is.map(({ title, value, share }, i) => ({ title, before: was[i]!.value, after: value, share }))
}

const counted = new WeakMap<Estate, EffectSide['numbers']>()

/** Counted once an estate: a pass over all of it. */
export function numbersOf(estate: Estate): EffectSide['numbers'] {
  const known = counted.get(estate)
  if (known) return known
  const numbers = countedIn(estate)
  counted.set(estate, numbers)
  return numbers
}

function countedIn(estate: Estate): EffectSide['numbers'] {
  let credentials = 0
  let owned = 0
  let workloads = 0
  estate.entities.forEach(({ kind }, index) => {
    const { role } = entityKinds[kind]
    if (role === 'workload') workloads++
    if (role !== 'credential') return
    credentials++
    if (ownerOf(estate, index) !== null) owned++
  })
  const seen = estate.relationships.filter(({ evidence }) => evidence?.some(({ kind }) => kind === 'observed')).length
  const nobody = estate.relationships.filter(({ unattributed }) => unattributed === true).length
  return [
    { title: 'Credentials', value: credentials, share: false },
    { title: 'Workloads', value: workloads, share: false },
    { title: 'Relations seen in use', value: seen, share: false },
    { title: 'Uses by nobody known', value: nobody, share: false },
    { title: 'Owner known', value: credentials === 0 ? 0 : Math.round((100 * owned) / credentials), share: true },
  ]
}

/** Credentials whose verdict an import changed: what a cutover board would ask first. */
export function verdictsMoved(before: EffectSide, after: EffectSide, ids: readonly string[]): Moved {
  const items: Moved['items'] = []
  const [earlier, later] = [before, after].map(({ verdicts }) => new Map(verdicts.map((one) => [one.thing.id, one])))
  for (const id of ids) {
    const [then, now] = [earlier!.get(id), later!.get(id)]
    const [was, is] = [then?.verdict ?? null, now?.verdict ?? null]
    if (was !== is) items.push({ thing: (now ?? then)!.thing, before: was, after: is })
  }
  items.sort((a, b) => rankOf(a) - rankOf(b) || (a.thing.name < b.thing.name ? -1 : 1))
  return { compared: ids.length, items }
}

function heaviest(estate: Estate): string[] {
  const ids: string[] = []
  let dependents = 0
  for (const { credential, breaks, unknown } of fallRanking(estate).falls) {
    if (ids.length === COMPARED || dependents > DEPENDENTS) break
    dependents += breaks + unknown
    ids.push(estate.entities[credential]!.id)
  }
  return ids
}

function verdictIn(estate: Estate, id: string, now: string): Overall | null {
  const index = estate.indexOf.get(id)
  return index === undefined ? null : (hitOf(estate, index, now).front?.verdict ?? null)
}

/** What moved from one verdict to another before what came or went, the worst of now first. */
function rankOf({ before, after }: Moved['items'][number]): number {
  const worst = after === null ? 4 : ['not-safe', 'cannot-say', 'safe-after-steps', 'safe'].indexOf(after)
  return (before === null ? 5 : 0) + worst
}
