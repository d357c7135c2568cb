import type { EntityFact, Evidence } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { Sink } from '../importer.ts'
import type { Job, Login } from './records.ts'

const expression = '${{'
const literal = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' || text.includes(expression) ? undefined : text.trim()

/** Makes the evidence of one place of the file. */
export type Declared = (where: string, note: string) => Evidence

/**
 * Where a job signs in with its own token, at Azure, Google and Vault, and which secrets it has Vault hand out. What an
 * expression names no file says: it is counted in the notes.
 */
export function mapLogins(job: Job, from: string, cadence: number | undefined, declared: Declared, sink: Sink): void {
  const timed = cadence === undefined ? {} : { cadence }
  for (const login of job.logins) {
    const identity = identityOf(login)
    if (identity !== undefined) {
      sink.entity(identity)
      const evidence = [declared(login.where, job.oidc ? 'by OIDC' : `signs in at ${login.at}`)]
      sink.relationship({ kind: 'RUNS_AS', from, to: identity.id, ...timed, evidence })
    }
    for (const secret of vaultSecretsOf(login)) {
      sink.entity(secret)
      const evidence = [declared(`${login.where}/with/secrets`, 'fetched by hashicorp/vault-action')]
      sink.relationship({ kind: 'USES_SECRET', from, to: secret.id, delivery: 'ci_job_start', ...timed, evidence })
    }
  }
}

/** Steps whose identity an expression names, or a script that takes the token itself. */
export function openLogins(jobs: readonly Job[]): number {
  return jobs.flatMap(({ logins }) => logins).filter((login) => identityOf(login) === undefined).length
}

function identityOf({ at, given }: Login): EntityFact | undefined {
  if (at === 'azure') {
    const client = literal(given.get('client-id'))?.toLowerCase()
    return client === undefined
      ? undefined
      : { id: `entra:app:${client}`, kind: 'entra.service_principal', name: client, aliases: [client] }
  }
  if (at === 'gcp') {
    const email = literal(given.get('service_account'))?.toLowerCase()
    return email === undefined
      ? undefined
      : { id: `gcp:sa:${email}`, kind: 'gcp.service_account', name: email, aliases: [email] }
  }
  if (at !== 'vault') return undefined
  const role = literal(given.get('role'))
  // Without a path the engine of the method's own name is meant.
  const mount = literal(given.get('path')) ?? literal(given.get('method'))
  if (role === undefined || mount === undefined) return undefined
  return { id: keys.vaultRole(addressOf(given), `auth/${trimmed(mount)}/`, role), kind: 'vault.role', name: role }
}

function addressOf(given: ReadonlyMap<string, string>): string {
  const url = literal(given.get('url'))
  try {
    return url === undefined ? 'vault' : new URL(url).hostname
  } catch {
    return 'vault'
  }
}

const SECRETS = 200

/** `secret/data/payments/db password | DB_PASSWORD ;`, one after the other. */
function vaultSecretsOf({ at, given }: Login): EntityFact[] {
  if (at !== 'vault') return []
  const paths = (given.get('secrets') ?? '')
    .split(/[;\n]/)
    .slice(0, SECRETS)
    .map((line) => line.trim().split(' ')[0]!)
    .filter((path) => path.includes('/') && !path.includes(expression))
  return [...new Set(paths)].map((path) => {
    const isVersioned = path.includes('/data/')
    const plain = trimmed(isVersioned ? path.replace('/data/', '/') : path)
    const kind = isVersioned ? ('vault.kv2_secret' as const) : ('vault.secret_path' as const)
    return { id: keys.vaultSecret(addressOf(given), plain), kind, name: plain }
  })
}

function trimmed(path: string): string {
  let [from, to] = [0, path.length]
  while (from < to && path[from] === '/') from++
  while (to > from && path[to - 1] === '/') to--
  return path.slice(from, to)
}
