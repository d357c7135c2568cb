import type { Scenario } from './use-whatif.ts'

/** Ids of the smallest set of steps the server found, in the order of the answer. */
export function neededIds({ base, moves }: Scenario): string[] {
  if (!moves) return base.steps.filter((step) => step.needed === true).map(({ id }) => id)
  return moves.steps.flatMap(({ id }, bit) => ((moves.needed >> bit) & 1 ? [id] : []))
}
