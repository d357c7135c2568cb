import { keys } from '../keys.ts'
import type { KnownEntity, KnownFacts } from '../known.ts'
import { canonical } from '../canonical.ts'
import { actionsMatching, watchedActions } from './actions.ts'
import { linksOf, type Links } from './links.ts'
import { listOf } from './list-of.ts'
import { controlsOf, type Controls } from './organization.ts'
import { statementsFrom } from './policy-text.ts'
import type { Compiled, On, Policy, Tags, Who } from './request.ts'
import { readTags, type Statement } from './statement.ts'

/** What the facts say of AWS: who has which policies, and which things permissions are about. */
export interface World {
  /** By id of the entity. */
  readonly principals: ReadonlyMap<string, Who>
  readonly things: ReadonlyMap<string, Thing>
  readonly controls: Controls
  readonly links: Links
  readonly entities: ReadonlyMap<string, KnownEntity>
}

/** Something a permission is about, with the key that encrypts it. */
export interface Thing extends On {
  readonly entity: KnownEntity
  readonly arn: string
  readonly encryptedBy?: Thing | 'by-aws'
}

const principalTypes = new Map([
  ['aws.iam_user', 'user'],
  ['aws.iam_role', 'role'],
  ['aws.iam_group', 'group'],
] as const)

type PrincipalKind = 'aws.iam_user' | 'aws.iam_role' | 'aws.iam_group'

/** Kinds of things that permissions are about (`accesses`, `escalations`). */
const thingKinds: ReadonlySet<string> = new Set([
  ...principalTypes.keys(),
  'aws.secretsmanager_secret',
  'aws.ssm_parameter',
  'aws.kms_key',
  'aws.s3_bucket',
  'aws.sqs_queue',
  'aws.sns_topic',
  'aws.lambda_function',
  'aws.ec2_instance',
  'aws.ecs_service',
  'aws.codebuild_project',
  'aws.identity_provider_or_trust_anchor',
])

/** Does a source say what a principal may do? Others are only mentioned. */
const isKnown = (entity: KnownEntity): boolean => entity.props?.['permissionsKnown'] === true

/** Undefined where no source says what any principal may do: then there is nothing to work out. */
export function worldOf(facts: KnownFacts): World | undefined {
  const described: KnownEntity[] = []
  const things: KnownEntity[] = []
  const ofAws: KnownEntity[] = []
  const policies = new Map<string, KnownEntity>()
  for (const entity of facts.entities.values()) {
    if (!entity.kind.startsWith('aws.')) continue
    ofAws.push(entity)
    if (principalTypes.has(entity.kind as PrincipalKind) && isKnown(entity)) described.push(entity)
    if (entity.kind === 'aws.iam_policy' || entity.kind === 'aws.organization_policy') policies.set(entity.key, entity)
    if (thingKinds.has(entity.kind) && entity.key.startsWith('arn:')) things.push(entity)
  }
  if (described.length === 0) return undefined
  const compile = compiler()
  const policyAt = (key: string, name?: string): Policy | undefined => {
    const entity = policies.get(key)
    return entity && compile(entity, 'policyText', name ?? entity.name)
  }
  const links = linksOf(facts, ofAws)
  const controls = controlsOf(ofAws, links, policyAt)
  const place = { policyAt, controls, links, entities: facts.entities }
  return {
    principals: new Map(described.map((entity) => [entity.id, whoOf(entity, place)])),
    things: thingsOf(things, place, compile),
    controls,
    links,
    entities: facts.entities,
  }
}

type Compile = (entity: KnownEntity, prop: string, name: string) => Policy | undefined

/** The same text is compiled once, however many things have it. */
function compiler(): Compile {
  const known = new Map<string, { statements: readonly Compiled[]; text: string } | undefined>()
  return (entity, prop, name) => {
    const pieces = entity.props?.[prop]
    if (!Array.isArray(pieces)) return undefined
    const text = pieces.join('\n')
    if (!known.has(text)) {
      const statements = statementsFrom(pieces)
      known.set(text, statements && { statements: statements.map(compiled), text: canonical(statements) })
    }
    const read = known.get(text)
    return read && { name, entity: entity.key, ...read }
  }
}

export function compiled(statement: Statement): Compiled {
  const speaksOf = new Uint8Array(watchedActions.length).fill(statement.notActions ? 1 : 0)
  for (const pattern of statement.actions)
    for (const number of actionsMatching(pattern)) speaksOf[number] = statement.notActions ? 0 : 1
  return { ...statement, speaksOf }
}

interface Place {
  readonly policyAt: (key: string, name?: string) => Policy | undefined
  readonly controls: Controls
  readonly links: Links
  readonly entities: ReadonlyMap<string, KnownEntity>
}

