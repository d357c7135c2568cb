import { exact, plural } from '../../model/verdict.ts'
import type { Together } from './together.ts'

/** What the ticked actions do, in one line; empty: nothing is ticked. */
export function stateOf({ ticked, cut, routes, price, by }: Together): string {
  if (ticked.length === 0) return ''
  const least = by === 'server' ? '' : 'at least '
  return `With ${plural(ticked.length, 'action')} ticked: ${exact(cut)} of ${plural(routes, 'path')} cut, ${least}${exact(price.breaks)} break, ${exact(price.unknown)} cannot be told`
}
