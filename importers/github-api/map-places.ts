import type { Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { keyOfPlace } from './families.ts'
import { UNKNOWN } from './map-credentials.ts'
import { declared, told, type Item, type Reader } from './reader.ts'
import {
  Collaborator,
  Environment,
  Installation,
  Protection,
  Repository,
  Ruleset,
  Runner,
  RunnerGroup,
  SubjectClaims,
  Team,
  WorkflowPermissions,
  WorkflowRun,
  type Repository as RepositoryRecord,
} from './records.ts'

/** Says something of the place a reply is of. */
function ofPlace({ place, family }: Item, props: Props): void {
  family.entity({ id: keyOfPlace(place), kind: place.kind, props })
}

export const readRepository: Reader = (item) => {
  const { data } = Repository.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const id = keys.githubRepository(data.full_name)
  if (!item.family.isNew(id)) return 'merged'
  item.family.entity({
    id,
    kind: 'github.repository',
    name: data.full_name,
    props: told({
      private: data.private,
      visibility: data.visibility,
      archived: data.archived,
      defaultBranch: data.default_branch,
    }) as Props,
    evidence: [declared(item)],
  })
  const owner = data.full_name.split('/')[0]!
  item.family.entity({ id: keys.githubOrganization(owner), kind: 'github.organization', name: owner })
  item.family.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.githubOrganization(owner) })
  return 'mapped'
}

/** Who has to agree and how long it waits: how fast a job that uses the environment can run again. */
export const readEnvironment: Reader = (item) => {
  const { data } = Environment.safeParse(item.value)
  const { place, family } = item
  if (!data || place.repository === undefined) return 'unreadable-record'
  const id = keys.githubEnvironment(place.repository, data.name)
  if (!family.isNew(id)) return 'merged'
  const rules = data.protection_rules ?? []
  const reviewers = rules.flatMap((rule) => rule.reviewers ?? [])
  const teams = reviewers.flatMap(({ type, reviewer }) =>
    type === 'Team' && reviewer?.slug ? [`${ownerOfTeam(reviewer.html_url, place.owner)}/${reviewer.slug}`] : [],
  )
  const wait = Math.max(0, ...rules.map((rule) => rule.wait_timer ?? 0))
  family.entity({
    id,
    kind: 'github.environment',
    name: data.name,
    props: {
      repository: place.repository,
      approvers: teams.slice(0, 200),
      approvingPeople: reviewers.length - teams.length,
      waitMinutes: wait,
      branches: branchesOf(data.deployment_branch_policy),
      ...told({ createdAt: data.created_at }),
    },
    evidence: [declared(item)],
  })
  family.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.githubRepository(place.repository) })
  return 'mapped'
}

function branchesOf(policy: { protected_branches?: boolean | null | undefined } | null | undefined): string {
  if (!policy) return 'any branch'
  return policy.protected_branches ? 'protected branches' : 'selected branches'
}

/** `https://github.com/orgs/acme/teams/shop`. */
function ownerOfTeam(address: string | null | undefined, owner: string): string {
  const segments = (address ?? '').split('/')
  const at = segments.indexOf('orgs')
  return at >= 0 && segments[at + 1] ? segments[at + 1]! : owner
}

export const readBranchPolicy: Reader = (item) => {
  const { data } = Ruleset.safeParse(item.value)
  if (!data) return 'unreadable-record'
  if (!item.family.isNew(data.name)) return 'merged'
  ofPlace(item, { deploymentBranches: [data.name] })
  return 'mapped'
}

/** An App that may act here. Its private keys are with whoever runs it; how many there are no listing says. */
export const readInstallation: Reader = (item) => {
  const { data } = Installation.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const owner = data.account?.login ?? item.place.owner
  const { family } = item
  if (!family.isNew(`${data.id}`)) return 'merged'
  const id = keys.githubApp(data.app_slug)
  const rights = Object.entries(data.permissions ?? {}).map(([name, right]) => `${name}: ${right}`)
  family.entity({
    id,
    kind: 'github.app',
    name: data.app_slug,
    aliases: data.app_id ? [`GitHub App ${data.app_id}`] : [],
    props: {
      status: data.suspended_at ? 'suspended' : 'active',
      ...told({ repositories: data.repository_selection, appId: data.app_id }),
    },
    evidence: [declared(item)],
  })
  const keysOf = keys.githubAppKeys(data.app_slug)
  family.entity({
    id: keysOf,
    kind: 'github.app_private_key',
    name: `private keys of ${data.app_slug}`,
    props: { app: data.app_slug },
    evidence: [{ ...declared(item, 'an App signs in with a private key; which and how many is not listed') }],
  })
  family.relationship({ kind: 'AUTHENTICATES_AS', from: keysOf, to: id, evidence: [declared(item)] })
  if (owner === UNKNOWN) return 'mapped'
  family.entity({ id: keys.githubOrganization(owner), kind: 'github.organization', name: owner })
  family.relationship({
    kind: 'CAN_ACCESS',
    from: id,
    to: keys.githubOrganization(owner),
    props: { permissions: rights.slice(0, 200), selected: data.repository_selection === 'selected' },
    evidence: [
      declared(item, data.repository_selection === 'selected' ? 'selected repositories only' : 'all repositories'),
    ],
  })
  return 'mapped'
}

