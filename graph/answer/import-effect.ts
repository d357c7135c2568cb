import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { ImportReply, Overall } from '../wire.ts'
import { fallRanking } from './fall-ranking.ts'
import { hitOf } from './find.ts'
import { ownerOf, thingOf } from './things.ts'

type Totals = NonNullable<ImportReply['totals']>
type Moved = NonNullable<ImportReply['moved']>

/** Credentials asked before and after: those with the heaviest fall, each of them a simulation on either side. */
const COMPARED = 200

/** What there was and is, in words of the estate. */
export function totalsBetween(before: Estate, after: Estate): Totals {
  const [was, is] = [numbersOf(before), numbersOf(after)]
  return is.map(({ title, value, share }, i) => ({ title, before: was[i]!.value, after: value, share }))
}

function numbersOf(estate: Estate): { title: string; value: number; share: boolean }[] {
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
export function verdictsMoved(before: Estate, after: Estate, now: string): Moved {
  const ids = new Set([...heaviest(after), ...heaviest(before)])
  const items: Moved['items'] = []
  for (const id of ids) {
    const [was, is] = [verdictIn(before, id, now), verdictIn(after, id, now)]
    if (was === is) continue
    const estate = after.indexOf.has(id) ? after : before
    items.push({ thing: thingOf(estate, estate.indexOf.get(id)!), before: was, after: is })
  }
  items.sort((a, b) => rankOf(a) - rankOf(b) || (a.thing.name < b.thing.name ? -1 : 1))
  return { compared: ids.size, items }
}

const heaviest = (estate: Estate): string[] =>
  fallRanking(estate)
    .falls.slice(0, COMPARED)
    .map(({ credential }) => estate.entities[credential]!.id)

function verdictIn(estate: Estate, id: string, now: string): Overall | null {
  const index = estate.indexOf.get(id)
  return index === undefined ? null : (hitOf(estate, index, now).front?.verdict ?? null)
}

/** What moved from one verdict to another before what came or went, the worst of now first. */
function rankOf({ before, after }: Moved['items'][number]): number {
  const worst = after === null ? 4 : ['not-safe', 'cannot-say', 'safe-after-steps', 'safe'].indexOf(after)
  return (before === null ? 5 : 0) + worst
}
