import { exactly } from '../answer/durations.ts'
import { assessed } from '../answer/blast.ts'
import type { Assessment } from '../answer/assess.ts'
import { coverageOfChange } from '../answer/coverage-of-change.ts'
import { plural } from '../answer/durations.ts'
import { countsOf, headlineOf, overallOf } from '../answer/headline.ts'
import { canOverlap, changeRow, hasSecondUser } from '../answer/operations.ts'
import { isUnused, slotsTakenBy } from '../answer/slots.ts'
import { textProp } from '../answer/things.ts'
import { checkOf } from '../answer/validate.ts'
import { unexplainedUse } from '../answer/unknowns.ts'
import type { Estate } from '../estate/estate.ts'
import { sceneOf } from '../findings/scene.ts'
import type { Scene } from '../findings/finding.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Coverage, Operation, Overall } from '../wire.ts'
import type { Consumer, Gate, GateState, Named, RaciRow, Rollback } from '../wire-plan.ts'
import { keepsBoth, usualMove } from './move.ts'
import { dutyWords, missingOf, namedFor, raciOf } from './raci.ts'
import { checkRollback, usualProposal, type Proposal } from './rollback.ts'
import { consumersOf, waysOf } from './tolerance.ts'

/** Everything that decides whether the static access of a credential can go. */
export interface Readiness {
  readonly assessment: Assessment
  readonly scene: Scene
  readonly op: Operation
  readonly verdict: Overall
  readonly sentence: string
  readonly gates: readonly Gate[]
  readonly ready: boolean
  readonly consumers: readonly Consumer[]
  readonly named: readonly Named[]
  readonly raci: readonly RaciRow[]
  readonly rollback: Rollback
}

/** What a kept plan says over what imports say: names, and another way back than the usual one. */
export interface SaidOfPlan {
  names(named: readonly Named[]): { readonly named: Named[]; readonly raci: RaciRow[] }
  readonly proposal: Proposal
}

/** @throws QuestionError for what is no credential, and for an operation that its platform does not have. */
export function readinessOf(
  estate: Estate,
  id: string,
  asked: Operation | undefined,
  now: string,
  said?: SaidOfPlan,
): Readiness {
  const known = estate.indexOf.get(id)
  const isCredential = known !== undefined && entityKinds[estate.entities[known]!.kind].role === 'credential'
  const op = asked ?? (isCredential ? usualMove(estate, known) : 'rotate')
  const assessment = assessed(estate, id, { op }, now)
  const { subject, users } = assessment
  const scene = sceneOf(estate, subject, now)
  const coverage = coverageOfChange(assessment, now)
  const counts = countsOf(assessment)
  const verdict = overallOf(assessment, counts, coverage, now)
  const headline = headlineOf(assessment, verdict, counts, coverage, now)
  const consumers = consumersOf(estate, subject, users)
  const imported = namedFor(scene)
  const { named, raci } = said?.names(imported) ?? { named: imported, raci: raciOf(imported) }
  const rollback = checkRollback(estate, subject, op, said?.proposal ?? usualProposal)
  const gates: Gate[] = [
    inventoried(scene),
    mapped(assessment, coverage, now),
    accountable(scene, named),
    tolerates(consumers),
    overlapGate(estate, subject),
    gate('rollback', rollbackState[rollback.verdict], rollback.why, rollback.todo),
    validation(scene),
    continuity(verdict, headline.title, headline.sentence),
  ]
  return {
    ...{ assessment, scene, op, verdict, gates, consumers, named, raci, rollback },
    sentence: `${headline.title}. ${headline.sentence}`,
    ready: gates.every(({ state }) => state === 'met'),
  }
}

export const gateTitles = {
  inventoried: 'Inventoried',
  mapped: 'Dependencies mapped',
  accountable: 'Owner, approver, revoker, on-call named',
  tolerates: 'Every consumer can do without the standing value',
  overlap: 'Old and new can be valid at once',
  rollback: 'Rollback exists and is valid',
  validation: 'Validation on the workload’s own path defined',
  continuity: 'Nothing breaks',
} as const satisfies Record<Gate['id'], string>

function gate(id: Gate['id'], state: GateState, why: string, todo: string): Gate {
  return { id, title: gateTitles[id], state, why, todo: state === 'met' ? '' : todo }
}

const rollbackState = { accepted: 'met', refused: 'not-met', unknown: 'unknown' } as const

function inventoried(scene: Scene): Gate {
  const { estate, identities, places, entity } = scene
  const where = [
    ...(identities.length > 0 ? [`proves ${estate.entities[identities[0]!]!.name}`] : []),
    ...(places.length > 0 ? [`stands in ${plural(places.length, 'place')}`] : []),
  ]
  if (where.length === 0)
    return gate(
      'inventoried',
      'not-met',
      'neither whom it proves nor where it stands is known',
      'import its platform and the vaults',
    )
  const lastUsed = textProp(entity, 'lastUsedAt')
  const seen = lastUsed !== undefined || entity.props?.['neverUsed'] === true || scene.users.length > 0
  return seen
    ? gate('inventoried', 'met', [...where, ...(lastUsed ? [`last used ${lastUsed.slice(0, 10)}`] : [])].join(', '), '')
    : gate(
        'inventoried',
        'unknown',
        `${where.join(', ')}; no source says when or by whom it is used`,
        'import a log of its use',
      )
}

