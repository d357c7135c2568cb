import type { EntityFact, Evidence, RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { entityKinds, type EntityKind } from '../../graph/kinds/entity-kinds.ts'

/** Kinds of things that a right may be over all of. */
export type AggregateKind = 'secrets' | 'accounts' | 'workloads'
type Kind = AggregateKind

const rows: Readonly<Record<Kind, { readonly kind: EntityKind; readonly type: string; readonly words: string }>> = {
  secrets: { kind: 'k8s.all_secrets', type: 'allsecrets', words: 'all secrets' },
  accounts: { kind: 'k8s.all_service_accounts', type: 'allserviceaccounts', words: 'all service accounts' },
  workloads: { kind: 'k8s.all_workloads', type: 'allworkloads', words: 'all workloads' },
}

/** In a key, instead of a namespace, for what has none. */
const clusterWide = '_cluster'

export interface Aggregates {
  /** What stands for all secrets, accounts or workloads of a namespace, or of the cluster (`_cluster`). Its key. */
  aggregate(kind: Kind, namespace: string): string
  /** Things of these names, in whatever namespace: linked when all are known. */
  namedEverywhere(kind: 'secrets' | 'accounts', names: readonly string[], link: (id: string) => void): void
  /** A group in which Kubernetes puts service accounts by itself; linked when all are known. Others are left as they are. */
  groupOfAccounts(name: string, id: string): void
}

interface Facts {
  readonly entities: ReadonlyMap<string, EntityFact>
  readonly entity: (fact: EntityFact) => string
  readonly relationship: (fact: RelationshipFact, evidence: Evidence) => void
}

/**
 * Wildcard rights without an explosion of arrows: who may read all secrets of a namespace has one arrow to what stands
 * for all of them, and each secret lies in that. Nothing of this carries an outage.
 */
export function aggregates(cluster: string, { entities, entity, relationship }: Facts): Aggregates & { fill(): void } {
  const made = new Map<string, { kind: Kind; namespace: string }>()
  const everywhere = new Map<string, ((id: string) => void)[]>()
  const groups = new Map<string, string>()

  const aggregate: Aggregates['aggregate'] = (kind, namespace) => {
    const { kind: entityKind, type, words } = rows[kind]
    const id = keys.k8s(cluster, namespace, type, 'all')
    if (made.has(id)) return id
    made.set(id, { kind, namespace })
    const wide = namespace === clusterWide
    const where = wide ? `cluster ${cluster}` : `namespace ${namespace}`
    return entity({
      id,
      kind: entityKind,
      name: `${words} of ${where}`.slice(0, 1000),
      props: { cluster, ...(wide ? {} : { namespace }) },
    })
  }

  const lies = (from: string, to: string, note: string): void =>
    relationship({ kind: 'CONTAINED_IN', from, to }, { source: 'kubernetes', kind: 'declared', note })

  const fill = (): void => {
    const things = [...entities.values()].flatMap((fact) => {
      const kind = sortOf(fact)
      const namespace = fact.props?.['namespace']
      const own = fact.id.startsWith(`k8s:${cluster}/`)
      return kind && own && typeof namespace === 'string' ? [{ fact, kind, namespace }] : []
    })
    for (const { fact, kind, namespace } of things) {
      const near = keys.k8s(cluster, namespace, rows[kind].type, 'all')
      const far = keys.k8s(cluster, clusterWide, rows[kind].type, 'all')
      if (made.has(near)) lies(fact.id, near, 'by its namespace')
      else if (made.has(far)) lies(fact.id, far, 'in the cluster')
      for (const link of everywhere.get(`${kind} ${fact.name ?? ''}`) ?? []) link(fact.id)
      if (kind === 'accounts') joinGroups(fact.id, namespace)
    }
    for (const [id, { kind, namespace }] of made) {
      const far = keys.k8s(cluster, clusterWide, rows[kind].type, 'all')
      if (namespace !== clusterWide && made.has(far)) lies(id, far, 'in the cluster')
    }
  }

  const joinGroups = (account: string, namespace: string): void => {
    for (const name of [...groupsOfEveryAccount, `system:serviceaccounts:${namespace}`]) {
      const group = groups.get(name)
      if (group === undefined) continue
      // Soft and possible by nature: no account stops when a group is gone, it only loses what the group may.
      relationship(
        { kind: 'MEMBER_OF', from: account, to: group, confidence: 'none' },
        { source: 'kubernetes', kind: 'declared', note: `every such service account is in ${name}` },
      )
    }
  }

  return {
    aggregate,
    namedEverywhere: (kind, names, link) => {
      for (const name of names) {
        const links = everywhere.get(`${kind} ${name}`)
        if (links) links.push(link)
        else everywhere.set(`${kind} ${name}`, [link])
      }
    },
    groupOfAccounts: (name, id) => void groups.set(name, id),
    fill,
  }
}

const groupsOfEveryAccount = ['system:serviceaccounts', 'system:authenticated']

function sortOf({ kind }: EntityFact): Kind | undefined {
  if (kind === 'k8s.secret_object') return 'secrets'
  if (kind === 'k8s.service_account') return 'accounts'
  if (kind === undefined || !kind.startsWith('k8s.') || kind === 'k8s.secret_store' || kind === 'k8s.issuer')
    return undefined
  return entityKinds[kind].role === 'workload' ? 'workloads' : undefined
}