function whoOf(entity: KnownEntity, place: Place): Who {
  const type = principalTypes.get(entity.kind as PrincipalKind)!
  const holders = [entity, ...(place.links.groupsOf.get(entity.id) ?? []).map((id) => place.entities.get(id)!)]
  const policies: Policy[] = []
  const unseen: string[] = []
  for (const holder of holders) {
    if (!isKnown(holder)) unseen.push(`of group ${holder.name}`)
    const keys = [
      ...listOf(holder.props?.['policies']),
      ...listOf(holder.props?.['inlinePolicies']).map((name) => `${holder.key}/inline-policy/${name}`),
    ]
    for (const key of keys) {
      const policy = place.policyAt(key)
      if (policy) policies.push(policy)
      else unseen.push(key.slice(key.lastIndexOf('/') + 1))
    }
  }
  const boundary = entity.props?.['permissionsBoundary']
  const account = accountIn(entity.key)
  const serviceLinked = entity.props?.['serviceLinked'] === true
  return {
    key: entity.key,
    arn: entity.key,
    account,
    name: entity.name,
    type,
    uniqueIds: (entity.aliases ?? []).filter((alias) => alias.startsWith('A') && alias.length > 15),
    policies,
    unseen: [...new Set(unseen)].sort(),
    boundary: typeof boundary === 'string' ? (place.policyAt(boundary) ?? 'unseen') : undefined,
    organization: place.controls.organizationOf(account),
    control: serviceLinked ? { levels: [], seen: 'exempt' } : place.controls.over(account),
    tags: tagsOf(entity),
  }
}

export const accountIn = (arn: string): string => arn.split(':')[4] ?? ''

function tagsOf({ props }: KnownEntity): Tags {
  const of = new Map(
    listOf(props?.['awsTags']).map((tag): [string, string] => {
      const at = tag.indexOf('=')
      return [tag.slice(0, at).toLowerCase(), tag.slice(at + 1)]
    }),
  )
  if (props?.['tagsKnown'] === true) return { of, whole: true }
  // What other importers keep of tags, under the names they give them; `environment` may have been `env`.
  for (const name of readTags) {
    const value = props?.[name]
    if (typeof value === 'string' && name !== 'environment' && !of.has(name)) of.set(name, value)
  }
  return { of, whole: false }
}

function thingsOf(
  described: readonly KnownEntity[],
  { controls, links, entities, policyAt }: Place,
  compile: Compile,
): ReadonlyMap<string, Thing> {
  const things = new Map<string, Thing>()
  for (const entity of described) {
    const account = accountIn(entity.key) || accountAround(entities.get(links.containerOf.get(entity.id) ?? ''))
    if (account === '') continue
    const decides = entity.kind === 'aws.kms_key' ? 'key' : entity.kind === 'aws.iam_role' ? 'trust' : undefined
    const named = decides === undefined ? 'resource policy' : `${decides} policy`
    const policy =
      compile(entity, decides === 'trust' ? 'trustPolicy' : 'resourcePolicy', named) ??
      policyAt(keys.awsResourcePolicy(entity.key), named)
    things.set(entity.id, {
      entity,
      key: entity.key,
      arn: entity.key,
      forms: formsOf(entity),
      account,
      organization: controls.organizationOf(account),
      ...(policy && { policy }),
      ...(decides && { ownPolicyDecides: decides }),
      control: controls.overResourcesOf(account),
      tags: tagsOf(entity),
    })
  }
  for (const [id, keyId] of links.keyOf) {
    const [thing, key] = [things.get(id), entities.get(keyId)]
    if (thing === undefined || key === undefined) continue
    const byAws =
      key.props?.['managedBy'] === 'AWS' ||
      [key.name, ...(key.aliases ?? [])].some((one) => one.startsWith('alias/aws/'))
    const encryptedBy = byAws ? 'by-aws' : things.get(keyId)
    if (encryptedBy !== undefined) things.set(id, { ...thing, encryptedBy })
  }
  return things
}

function accountAround(container: KnownEntity | undefined): string {
  return container?.kind === 'aws.account' ? container.key.slice('aws:account:'.length) : ''
}

/** Six characters that AWS puts at the end of the ARN of a secret; of one that was only mentioned they are not known. */
const SOME_ENDING = '-AAAAAA'

function formsOf({ key, kind, evidence }: KnownEntity): readonly string[] {
  if (kind === 'aws.secretsmanager_secret' && evidence === undefined) return [key, key + SOME_ENDING]
  if (kind !== 'aws.ecs_service') return [key]
  // Commands are run in tasks of a cluster: `arn:aws:ecs:eu-west-1:111122223333:service/main/web`.
  const [before, cluster] = [key.slice(0, key.indexOf(':service/')), key.split('/')[1] ?? '']
  return [`${before}:task/${cluster}/${'0'.repeat(32)}`, `${before}:cluster/${cluster}`]
}
