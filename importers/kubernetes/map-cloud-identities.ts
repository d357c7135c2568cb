import { z } from 'zod'
import type { EntityFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { declared, type Cluster, type Seen } from './cluster-facts.ts'
import type { Using } from './using.ts'
import { filled, name, text } from './meta.ts'

const isRole = (value: string): boolean => /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,600}$/.test(value)
const isClientId = (value: string): boolean => /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(value)

function iamRole(arn: string): EntityFact {
  return { id: keys.awsArn(arn), kind: 'aws.iam_role', name: arn.slice(arn.lastIndexOf('/') + 1) }
}
function application(id: string): EntityFact {
  const client = id.toLowerCase()
  return { id: `entra:app:${client}`, kind: 'entra.service_principal', name: client, aliases: [client] }
}

/** Annotations by which a cloud lends an identity to a service account. What does not have the form is a placeholder. */
export const cloudIdentities = [
  { annotation: 'eks.amazonaws.com/role-arn', identity: 'IAM role', known: isRole, fact: iamRole },
  {
    annotation: 'iam.gke.io/gcp-service-account',
    identity: 'Google service account',
    known: (value: string) => /^[a-z0-9.-]{1,100}@[a-z0-9.:-]{1,200}\.gserviceaccount\.com$/.test(value),
    fact: (email: string): EntityFact => ({
      id: `gcp:sa:${email}`,
      kind: 'gcp.service_account',
      name: email,
      aliases: [email],
    }),
  },
  { annotation: 'azure.workload.identity/client-id', identity: 'client id', known: isClientId, fact: application },
]

const Association = z.object({
  clusterName: text.nullish(),
  namespace: filled,
  serviceAccount: filled,
  roleARN: text.nullish(),
  roleArn: text.nullish(),
})
/** As the AWS controllers write it, and as Crossplane does. */
const PodIdentity = z.object({
  spec: z.union([Association, z.object({ forProvider: Association }).transform((spec) => spec.forProvider)]),
})

/** EKS Pod Identity as an object of the cluster (AWS controllers for Kubernetes, Crossplane). */
export function readPodIdentityAssociation(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = PodIdentity.safeParse(value).data?.spec
  if (!spec) return false
  const arn = spec.roleARN ?? spec.roleArn ?? ''
  // A role that is named by reference has no ARN yet: understood, and nothing to say.
  if (!isRole(arn)) return true
  cluster.later(() => {
    const account = cluster.serviceAccount(spec.namespace, spec.serviceAccount, seen.place)
    cluster.relationship(
      { kind: 'ASSUMES', from: account, to: cluster.entity(iamRole(arn)), confidence: 'possible' },
      declared(seen.place, `EKS Pod Identity association ${seen.meta.name!}`),
    )
  })
  return true
}

const AzureIdentity = z.object({
  spec: z.object({
    clientID: text.nullish(),
    resourceID: text.nullish(),
    clientPassword: z.object({ name: name.nullish(), namespace: name.nullish() }).nullish(),
  }),
})
const AzureBinding = z.object({
  spec: z.object({
    azureIdentity: filled.nullish(),
    AzureIdentity: filled.nullish(),
    selector: filled.nullish(),
    Selector: filled.nullish(),
  }),
})

/** AAD Pod Identity, the older way: an identity, and below it the label that lends it to pods. */
export function readAzureIdentity(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = AzureIdentity.safeParse(value).data?.spec
  if (!spec) return false
  const client = spec.clientID ?? ''
  if (isClientId(client)) cluster.note(seen, client)
  const login = spec.clientPassword
  if (login?.name && isClientId(client))
    cluster.later(() => {
      const namespace = login.namespace || cluster.namespaceOf(seen)
      const secret = cluster.secret(namespace, login.name!, seen.place)
      const value = `${secret}#client-secret`
      cluster.entity({ id: value, kind: 'entra.client_secret', name: `client secret in ${login.name!}` }, seen.place)
      cluster.relationship({ kind: 'HOLDS', from: secret, to: value }, declared(seen.place, 'AzureIdentity'))
      cluster.relationship(
        { kind: 'AUTHENTICATES_AS', from: value, to: cluster.entity(application(client)) },
        declared(seen.place, 'AzureIdentity'),
      )
    })
  return true
}

export function readAzureIdentityBinding(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = AzureBinding.safeParse(value).data?.spec
  const identity = spec?.azureIdentity ?? spec?.AzureIdentity
  const selector = spec?.selector ?? spec?.Selector
  if (!identity || !selector) return false
  const meta = { ...seen.meta, name: selector }
  cluster.note({ ...seen, kind: 'aadpodidbinding', meta }, identity)
  return true
}

/** Identities that a label of the pod brings, beside those of its service account. */
export function emitPodIdentity({ cluster, workload, id, common, said }: Using): void {
  const label = workload.labels.get('aadpodidbinding')
  if (!label) return
  const namespace = workload.meta.namespace ?? undefined
  const identity = (cluster.find('aadpodidbinding', namespace, label) as string | undefined) ?? label
  const client = cluster.find('AzureIdentity', namespace, identity) as string | undefined
  if (client === undefined) return
  cluster.relationship(
    { kind: 'RUNS_AS', from: id, to: cluster.entity(application(client)), ...common },
    said(`label aadpodidbinding, AzureIdentity ${identity}`.slice(0, 200)),
  )
}
