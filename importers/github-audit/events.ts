import { keys } from '../../graph/keys.ts'
import { agentOf, networkOf } from './caller.ts'
import { takeChange } from './changes.ts'
import { source, type AuditLedger, type Where } from './ledger.ts'
import type { Event } from './records.ts'
import { deployKeyOf, momentOf, type Outcome, type Taken } from './taken.ts'

/** Takes one event: what it changed, which secrets it handed out, whose token did it. */
export function takeEvent(event: Event, where: Where, ledger: AuditLedger): Outcome {
  if (!ledger.isNew(event._document_id)) return 'merged'
  const org = Array.isArray(event.org) ? event.org[0] : event.org
  const repository = [event.repo, event.repository].find((name) => name?.includes('/')) ?? undefined
  const owner = org || repository?.split('/')[0] || undefined
  const at = momentOf(event['@timestamp'] ?? event.created_at)
  const scope = ledger.scope(owner ?? event.business ?? 'unknown')
  scope.heard(at)
  const taken: Taken = { event, at, where, scope, repository, owner }
  const used = takeToken(taken)
  const changed = takeChange(taken)
  if (used === 'mapped' || changed === 'mapped') return 'mapped'
  return changed ?? used ?? 'not-relevant'
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
