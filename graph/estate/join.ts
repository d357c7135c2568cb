import { idOf } from '../ids.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import { startMerge } from '../merge.ts'
import { sameVaults } from './same-vaults.ts'

/**
 * Two entities that sources name differently and that are one thing: `alias` disappears into `into`.
 * Only what is certain is joined; a likely match would make one wrong answer out of two honest ones.
 */
export interface Join {
  readonly alias: KnownEntity
  readonly into: KnownEntity
  readonly note: string
}

/** The facts with such pairs made one; `said`: pairs that a person confirmed. */
export function withJoinedThings(facts: KnownFacts, said: Iterable<Join> = []): KnownFacts {
  const joins = withoutChains([
    ...accessKeySlots(facts),
    ...awsSecretNames(facts),
    ...accountTokens(facts),
    ...sameVaults(facts),
    ...said,
  ])
  return joins.length === 0 ? facts : joined(facts, joins)
}

/** Each thing goes into one other, and what a thing went into goes on to where that went. Circles are left alone. */
function withoutChains(joins: readonly Join[]): Join[] {
  const next = new Map<string, Join>()
  for (const join of joins) if (!next.has(join.alias.id)) next.set(join.alias.id, join)
  const kept: Join[] = []
  for (const first of next.values()) {
    const seen = new Set([first.alias.id])
    let last = first
    for (let join = next.get(last.into.id); join && !seen.has(last.into.id); join = next.get(last.into.id)) {
      seen.add(last.into.id)
      last = join
    }
    if (!seen.has(last.into.id)) kept.push({ ...first, into: last.into })
  }
  return kept
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
  const unseen = accountsUnlisted(facts, meant)
  for (const alias of facts.entities.values()) {
    if (alias.kind !== 'generic.secret' && !awsSecretKinds.has(alias.kind as AwsSecretKind)) continue
    const [into, ...others] = (meant.get(alias.key) ?? []).filter((one) => one.id !== alias.id)
    if (into !== undefined && others.length === 0 && unseen(alias, into).length === 0)
      yield { alias, into, note: `the same secret, called ${alias.key} elsewhere` }
  }
}

/** Secrets that this one, called by region and name alone, may be: none is certain, each is to be asked about. */
export function* awsSecretsMeant(
  facts: KnownFacts,
): Generator<{ readonly alias: KnownEntity; readonly into: KnownEntity; readonly others: readonly string[] }> {
  const meant = new Map<string, KnownEntity[]>()
  for (const entity of facts.entities.values())
    for (const spelling of spellingsOf(entity))
      if (spelling.startsWith('aws:')) meant.set(spelling, [...(meant.get(spelling) ?? []), entity])
  const unseen = accountsUnlisted(facts, meant)
  for (const [key, candidates] of meant) {
    const alias = facts.entities.get(idOf(key))
    if (alias === undefined) continue
    for (const into of candidates) {
      const listed = candidates.filter((one) => one !== into).map((one) => one.key.split(':')[4] ?? '')
      yield { alias, into, others: [...listed, ...unseen(alias, into)].sort() }
    }
  }
}

/**
 * Accounts of the estate that may have a secret of this name too: nothing of their secrets in that region was listed. A
 * name without an account is certain only where no such account is known.
 */
