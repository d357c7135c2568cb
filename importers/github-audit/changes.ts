import { keys } from '../../graph/keys.ts'
import { deployKeyOf, type Outcome, type Taken } from './taken.ts'
import { source } from './ledger.ts'

const secretVerbs = new Map([
  ['create', false],
  ['add', false],
  ['update', false],
  ['remove', true],
  ['delete', true],
  ['destroy', true],
])

/** What an event changed or handed out; undefined: nothing that matters here. */
export function takeChange(taken: Taken): Outcome | undefined {
  const { action } = taken.event
  if (action === 'workflows.prepared_workflow_job') return takeJob(taken)
  const [group = '', verb = ''] = action.split('.')
  if (verb.includes('secret') && !verb.includes('scanning') && group !== 'repository_secret_scanning')
    return takeSecret(taken, group, verb)
  if (group === 'public_key' || group === 'deploy_key') return takeDeployKey(taken, verb)
  if (group === 'integration_installation') return takeInstallation(taken, verb)
  if (group === 'personal_access_token') return takeTokenChange(taken, verb)
  return undefined
}

/** `org.update_actions_secret`, `repo.create_dependabot_secret`, `environment.remove_actions_secret`. */
function takeSecret({ event, at, scope, where, repository, owner }: Taken, group: string, verb: string): Outcome {
  const [first = ''] = verb.split('_')
  const isGone = secretVerbs.get(first)
  const name = event.key ?? event.secret_name
  if (isGone === undefined) return 'not-relevant'
  if (!name || owner === undefined) return 'missing-identifier'
  const place = group === 'org' ? owner : repository
  if (place === undefined) return 'missing-identifier'
  if (group === 'environment' && !event.environment_name) return 'missing-identifier'
  const props = { ...(at !== undefined && { [first === 'update' ? 'lastRotatedAt' : 'createdAt']: at }) }
  const evidence = [
    { source, kind: 'observed' as const, ...where, note: event.action.slice(0, 100), ...(at && { lastSeen: at }) },
  ]
  const common = { name: name.toUpperCase(), props, evidence }
  if (verb.includes('dependabot'))
    scope.change(
      { id: keys.githubDependabotSecret(place, name), kind: 'github.dependabot_secret', ...common },
      at,
      isGone,
    )
  else if (verb.includes('codespaces'))
    scope.change(
      { id: keys.githubCodespacesSecret(place, name), kind: 'github.codespaces_secret', ...common },
      at,
      isGone,
    )
  else {
    const id =
      group === 'org'
        ? keys.githubOrganizationSecret(owner, name)
        : group === 'environment'
          ? keys.githubEnvironmentSecret(place, event.environment_name!, name)
          : keys.githubRepositorySecret(place, name)
    const visibility = event.visibility ? { visibility: event.visibility } : {}
    scope.change({ id, kind: 'github.actions_secret', ...common, props: { ...props, ...visibility } }, at, isGone)
  }
  return 'mapped'
}

/** The one event that names the secrets a job was handed, on whatever branch: observed delivery. */
function takeJob({ event, at, scope, where, repository }: Taken): Outcome {
  const path = workflowOf(event.job_workflow_ref ?? event.workflow_ref, repository)
  const name = jobOf(event.job_name)
  if (repository === undefined || path === undefined || name === undefined) return 'missing-identifier'
  const from = keys.githubJob(repository, path.file, name)
  const short = repository.slice(repository.indexOf('/') + 1)
  scope.entity({ id: from, kind: 'github.job', name: `${short}: ${path.file} / ${name}` }, { prop: 'lastSeenAt', at })
  const branch = path.ref === undefined ? '' : ` from ${path.ref}`
  const environment = event.environment_name || undefined
  for (const secret of event.secrets_passed ?? []) {
    if (secret === '' || secret.toUpperCase() === 'GITHUB_TOKEN') continue
    const to = keys.githubRepositorySecret(repository, secret)
    scope.entity({
      id: to,
      kind: 'github.actions_secret',
      name: secret.toUpperCase(),
      aliases: [`${repository} ${secret}`],
    })
    scope.use({
      kind: 'USES_SECRET',
      from,
      to,
      at,
      attributed: true,
      where,
      note: `handed to the job${branch}`,
      props: { scopeKnown: false, ...(environment !== undefined && { environment }) },
    })
  }
  return 'mapped'
}

/** `acme/shop/.github/workflows/deploy.yml@refs/heads/main`; one of another repository is a workflow that was called. */
function workflowOf(reference: string | null | undefined, repository: string | undefined) {
  if (!reference || repository === undefined) return undefined
  const at = reference.indexOf('@')
  const path = at < 0 ? reference : reference.slice(0, at)
  if (!path.toLowerCase().startsWith(`${repository.toLowerCase()}/`)) return undefined
  return { file: path.slice(path.lastIndexOf('/') + 1), ref: at < 0 ? undefined : reference.slice(at + 1, at + 200) }
}

/** `build (20, ubuntu)` is the job `build`, `call / inner` what `call` called. */
function jobOf(name: string | null | undefined): string | undefined {
  const first = (name ?? '').split(' / ')[0]!
  const open = first.indexOf(' (')
  return (open < 0 ? first : first.slice(0, open)).trim() || undefined
}

function takeDeployKey(taken: Taken, verb: string): Outcome {
  const { event, scope } = taken
  if (!event.fingerprint || taken.repository === undefined) return 'missing-identifier'
  if (verb !== 'create') return 'mapped'
  const { key } = deployKeyOf(taken, event.fingerprint, undefined)
  scope.entity({
    id: key,
    kind: 'ssh.authorized_key',
    ...(event.title && { name: `deploy key ${event.title}` }),
    ...(taken.at !== undefined && { props: { createdAt: taken.at } }),
  })
  return 'mapped'
}

function takeInstallation({ event, scope }: Taken, verb: string): Outcome {
  const slug = event.integration || event.name
  if (!slug) return 'missing-identifier'
  if (verb !== 'create') return 'mapped'
  const name = slug.toLowerCase().replaceAll(' ', '-')
  scope.entity({ id: keys.githubApp(name), kind: 'github.app', name: slug })
  return 'mapped'
}

const tokenStates = new Map([
  ['access_granted', 'active'],
  ['create', 'active'],
  ['access_revoked', 'revoked'],
  ['destroy', 'revoked'],
  ['expired', 'expired'],
  ['request_created', 'requested'],
])

function takeTokenChange({ event, at, scope }: Taken, verb: string): Outcome {
  const status = tokenStates.get(verb)
  if (status === undefined) return 'not-relevant'
  if (!event.token_id) return 'missing-identifier'
  const name = event.user_programmatic_access_name ?? event.token_name
  scope.change(
    { id: keys.githubToken(event.token_id), kind: 'github.pat', ...(name && { name }), props: { status } },
    at,
    false,
  )
  return 'mapped'
}
