import type { FileReport } from '../importer.ts'
import type { Cluster, Seen } from './cluster-facts.ts'
import { readAwsAuth } from './map-aws-auth.ts'
import { readCertificate, readIssuer } from './map-certificates.ts'
import { readAzureIdentity, readAzureIdentityBinding, readPodIdentityAssociation } from './map-cloud-identities.ts'
import { readSecretClass } from './map-csi.ts'
import { readClusterExternalSecret, readExternalSecret, readPushSecret } from './map-external-secrets.ts'
import { readNamespace, readServiceAccount } from './map-identities.ts'
import { readIngress } from './map-ingress.ts'
import { readBinding, readRole, type Subjects } from './map-rbac.ts'
import { readSealedSecret, readSecret } from './map-secrets.ts'
import { generatorKinds, readGenerator, readStore } from './map-stores.ts'
import { readVaultAuth, readVaultConnection, readVaultPkiSecret, readVaultSecret } from './map-vault-operator.ts'
import { readWorkload } from './map-workloads.ts'
import { templatedKinds, workloadKinds } from './workload-records.ts'

/** Reads one object of its kind; false: it does not have the form. */
export type Reader = (cluster: Cluster, seen: Seen, value: unknown, report: FileReport, subjects: Subjects) => boolean

interface Row {
  readonly kinds: readonly string[]
  /** Ends of the API groups that mean this by the kind; absent where nobody else uses the name. */
  readonly groups?: readonly string[]
  readonly read: Reader
}

const generators = 'generators.external-secrets.io'

/** What is read of a cluster, one row a form; of every other kind, what it refers to (map-custom). */
const rows: readonly Row[] = [
  { kinds: [...workloadKinds.keys()], groups: ['', 'apps', 'batch', 'extensions'], read: readWorkload },
  ...[...templatedKinds].map(([kind, group]): Row => ({ kinds: [kind], groups: [group], read: readWorkload })),
  { kinds: ['Ingress'], groups: ['', 'k8s.io', 'extensions'], read: readIngress },
  { kinds: ['Gateway'], groups: ['gateway.networking.k8s.io', 'networking.istio.io'], read: readIngress },
  { kinds: ['IngressRoute', 'IngressRouteTCP'], groups: ['traefik.io', 'traefik.containo.us'], read: readIngress },
  { kinds: ['HTTPProxy'], groups: ['projectcontour.io'], read: readIngress },
  { kinds: ['Secret'], groups: [''], read: readSecret },
  { kinds: ['ConfigMap'], groups: [''], read: readAwsAuth },
  { kinds: ['SealedSecret'], read: readSealedSecret },
  { kinds: ['Certificate'], groups: ['cert-manager.io', 'certmanager.k8s.io'], read: readCertificate },
  { kinds: ['Issuer', 'ClusterIssuer'], groups: ['cert-manager.io', 'certmanager.k8s.io'], read: readIssuer },
  { kinds: ['Namespace'], groups: [''], read: readNamespace },
  { kinds: ['ServiceAccount'], groups: [''], read: readServiceAccount },
  {
    kinds: ['Role', 'ClusterRole'],
    groups: ['', 'rbac.authorization.k8s.io', 'authorization.openshift.io'],
    read: readRole,
  },
  {
    kinds: ['RoleBinding', 'ClusterRoleBinding'],
    groups: ['', 'rbac.authorization.k8s.io', 'authorization.openshift.io'],
    read: readBinding,
  },
  { kinds: generatorKinds, groups: [generators], read: readGenerator },
  { kinds: ['SecretStore', 'ClusterSecretStore'], groups: ['', 'external-secrets.io'], read: readStore },
  { kinds: ['ExternalSecret'], groups: ['', 'external-secrets.io'], read: readExternalSecret },
  { kinds: ['ClusterExternalSecret'], read: readClusterExternalSecret },
  { kinds: ['PushSecret', 'ClusterPushSecret'], groups: ['', 'external-secrets.io'], read: readPushSecret },
  { kinds: ['VaultStaticSecret'], read: readVaultSecret },
  { kinds: ['VaultDynamicSecret'], groups: ['', 'secrets.hashicorp.com'], read: readVaultSecret },
  { kinds: ['VaultPKISecret'], read: readVaultPkiSecret },
  { kinds: ['VaultAuth', 'VaultAuthGlobal'], groups: ['', 'secrets.hashicorp.com'], read: readVaultAuth },
  { kinds: ['VaultConnection'], groups: ['', 'secrets.hashicorp.com'], read: readVaultConnection },
  { kinds: ['SecretProviderClass'], read: readSecretClass },
  { kinds: ['PodIdentityAssociation'], read: readPodIdentityAssociation },
  { kinds: ['AzureIdentity'], read: readAzureIdentity },
  { kinds: ['AzureIdentityBinding'], read: readAzureIdentityBinding },
]

const byKind = new Map<string, Row[]>()
for (const row of rows) for (const kind of row.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), row])

/** The group of an `apiVersion`; empty for the core group and where nothing is written. */
const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.split('/')[0]! : '')

export function readerOf(kind: string, apiVersion: string): Reader | undefined {
  const group = groupOf(apiVersion)
  return byKind
    .get(kind)
    ?.find(({ groups }) => !groups || groups.some((end) => (end === '' ? group === '' : group.endsWith(end))))?.read
}
