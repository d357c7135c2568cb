import { computed } from '@preact/signals'
import type { ReachReply } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'

/** Address of the answer under the assumptions that stand in the URL. */
export function reachUrl(id: string, since: string, networks: string): string {
  const query = new URLSearchParams()
  if (since !== '') query.set('since', since)
  if (networks !== '') query.set('networks', networks)
  const text = query.toString()
  return `/api/reach/${id}${text === '' ? '' : `?${text}`}`
}

/** Ids of the ticked actions as one text, so that only a tick redraws what depends on it. */
export const tickedIds = computed(() => place.value.ticked.join(','))

export function toggleAction(id: string): void {
  const { ticked } = place.peek()
  pushHere({ ticked: ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id] })
}

export type Option = ReachReply['containment']['options'][number]

/** What can be done, best first; what only the cheapest set holds comes after. */
export function optionsOf({ containment }: ReachReply): Option[] {
  const listed = new Set(containment.options.map(({ id }) => id))
  return [...containment.options, ...containment.cut.filter(({ id }) => !listed.has(id))]
}

export const tickedOptions = (reply: ReachReply): Option[] =>
  place.value.ticked.flatMap((id) => optionsOf(reply).find((option) => option.id === id) ?? [])
