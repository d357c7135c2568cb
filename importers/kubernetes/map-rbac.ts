import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { FileReport } from '../importer.ts'
import { declared, type Cluster, type Place, type Seen } from './cluster-facts.ts'
import { clusterWide } from './map-stores.ts'
import { selects, type Selector } from './meta.ts'
import type { AggregateKind } from './aggregates.ts'
import { aggregated, Binding, labelsOf, rightsIn, Role, type Over, type Right } from './rights.ts'

/** What a role lets its holder do, and of what other roles it is made. */
interface NotedRole {
  readonly rights: readonly Right[]
  readonly labels: ReadonlyMap<string, string>
  readonly selectors: readonly Selector[]
}

export function readRole(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const role = Role.safeParse(value).data
  if (!role) return false
  const noted: NotedRole = {
    rights: rightsIn(role.rules ?? []),
    labels: labelsOf(value),
    selectors: aggregated(value),
  }
  cluster.note(seen, noted)
  if (seen.kind === 'ClusterRole') cluster.clusterRoles.set(seen.meta.name!, noted)
  return true
}

/** Rights of a role, with those of the roles it aggregates. */
function rightsOf(cluster: Cluster, role: NotedRole): readonly Right[] {
  if (role.selectors.length === 0) return role.rights
  const made = [...(cluster.clusterRoles.values() as Iterable<NotedRole>)].filter((other) =>
    role.selectors.some((selector) => selects(selector, other.labels)),
  )
  return [...role.rights, ...made.flatMap((other) => other.rights)]
}

/** Bindings and subjects in a file, by kind, for the report. */
export type Subjects = Map<string, number>

/**
 * RBAC says who *may* get at a secret or an identity, never who does: `CAN_ACCESS` with confidence `none`. A right over
 * all of a namespace or cluster is one arrow to what stands for all of them.
 */
export function readBinding(
  cluster: Cluster,
  seen: Seen,
  value: unknown,
  _report: FileReport,
  subjects: Subjects,
): boolean {
  const binding = Binding.safeParse(value).data
  if (!binding) return false
  subjects.set(seen.kind, (subjects.get(seen.kind) ?? 0) + 1)
  for (const { kind } of binding.subjects ?? []) subjects.set(kind, (subjects.get(kind) ?? 0) + 1)
  const wide = seen.kind === 'ClusterRoleBinding'
  cluster.later(() => {
    const roleNamespace = binding.roleRef.kind === 'Role' ? (seen.meta.namespace ?? undefined) : undefined
    const role = cluster.find(binding.roleRef.kind, roleNamespace, binding.roleRef.name) as NotedRole | undefined
    const rights = role ? rightsOf(cluster, role) : builtIn.get(binding.roleRef.name)
    if (!rights?.length) return
    const namespace = wide ? clusterWide : cluster.namespaceOf(seen)
    const via = `${seen.kind} ${seen.meta.name!}, role ${binding.roleRef.name}`
    for (const subject of binding.subjects ?? []) {
      const id = subjectOf(cluster, seen, subject)
      if (id !== undefined) for (const right of rights) give(cluster, id, right, namespace, seen.place, via)
    }
  })
  return true
}

/** Roles that every cluster has, where the export does not bring them. */
const mayRead: Right = { over: 'secrets', names: [], reason: 'may read' }
const makesPods: Right = { over: 'templates', names: [], reason: 'may make pods' }
const builtIn = new Map<string, readonly Right[]>([
  ['cluster-admin', [{ over: 'everything', names: [], reason: 'may do anything' }]],
  ['admin', [mayRead, makesPods]],
  ['edit', [mayRead, makesPods]],
])

interface Subject {
  readonly kind: string
  readonly name: string
  readonly namespace?: string | null | undefined
}

function subjectOf(cluster: Cluster, seen: Seen, { kind, name, namespace }: Subject): string | undefined {
  if (kind === 'ServiceAccount') return cluster.serviceAccount(namespace || cluster.namespaceOf(seen), name, seen.place)
  if (kind === 'User') {
    const [, , ns, account] = name.startsWith('system:serviceaccount:') ? name.split(':') : []
    if (ns && account) return cluster.serviceAccount(ns, account, seen.place)
    return identity(cluster, 'k8s.user', 'user', name, seen.place)
  }
  if (kind !== 'Group') return undefined
  const id = identity(cluster, 'k8s.group', 'group', name, seen.place)
  cluster.groupOfAccounts(name, id)
  return id
}

function identity(cluster: Cluster, kind: EntityKind, type: string, name: string, place: Place): string {
  const id = keys.k8s(cluster.name, clusterWide, type, name)
  return cluster.entity({ id, kind, name, aliases: [name], props: { cluster: cluster.name } }, place, 'bound by RBAC')
}

const leadsTo: Readonly<Record<Over, readonly AggregateKind[]>> = {
  secrets: ['secrets'],
  accounts: ['accounts'],
  templates: ['secrets', 'accounts', 'workloads'],
  workloads: ['workloads'],
  identities: ['secrets', 'accounts', 'workloads'],
  everything: ['secrets', 'accounts', 'workloads'],
}

function give(cluster: Cluster, id: string, right: Right, namespace: string, place: Place, via: string): void {
  const { over, names } = right
  const said = declared(place, `${right.reason}: ${via}`)
  const link = (to: string): void =>
    cluster.relationship({ kind: 'CAN_ACCESS', from: id, to, confidence: 'none' }, said)
  if (names.length > 0 && over === 'identities') {
    for (const name of names) link(identity(cluster, 'k8s.user', 'user', name, place))
    return
  }
  if (names.length > 0 && (over === 'secrets' || over === 'accounts')) {
    // A name in every namespace: those of the export, when all of them are known.
    if (namespace === clusterWide) return cluster.namedEverywhere(over, names, link)
    const thing = over === 'secrets' ? cluster.secret : cluster.serviceAccount
    for (const name of names) link(thing(namespace, name, place))
    return
  }
  if (over === 'secrets') noteAll(cluster, id, namespace, place, via)
  for (const kind of leadsTo[over]) link(cluster.aggregate(kind, namespace))
}

/** The same as a property, for lists of identities. */
function noteAll(cluster: Cluster, id: string, namespace: string, place: Place, via: string): void {
  const before = cluster.propertyOf(id, 'mayReadAllSecretsIn')
  const where = namespace === clusterWide ? '*' : namespace
  const mayReadAllSecretsIn = [...new Set([...(Array.isArray(before) ? before : []), where])].slice(0, 200)
  cluster.entity({ id, props: { mayReadAllSecretsIn } }, place, via)
}
