import { policyText } from '../../../graph/access/policy-text.ts'
import { readTags } from '../../../graph/access/statement.ts'
import type { Evidence, Props } from '../../../graph/facts.ts'
import { keys } from '../../../graph/keys.ts'
import type { EntityKind } from '../../../graph/kinds/entity-kinds.ts'
import { parseArn } from '../arn.ts'
import { ownershipOf } from '../ownership-rules.ts'
import type { Sink } from '../../importer.ts'
import type { Origin } from './scene.ts'
import { grantsOf } from './grants.ts'
import { plainPolicy, statementsOf, type Statement } from './policy-document.ts'
import type { Group, Policy, Role, User } from './account-records.ts'
import { trustedBy } from './trust.ts'

/** What one export says of one account. */
export interface Account {
  /** Id of the importer, as evidence names it. */
  readonly source: string
  readonly id: string
  readonly file: string
  /** Where a record of its own says this principal or policy; else it is `file`, and the record its ARN. */
  readonly originOf?: (arn: string) => Origin | undefined
  /** ARNs of principals of which not all policies and memberships are said: nothing can be worked out for them. */
  readonly partial?: ReadonlySet<string>
  readonly users: readonly User[]
  readonly groups: readonly Group[]
  readonly roles: readonly Role[]
  readonly policies: readonly Policy[]
}

interface Scene {
  readonly account: Account
  readonly sink: Sink
  /** Statements of managed policies, by ARN. */
  readonly statements: ReadonlyMap<string, readonly Statement[]>
  readonly groupArns: ReadonlyMap<string, string>
  readonly roles: ReadonlyMap<string, Role>
  evidence(record: string, note?: string): [Evidence]
}

/** Facts of one account: principals, memberships, trusts, and permissions on single things. */
export function mapAccount(account: Account, sink: Sink): void {
  const scene: Scene = {
    account,
    sink,
    statements: new Map(account.policies.map((policy) => [policy.Arn, defaultStatements(policy)])),
    groupArns: new Map(account.groups.map((group) => [group.GroupName, group.Arn])),
    roles: new Map(account.roles.map((role) => [role.Arn, role])),
    evidence: (arn, note) => {
      const { file, record, seen } = account.originOf?.(arn) ?? { file: account.file, record: arn }
      const when = seen === undefined ? {} : { lastSeen: seen }
      return [{ source: account.source, kind: 'declared', file, record, ...when, ...(note ? { note } : {}) }]
    },
  }
  sink.entity({ id: keys.awsAccount(account.id), kind: 'aws.account', name: account.id })
  for (const policy of account.policies) mapPolicy(policy, scene)
  for (const group of account.groups) mapGroup(group, scene)
  for (const user of account.users) mapUser(user, scene)
  for (const role of account.roles) mapRole(role, scene)
}

function defaultStatements(policy: Policy): readonly Statement[] {
  return statementsOf(defaultDocument(policy)) ?? []
}

function defaultDocument({ PolicyVersionList: versions, DefaultVersionId }: Policy): unknown {
  const version =
    versions.find((one) => one.IsDefaultVersion === true) ?? versions.find((one) => one.VersionId === DefaultVersionId)
  return version?.Document
}

function mapPolicy(policy: Policy, { account, sink, evidence }: Scene): void {
  const byAws = isByAws(policy.Arn)
  sink.entity({
    id: policy.Arn,
    kind: 'aws.iam_policy',
    name: policy.PolicyName,
    props: given({
      managedBy: byAws ? 'aws' : 'customer',
      createdAt: policy.CreateDate,
      updatedAt: policy.UpdateDate,
      attachments: policy.AttachmentCount,
      policyText: policyText(plainPolicy(defaultDocument(policy))),
    }),
    evidence: evidence(policy.Arn),
  })
  if (!byAws) contain(policy.Arn, account, sink, evidence(policy.Arn))
}
const isByAws = (arn: string): boolean => parseArn(arn)?.account === 'aws'

function mapGroup(group: Group, scene: Scene): void {
  const { GroupName: name, Arn: id, GroupId, CreateDate, GroupPolicyList, AttachedManagedPolicies } = group
  const held = { inline: GroupPolicyList, attached: AttachedManagedPolicies }
  mapPrincipal({ id, kind: 'aws.iam_group', name, uniqueId: GroupId, props: { createdAt: CreateDate } }, held, scene)
}

