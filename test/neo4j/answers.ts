import { deliveryModes, type DeliveryMode } from '../../graph/kinds/delivery.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { relationshipKinds, type RelationshipKind } from '../../graph/kinds/relationship-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../graph/known.ts'

/** The questions of cypher/questions/ answered from facts, without a database. Each gives the keys it is about. */
export type Answer = (facts: KnownFacts, about: string) => readonly unknown[]

const role = (entity: KnownEntity | undefined): string | undefined => entity && entityKinds[entity.kind].role

function all(facts: KnownFacts, ...kinds: RelationshipKind[]): KnownRelationship[] {
  return [...facts.relationships.values()].filter(({ kind }) => kinds.includes(kind))
}
const entity = (facts: KnownFacts, id: string): KnownEntity | undefined => facts.entities.get(id)

/** Secrets in which a credential stands, with the fewest copies from one that holds it. */
function standsIn(facts: KnownFacts, credential: string): ReadonlyMap<string, number> {
  const isSecret = (id: string): boolean => role(entity(facts, id)) === 'secret'
  const steps = new Map<string, number>()
  let edge = all(facts, 'HOLDS')
    .filter(({ from, to }) => to === credential && isSecret(from))
    .map(({ from }) => from)
  for (let step = 0; edge.length; step++) {
    edge = edge.filter((id) => !steps.has(id))
    for (const id of edge) steps.set(id, step)
    edge = all(facts, 'SYNCED_FROM')
      .filter(({ to }) => edge.includes(to))
      .map(({ from }) => from)
  }
  return new Map([...steps].filter(([id]) => isSecret(id)))
}

function usersOf(facts: KnownFacts, credential: string): readonly { workload: KnownEntity; through: string | null }[] {
  const secrets = standsIn(facts, credential)
  return [
    ...all(facts, 'USES_CREDENTIAL').filter(({ to }) => to === credential),
    ...all(facts, 'USES_SECRET').filter(({ to }) => secrets.has(to)),
  ]
    .map(({ from, to }) => ({
      workload: entity(facts, from)!,
      through: to === credential ? null : entity(facts, to)!.name,
    }))
    .filter(({ workload }) => role(workload) === 'workload')
}

const credentials = (facts: KnownFacts): KnownEntity[] =>
  [...facts.entities.values()].filter((one) => role(one) === 'credential')
const isOwned = (facts: KnownFacts, one: KnownEntity): boolean =>
  one.props?.['owner'] !== undefined || all(facts, 'OWNED_BY').some(({ from }) => from === one.id)

export const answers: Readonly<Record<string, Answer>> = {
  'who-uses-this-credential': (facts, about) =>
    usersOf(facts, about).map(({ workload, through }) => [workload.name, through]),
  'where-is-it-stored': (facts, about) =>
    [...standsIn(facts, about)].map(([id, copies]) => [entity(facts, id)!.key, copies]),
  'credentials-without-owner': (facts) =>
    credentials(facts)
      .filter((one) => !isOwned(facts, one))
      .filter(
        ({ id }) =>
          !all(facts, 'AUTHENTICATES_AS')
            .filter(({ from, to }) => from === id && role(entity(facts, to)) === 'identity')
            .some(({ to }) => isOwned(facts, entity(facts, to)!)),
      )
      .map(({ key }) => key),
  'shared-credentials': (facts) =>
    credentials(facts)
      .map(({ id, key }) => {
        const users = new Set(usersOf(facts, id).map(({ workload }) => workload.id))
        const systems = all(facts, 'DEPENDS_ON')
          .filter(({ from, to }) => users.has(to) && role(entity(facts, from)) === 'system')
          .map(({ from }) => entity(facts, from)!.name)
        return [key, [...new Set(systems)].sort()] as const
      })
      .filter(([, systems]) => systems.length > 1),
  'unattributed-use': (facts) =>
    all(facts, 'USES_CREDENTIAL', 'USES_SECRET')
      .filter(({ unattributed }) => unattributed)
      .map(({ from, to }) => [entity(facts, to)?.key ?? null, entity(facts, from)?.name ?? null]),
  'credentials-of-a-vendor': (facts) =>
    all(facts, 'SUPPLIED_BY')
      .filter(({ from }) => role(entity(facts, from)) === 'credential')
      .map(({ from, to }) => [entity(facts, to)?.name ?? null, entity(facts, from)!.key]),
  'read-only-at-start': (facts) =>
    all(facts, 'USES_CREDENTIAL', 'USES_SECRET')
      .filter(({ delivery }) => delivery && deliveryModes[delivery as DeliveryMode].pickup === null)
      .filter(({ from }) => role(entity(facts, from)) === 'workload')
      .map(({ from, to, delivery }) => [entity(facts, from)!.key, entity(facts, to)?.name ?? null, delivery]),
  'what-may-a-workload-reach': (facts, about) => {
    const along = all(
      facts,
      ...(Object.keys(relationshipKinds) as RelationshipKind[]).filter(
        (kind) => relationshipKinds[kind].reaches === 'along',
      ),
    )
    const hops = new Map([[about, 0]])
    for (const [id, far] of hops)
      for (const { from, to } of along) if (from === id && !hops.has(to)) hops.set(to, far + 1)
    hops.delete(about)
    return [...hops].map(([id, far]) => [entity(facts, id)?.key ?? null, far])
  },
  'declared-but-never-seen': (facts) =>
    all(facts, 'USES_CREDENTIAL', 'USES_SECRET')
      .filter(({ from }) => role(entity(facts, from)) === 'workload')
      .filter(
        ({ evidence = [] }) =>
          evidence.some(({ kind }) => kind === 'declared') && !evidence.some(({ kind }) => kind === 'observed'),
      )
      .map(({ from, kind, to }) => [entity(facts, from)!.name, kind, entity(facts, to)?.key ?? null]),
}

/** Columns of a question's rows that its answer above is about. */
export const columns: Readonly<Record<keyof typeof answers, readonly string[]>> = {
  'who-uses-this-credential': ['workload', 'through'],
  'where-is-it-stored': ['key', 'copies'],
  'credentials-without-owner': ['key'],
  'shared-credentials': ['key', 'systems'],
  'unattributed-use': ['key', 'caller'],
  'credentials-of-a-vendor': ['vendor', 'key'],
  'read-only-at-start': ['key', 'secret', 'delivery'],
  'what-may-a-workload-reach': ['key', 'hops'],
  'declared-but-never-seen': ['workload', 'relationship', 'key'],
}
