import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { ChangeInput } from '../outage/change.ts'
import type { Outage } from '../reach/containment.ts'
import type { CutAction } from '../reach/cut-actions.ts'
import { assess } from './assess.ts'
import { modelOf } from './model.ts'
import { run } from './run.ts'

/** Policies are enforced within minutes (change-semantics.md 2, `prop`). */
const LAG: [number, number] = [0, 300]

/**
 * What an action breaks if it is done now: what would be safe after steps breaks too, because nobody has done them. Of a
 * credential the verdicts of its own question, of an identity or a grant the engine's runs of its loss.
 */
export function outageOfCut(estate: Estate, { kind, target, op }: CutAction): Outage {
  if (kind === 'credential' && op !== undefined) {
    const { dependents } = assess(estate, target, op)
    return {
      breaks: dependents.filter(({ verdict }) => verdict === 'breaks' || verdict === 'steps').map(({ index }) => index),
      unknown: dependents.filter(({ verdict }) => verdict === 'unknown').map(({ index }) => index),
    }
  }
  const id = kind === 'grant' ? estate.relationships[target]!.id : estate.entities[target]!.id
  return outageOf(estate, { action: kind === 'grant' ? 'cut' : 'revoke', targets: [id], at: 0, lag: LAG })
}

function outageOf(estate: Estate, change: ChangeInput): Outage {
  const runs = [
    run(modelOf(estate, { op: 'revoke' }), change),
    run(modelOf(estate, { op: 'revoke', unveiled: true }), change),
  ]
  const isWorkload = (index: number): boolean => entityKinds[estate.entities[index]!.kind].role === 'workload'
  const hit = [...new Set(runs.flatMap(({ affected }) => affected))].filter(isWorkload).sort((a, b) => a - b)
  const isCertain = (index: number): boolean =>
    estate.entities[index]!.kind !== 'caller' && runs.some(({ certain }) => certain(index) !== null)
  return { breaks: hit.filter(isCertain), unknown: hit.filter((index) => !isCertain(index)) }
}