function mapUser(user: User, scene: Scene): void {
  const { UserName: name, Arn: id, UserId } = user
  const held = { inline: user.UserPolicyList, attached: user.AttachedManagedPolicies }
  const props = { createdAt: user.CreateDate, permissionsBoundary: user.PermissionsBoundary?.PermissionsBoundaryArn }
  mapPrincipal({ id, kind: 'aws.iam_user', name, uniqueId: UserId, props, tags: user.Tags }, held, scene)
  for (const group of user.GroupList) {
    const to = scene.groupArns.get(group)
    if (to !== undefined) scene.sink.relationship({ kind: 'MEMBER_OF', from: id, to, evidence: scene.evidence(id) })
  }
}

function mapRole(role: Role, scene: Scene): void {
  const { RoleName: name, Arn: id, RoleId, RoleLastUsed } = role
  const statements = statementsOf(role.AssumeRolePolicyDocument)
  const trusted = trustedBy(statements ?? [])
  const props = {
    createdAt: role.CreateDate,
    maxSessionSeconds: role.MaxSessionDuration,
    lastUsedAt: RoleLastUsed?.LastUsedDate,
    lastUsedRegion: RoleLastUsed?.Region,
    permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
    permissionSet: permissionSetOf(id),
    serviceLinked: parseArn(id)?.resource.startsWith('role/aws-service-role/') === true ? true : undefined,
    trustPolicy: policyText(plainPolicy(role.AssumeRolePolicyDocument)),
    trustUnreadable: statements === undefined ? true : undefined,
    trustHasDeny: statements?.some(({ allows }) => !allows) === true ? true : undefined,
    assumableByAnyone: trusted.some((one) => one.key === keys.awsAnyone() && one.conditions.length === 0) || undefined,
  }
  const held = { inline: role.RolePolicyList, attached: role.AttachedManagedPolicies }
  mapPrincipal({ id, kind: 'aws.iam_role', name, uniqueId: RoleId, props, tags: role.Tags }, held, scene)
  for (const one of trusted) mapTrust(role, one, scene)
  for (const profile of role.InstanceProfileList) {
    const evidence = scene.evidence(profile.Arn)
    const entity = { id: profile.Arn, kind: 'aws.instance_profile' as const, name: profile.InstanceProfileName }
    scene.sink.entity({ ...entity, props: given({ createdAt: profile.CreateDate }), evidence })
    contain(profile.Arn, scene.account, scene.sink, evidence)
    // Without its role a profile gives nothing; who has the profile has the role.
    scene.sink.relationship({ kind: 'DEPENDS_ON', from: profile.Arn, to: id, evidence })
    scene.sink.relationship({ kind: 'ASSUMES', from: profile.Arn, to: id, confidence: 'none', evidence })
  }
}

/** The permission set of IAM Identity Center that a role was made for: people come as it, by the portal or the CLI. */
function permissionSetOf(arn: string): string | undefined {
  const resource = parseArn(arn)?.resource ?? ''
  if (!resource.startsWith('role/aws-reserved/sso.amazonaws.com/')) return undefined
  const name = resource.slice(resource.lastIndexOf('/') + 1)
  const found = /^AWSReservedSSO_(.{1,64})_[0-9a-f]{16}$/.exec(name.slice(0, 128))
  return found?.[1]
}

function mapTrust(role: Role, trusted: ReturnType<typeof trustedBy>[number], { sink, account, evidence }: Scene): void {
  const { key, kind, name, props, conditions } = trusted
  // Users and roles of this account are described by their own records.
  if (!isOwn(key, account))
    sink.entity({ id: key, kind, name, ...(props === undefined ? {} : { props: { ...props } }) })
  const under = conditions.length === 0 ? '' : ` under ${conditions.length} conditions, not evaluated`
  sink.relationship({
    kind: 'ASSUMES',
    from: key,
    to: role.Arn,
    confidence: 'none',
    ...(conditions.length === 0 ? {} : { props: { conditions: [...conditions] } }),
    evidence: evidence(role.Arn, `trust policy${under}`),
  })
  const provider = props?.provider
  if (provider === undefined || parseArn(provider) === undefined) return
  const providerName = provider.slice(provider.indexOf('/') + 1)
  sink.entity({ id: provider, kind: 'aws.identity_provider_or_trust_anchor', name: providerName })
  sink.relationship({ kind: 'DEPENDS_ON', from: key, to: provider, evidence: evidence(role.Arn, 'trust policy') })
}

const isOwn = (arn: string, account: Account): boolean => parseArn(arn)?.account === account.id

interface Principal {
  readonly id: string
  readonly kind: EntityKind
  readonly name: string
  readonly uniqueId: string | undefined
  readonly props: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  /** Absent where the export has no field for them. */
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined
}

