import { along } from '../estate/estate.ts'
import type { Verdict } from '../wire.ts'
import type { AssessedDependent, Assessment } from './assess.ts'
import { bandOf, type BandId } from './bands.ts'
import { AMPLE_OVERLAP } from './change.ts'
import { isElsewhere, modelOf, projects, remedies, remedyOf, type Remedy } from './model.ts'
import { operations } from './operations.ts'
import { run } from './run.ts'
import { isUntouched, type Spans } from './spans.ts'
import { defaultPublish } from './subject.ts'

/** Where a dependent stands when some steps are done. */
export interface Standing {
  readonly verdict: Verdict
  readonly band: BandId
}

/** Steps that give a second value its time; without all of them nothing else helps. */
const openings: readonly string[] = ['free-slot', 'second-value', 'overlap']

/** Ids of the steps of an answer that the engine can be asked about; what merely has to be found out is none. */
export function simulatedSteps({ steps }: Assessment): string[] {
  const isDone = (id: string): boolean => [...remedies, ...projects].some((one) => one === id)
  return steps.map(({ id }) => id).filter((id) => openings.includes(id) || id.startsWith('publish-') || isDone(id))
}

/** What the engine says when these steps of the answer are done. Asked once for every set of steps. */
export function standingsWith(assessment: Assessment, ticked: readonly string[]): (one: AssessedDependent) => Standing {
  const spans = preparedSpans(assessment, new Set(ticked))
  if (spans === undefined) return ({ verdict, band }) => ({ verdict, band })
  const { shown, unveiled } = spans
  return (one) => {
    const { index } = one
    if (isUntouched(shown, index) && isUntouched(unveiled, index)) return { verdict: 'keeps', band: 'keeps' }
    const verdict = verdictOf(assessment, one, shown, unveiled)
    return { verdict, band: bandOf(verdict, shown.possible(index) ?? shown.degraded(index)) }
  }
}

function verdictOf({ estate }: Assessment, one: AssessedDependent, shown: Spans, unveiled: Spans): Verdict {
  if (one.verdict === 'steps') return 'steps'
  if (estate.entities[one.index]!.kind === 'caller') return 'unknown'
  const isCertain = shown.certain(one.index) !== null || unveiled.certain(one.index) !== null
  // Done steps make nothing certain that was not.
  return isCertain && one.verdict !== 'unknown' ? 'breaks' : 'unknown'
}

/** The runs of the rotation that the steps make of the change; undefined where they change nothing. */
function preparedSpans(
  { estate, subject, op, change, users, steps }: Assessment,
  ticked: ReadonlySet<string>,
): { readonly shown: Spans; readonly unveiled: Spans } | undefined {
  const isRotation = operations[op].engine === 'rotate'
  const opening = steps.map(({ id }) => id).filter((id) => openings.includes(id))
  const isOpen = opening.length > 0 && opening.every((id) => ticked.has(id))
  if (!isRotation && !isOpen) return undefined
  const done = [...remedies, ...projects].filter((remedy): remedy is Remedy => ticked.has(remedy))
  const places = users.places.filter(
    ({ index, put, confirmed }) => put && confirmed && ticked.has(`publish-${estate.entities[index]!.kind}`),
  )
  if (isRotation && !isOpen && done.length === 0 && places.length === 0) return undefined
  const standard = isRotation ? (change.publish ?? []) : defaultPublish(users.places).map(({ index }) => idOf(index))
  function idOf(index: number): string {
    return estate.entities[index]!.id
  }
  const rotation = {
    action: 'rotate' as const,
    targets: change.targets,
    at: 0,
    lag: change.lag ?? ([0, 0] as [number, number]),
    overlap: isOpen ? AMPLE_OVERLAP : (change.overlap ?? 0),
    publish: [...new Set([...standard, ...places.map(({ index }) => idOf(index)), ...handedBy()])],
  }
  /** Consumers that hold the value itself get the new one from whoever serves them. */
  function handedBy(): string[] {
    return users.workloads
      .filter((workload) => {
        for (const number of along(estate.out, workload)) {
          const relationship = estate.relationships[number]!
          if (relationship.kind !== 'USES_CREDENTIAL' || estate.heads[number] !== subject) continue
          if (remedyOf(relationship) || isElsewhere(relationship)) return true
        }
        return false
      })
      .map(idOf)
  }
  return {
    shown: run(modelOf(estate, { op: 'rotate', done }), rotation),
    unveiled: run(modelOf(estate, { op: 'rotate', unveiled: true, done }), rotation),
  }
}
