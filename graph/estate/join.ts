import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import { startMerge } from '../merge.ts'

/**
 * Two entities that sources name differently and that are one thing: `alias` disappears into `into`.
 * Only what is certain is joined; a likely match would make one wrong answer out of two honest ones.
 */
interface Join {
  readonly alias: KnownEntity
  readonly into: KnownEntity
  readonly note: string
}

/** The facts with such pairs made one. */
export function withJoinedThings(facts: KnownFacts): KnownFacts {
  const joins = [...accessKeySlots(facts), ...awsSecretNames(facts)]
  return joins.length === 0 ? facts : joined(facts, joins)
}

/**
 * A credential report speaks of "key 1 of deploy-bot" without its id; a key listing gives id, user and creation time.
 * The same user and the same second of creation is the same key: IAM allows two keys a user and stamps each on creation.
 */
function* accessKeySlots(facts: KnownFacts): Generator<Join> {
  const userOf = new Map<string, string>()
  for (const { kind, from, to } of facts.relationships.values()) if (kind === 'AUTHENTICATES_AS') userOf.set(from, to)
  const named = new Map<string, KnownEntity[]>()
  const slots: KnownEntity[] = []
  for (const entity of facts.entities.values()) {
    if (entity.kind !== 'aws.iam_access_key' || !userOf.has(entity.id)) continue
    if (entity.key.startsWith('aws:key-slot:')) slots.push(entity)
    else {
      const user = userOf.get(entity.id)!
      named.set(user, [...(named.get(user) ?? []), entity])
    }
  }
  for (const slot of slots) {
    const created = second(slot.props?.['createdAt'] ?? slot.props?.['lastRotatedAt'])
    if (created === undefined) continue
    const same = (named.get(userOf.get(slot.id)!) ?? []).filter((key) => second(key.props?.['createdAt']) === created)
    if (same.length === 1)
      yield { alias: slot, into: same[0]!, note: `the same key as ${slot.name} of the credential report` }
  }
}

const awsSecretKinds = new Map([
  ['aws.secretsmanager_secret', { service: 'secretsmanager', resource: (name: string) => `secret:${name}` }],
  ['aws.ssm_parameter', { service: 'ssm', resource: (name: string) => `parameter/${name.replace(/^\//, '')}` }],
] as const)

/**
 * A secret of AWS is called by its ARN, by its ARN without the six characters at the end, or by region and name
 * (`aws:secretsmanager:eu-west-1:shop/db`). Where the platform itself listed a secret its name is certain, and such an
 * alias says so: the other spellings are the same secret, as long as only one listed secret can be meant. The ending is
 * never guessed: `…:secret:my-secret` is also a name.
 */
function* awsSecretNames(facts: KnownFacts): Generator<Join> {
  const meant = new Map<string, KnownEntity[]>()
  for (const entity of facts.entities.values())
    for (const spelling of spellingsOf(entity)) meant.set(spelling, [...(meant.get(spelling) ?? []), entity])
  if (meant.size === 0) return
  for (const alias of facts.entities.values()) {
    if (alias.kind !== 'generic.secret' && !awsSecretKinds.has(alias.kind as AwsSecretKind)) continue
    const [into, ...others] = (meant.get(alias.key) ?? []).filter((one) => one.id !== alias.id)
    if (into !== undefined && others.length === 0)
      yield { alias, into, note: `the same secret, called ${alias.key} elsewhere` }
  }
}

type AwsSecretKind = 'aws.secretsmanager_secret' | 'aws.ssm_parameter'

/** Other keys of a secret that was listed with its name; none where the name was only taken from the ARN. */
function spellingsOf({ key, kind, aliases = [] }: KnownEntity): readonly string[] {
  const row = awsSecretKinds.get(kind as AwsSecretKind)
  if (row === undefined || !key.startsWith('arn:')) return []
  const [arn = '', partition = '', , region = '', account = ''] = key.split(':')
  const prefix = `aws:${row.service}:${region}:`
  return aliases
    .filter((alias) => alias.startsWith(prefix))
    .flatMap((alias) => [
      alias,
      [arn, partition, row.service, region, account, row.resource(alias.slice(prefix.length))].join(':'),
    ])
}

function second(at: unknown): number | undefined {
  const ms = typeof at === 'string' ? Date.parse(at) : NaN
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000)
}

function joined(facts: KnownFacts, joins: readonly Join[]): KnownFacts {
  const into = new Map(joins.map((join) => [join.alias.id, join]))
  const merge = startMerge()
  for (const join of joins) {
    merge.known(only(join.into))
    merge.known(only({ ...join.alias, id: join.into.id, key: join.into.key, name: join.into.key }))
  }
  const entities = new Map([...facts.entities].filter(([id]) => !into.has(id)))
  for (const entity of merge.finish().entities.values()) entities.set(entity.id, entity)
  return { entities, relationships: rewired(facts.relationships, (id) => into.get(id)?.into.id ?? id) }
}

/** Relationships after the join; "slot authenticates as user" beside "key authenticates as user" is said once. */
function rewired(
  relationships: ReadonlyMap<string, KnownRelationship>,
  idAfter: (id: string) => string,
): ReadonlyMap<string, KnownRelationship> {
  const after = new Map<string, KnownRelationship>()
  const said = new Set<string>()
  const moved: KnownRelationship[] = []
  const ends = (one: KnownRelationship): string => `${one.kind} ${one.from} ${one.to}`
  for (const relationship of relationships.values()) {
    const [from, to] = [idAfter(relationship.from), idAfter(relationship.to)]
    if (from !== relationship.from || to !== relationship.to) moved.push({ ...relationship, from, to })
    else {
      after.set(relationship.id, relationship)
      said.add(ends(relationship))
    }
  }
  for (const relationship of moved) if (!said.has(ends(relationship))) after.set(relationship.id, relationship)
  return after
}

function only(entity: KnownEntity): KnownFacts {
  return { entities: new Map([[entity.id, entity]]), relationships: new Map() }
}
