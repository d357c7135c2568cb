import { momentOfAnswer } from '../answer/blast.ts'
import type { Estate } from '../estate/estate.ts'
import { keptPlanned, type KeptPlanned, type KeptState } from './kept-item.ts'
import { upstreamOf, type Upstream } from './upstream.ts'

/** What follows from a kept plan at the present snapshot, in entity numbers. */
export interface KeptWorld {
  /** By credential; absent where no source shows it any more. */
  readonly planned: ReadonlyMap<string, KeptPlanned>
  readonly upstream: ReadonlyMap<number, Upstream>
  readonly at: string
}

export function worldOf(estate: Estate, state: KeptState, now: string): KeptWorld {
  const at = momentOfAnswer(estate, now)
  const { items, waves } = state.plan
  const windowOf = new Map(waves.flatMap((wave) => wave.credentials.map((id) => [id, wave] as const)))
  const known = items.flatMap(({ credential }) => estate.indexOf.get(credential) ?? [])
  const upstream = upstreamOf(estate, known)
  const planned = new Map<string, KeptPlanned>()
  for (const item of items) {
    const index = estate.indexOf.get(item.credential)
    const window = windowOf.get(item.credential)
    if (index === undefined || !window) continue
    const after = [...upstream.get(index)!.certain].sort((a, b) => a - b)
    const one = keptPlanned(estate, state, item, window, after, at)
    if (one) planned.set(item.credential, one)
  }
  return { planned, upstream, at }
}
