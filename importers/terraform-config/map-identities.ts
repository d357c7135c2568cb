import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { titleOf, type Mapper, type Row } from './map-credentials.ts'
import { makerOf } from './rotation.ts'
import { entity, given, keyOf, meant, named, relate, remember, type Resource, type Scene } from './scene.ts'
import { trustsOf } from './trust.ts'

/** An identity whose global name the platform makes: here its address names it. */
export function identity(scene: Scene, resource: Resource, kind: EntityKind, name: string): string {
  const id = entity(scene, resource, { id: keyOf(scene, resource), kind, name, props: makerOf(resource) })
  remember(scene, resource, 'identity', id)
  owned(scene, resource, id)
  return id
}

/** Who owns it, by tag. */
export function owned(scene: Scene, resource: Resource, from: string): void {
  const tags = ['tags.owner', 'tags.Owner', 'tags.team', 'tags.Team']
  const team = tags.map((tag) => resource.text(tag)).find((text) => text !== undefined && text.length <= 200)
  if (team === undefined) return
  const to = named(scene, { id: keys.team(team), kind: 'business.team', name: team })
  relate(scene, resource, { kind: 'OWNED_BY', from, to }, 'tag')
}

const plain =
  (kind: EntityKind, ...names: string[]): Mapper =>
  (scene, resource) => {
    identity(scene, resource, kind, titleOf(resource, ...names))
    return true
  }

const role: Mapper = (scene, resource) => {
  const to = identity(scene, resource, 'aws.iam_role', titleOf(resource, 'name', 'name_prefix'))
  for (const one of trustsOf(resource)) {
    const { provider: _provider, ...fact } = one
    relate(scene, resource, { kind: 'ASSUMES', from: named(scene, fact), to, confidence: 'none' }, 'trust policy')
  }
  return true
}

/** May take over another identity that this attribute names: a profile its role, an account its annotated role. */
function lends(scene: Scene, resource: Resource, from: string, path: string, note: string): void {
  scene.later(() => {
    for (const reference of resource.references(path))
      for (const { id, role: what } of meant(scene, reference).made)
        if (what === 'identity')
          relate(scene, resource, { kind: 'ASSUMES', from, to: id, confidence: 'possible' }, note)
  })
}

const instanceProfile: Mapper = (scene, resource) => {
  const id = identity(scene, resource, 'aws.instance_profile', titleOf(resource, 'name'))
  lends(scene, resource, id, 'role', 'the role of the profile')
  return true
}

const irsa = 'eks.amazonaws.com/role-arn'

const serviceAccount: Mapper = (scene, resource) => {
  const name = resource.text('metadata.name')
  const namespace = namespaceOf(resource)
  if (name === undefined || namespace === undefined) return false
  const id = accountOf(scene, namespace, name)
  entity(scene, resource, { id, kind: 'k8s.service_account', name, props: makerOf(resource) })
  remember(scene, resource, 'identity', id)
  const arn = resource.text(`metadata.annotations.${irsa}`)
  if (arn?.startsWith('arn:') === true) {
    const to = named(scene, { id: keys.awsArn(arn), kind: 'aws.iam_role', name: arn.slice(arn.lastIndexOf('/') + 1) })
    relate(scene, resource, { kind: 'ASSUMES', from: id, to, confidence: 'possible' }, `annotation ${irsa}`)
  } else lendsAnnotated(scene, resource, id)
  return true
}

/** The name of the annotation has dots of its own. */
function lendsAnnotated(scene: Scene, resource: Resource, from: string): void {
  if (resource.entries('metadata.annotations').some(([name]) => name === irsa))
    lends(scene, resource, from, 'metadata.annotations', `annotation ${irsa}`)
}

/** Where nothing is said it is `default`; where something is said that nobody knows yet, it is not known. */
export function namespaceOf(resource: Resource): string | undefined {
  return resource.text('metadata.namespace') ?? (resource.has('metadata.namespace') ? undefined : 'default')
}

/** A service account by name, in its namespace. */
export function accountOf(scene: Scene, namespace: string, name: string): string {
  const { cluster } = scene
  const to = named(scene, { id: keys.k8sNamespace(cluster, namespace), kind: 'k8s.namespace', name: namespace })
  const id = keys.k8s(cluster, namespace, 'serviceaccount', name)
  const aliases = [`${namespace}/${name}`, `system:serviceaccount:${namespace}:${name}`]
  named(scene, { id, kind: 'k8s.service_account', name, aliases, props: { namespace, cluster } })
  scene.sink.relationship({ kind: 'CONTAINED_IN', from: id, to })
  return id
}

/** Lets whoever a provider vouches for act as an application (Entra). */
const federated: Mapper = (scene, resource) => {
  const issuer = resource.text('issuer')
  const subject = resource.text('subject')
  if (issuer === undefined || subject === undefined) return false
  const name = `${subject} from ${issuer}`
  const id = `${keyOf(scene, resource)}/subject`
  const from = named(scene, { id, kind: 'generic.identity', name: name.slice(0, 1024), props: { issuer, subject } })
  scene.later(() => {
    for (const path of ['application_id', 'application_object_id'])
      for (const reference of resource.references(path))
        for (const { id: to, role: what } of meant(scene, reference).made)
          if (what === 'identity')
            relate(scene, resource, { kind: 'ASSUMES', from, to, confidence: 'none' }, 'federated credential')
  })
  return true
}

const provider: Mapper = (scene, resource) => {
  const url = resource.text('url') ?? resource.text('oidc.issuer_uri') ?? resource.address
  const google = resource.type.startsWith('google_')
  const kind = google ? 'gcp.workload_identity_provider' : 'aws.identity_provider_or_trust_anchor'
  const props = given({
    condition: resource.text('attribute_condition'),
    audiences: resource.texts('client_id_list') ?? resource.texts('oidc.allowed_audiences'),
  })
  const id = entity(scene, resource, { id: keyOf(scene, resource), kind, name: url, props })
  remember(scene, resource, 'identity', id)
  return true
}

export const identityRows: readonly Row[] = [
  ['aws_iam_user', plain('aws.iam_user', 'name')],
  ['aws_iam_role', role],
  ['aws_iam_instance_profile', instanceProfile],
  ['aws_iam_openid_connect_provider', provider],
  ['aws_iam_saml_provider', provider],
  ['google_service_account', plain('gcp.service_account', 'email', 'account_id')],
  ['google_iam_workload_identity_pool_provider', provider],
  ['azuread_application', plain('entra.service_principal', 'display_name')],
  ['azuread_application_registration', plain('entra.service_principal', 'display_name')],
  ['azuread_service_principal', plain('entra.service_principal', 'display_name', 'client_id')],
  ['azuread_application_federated_identity_credential', federated],
  ['azurerm_user_assigned_identity', plain('azure.managed_identity', 'name')],
  ['kubernetes_service_account', serviceAccount],
  ['kubernetes_service_account_v1', serviceAccount],
]
