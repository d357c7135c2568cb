import { idOf, relationshipKey } from '../ids.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import type { Suggestion } from './links.ts'
import { addressOf, calledAlike, sharedAccessors, unnamed } from './same-vaults.ts'

const mostPairs = 500

/** A log without an address, and one Vault that is known by its address: likely the same, and for a person to say. */
export function* vaultWithoutAddress(facts: KnownFacts): Generator<Suggestion> {
  const servers = [...facts.entities.values()].filter(({ kind }) => kind === 'vault.server')
  const named = servers.flatMap(({ key }) => addressOf(key) ?? []).filter((address) => address !== unnamed)
  if (named.length !== 1 || !servers.some(({ key }) => addressOf(key) === unnamed)) return
  let count = 0
  for (const { alias, into } of calledAlike(facts, new Map([[unnamed, named[0]!]]))) {
    if (++count > mostPairs) return
    const reason = `an export names no Vault (import it with --scope ${named[0]!} if it is of this one), and only one is known`
    yield { kind: 'SAME', from: alias.key, to: into.key, reason }
  }
}

/** Two addresses with the same mounts: one Vault, or one restored from a snapshot of the other. Only a person knows. */
export function* vaultUnderTwoAddresses(facts: KnownFacts): Generator<Suggestion> {
  let count = 0
  for (const addresses of sharedAccessors(facts)) {
    const [first, ...others] = addresses.filter((address) => address !== unnamed)
    if (first === undefined) continue
    for (const other of others)
      for (const { alias, into } of calledAlike(facts, new Map([[other, first]]))) {
        if (++count > mostPairs) return
        const reason = `${first} and ${other} have mounts with the same accessors: one Vault, or a restored copy of it`
        yield { kind: 'SAME', from: alias.key, to: into.key, reason }
      }
  }
}

const mostWorkloads = 20

/**
 * A client of Vault that logged in as a service account, and the workloads that run as it. Which cluster a Kubernetes
 * mount asks is not in the log: so it is possible, until a person says so.
 */
export function* vaultClients(facts: KnownFacts): Generator<Suggestion> {
  const clients = [...facts.entities.values()].filter(
    ({ kind, props }) => kind === 'vault.client' && typeof props?.['kubernetesServiceAccount'] === 'string',
  )
  if (clients.length === 0) return
  const accounts = accountsByName(facts)
  const runners = new Map<string, KnownEntity[]>()
  for (const { kind, from, to, confidence } of facts.relationships.values()) {
    const workload = kind === 'RUNS_AS' && confidence !== 'none' ? facts.entities.get(from) : undefined
    if (workload) runners.set(to, [...(runners.get(to) ?? []), workload])
  }
  for (const client of clients) {
    const name = client.props!['kubernetesServiceAccount'] as string
    const uid = client.props!['kubernetesServiceAccountUid']
    const all = accounts.get(name) ?? []
    // The uid of an account is its own: where both sides have it, the others are other accounts.
    const exact = all.filter(({ props }) => uid !== undefined && props?.['uid'] === uid)
    const meant = (exact.length > 0 ? exact : all).flatMap(({ id }) => runners.get(id) ?? [])
    for (const workload of meant.slice(0, mostWorkloads))
      yield {
        kind: 'DEPENDS_ON',
        from: workload.key,
        to: client.key,
        reason:
          `it logs in to Vault as the service account ${name}, ` +
          (meant.length === 1 ? 'and only this workload runs as it' : `as which ${meant.length} workloads run`) +
          (exact.length > 0 ? ' (the account’s uid is the same)' : ''),
      }
  }
}

function accountsByName(facts: KnownFacts): Map<string, KnownEntity[]> {
  const accounts = new Map<string, KnownEntity[]>()
  for (const entity of facts.entities.values()) {
    if (entity.kind !== 'k8s.service_account') continue
    // `k8s:prod/shop/serviceaccount/api`.
    const parts = entity.key.split('/')
    const name = `${parts.at(-3) ?? ''}/${parts.at(-1) ?? ''}`
    accounts.set(name, [...(accounts.get(name) ?? []), entity])
  }
  return accounts
}

/**
 * Service accounts that a role lets in by name. May, so no breakage; of several clusters with such an account it may be
 * any of them, and each is within reach.
 */
export function withBoundAccounts(facts: KnownFacts): KnownFacts {
  const roles = [...facts.entities.values()].filter(
    ({ kind, props }) => kind === 'vault.role' && props?.['boundServiceAccounts'],
  )
  if (roles.length === 0) return facts
  const accounts = accountsByName(facts)
  const relationships = new Map(facts.relationships)
  for (const role of roles)
    for (const name of role.props!['boundServiceAccounts'] as readonly string[])
      for (const account of accounts.get(name) ?? []) {
        const key = relationshipKey({ kind: 'ASSUMES', from: account.key, to: role.key })
        if (!relationships.has(idOf(key)))
          relationships.set(idOf(key), mayLogIn(key, account, role, accounts.get(name)!.length))
      }
  return { entities: facts.entities, relationships }
}

function mayLogIn(key: string, account: KnownEntity, role: KnownEntity, many: number): KnownRelationship {
  const which = many === 1 ? 'no other cluster here has it' : `${many} clusters have one of that name`
  return {
    id: idOf(key),
    kind: 'ASSUMES',
    from: account.id,
    to: role.id,
    confidence: 'none',
    evidence: [{ source: 'keyfall', kind: 'inferred', note: `the role lets in this account by its name; ${which}` }],
  }
}
