import type { Props } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { keyOfPlace } from './families.ts'
import { permissionOf } from './permission.ts'
import { declared, told, type Item, type Reader } from './reader.ts'
import {
  Collaborator,
  Environment,
  Protection,
  Repository,
  Ruleset,
  SubjectClaims,
  WorkflowPermissions,
  WorkflowRun,
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

/** The organization of a team by its address, `https://github.com/orgs/acme/teams/shop`. */
export function ownerOfTeam(address: string | null | undefined, owner: string): string {
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
