import { createHash } from 'node:crypto'
import { buildEstate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import type { KnownFacts } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { snapshotOf, type Keeper } from './keeper.ts'

/** Estates kept at a time: people with the same limit share one. */
const KEPT = 4

/**
 * The keeper for somebody who may see these scopes alone: an estate built from their facts. Nothing of the others is
 * in it, so no answer, count or error can show it. What people said counts where both its ends are in it.
 */
export function limitedKeepers(keeper: Keeper): (scopes: readonly string[]) => Keeper {
  const made = new Map<string, Keeper>()
  return (scopes) => {
    const whole = keeper.snapshot().id
    const name = createHash('sha256')
      .update(JSON.stringify([whole, [...new Set(scopes)].sort()]))
      .digest('hex')
    const known = made.get(name)
    if (known) {
      made.delete(name)
      made.set(name, known)
      return known
    }
    const limited = limit(keeper, new Set(scopes), name.slice(0, 12))
    made.set(name, limited)
    if (made.size > KEPT) made.delete(made.keys().next().value!)
    return limited
  }
}

function limit(keeper: Keeper, allowed: ReadonlySet<string>, id: string): Keeper {
  const scopes = keeper.scopes(allowed)
  const merged = (): KnownFacts => {
    const merge = startMerge()
    for (const { facts } of scopes) merge.known(facts)
    return merge.finish()
  }
  const inside = new Set(scopes.flatMap(({ facts }) => [...facts.entities.keys()]))
  const isInside = (end: string): boolean => inside.has(end) || inside.has(idOf(end))
  const decisions = keeper.decisions().filter(({ from, to }) => isInside(from) && isInside(to))
  const overrides = keeper.overrides().filter(({ from, to }) => isInside(from) && (to === undefined || isInside(to)))
  const at = scopes.map((one) => one.at).reduce((a, b) => (a > b ? a : b), '') || null
  const estate = buildEstate(
    scopes,
    { id: scopes.length === 0 ? 'empty' : id, at, sample: keeper.snapshot().sample },
    { decisions, overrides },
  )
  return {
    estate: () => estate,
    snapshot: () => snapshotOf(estate),
    scope: (one) => (allowed.has(one) ? keeper.scope(one) : undefined),
    scopes: () => scopes,
    facts: merged,
    decisions: () => decisions,
    overrides: () => overrides,
    importsOf: (snapshot) => keeper.importsOf?.(snapshot === undefined ? undefined : keeper.snapshot().id),
    /** The next question is asked of the estate that is then. */
    async reload() {
      await keeper.reload()
      return snapshotOf(estate)
    },
    afterAll: (change) => keeper.afterAll(change),
    close: () => undefined,
  }
}
