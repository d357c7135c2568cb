import { computed } from '@preact/signals'
import type { ReachReply } from '../../../../graph/wire.ts'
import { place } from '../../app/place.ts'
import type { Place } from '../../app/url.ts'

/** Address of the answer under the assumptions that stand in the URL. */
export function reachUrl(id: string, { since, networks, callers }: Assumed): string {
  const query = new URLSearchParams()
  if (since !== '') query.set('since', since)
  if (networks !== '') query.set('networks', networks)
  if (callers.length > 0) query.set('sources', callers.join(','))
  const text = query.toString()
  return `/api/reach/${id}${text === '' ? '' : `?${text}`}`
}
export type Assumed = Pick<Place, 'since' | 'networks' | 'callers'>

/** Ids of the ticked actions as one text, so that only a tick redraws what depends on it. */
export const tickedIds = computed(() => place.value.ticked.join(','))

export type Option = ReachReply['containment']['options'][number]

/** What can be done, best first; what only the cheapest set holds comes after. */
export function optionsOf({ containment }: ReachReply): Option[] {
  const listed = new Set(containment.options.map(({ id }) => id))
  return [...containment.options, ...containment.cut.filter(({ id }) => !listed.has(id))]
}

export const tickedOptions = (reply: ReachReply): Option[] =>
  place.value.ticked.flatMap((id) => optionsOf(reply).find((option) => option.id === id) ?? [])