interface Held {
  readonly inline: readonly { readonly PolicyName: string; readonly PolicyDocument?: unknown }[]
  readonly attached: readonly { readonly PolicyName?: string | undefined; readonly PolicyArn: string }[]
}

function mapPrincipal(principal: Principal, { inline, attached }: Held, scene: Scene): void {
  const { id, kind, name, uniqueId, props, tags: tagsOf } = principal
  const { sink, account, evidence } = scene
  const said = ownershipOf(
    'tag',
    (tagsOf ?? []).map(({ Key, Value }) => [Key, Value] as const),
  )
  const labels = new Map([...said].map(([prop, { value }]) => [prop, value] as const))
  sink.entity({
    id,
    kind,
    name,
    aliases: [name, uniqueId, props['permissionSet']].filter((one) => typeof one === 'string'),
    props: given({
      ...Object.fromEntries(labels),
      ...props,
      policies: attached.map(({ PolicyArn }) => PolicyArn).slice(0, 200),
      inlinePolicies: inline.map(({ PolicyName }) => PolicyName).slice(0, 200),
      // What `graph/access` stands on: its policies are all listed, and so are its tags where it has any field of them.
      permissionsKnown: account.partial?.has(id) === true ? undefined : true,
      tagsKnown: tagsOf === undefined ? undefined : true,
      awsTags: (tagsOf ?? [])
        .filter(({ Key }) => readTags.has(Key.toLowerCase()))
        .map(({ Key, Value }) => `${Key}=${Value}`.slice(0, 1024))
        .sort(),
    }),
    evidence: evidence(id),
  })
  contain(id, account, sink, evidence(id))
  const team = labels.get('team') ?? labels.get('owner')
  if (team !== undefined) {
    sink.entity({ id: keys.team(team), kind: 'business.team', name: team })
    sink.relationship({ kind: 'OWNED_BY', from: id, to: keys.team(team), evidence: evidence(id, 'tag') })
  }
  for (const { PolicyArn, PolicyName } of attached) {
    const statements = scene.statements.get(PolicyArn)
    // Named, but not in the list: all that is known of it is its name.
    if (statements === undefined) sink.entity({ id: PolicyArn, kind: 'aws.iam_policy', name: PolicyName ?? PolicyArn })
    mapGrants(id, statements ?? [], PolicyName ?? PolicyArn, scene)
  }
  for (const { PolicyName, PolicyDocument } of inline) {
    const policy = `${id}/inline-policy/${PolicyName}`
    sink.entity({
      id: policy,
      kind: 'aws.iam_policy',
      name: PolicyName,
      props: given({ managedBy: 'inline', policyText: policyText(plainPolicy(PolicyDocument)) }),
      evidence: evidence(id),
    })
    sink.relationship({ kind: 'CONTAINED_IN', from: policy, to: id, evidence: evidence(id) })
    mapGrants(id, statementsOf(PolicyDocument) ?? [], PolicyName, scene)
  }
}

function mapGrants(from: string, statements: readonly Statement[], policy: string, scene: Scene): void {
  for (const { kind, action, to, toKind, conditions } of grantsOf(statements)) {
    if (kind === 'ASSUMES' && !trusts(to, from, scene)) continue
    if (!isOwn(to, scene.account) || toKind !== 'aws.iam_role')
      scene.sink.entity({ id: to, kind: toKind, name: parseArn(to)!.resource.replace(/^[^:/]*[:/]/, '') })
    scene.sink.relationship({
      kind,
      from,
      to,
      confidence: 'none',
      props: { action, policy, ...(conditions.length === 0 ? {} : { conditions: [...conditions] }) },
      evidence: scene.evidence(from, `policy ${policy.slice(0, 128)} allows ${action}`),
    })
  }
}

/** A permission to assume is worth nothing unless the role agrees; of a role elsewhere that is not known. */
function trusts(role: string, principal: string, { roles, account }: Scene): boolean {
  const known = roles.get(role)
  if (known === undefined) return !isOwn(role, account)
  const welcome = [principal, keys.awsPrincipalsOf(account.id), keys.awsAnyone()]
  return trustedBy(statementsOf(known.AssumeRolePolicyDocument) ?? []).some(({ key }) => welcome.includes(key))
}

function contain(id: string, account: Account, sink: Sink, evidence: [Evidence]): void {
  sink.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.awsAccount(account.id), evidence })
}

/** Only what the export says: no empty lists, nothing undefined. */
function given(props: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>): Props {
  const kept = Object.entries(props).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(kept) as Props
}
