import type { AroundReply, MapRow, MapThing, Nature } from '../../../../graph/wire-map.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, plural } from '../../model/verdict.ts'

export type Side = 'up' | 'down'

export const sideWords: Readonly<Record<Side, { title: string; none: string }>> = {
  up: { title: 'Upstream', none: 'Nothing is known that it needs.' },
  down: { title: 'Downstream', none: 'Nothing is known that needs it.' },
}

/** Heads of the parts of a column: what a relationship means, read from the focus. */
export const natureWords: Readonly<Record<Side, Readonly<Record<Nature, string>>>> = {
  up: { needs: 'Needs', about: 'Belongs to', may: 'May reach, no use seen' },
  down: { needs: 'Needed by', about: 'Has', may: 'May be reached by, no use seen' },
}

/** "stored in", "reads, can change or rotate"; through hidden things the whole way: "stored in Kubernetes Secret pay-db, read by". */
export function verbsOf(thing: MapThing): string {
  const verbs = [...new Set(thing.edges.map(({ verb }) => verb))].join(', ')
  const chain = thing.implied
    ?.map(({ verb, name, title }, i, all) => (i === all.length - 1 ? verb : `${verb} ${title} ${cleanText(name)}`))
    .join(', ')
  return [verbs, chain].filter(Boolean).join('; also ')
}

/** The same with the middle as a count, for a line of limited width. */
export function shortVerbsOf(thing: MapThing): string {
  const verbs = [...new Set(thing.edges.map(({ verb }) => verb))].join(', ')
  if (!thing.implied) return verbs
  const through = thing.implied.slice(0, -1)
  const middle = through.length === 1 ? through[0]!.title : plural(through.length, 'hidden thing')
  return `${thing.implied.at(-1)!.verb}, through ${middle}`
}

/** "Payments and Storefront share 3 credentials; Payments needs Storefront in 2 places". */
export function cellWords(row: MapRow, column: MapRow, shared: number, needs: number): string {
  const [a, b] = [cleanText(row.name), cleanText(column.name)]
  const same = row.id === column.id
  return [
    shared > 0 &&
      (same ? `Systems of ${a} share ${credentials(shared)}` : `${a} and ${b} share ${credentials(shared)}`),
    needs > 0 && (same ? `${dependencies(needs)} within ${a}` : `${dependencies(needs)} of ${a} on ${b}`),
  ]
    .filter(Boolean)
    .join('; ')
}

const credentials = (n: number): string => plural(n, 'credential')
const dependencies = (n: number): string => plural(n, 'dependency', 'dependencies')

/** "upstream 3, downstream 1,204". */
export const headWords = ({ up, down }: AroundReply): string => `${exact(up)} upstream, ${exact(down)} downstream`
