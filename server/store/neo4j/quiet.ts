import type { ScopeId } from '../../../graph/known.ts'

/** An import is of many scopes, one after the other: what follows from them waits until nothing came for so long. */
const QUIET_MILLISECONDS = 1_000
/** Where they never end, it does not wait for ever. */
const QUIET_AT_MOST_MILLISECONDS = 30_000
const LOOK_MILLISECONDS = 50

/** Is nothing being imported here? `disturb` says that something is. */
export function startQuiet(): { is(): boolean; disturb(): void } {
  let disturbedAt = -Infinity
  return {
    is: () => performance.now() - disturbedAt >= QUIET_MILLISECONDS,
    disturb: () => void (disturbedAt = performance.now()),
  }
}

/** Tells of several changes at once while an import goes on here: each makes an estate anew. */
export function onceQuiet(tell: (changed: readonly ScopeId[]) => void, isQuiet: () => boolean) {
  const told = new Set<ScopeId>()
  let isWaiting = false
  return (changed: readonly ScopeId[]): void => {
    for (const scope of changed) told.add(scope)
    if (isWaiting) return
    isWaiting = true
    void untilQuiet(isQuiet).then(() => {
      isWaiting = false
      const all = [...told]
      told.clear()
      tell(all)
    })
  }
}

export async function untilQuiet(isQuiet: () => boolean): Promise<void> {
  const until = performance.now() + QUIET_AT_MOST_MILLISECONDS
  while (!isQuiet() && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS).unref())
}
