import { idOf } from '../ids.ts'
import type { Evidence, Props } from '../facts.ts'
import type { KnownEntity, KnownRelationship } from '../known.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { ThingList } from './thing-list.ts'
import { membersOf, type Group } from './groups.ts'
import { either, type Verdict, type Witness } from './verdict.ts'

/** Why a relationship was worked out. */
export interface Way {
  /** Id of the row of `accesses` or `escalations`. */
  readonly row: string
  /** "run a new Lambda function as it". */
  readonly words: string
  readonly verdict: Verdict
  /** What it is composed of, each with its policy. */
  readonly parts: readonly Witness[]
}

/** Takes what was worked out and makes relationships of it; what opens many things at once goes over one set. */
export interface Relations {
  one(kind: RelationshipKind, from: KnownEntity, to: KnownEntity, way: Way): void
  group(kind: RelationshipKind, from: KnownEntity, list: ThingList, group: Group, way: Way, but?: string): void
  finish(): { readonly entities: readonly KnownEntity[]; readonly relationships: readonly KnownRelationship[] }
}

/** More things than this are one set. */
const DIRECT = 4
const WAYS = 20

interface Pending {
  readonly kind: RelationshipKind
  readonly from: KnownEntity
  readonly to: KnownEntity
  readonly ways: Way[]
}

export function startRelations(evidenceOf: (entityKey: string) => Evidence | undefined): Relations {
  const pending = new Map<string, Pending>()
  const sets = new Map<string, KnownEntity>()
  const members = new Map<string, KnownRelationship>()
  const put = (kind: RelationshipKind, from: KnownEntity, to: KnownEntity, way: Way): void => {
    const key = `${kind} ${from.key} > ${to.key}`
    const known = pending.get(key)
    if (known) known.ways.push(way)
    else pending.set(key, { kind, from, to, ways: [way] })
  }
  const setOf = (kind: RelationshipKind, list: ThingList, group: Group, action: string | undefined): KnownEntity => {
    const mark = `${kind} ${list.id} ${group.classes.join(',')} ${group.singles.join(',')} ${action ?? ''}`
    const known = sets.get(mark)
    if (known) return known
    const numbers = membersOf(group, list)
    const things = numbers.map((number) => list.things[number]!.entity)
    const set = setEntity(kind, list, things, action)
    sets.set(mark, set)
    for (const thing of things) {
      const member = membership(kind, set, thing, action)
      members.set(member.id, member)
    }
    return set
  }
  return {
    one: put,
    group(kind, from, list, group, way, but) {
      if (group.count > DIRECT) return put(kind, from, setOf(kind, list, group, way.verdict.by?.action), way)
      for (const number of membersOf(group, list)) {
        const to = list.things[number]!.entity
        if (to.id !== from.id && to.key !== but) put(kind, from, to, way)
      }
    },
    finish: () => ({
      entities: [...sets.values()],
      relationships: [...members.values(), ...[...pending.values()].map((one) => finished(one, evidenceOf))],
    }),
  }
}

function setEntity(
  kind: RelationshipKind,
  list: ThingList,
  things: readonly KnownEntity[],
  action: string | undefined,
): KnownEntity {
  const all = list.things.length
  const count = things.length === all ? `all ${all} ${list.words}` : `${things.length} of the ${all} ${list.words}`
  const key = `aws:set:${list.account}:${idOf(`${kind} ${action ?? ''} ${things.map(({ key }) => key).join(' ')}`)}`
  return {
    id: idOf(key),
    key,
    kind: 'aws.resource_set',
    name: `${count} of account ${list.account}`,
    props: { account: list.account, members: things.length, ...(action === undefined ? {} : { action }) },
    evidence: [{ source: 'keyfall', kind: 'inferred', note: 'things that a policy opens together' }],
  }
}

function membership(
  kind: RelationshipKind,
  set: KnownEntity,
  thing: KnownEntity,
  action: string | undefined,
): KnownRelationship {
  return {
    id: idOf(`${kind} ${set.key} > ${thing.key}`),
    kind,
    from: set.id,
    to: thing.id,
    confidence: 'none',
    ...(action === undefined ? {} : { props: { action } }),
    evidence: [{ source: 'keyfall', kind: 'inferred', note: 'one of the things that the set stands for' }],
  }
}

function finished(
  { kind, from, to, ways }: Pending,
  evidenceOf: (key: string) => Evidence | undefined,
): KnownRelationship {
  const best = ways.map(({ verdict }) => verdict).reduce(either)
  const parts = [...new Map(ways.flatMap((way) => way.parts).map((part) => [JSON.stringify(part), part])).values()]
  const props: Props = {
    ...(best.by && { action: best.by.action, policy: best.by.policy.slice(0, 1024) }),
    verdict: best.level === 'yes' ? 'allowed' : 'possible',
    ways: [...new Set(ways.map(({ row }) => row))].sort().slice(0, WAYS),
    reasons: [...new Set(ways.map(reasonOf))].sort().slice(0, WAYS),
    ...(best.conditions.length > 0 && { conditions: best.conditions.map((one) => one.slice(0, 400)).slice(0, 50) }),
  }
  return {
    id: idOf(`${kind} ${from.key} > ${to.key}`),
    kind,
    from: from.id,
    to: to.id,
    confidence: 'none',
    props,
    evidence: evidenceFor(kind, parts, evidenceOf),
  }
}

function reasonOf({ words, parts }: Way): string {
  const composed = [...new Set(parts.map(({ action, policy }) => `${action} (${policy})`))].join(', ')
  return `may ${words}${composed === '' ? '' : `: ${composed}`}`.slice(0, 1024)
}

/** A permission stands in a policy; that permissions add up to an escalation was worked out. */
function evidenceFor(
  kind: RelationshipKind,
  parts: readonly Witness[],
  evidenceOf: (key: string) => Evidence | undefined,
): Evidence[] {
  const strength = kind === 'CAN_ESCALATE_TO' ? 'inferred' : 'declared'
  const found = parts.slice(0, 5).map(({ policy, action, entity }): Evidence => {
    const shown = evidenceOf(entity)
    const note = `${policy.slice(0, 200)} allows ${action}`
    return { source: shown?.source ?? 'keyfall', kind: strength, ...placeOf(shown), note }
  })
  return found.length > 0 ? found : [{ source: 'keyfall', kind: 'inferred', note: 'worked out from policies' }]
}

function placeOf(shown: Evidence | undefined): Partial<Pick<Evidence, 'file' | 'record'>> {
  return {
    ...(shown?.file === undefined ? {} : { file: shown.file }),
    ...(shown?.record === undefined ? {} : { record: shown.record }),
  }
}