export const readRunner: Reader = (item) => {
  const { data } = Runner.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  const id = keys.githubRunner(place.repository ?? place.owner, data.id)
  if (!family.isNew(id)) return 'merged'
  family.entity({
    id,
    kind: 'github.runner',
    name: data.name,
    props: told({
      os: data.os,
      status: data.status,
      ephemeral: data.ephemeral,
      labels: (data.labels ?? []).map(({ name }) => name).slice(0, 200),
    }) as Props,
    evidence: [declared(item)],
  })
  const group = item.parts.get('runner_group_id') ?? data.runner_group_id
  const isOfGroup = group !== undefined && group !== null && place.repository === undefined
  const to = isOfGroup ? keys.githubRunnerGroup(place.owner, group) : keyOfPlace(place)
  family.relationship({ kind: 'CONTAINED_IN', from: id, to, evidence: [declared(item)] })
  return 'mapped'
}

export const readRunnerGroup: Reader = (item) => {
  const { data } = RunnerGroup.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  const id = keys.githubRunnerGroup(place.owner, data.id)
  if (!family.isNew(id)) return 'merged'
  family.entity({
    id,
    kind: 'github.runner_group',
    name: data.name,
    props: told({
      visibility: data.visibility,
      publicRepositories: data.allows_public_repositories,
      onlyWorkflows: data.restricted_to_workflows ? (data.selected_workflows ?? []).slice(0, 200) : undefined,
    }) as Props,
    evidence: [declared(item)],
  })
  family.relationship({ kind: 'CONTAINED_IN', from: id, to: keyOfPlace(place), evidence: [declared(item)] })
  return 'mapped'
}

/** In a listing of a repository: who may do what to it. In one of the organization: that there is this team. */
export const readTeam: Reader = (item) => {
  const { data } = Team.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const { place, family } = item
  const slug = `${ownerOfTeam(data.html_url, place.owner)}/${data.slug}`
  const id = keys.team(slug)
  if (!family.isNew(id)) return 'merged'
  family.entity({ id, kind: 'business.team', name: slug, aliases: data.name ? [data.name] : [] })
  if (place.repository !== undefined)
    family.relationship({
      kind: 'CAN_ACCESS',
      from: id,
      to: keyOfPlace(place),
      props: told({ permission: data.permission }) as Props,
      evidence: [declared(item, `permission ${data.permission ?? 'not said'}`)],
    })
  return 'mapped'
}

export const readTeamRepository: Reader = (item) => {
  const { data } = Repository.safeParse(item.value)
  const team = item.parts.get('team_slug')
  if (!data) return 'unreadable-record'
  if (team === undefined) return 'masked-identifier'
  const from = keys.team(`${item.place.owner}/${team}`)
  const to = keys.githubRepository(data.full_name)
  if (!item.family.isNew(`${from} ${to}`)) return 'merged'
  item.family.entity({ id: from, kind: 'business.team', name: `${item.place.owner}/${team}` })
  item.family.entity({ id: to, kind: 'github.repository', name: data.full_name })
  const permission = permissionOf(data)
  const evidence = [declared(item, `permission ${permission ?? 'not said'}`)]
  item.family.relationship({
    kind: 'CAN_ACCESS',
    from,
    to,
    props: told({ permission }) as Props,
    evidence,
  })
  return 'mapped'
}

const strongest = ['admin', 'maintain', 'push', 'triage', 'pull']

function permissionOf({ role_name, permissions }: Pick<RepositoryRecord, 'role_name' | 'permissions'>) {
  return role_name || strongest.find((name) => permissions?.[name] === true)
}

/** People are counted, not named. */
export const readCollaborator: Reader = (item) => {
  const { data } = Collaborator.safeParse(item.value)
  if (!data || (!data.permissions && !data.role_name)) return 'unreadable-record'
  const permission = permissionOf(data) ?? 'pull'
  const counts = item.run.counts(item.family)
  counts.set(permission, (counts.get(permission) ?? 0) + 1)
  return 'mapped'
}

/** What stands in the subject of OIDC tokens; without a customisation `repo:owner/name:…`. */
export const readClaims: Reader = (item) => {
  const { data } = SubjectClaims.safeParse(item.value)
  if (!data) return 'unreadable-record'
  const claims = data.include_claim_keys ?? []
  ofPlace(item, {
    oidcDefaultSubject: data.use_default ?? claims.length === 0,
    oidcSubjectClaims: claims.slice(0, 200),
  })
  return 'mapped'
}

export const readWorkflowPermissions: Reader = (item) => {
  const { data } = WorkflowPermissions.safeParse(item.value)
  if (!data) return 'unreadable-record'
  ofPlace(item, { defaultTokenPermissions: data.default_workflow_permissions })
  return 'mapped'
}

export const readRuleset: Reader = (item) => {
  const { data } = Ruleset.safeParse(item.value)
  if (!data) return 'unreadable-record'
  if (!item.family.isNew(data.name)) return 'merged'
  ofPlace(item, { rulesets: [`${data.name} (${data.enforcement ?? 'not said'})`] })
  return 'mapped'
}

export const readProtection: Reader = (item) => {
  const branch = item.parts.get('branch')
  if (!Protection.safeParse(item.value).success) return 'unreadable-record'
  if (branch === undefined) return 'masked-identifier'
  ofPlace(item, { protectedBranches: [branch] })
  return 'mapped'
}

/** A run shows that a workflow is alive, and from which branch it came: perhaps one that nobody imported. */
export const readRun: Reader = (item) => {
  const { data } = WorkflowRun.safeParse(item.value)
  const repository = item.place.repository
  if (!data || repository === undefined) return 'unreadable-record'
  const path = data.path.split('@')[0]!
  const id = keys.githubWorkflow(repository, path.slice(path.lastIndexOf('/') + 1))
  item.family.entity({
    id,
    kind: 'github.workflow',
    props: {
      ...told({ lastSeenAt: data.created_at }),
      ...(data.head_branch && { ranFrom: [data.head_branch] }),
      ...(data.event && { ranOn: [data.event] }),
    } as Props,
  })
  return 'mapped'
}
