import type { FileReport } from '../importer.ts'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import { emitOwner } from './map-workloads.ts'
import { Binding, Role, ServiceAccount } from './records.ts'

export function readNamespace(cluster: Cluster, seen: Seen): boolean {
  const id = keys.k8sNamespace(cluster.name, seen.meta.name!)
  cluster.later(() => {
    cluster.entity({ id, kind: 'k8s.namespace', name: seen.meta.name! }, seen.place)
    cluster.relationship({ kind: 'CONTAINED_IN', from: id, to: keys.k8sCluster(cluster.name) }, declared(seen.place))
    emitOwner(cluster, seen, id)
  })
  return true
}

export function readServiceAccount(cluster: Cluster, seen: Seen, value: unknown, report: FileReport): boolean {
  const account = ServiceAccount.safeParse(value).data
  if (!account) return false
  const pullSecrets = (account.imagePullSecrets ?? []).flatMap((s) => (s.name ? [s.name] : []))
  cluster.note(seen, { automount: account.automountServiceAccountToken ?? undefined, pullSecrets })
  for (const { annotation, identity, known } of cloudIdentities) {
    const value = seen.meta.annotations.get(annotation)
    if (value !== undefined && !known(value))
      report.note(`${seen.place.record}: ${annotation} names no ${identity} (a placeholder?)`)
  }
  cluster.later(() => {
    const id = cluster.serviceAccount(cluster.namespaceOf(seen), seen.meta.name!, seen.place)
    cluster.entity({ id }, seen.place)
    for (const { annotation, known, fact } of cloudIdentities) {
      const value = seen.meta.annotations.get(annotation)
      if (value === undefined || !known(value)) continue
      cluster.relationship(
        { kind: 'ASSUMES', from: id, to: cluster.entity(fact(value)), confidence: 'possible' },
        declared(seen.place, `annotation ${annotation}`),
      )
    }
    emitOwner(cluster, seen, id)
  })
  return true
}

/** Annotations by which a cloud lends an identity to a service account. What does not have the form is a placeholder. */
const cloudIdentities = [
  {
    annotation: 'eks.amazonaws.com/role-arn',
    identity: 'IAM role',
    known: (value: string) => /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,600}$/.test(value),
    fact: (arn: string) => ({
      id: keys.awsArn(arn),
      kind: 'aws.iam_role' as const,
      name: arn.slice(arn.lastIndexOf('/') + 1),
    }),
  },
  {
    annotation: 'iam.gke.io/gcp-service-account',
    identity: 'Google service account',
    known: (value: string) => /^[a-z0-9.-]{1,100}@[a-z0-9.:-]{1,200}\.gserviceaccount\.com$/.test(value),
    fact: (email: string) => ({
      id: `gcp:sa:${email}`,
      kind: 'gcp.service_account' as const,
      name: email,
      aliases: [email],
    }),
  },
  {
    annotation: 'azure.workload.identity/client-id',
    identity: 'client id',
    known: (value: string) => /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(value),
    fact: (id: string) => ({
      id: `entra:app:${id.toLowerCase()}`,
      kind: 'entra.service_principal' as const,
      name: id.toLowerCase(),
      aliases: [id.toLowerCase()],
    }),
  },
]

/** What a role lets its holder read: all secrets, or the named ones. */
interface SecretReading {
  readonly all: boolean
  readonly named: readonly string[]
}

export function readRole(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const role = Role.safeParse(value).data
  if (!role) return false
  const rules = (role.rules ?? []).filter(
    (rule) =>
      rule.apiGroups?.some((group) => group === '' || group === '*') &&
      rule.resources?.some((resource) => resource === 'secrets' || resource === '*') &&
      rule.verbs?.some((verb) => verb === 'get' || verb === 'list' || verb === 'watch' || verb === '*'),
  )
  const reading: SecretReading = {
    all: rules.some((rule) => !rule.resourceNames?.length),
    named: rules.flatMap((rule) => rule.resourceNames ?? []),
  }
  cluster.note(seen, reading)
  return true
}

/** Subjects of all bindings in a file, for the report. */
export type Subjects = Map<string, number>

/**
 * RBAC says who *may* read a secret, never who does: `CAN_ACCESS` with confidence `none` for secrets a role names; a
 * right over all secrets of a namespace stays a property of the account rather than an arrow to each of them.
 */
export function readBinding(cluster: Cluster, seen: Seen, value: unknown, subjects: Subjects): boolean {
  const binding = Binding.safeParse(value).data
  if (!binding) return false
  for (const { kind } of binding.subjects ?? []) subjects.set(kind, (subjects.get(kind) ?? 0) + 1)
  const accounts = (binding.subjects ?? []).filter((subject) => subject.kind === 'ServiceAccount')
  const wide = seen.kind === 'ClusterRoleBinding'
  cluster.later(() => {
    const roleNamespace = binding.roleRef.kind === 'Role' ? (seen.meta.namespace ?? undefined) : undefined
    const reading = cluster.find(binding.roleRef.kind, roleNamespace, binding.roleRef.name) as SecretReading | undefined
    if (!reading || (!reading.all && reading.named.length === 0)) return
    const namespace = wide ? '*' : cluster.namespaceOf(seen)
    for (const account of accounts) {
      const id = cluster.serviceAccount(account.namespace || cluster.namespaceOf(seen), account.name, seen.place)
      if (reading.all) {
        const before = cluster.propertyOf(id, 'mayReadAllSecretsIn')
        const mayReadAllSecretsIn = [...new Set([...(Array.isArray(before) ? before : []), namespace])].slice(0, 200)
        cluster.entity({ id, props: { mayReadAllSecretsIn } }, seen.place, `${seen.kind} ${seen.meta.name!}`)
      }
      if (wide) continue
      for (const name of reading.named)
        cluster.relationship(
          { kind: 'CAN_ACCESS', from: id, to: cluster.secret(namespace, name, seen.place), confidence: 'none' },
          declared(seen.place, `${seen.kind} ${seen.meta.name!}, role ${binding.roleRef.name}`),
        )
    }
  })
  return true
}
