import type { Reader } from './reader.ts'
import { readSecret, readSelectedRepository, readVariable, readVisibleSecret } from './map-secrets.ts'
import { readAlert, readDeployKey, readToken, readTokenRepository, readWebhook } from './map-credentials.ts'
import { readInstallation, readRunner, readRunnerGroup, readTeam, readTeamRepository } from './map-actors.ts'
import {
  readBranchPolicy,
  readClaims,
  readCollaborator,
  readEnvironment,
  readProtection,
  readRepository,
  readRuleset,
  readRun,
  readWorkflowPermissions,
} from './map-places.ts'

export interface Route {
  /** Name of the listing, as the place's `listed` has it. */
  readonly family: string
  /** Where a page has its items; absent: an array, or the item itself. */
  readonly list?: string
  /** One item of a listing: says nothing of how many there are. */
  readonly single?: true
  readonly read: Reader
}

const org = '/orgs/{org}'
const repo = '/repos/{owner}/{repo}'
const environment = `${repo}/environments/{environment_name}`

function* secrets(): Generator<[string, Route]> {
  for (const keeper of ['actions', 'dependabot', 'codespaces'] as const) {
    const read = readSecret(keeper)
    const family = `${keeper}-secrets`
    for (const at of [org, repo]) {
      yield [`${at}/${keeper}/secrets`, { family, list: 'secrets', read }]
      yield [`${at}/${keeper}/secrets/{secret_name}`, { family: `${family}-one`, single: true, read }]
    }
    yield [
      `${org}/${keeper}/secrets/{secret_name}/repositories`,
      { family: `${family}-repositories`, list: 'repositories', read: readSelectedRepository(keeper) },
    ]
  }
  yield [`${environment}/secrets`, { family: 'actions-secrets', list: 'secrets', read: readSecret('actions') }]
  yield [
    `${environment}/secrets/{secret_name}`,
    { family: 'actions-secrets-one', single: true, read: readSecret('actions') },
  ]
  yield [
    `${repo}/actions/organization-secrets`,
    { family: 'organization-secrets', list: 'secrets', read: readVisibleSecret },
  ]
  for (const at of [`${org}/actions`, `${repo}/actions`, environment]) {
    yield [`${at}/variables`, { family: 'variables', list: 'variables', read: readVariable }]
    yield [`${at}/variables/{name}`, { family: 'variables-one', single: true, read: readVariable }]
  }
}

const tokens: [string, Route][] = [
  [`${org}/personal-access-tokens`, { family: 'tokens', read: readToken }],
  [`${org}/personal-access-token-requests`, { family: 'token-requests', read: readToken }],
  [`${org}/personal-access-tokens/{pat_id}/repositories`, { family: 'token-repositories', read: readTokenRepository }],
  [`${repo}/keys`, { family: 'deploy-keys', read: readDeployKey }],
  [`${repo}/keys/{key_id}`, { family: 'deploy-keys-one', single: true, read: readDeployKey }],
  [`${repo}/secret-scanning/alerts/{alert_number}`, { family: 'alerts-one', single: true, read: readAlert }],
]

const installations: [string, Route][] = [
  [`${org}/installations`, { family: 'installations', list: 'installations', read: readInstallation }],
  ['/app/installations', { family: 'installations', read: readInstallation }],
  ['/app/installations/{installation_id}', { family: 'installations-one', single: true, read: readInstallation }],
  ['/user/installations', { family: 'installations-of-user', list: 'installations', read: readInstallation }],
]

function* inBoth(): Generator<[string, Route]> {
  for (const at of [org, repo]) {
    yield [`${at}/hooks`, { family: 'webhooks', read: readWebhook }]
    yield [`${at}/hooks/{hook_id}`, { family: 'webhooks-one', single: true, read: readWebhook }]
    yield [`${at}/secret-scanning/alerts`, { family: 'alerts', read: readAlert }]
    yield [`${at}/actions/runners`, { family: 'runners', list: 'runners', read: readRunner }]
    yield [`${at}/actions/runners/{runner_id}`, { family: 'runners-one', single: true, read: readRunner }]
    yield [`${at}/actions/oidc/customization/sub`, { family: 'oidc-subject', single: true, read: readClaims }]
    yield [
      `${at}/actions/permissions/workflow`,
      { family: 'workflow-permissions', single: true, read: readWorkflowPermissions },
    ]
    yield [`${at}/rulesets`, { family: 'rulesets', read: readRuleset }]
    yield [`${at}/rulesets/{ruleset_id}`, { family: 'rulesets-one', single: true, read: readRuleset }]
    yield [`${at}/teams`, { family: 'teams', read: readTeam }]
  }
}

const places: [string, Route][] = [
  [`${org}/repos`, { family: 'repositories', read: readRepository }],
  [repo, { family: 'repository', single: true, read: readRepository }],
  [`${org}/actions/runner-groups`, { family: 'runner-groups', list: 'runner_groups', read: readRunnerGroup }],
  [
    `${org}/actions/runner-groups/{runner_group_id}`,
    { family: 'runner-groups-one', single: true, read: readRunnerGroup },
  ],
  [
    `${org}/actions/runner-groups/{runner_group_id}/runners`,
    { family: 'runners-of-group', list: 'runners', read: readRunner },
  ],
  [`${repo}/environments`, { family: 'environments', list: 'environments', read: readEnvironment }],
  [environment, { family: 'environments-one', single: true, read: readEnvironment }],
  [
    `${environment}/deployment-branch-policies`,
    { family: 'branch-policies', list: 'branch_policies', read: readBranchPolicy },
  ],
  [`${org}/teams/{team_slug}`, { family: 'teams-one', single: true, read: readTeam }],
  [`${org}/teams/{team_slug}/repos`, { family: 'team-repositories', read: readTeamRepository }],
  [`${repo}/collaborators`, { family: 'collaborators', read: readCollaborator }],
  [`${repo}/branches/{branch}/protection`, { family: 'branch-protection', single: true, read: readProtection }],
  [`${repo}/actions/runs`, { family: 'runs', list: 'workflow_runs', read: readRun }],
  [`${repo}/actions/runs/{run_id}`, { family: 'runs-one', single: true, read: readRun }],
  [
    `${repo}/actions/workflows/{workflow_id}/runs`,
    { family: 'runs-of-workflow', list: 'workflow_runs', read: readRun },
  ],
]

/** Every route that is read. Whatever else GitHub's API has is understood, and holds nothing for us. */
export const routes: ReadonlyMap<string, Route> = new Map([
  ...secrets(),
  ...tokens,
  ...installations,
  ...inBoth(),
  ...places,
])
export const routePaths: readonly string[] = [...routes.keys()]