function accountsUnlisted(
  { entities, relationships }: KnownFacts,
  meant: ReadonlyMap<string, readonly KnownEntity[]>,
): (alias: KnownEntity, into: KnownEntity) => readonly string[] {
  const accounts = new Set<string>()
  for (const { kind, to } of relationships.values()) {
    if (kind !== 'CONTAINED_IN') continue
    const key = entities.get(to)?.key ?? ''
    if (key.startsWith('aws:account:')) accounts.add(key.slice('aws:account:'.length))
  }
  const listed = new Set([...meant.values()].flat().map(({ key }) => key.split(':').slice(2, 5).join(':')))
  return (alias, into) => {
    if (alias.key.startsWith('arn:')) return []
    const [, , service = '', region = '', own = ''] = into.key.split(':')
    return [...accounts].filter((one) => one !== own && !listed.has(`${service}:${region}:${one}`)).sort()
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

/**
 * Configuration knows the token that a service account keeps, and names the secret it stands in today; the cluster lists
 * that secret with a token in it. The name is the whole key of that token: they are one.
 */
function* accountTokens(facts: KnownFacts): Generator<Join> {
  for (const into of facts.entities.values()) {
    if (into.kind !== 'k8s.sa_token_legacy_secret' || !into.key.includes('/serviceaccount/')) continue
    for (const key of into.aliases ?? []) {
      const alias = key.endsWith('#token') ? facts.entities.get(idOf(key)) : undefined
      if (alias && alias.id !== into.id && alias.kind === into.kind)
        yield { alias, into, note: `the token in ${alias.name} is the ${into.name}` }
    }
  }
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
  const entities = new Map(facts.entities)
  for (const id of into.keys()) entities.delete(id)
  for (const entity of merge.finish().entities.values()) entities.set(entity.id, entity)
  return { entities, relationships: rewired(facts.relationships, (id) => into.get(id)?.into.id ?? id) }
}

/**
 * Relationships after the join. What two names of one thing said of the same ends is one relationship with the evidence
 * of both: "slot authenticates as user" beside "key authenticates as user", or a permission on one name, a use of the other.
 */
function rewired(
  relationships: ReadonlyMap<string, KnownRelationship>,
  idAfter: (id: string) => string,
): ReadonlyMap<string, KnownRelationship> {
  const moves = (one: KnownRelationship): boolean => idAfter(one.from) !== one.from || idAfter(one.to) !== one.to
  const moved: KnownRelationship[] = []
  for (const one of relationships.values()) if (moves(one)) moved.push(one)
  const endsAfter = (one: KnownRelationship): string => `${one.kind} ${idAfter(one.from)} ${idAfter(one.to)}`
  const endsMoved = new Set(moved.map(endsAfter))
  // Asked of every relationship of the estate: tails first, as few are among them.
  const tails = new Set(moved.map(({ from }) => idAfter(from)))
  const touched: KnownRelationship[] = []
  for (const one of relationships.values())
    if (tails.has(idAfter(one.from)) && endsMoved.has(endsAfter(one))) touched.push(one)
  const nameOf = new Map<string, string>()
  for (const one of touched) if (!moves(one)) nameOf.set(endsAfter(one), one.id)
  const renamed = new Map<string, string>()
  for (const one of moved) {
    const name = nameOf.get(endsAfter(one)) ?? one.id
    nameOf.set(endsAfter(one), name)
    if (name !== one.id) renamed.set(one.id, name)
  }
  const nameAfter = (id: string): string => renamed.get(id) ?? id
  // A copy whole, and then what changes: nearly nothing does.
  const after = new Map(relationships)
  for (const one of relationships.values()) if (one.by || one.via) after.set(one.id, withIds(one, idAfter, nameAfter))
  const merge = startMerge()
  for (const one of touched) {
    const rewritten = withIds(one, idAfter, nameAfter)
    after.delete(one.id)
    merge.known({ entities: new Map(), relationships: new Map([[rewritten.id, rewritten]]) })
  }
  for (const one of merge.finish().relationships.values()) after.set(one.id, one)
  return after
}

/** The same object where nothing changes: an estate has hundreds of thousands. */
function withIds(
  one: KnownRelationship,
  idAfter: (id: string) => string,
  nameAfter: (id: string) => string,
): KnownRelationship {
  const from = idAfter(one.from)
  const to = idAfter(one.to)
  const by = one.by?.map(idAfter)
  const via = one.via?.map(nameAfter)
  const same =
    from === one.from &&
    to === one.to &&
    nameAfter(one.id) === one.id &&
    !by?.some((id, i) => id !== one.by![i]) &&
    !via?.some((id, i) => id !== one.via![i])
  return same ? one : { ...one, id: nameAfter(one.id), from, to, ...(by && { by }), ...(via && { via }) }
}

function only(entity: KnownEntity): KnownFacts {
  return { entities: new Map([[entity.id, entity]]), relationships: new Map() }
}
