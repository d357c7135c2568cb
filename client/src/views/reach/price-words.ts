import { exact, plural } from '../../model/verdict.ts'
import type { Option } from './reach-queries.ts'

const NAMED = 2

/** "4 dependants break", with names where they are few. */
export function priceOf({ price, first, verdict }: Pick<Option, 'price' | 'first' | 'verdict'>): string {
  const parts: string[] = []
  if (price.breaks > 0) parts.push(`${plural(price.breaks, 'dependant')} ${price.breaks === 1 ? 'breaks' : 'break'}`)
  if (price.unknown > 0) parts.push(`${exact(price.unknown)} unknown`)
  if (parts.length === 0) return verdict === 'safe' ? 'breaks nothing' : 'breaks nothing that is seen'
  const names = price.breaks <= NAMED && first.length > 0 ? `: ${first.slice(0, NAMED).join(', ')}` : ''
  return parts.join(', ') + names
}
