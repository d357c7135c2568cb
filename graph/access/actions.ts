import { accesses, assuming } from './accesses.ts'
import { escalations } from './escalations.ts'
import { matchesGlob } from './glob.ts'

/** Every action that any row of the tables speaks of. */
export const watchedActions: readonly string[] = [
  ...new Set([
    ...[...accesses, assuming].flatMap(({ actions }) => actions),
    ...escalations.flatMap((row) => [...row.on, ...(row.with ?? []).flat()]),
    'sts:AssumeRoleWithWebIdentity',
    'sts:AssumeRoleWithSAML',
  ]),
].sort()

/** IAM compares actions without regard to case. */
const lower = watchedActions.map((action) => action.toLowerCase())
const numbers = new Map(lower.map((action, number) => [action, number]))

/** Number of a watched action; a table that names another one is a mistake of ours. */
export function actionNumber(action: string): number {
  const number = numbers.get(action.toLowerCase())
  if (number === undefined) throw new Error(`the action ${action} stands in no table of graph/access`)
  return number
}

const matched = new Map<string, readonly number[]>()
const PATTERNS_KEPT = 20_000

/** Numbers of the watched actions that a pattern (`iam:Put*`) covers. */
export function actionsMatching(pattern: string): readonly number[] {
  const wanted = pattern.toLowerCase()
  const known = matched.get(wanted)
  if (known !== undefined) return known
  const found = lower.flatMap((action, number) => (matchesGlob(wanted, action) ? [number] : []))
  // Files choose the patterns: what is kept of them is bounded.
  if (matched.size < PATTERNS_KEPT) matched.set(wanted, found)
  return found
}
