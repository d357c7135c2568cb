import { awsTime } from '../clock.mjs'
import { crowdId, hash } from '../prng.mjs'

/** An account whose IAM is exported: what `get-account-authorization-details`, the report and the key lists say. */
export function startAccount(id, alias) {
  return { id, alias, users: [], groups: [], roles: [], policies: [], reportRows: [], keys: [] }
}

export const userArn = (account, name) => `arn:aws:iam::${account}:user/${name}`
export const roleArn = (account, name) => `arn:aws:iam::${account}:role/${name}`
const groupArn = (account, name) => `arn:aws:iam::${account}:group/${name}`

const uniqueId = (prefix, arn) => crowdId(prefix, hash(arn)) + 'X'
const tagList = (tags) => Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
const document = (statements) => ({ Version: '2012-10-17', Statement: statements })

export const allow = (actions, resources, condition) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(condition && { Condition: condition }),
})

const inline = (allows) => [{ PolicyName: 'access', PolicyDocument: document(allows) }]

const attached = (account, names) =>
  (names ?? []).map((name) => ({
    PolicyName: name,
    PolicyArn: name.includes('Access') ? `arn:aws:iam::aws:policy/${name}` : `arn:aws:iam::${account}:policy/${name}`,
  }))

/**
 * A user with its access keys (at most two). `keys`: `{id, createdAt, active, lastUsedAt, region, service}`.
 * `password`: `{lastUsedAt, changedAt, mfa}` where there is a console login.
 */
export function addUser(account, user) {
  const arn = userArn(account.id, user.name)
  account.users.push({
    Path: '/',
    UserName: user.name,
    UserId: uniqueId('AIDA', arn).slice(0, 21),
    Arn: arn,
    CreateDate: awsTime(user.createdAt),
    ...(user.allows && { UserPolicyList: inline(user.allows) }),
    GroupList: user.groups ?? [],
    AttachedManagedPolicies: attached(account.id, user.attached),
    Tags: tagList(user.tags),
  })
  for (const key of user.keys ?? []) {
    account.keys.push({
      UserName: user.name,
      AccessKeyId: key.id,
      Status: key.active === false ? 'Inactive' : 'Active',
      CreateDate: awsTime(key.createdAt),
    })
  }
  account.reportRows.push(reportRow(user.name, arn, user.createdAt, user.password, user.keys ?? []))
  return arn
}

export function addRoot(account, createdAt, keys, lastUsedAt) {
  const password = { lastUsedAt, changedAt: undefined, mfa: true }
  const arn = `arn:aws:iam::${account.id}:root`
  account.reportRows.unshift(reportRow('<root_account>', arn, createdAt, password, keys, 'not_supported'))
}

function reportRow(name, arn, createdAt, password, keys, rootSays) {
  const [first, second] = [keys[0], keys[1]]
  return [
    name,
    arn,
    awsTime(createdAt),
    rootSays ?? String(password !== undefined),
    password ? (password.lastUsedAt ? awsTime(password.lastUsedAt) : 'no_information') : 'N/A',
    rootSays ?? (password?.changedAt ? awsTime(password.changedAt) : 'N/A'),
    rootSays ?? 'N/A',
    String(password?.mfa === true),
    ...reportKey(first),
    ...reportKey(second),
    'false',
    'N/A',
    'false',
    'N/A',
  ]
}

function reportKey(key) {
  if (!key) return ['false', 'N/A', 'N/A', 'N/A', 'N/A']
  const used = key.lastUsedAt
    ? [awsTime(key.lastUsedAt), key.region ?? 'eu-north-1', key.service ?? 's3']
    : ['N/A', 'N/A', 'N/A']
  return [String(key.active !== false), awsTime(key.createdAt), ...used]
}

export function addGroup(account, name, createdAt, allows, managed) {
  account.groups.push({
    Path: '/',
    GroupName: name,
    GroupId: uniqueId('AGPA', groupArn(account.id, name)).slice(0, 21),
    Arn: groupArn(account.id, name),
    CreateDate: awsTime(createdAt),
    GroupPolicyList: allows ? inline(allows) : [],
    AttachedManagedPolicies: attached(account.id, managed),
  })
}

/** `trust`: statements of the trust policy. `lastUsedAt` as IAM keeps it. */
export function addRole(account, role) {
  const arn = roleArn(account.id, role.name)
  account.roles.push({
    Path: '/',
    RoleName: role.name,
    RoleId: uniqueId('AROA', arn).slice(0, 21),
    Arn: arn,
    CreateDate: awsTime(role.createdAt),
    AssumeRolePolicyDocument: document(role.trust),
    InstanceProfileList: [],
    RolePolicyList: role.allows ? inline(role.allows) : [],
    AttachedManagedPolicies: attached(account.id, role.attached),
    Tags: tagList(role.tags),
    RoleLastUsed: role.lastUsedAt ? { LastUsedDate: awsTime(role.lastUsedAt), Region: 'eu-north-1' } : {},
  })
  return arn
}

export function addPolicy(account, name, createdAt, allows) {
  const arn = `arn:aws:iam::${account.id}:policy/${name}`
  account.policies.push({
    PolicyName: name,
    PolicyId: uniqueId('ANPA', arn).slice(0, 21),
    Arn: arn,
    Path: '/',
    DefaultVersionId: 'v1',
    AttachmentCount: 1,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: awsTime(createdAt),
    UpdateDate: awsTime(createdAt),
    PolicyVersionList: [
      { Document: document(allows), VersionId: 'v1', IsDefaultVersion: true, CreateDate: awsTime(createdAt) },
    ],
  })
}

export const trustUser = (arn) => ({ Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' })

export const trustService = (service) => ({
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 'sts:AssumeRole',
})

/** A cluster's service account may take the role (IRSA). */
export function trustServiceAccount(account, oidcHost, namespace, name) {
  return {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${oidcHost}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${oidcHost}:sub`]: `system:serviceaccount:${namespace}:${name}` } },
  }
}

/** A workflow of the repository may take the role (GitHub OIDC). */
export function trustRepository(account, repository) {
  const host = 'token.actions.githubusercontent.com'
  return {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${host}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { [`${host}:sub`]: `repo:${repository}:*` } },
  }
}

const reportColumns = [
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation',
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date',
  'access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated',
  'access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active',
  'cert_1_last_rotated,cert_2_active,cert_2_last_rotated',
].join(',')

/** Files of one account: name and text. `indent` is 4, as the AWS command line prints, or 0 for the large sizes. */
export function accountFiles(account, indent) {
  const { users, groups, roles, policies } = account
  const details = { UserDetailList: users, GroupDetailList: groups, RoleDetailList: roles, Policies: policies }
  const files = [
    [`aws/${account.id}/account-authorization-details.json`, JSON.stringify(details, null, indent) + '\n'],
    [
      `aws/${account.id}/credential-report.csv`,
      [reportColumns, ...account.reportRows.map((row) => row.join(','))].join('\n') + '\n',
    ],
  ]
  return [...files, ...keyLists(account, indent)]
}

/** `aws iam list-access-keys --user-name …`, one reply a user. */
function keyLists(account, indent) {
  const byUser = new Map()
  for (const key of account.keys) byUser.set(key.UserName, [...(byUser.get(key.UserName) ?? []), key])
  return [...byUser].map(([name, list]) => [
    `aws/${account.id}/list-access-keys/${name}.json`,
    JSON.stringify({ AccessKeyMetadata: list }, null, indent) + '\n',
  ])
}
