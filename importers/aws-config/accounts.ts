import type { z } from 'zod'
import { keys } from '../../graph/keys.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import { Group, Policy, Role, User } from '../read/aws/account-records.ts'
import { mapAccount, type Account } from '../read/aws/map-account.ts'
import type { Outcome } from '../read/aws/map-secrets.ts'
import { describe, evidenceOf, lastPart, sceneOf, type Origin, type Run } from '../read/aws/scene.ts'
import { recased } from './casing.ts'
import type { Fields, Item } from './item.ts'

/** Users, groups, roles and policies by account: their memberships and attachments need all of them. */
export interface Identities {
  readonly of: Map<string, Gathered>
}

interface Gathered {
  readonly users: User[]
  readonly groups: Group[]
  readonly roles: Role[]
  readonly policies: Policy[]
  readonly origins: Map<string, Origin>
  readonly partial: Set<string>
  /** Instance profiles that say the names of their roles. */
  readonly profiles: { readonly item: Item; readonly origin: Origin; readonly roles: readonly string[] }[]
}

type Keeper = (item: Item, origin: Origin, run: Run, gathered: Gathered) => Outcome

/** The types of IAM. */
export const identityRows: ReadonlyMap<string, Keeper> = new Map<string, Keeper>([
  ['AWS::IAM::User', principal(User, 'users', ['UserPolicyList', 'AttachedManagedPolicies', 'GroupList'])],
  ['AWS::IAM::Group', principal(Group, 'groups', ['GroupPolicyList', 'AttachedManagedPolicies'])],
  ['AWS::IAM::Role', principal(Role, 'roles', ['RolePolicyList', 'AttachedManagedPolicies'])],
  ['AWS::IAM::Policy', principal(Policy, 'policies', [])],
  ['AWS::IAM::InstanceProfile', profile],
  ['AWS::IAM::OIDCProvider', provider],
  ['AWS::IAM::SAMLProvider', provider],
  ['AWS::IAM::AccessKey', accessKey],
])

export function keepIdentity(item: Item, origin: Origin, run: Run, identities: Identities): Outcome {
  const known = identities.of.get(item.account)
  const gathered = known ?? {
    users: [],
    groups: [],
    roles: [],
    policies: [],
    origins: new Map(),
    partial: new Set(),
    profiles: [],
  }
  if (known === undefined) identities.of.set(item.account, gathered)
  return identityRows.get(item.type)!(item, origin, run, gathered)
}

/** @param lists what has to be said for its permissions to be known; a query may have asked for less */
function principal<T extends z.ZodType<{ Arn: string }>>(
  shape: T,
  into: 'users' | 'groups' | 'roles' | 'policies',
  lists: readonly string[],
): Keeper {
  return (item, origin, _run, gathered) => {
    const fields: Fields = { Arn: item.arn, ...recased(item.configuration, 'upper') }
    const read = shape.safeParse({ ...fields, ...tagsOf(item, fields) })
    if (!read.success) return 'unreadable-record'
    const arn = read.data.Arn
    if (isMasked(arn)) return 'masked-identifier'
    if (parseArn(arn) === undefined) return 'missing-identifier'
    if (lists.some((name) => !Array.isArray(fields[name]))) gathered.partial.add(arn)
    gathered.origins.set(arn, origin)
    ;(gathered[into] as z.infer<T>[]).push(read.data)
    return 'mapped'
  }
}

/** Tags of principals decide conditions: said to be known only where the item has them. */
function tagsOf(item: Item, fields: Fields): Fields {
  if (Array.isArray(fields['Tags'])) return { Tags: (fields['Tags'] as unknown[]).map(keyed) }
  const tags = typeof item.tags === 'object' && item.tags !== null ? item.tags : undefined
  if (tags === undefined) return { Tags: undefined }
  if (Array.isArray(tags)) return { Tags: (tags as unknown[]).map(keyed) }
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) })) }
}

function keyed(tag: unknown): unknown {
  const { key, value, Key, Value } = (tag ?? {}) as Fields
  return { Key: Key ?? key, Value: Value ?? value ?? '' }
}

