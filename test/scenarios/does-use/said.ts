import type { Collected } from '../../../importers/read/collect.ts'

/** The relationships of an import, written as the independent readers write theirs. */

const uses = new Set(['USES_SECRET', 'USES_CREDENTIAL'])

/** `github:owner/name/workflow/FILE#JOB` uses `github:owner/name/secret/NAME`, all secrets, or the job's token. */
export function githubSaid({ facts }: Collected): Set<string> {
  const found = new Set<string>()
  for (const { kind, from, to } of facts.relationships) {
    const at = from.indexOf('/workflow/')
    if (!uses.has(kind) || !from.startsWith('github:') || at < 0 || !to.startsWith('github:')) continue
    const [file, job] = from.slice(at + '/workflow/'.length).split('#')
    const [owner, name, ...rest] = to.slice('github:'.length).split('/')
    const what = rest[0] === 'secrets' ? '*' : rest[0] === 'actions-token' ? 'GITHUB_TOKEN' : rest[1]
    found.add(`${from.slice('github:'.length, at)} ${file} ${job} > ${owner}/${name}/${what}`)
  }
  return found
}

const workloads = new Set(
  'deployment statefulset daemonset replicaset replicationcontroller job cronjob pod arangodeployment'.split(' '),
)

/** `k8s:CLUSTER/NS/TYPE/NAME` uses `k8s:CLUSTER/NS/secret/NAME`. */
export function kubernetesSaid({ facts }: Collected): Set<string> {
  const found = new Set<string>()
  for (const { kind, from, to } of facts.relationships) {
    const [type, name] = from.split('/').slice(-2)
    const [what, secret] = to.split('/').slice(-2)
    if (kind !== 'USES_SECRET' || what !== 'secret' || !workloads.has(type!)) continue
    found.add(`${type}/${name} > ${secret}`)
  }
  return found
}

/** Releases of charts with what their values name by reference, and secrets that External Secrets fill. */
export function releasedSaid({ facts }: Collected): Set<string> {
  const found = new Set<string>()
  for (const { kind, from, to, evidence } of facts.relationships) {
    const last = (key: string) => key.split('/').at(-1)!
    const byReference = evidence?.some(({ note }) => note?.includes('Ref of the HelmRelease'))
    if (kind === 'USES_SECRET' && from.includes('/helmrelease/') && byReference)
      found.add(`${last(from)} > ${last(to)}`)
    if (kind === 'SYNCED_FROM' && from.includes('/secret/') && to.startsWith('external:'))
      found.add(`${last(from)} < ${last(to)}`)
  }
  return found
}

/** `vault:HOST/secret/PREFIX/APP#KEY` is made of another. */
export function phalanxSaid({ byScope }: Collected): Set<string> {
  const found = new Set<string>()
  for (const { scope, facts } of byScope.values()) {
    if (scope.importer !== 'vault-phalanx') continue
    const value = (key: string) =>
      `${key.slice(0, key.indexOf('#')).split('/').at(-1)}/${key.slice(key.indexOf('#') + 1)}`
    for (const { kind, from, to } of facts.relationships)
      if (kind === 'SYNCED_FROM' && from.includes('#') && to.includes('#'))
        found.add(`${scope.id.slice('phalanx/'.length)} ${value(from)} > ${value(to)}`)
  }
  return found
}

export function cloudtrailSaid({ facts }: Collected): { keys: Set<string>; reads: Set<string>; assumed: Set<string> } {
  const keys = new Set<string>()
  const reads = new Set<string>()
  const assumed = new Set<string>()
  // A key that was only made is known, and was not used.
  const used = new Set(facts.observations.flatMap(({ kind, to }) => (kind === 'USES_CREDENTIAL' ? [to] : [])))
  for (const { kind, from, to } of facts.observations) {
    if (kind === 'AUTHENTICATES_AS' && from.startsWith('aws:key:AKIA') && used.has(from))
      keys.add(`${from.slice(8)} > ${to}`)
    if (kind === 'USES_SECRET' && to.includes(':secretsmanager:')) reads.add(to)
    if (kind === 'ASSUMES') assumed.add(to)
  }
  return { keys, reads, assumed }
}

/** Keys of users, and what runs as which role, as a state or a configuration says. */
export function terraformSaid({ facts }: Collected): Set<string> {
  const found = new Set<string>()
  for (const { kind, from, to } of facts.relationships) {
    if (kind === 'AUTHENTICATES_AS' && from.startsWith('aws:key:'))
      found.add(`${from.slice(8)} > ${to.split('/').at(-1)}`)
    if (kind === 'RUNS_AS' && from.includes(':function:')) found.add(`${from} > ${to}`)
  }
  return found
}

/** Repositories of GitHub that hold the token of a service account: `namespace repository`. */
export function tokensSaid(relationships: Iterable<{ kind: string; from: string; to: string }>): Set<string> {
  const found = new Set<string>()
  for (const { kind, from, to } of relationships) {
    if (kind !== 'HOLDS' || !from.startsWith('github:') || !to.endsWith('#token')) continue
    const namespace = to.slice('k8s:'.length).split('/')[1]
    found.add(`${namespace} ${from.split('/')[1]}`)
  }
  return found
}
