import { signal } from '@preact/signals'
import { at, push } from './place.ts'
import type { Place } from './url.ts'

/** So many ids fit into an address; more are handed over within this page. */
const IN_ADDRESS = 12

/** Ids of credentials that were chosen for a plan, where they are too many for an address. */
export const chosenForPlan = signal<readonly string[]>([])

/** Where a plan of these credentials is begun. */
export const planPlace = (ids: readonly string[], op: Place['op'] = null): Place => ({
  ...at('cutover'),
  tab: 'new',
  op,
  within: ids.length <= IN_ADDRESS ? ids : [],
})

/** Begins a plan of these credentials. */
export function planThese(ids: readonly string[]): void {
  chosenForPlan.value = ids.length > IN_ADDRESS ? ids : []
  push(planPlace(ids))
}