function profile(item: Item, origin: Origin, run: Run, { profiles }: Gathered): Outcome {
  const scene = sceneOf(item.arn ?? '', origin, run)
  if (typeof scene === 'string') return scene
  const names = recased(item.configuration, 'upper')['Roles']
  const roles = (Array.isArray(names) ? (names as unknown[]) : []).filter((one) => typeof one === 'string')
  profiles.push({ item, origin, roles })
  const id = item.arn!
  describe(scene, { id, kind: 'aws.instance_profile', name: lastPart(id), props: {} })
  return 'mapped'
}

function provider(item: Item, origin: Origin, run: Run): Outcome {
  const id = item.arn ?? ''
  const scene = sceneOf(id, origin, run)
  if (typeof scene === 'string') return scene
  const name = id.slice(id.indexOf('/') + 1)
  const fields = recased(item.configuration, 'upper')
  const audiences = fields['ClientIdList'] ?? fields['ClientIDList']
  const expiresAt = fields['ValidUntil']
  const props = {
    audiences: Array.isArray(audiences)
      ? (audiences as unknown[]).filter((one) => typeof one === 'string').slice(0, 100)
      : undefined,
    expiresAt: typeof expiresAt === 'string' ? expiresAt.slice(0, 40) : undefined,
  }
  describe(scene, { id, kind: 'aws.identity_provider_or_trust_anchor', name, props })
  return 'mapped'
}

function accessKey(item: Item, origin: Origin, run: Run): Outcome {
  const fields = recased(item.configuration, 'upper')
  const [id, user] = [fields['AccessKeyId'] ?? item.id, fields['UserName']]
  if (typeof id !== 'string' || !/^AKIA[A-Z0-9]{12,124}$/.test(id)) return 'missing-identifier'
  const scene = sceneOf(`arn:aws:iam::${item.account}:access-key/${id}`, origin, run)
  if (typeof scene === 'string') return scene
  const [status, createdAt] = [fields['Status'], fields['CreateDate']]
  const props = {
    status: typeof status === 'string' ? status.slice(0, 40) : undefined,
    createdAt: typeof createdAt === 'string' ? createdAt.slice(0, 40) : undefined,
  }
  describe(scene, { id: keys.awsAccessKey(id), kind: 'aws.iam_access_key', name: id, aliases: [id], props })
  if (typeof user !== 'string' || !/^[\w+=,.@-]{1,64}$/.test(user)) return 'mapped'
  const to = `arn:aws:iam::${item.account}:user/${user}`
  scene.sink.entity({ id: to, kind: 'aws.iam_user', name: user })
  scene.sink.relationship({ kind: 'AUTHENTICATES_AS', from: keys.awsAccessKey(id), to, evidence: evidenceOf(scene) })
  return 'mapped'
}

/** After the last file: what one account's principals come to, by the mapping of account authorization details. */
export function tellIdentities({ of }: Identities, run: Run): void {
  for (const [id, gathered] of of) {
    const scope = run.context.scope({ id: `aws/${id}`, title: `AWS account ${id}`, complete: false })
    const { origins, users, groups, roles, policies, partial } = gathered
    const account: Account = {
      source: run.source,
      id,
      file: '',
      originOf: (arn) => origins.get(arn),
      partial,
      users,
      groups,
      roles,
      policies,
    }
    if (origins.size > 0) mapAccount(account, scope)
    for (const { item, origin, roles: names } of gathered.profiles) {
      const scene = sceneOf(item.arn!, origin, run)
      if (typeof scene === 'string') continue
      for (const name of names) {
        // Only a role that was recorded says its path, and with it its ARN.
        const [role, ...others] = roles.filter(({ RoleName }) => RoleName === name)
        if (role === undefined || others.length > 0) continue
        const ends = { from: item.arn!, to: role.Arn, evidence: evidenceOf(scene) }
        scene.sink.relationship({ kind: 'DEPENDS_ON', ...ends })
        scene.sink.relationship({ kind: 'ASSUMES', confidence: 'none', ...ends })
      }
    }
  }
}