/** Nobody is known to be missing: sources cover it, every use has a name, every recent use is explained. */
function mapped(assessment: Assessment, coverage: Coverage, now: string): Gate {
  const { estate, users } = assessment
  const callers = users.workloads.filter((index) => estate.entities[index]!.kind === 'caller')
  if (callers.length > 0)
    return gate(
      'mapped',
      'not-met',
      `${plural(callers.length, 'caller')} seen using it and not attributed: ${named(estate, callers)}`,
      'name who stands behind each: keyfall links, or a bundle',
    )
  const unexplained = unexplainedUse(assessment, now)
  if (unexplained) return gate('mapped', 'not-met', unexplained.reason, unexplained.settles)
  if (coverage.state !== 'complete') {
    const [first] = coverage.missing
    return gate('mapped', 'unknown', coverage.sentence, first?.collect ?? first?.source ?? 'import what is missing')
  }
  return users.workloads.length === 0
    ? gate(
        'mapped',
        'unknown',
        'no consumer is known, which is not the same as unused',
        'import a log that covers a full period of use',
      )
    : gate('mapped', 'met', `${plural(users.workloads.length, 'consumer')}, all attributed; ${coverage.sentence}`, '')
}

function accountable({ owner }: Scene, names: readonly Named[]): Gate {
  const missing = missingOf(names)
  const all = [...(owner === null ? ['owner'] : []), ...missing.map(({ duty }) => dutyWords[duty])]
  if (all.length === 0) return gate('accountable', 'met', `owned by ${owner}; every duty has a name`, '')
  const proposed = missing.flatMap(({ duty, proposed: likely }) => (likely === undefined ? [] : [`${duty}: ${likely}`]))
  return gate(
    'accountable',
    'not-met',
    `no name for: ${all.join(', ')}`,
    proposed.length > 0 ? `confirm or replace ${proposed.join('; ')}` : 'name them in tags, a catalogue or a bundle',
  )
}

function tolerates(consumers: readonly Consumer[]): Gate {
  if (consumers.length === 0) return gate('tolerates', 'unknown', 'no consumer is known', 'find out who uses it')
  const ways = waysOf(consumers)
  const words = { shortLived: 'short-lived access', proxied: 'a proxy', approved: 'approval each time' } as const
  const names = Object.keys(words) as (keyof typeof words)[]
  const good = names.filter((way) => ways[way] === 'met')
  if (good.length > 0) return gate('tolerates', 'met', `all can take ${good.map((way) => words[way]).join(' or ')}`, '')
  const refusing = consumers.filter((one) => names.every((way) => one[way] === 'no'))
  const state = names.every((way) => ways[way] === 'not-met') ? 'not-met' : 'unknown'
  const [worst] =
    refusing.length > 0 ? refusing : consumers.filter((one) => names.some((way) => one[way] === 'unknown'))
  const count = refusing.length > 0 ? refusing.length : consumers.filter(({ proxied }) => proxied !== 'yes').length
  return gate(
    'tolerates',
    state,
    `${worst!.thing.name}: ${worst!.why}${count > 1 ? `; ${exactly(count - 1)} more like it` : ''}`,
    refusing.length > 0 ? 'change these consumers first' : 'find out how each gets the value',
  )
}

function overlapGate(estate: Estate, subject: number): Gate {
  const { kind } = estate.entities[subject]!
  const { title } = entityKinds[kind]
  const taken = slotsTakenBy(estate, subject)
  if (taken.length > 0) {
    const unused = taken.find((index) => isUnused(estate, index))
    return gate(
      'overlap',
      'not-met',
      `all ${taken.length + 1} slots of ${title}s are taken, also by ${named(estate, taken)}`,
      unused === undefined
        ? 'free a slot: ask what breaks without the other'
        : `delete ${estate.entities[unused]!.name}, which nobody uses`,
    )
  }
  if (keepsBoth(estate.entities[subject]!))
    return gate('overlap', 'met', `the platform accepts two ${title}s at once`, '')
  if (canOverlap(kind))
    return gate(
      'overlap',
      'not-met',
      'what makes it destroys the old value before the new one is there',
      'create_before_destroy, or a second one beside it',
    )
  if (hasSecondUser(kind)) return gate('overlap', 'met', 'one value at a time, but two users can alternate', '')
  const row = changeRow(kind)
  return row === undefined || row.maxConcurrent === 'unk'
    ? gate(
        'overlap',
        'unknown',
        `${title}: whether two values can be valid at once is not known`,
        'ask its issuer, or try it',
      )
    : gate(
        'overlap',
        'not-met',
        `${title}: one value at a time`,
        'plan a window in which it is out, or another way beside it',
      )
}

function validation({ estate, entity, users }: Scene): Gate {
  const check = checkOf(entity.kind)
  const workloads = users.filter((index) => estate.entities[index]!.kind !== 'caller')
  if (workloads.length === 0)
    return gate('validation', 'unknown', 'no workload is known on whose path a check could run', 'name one')
  return check.kinds.includes('')
    ? gate(
        'validation',
        'unknown',
        `no standard check for ${entityKinds[entity.kind].title}: only its owner knows its real call`,
        'write down the call that proves it works, and run it from the workload',
      )
    : gate('validation', 'met', `${check.family}, on ${named(estate, workloads)}`, '')
}

function continuity(verdict: Overall, title: string, sentence: string): Gate {
  const state = verdict === 'not-safe' ? 'not-met' : verdict === 'cannot-say' ? 'unknown' : 'met'
  return gate('continuity', state, `${title}. ${sentence}`, 'see keyfall impact, and do what its steps say')
}

function named(estate: Estate, indices: readonly number[]): string {
  const names = indices.slice(0, 3).map((index) => estate.entities[index]!.name)
  return indices.length > 3 ? `${names.join(', ')} and ${exactly(indices.length - 3)} more` : names.join(', ')
}
