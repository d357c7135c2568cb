import type { ChangeInput } from '../outage/change.ts'
import type { CompiledEstate } from '../outage/compile.ts'
import { rowOf, simulate, spanAt } from '../outage/simulate.ts'
import { giveWay } from '../give-way.ts'
import type { Spans } from './spans.ts'

/**
 * The engine's answer by entity number. The estate compiles with its entities in order, so its numbers are the
 * estate's; both `certain` and `possible` come from one call. Gives way afterwards.
 */
export function run(model: CompiledEstate, change: ChangeInput): Spans {
  const outages = simulate(model, change)
  const at = (entity: number): number => rowOf(outages, entity)
  giveWay()
  let affected: readonly number[] | undefined
  return {
    outages,
    certain: (entity) => spanAt(outages.certain.out, at(entity)),
    possible: (entity) => spanAt(outages.possible.out, at(entity)),
    degraded: (entity) => spanAt(outages.possible.degraded, at(entity)) ?? spanAt(outages.certain.degraded, at(entity)),
    get affected() {
      return (affected ??= Array.from(outages.entities))
    },
  }
}
