import type { SkipReason } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { agentOf, networkOf } from './caller.ts'
import { source, type AuditLedger, type ScopeLedger, type Where } from './ledger.ts'
import type { Event } from './records.ts'

export type Outcome = 'mapped' | 'merged' | SkipReason

interface Taken {
  readonly event: Event
  readonly at: string | undefined
  readonly where: Where
  readonly scope: ScopeLedger
  /** `owner/name`, where the event is of a repository. */
  readonly repository: string | undefined
  readonly owner: string | undefined
}

/** Takes one event: what it changed, which secrets it handed out, whose token did it. */
export function takeEvent(event: Event, where: Where, ledger: AuditLedger): Outcome {
  if (!ledger.isNew(event._document_id)) return 'merged'
  const org = Array.isArray(event.org) ? event.org[0] : event.org
  const repository = [event.repo, event.repository].find((name) => name?.includes('/')) ?? undefined
  const owner = org || repository?.split('/')[0] || undefined
  const at = momentOf(event['@timestamp'] ?? event.created_at)
  const scope = ledger.scope(owner ?? event.business ?? 'unknown')
  const taken: Taken = { event, at, where, scope, repository, owner }
  const used = takeToken(taken)
  const changed = takeChange(taken)
  if (used === 'mapped' || changed === 'mapped') return 'mapped'
  return changed ?? used ?? 'not-relevant'
}

/** ISO 8601 with zone; GitHub writes milliseconds, streams and collectors write texts. */
export function momentOf(value: number | string | null | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'number') return inRange(value < 1e11 ? value * 1000 : value)
  if (value.length < 10 || value.length > 40 || !isDate(value)) return undefined
  const spaced = value.replace(' ', 'T')
  const isZoned = spaced.endsWith('Z') || spaced.includes('+', 10) || spaced.lastIndexOf('-') > 9
  return inRange(Date.parse(isZoned ? spaced : `${spaced}Z`))
}

const isDate = (text: string): boolean => text[4] === '-' && text[7] === '-'

function inRange(ms: number): string | undefined {
  const time = new Date(ms)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace('.000Z', 'Z')
}

/** Kinds of programmatic access as the log words them, in both of its spellings. */
function accessOf(type: string | null | undefined): 'token' | 'app' | 'ssh' | undefined {
  const words = (type ?? '').toLowerCase().replaceAll('_', ' ')
  if (words.includes('server-to-server') || words.includes('server to server')) return 'app'
  if (words.includes('deploy key') || words.includes('ssh')) return 'ssh'
  return words.includes('token') || words.includes('oauth') ? 'token' : undefined
}

/** Whose credential did it. Who stands behind the address nobody says: the use is observed and unattributed. */
function takeToken(taken: Taken): Outcome | undefined {
  const { event, at, scope, where } = taken
  const credential = credentialOf(taken)
  if (typeof credential !== 'object') return credential
  const { key } = credential
  const network = networkOf(event.actor_ip, event.actor_location?.country_code)
  const agent = agentOf(event.user_agent)
  const from = keys.caller(key, network, agent)
  scope.entity(
    { id: from, kind: 'caller', name: `${network}, ${agent}`, props: { network, agent } },
    { prop: 'lastSeenAt', at },
  )
  const note = `${event.action}${event.actor ? ` as ${event.actor}` : ''}`
  scope.use({ kind: 'USES_CREDENTIAL', from, to: key, at, attributed: false, where, note })
  return 'mapped'
}

function credentialOf(taken: Taken): { readonly key: string } | Outcome | undefined {
  const { event, at, scope } = taken
  // The token of such an event is the one that was changed, not the one that changed it.
  if (event.action.startsWith('personal_access_token.')) return undefined
  const access = accessOf(event.programmatic_access_type)
  if (event.deploy_key_fingerprint) return deployKeyOf(taken, event.deploy_key_fingerprint, { prop: 'lastUsedAt', at })
  if (access === 'app') return appOf(taken)
  const id = event.token_id ?? undefined
  const hash = event.hashed_token ?? undefined
  if (id === undefined && !hash) return access === undefined ? undefined : 'missing-identifier'
  const key = id === undefined ? keys.githubTokenHash(hash!) : keys.githubToken(id)
  const name = event.user_programmatic_access_name ?? event.token_name
  scope.entity(
    {
      id: key,
      kind: 'github.pat',
      name: name || (id === undefined ? `token of ${event.actor ?? 'unknown'}` : `token ${id}`),
      // GitHub's own hash of it: whoever finds a token can look it up here.
      ...(hash && { aliases: [hash] }),
      ...(event.programmatic_access_type && { props: { type: event.programmatic_access_type.slice(0, 200) } }),
    },
    { prop: 'lastUsedAt', at },
  )
  proves(taken, key)
  return { key }
}

function proves({ event, scope, where }: Taken, key: string): void {
  if (!event.actor || event.actor.includes('[bot]')) return
  const to = keys.githubUser(event.actor)
  scope.entity({ id: to, kind: 'github.user', name: event.actor })
  scope.link({ kind: 'AUTHENTICATES_AS', from: key, to, evidence: [{ source, kind: 'observed', ...where }] })
}

/** `acme-deployer[bot]`: tokens of an App live an hour, what lasts is its private key. A job's own token is none of them. */
function appOf({ event, at, scope, where }: Taken): { readonly key: string } | Outcome {
  const slug = event.actor?.endsWith('[bot]') ? event.actor.slice(0, -'[bot]'.length) : undefined
  if (slug === undefined || slug === '') return 'missing-identifier'
  if (slug === 'github-actions') return 'not-relevant'
  const key = keys.githubAppKeys(slug)
  scope.entity({ id: keys.githubApp(slug), kind: 'github.app', name: slug })
  scope.entity(
    { id: key, kind: 'github.app_private_key', name: `private keys of ${slug}`, props: { app: slug } },
    { prop: 'lastUsedAt', at },
  )
  const to = keys.githubApp(slug)
  scope.link({ kind: 'AUTHENTICATES_AS', from: key, to, evidence: [{ source, kind: 'observed', ...where }] })
  return { key }
}

function deployKeyOf(
  { scope, repository }: Taken,
  fingerprint: string,
  moment: Parameters<ScopeLedger['entity']>[1],
): { readonly key: string } {
  const marked = fingerprint.startsWith('SHA256:') ? fingerprint : `SHA256:${fingerprint}`
  const key = keys.sshKey(marked)
  const props = repository === undefined ? {} : { repository }
  scope.entity({ id: key, kind: 'ssh.authorized_key', aliases: [marked], props }, moment)
  return { key }
}

const secretVerbs = new Map([
  ['create', false],
  ['add', false],
  ['update', false],
  ['remove', true],
  ['delete', true],
  ['destroy', true],
])

/** What an event changed or handed out; undefined: nothing that matters here. */
function takeChange(taken: Taken): Outcome | undefined {
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
