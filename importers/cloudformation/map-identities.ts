import { keys } from '../../graph/keys.ts'
import { parseArn } from '../read/arn.ts'
import { ownershipOf } from '../read/ownership-rules.ts'
import { trusted } from '../read/trust-policy.ts'
import { evaluate, textOf, type Value } from './evaluate.ts'
import {
  relate,
  shownAt,
  tagsIn,
  targetsOf,
  tell,
  textAt,
  textThrough,
  valueAt,
  type Mapper,
  type Resource,
  type Scene,
} from './scene.ts'
import { isMap, listOf, type Node } from './template.ts'

/** Whom its tags name: the team that owns it. */
export function owned(scene: Scene, resource: Resource, from: string): Readonly<Record<string, string>> {
  const tags = tagsIn(scene, resource.properties.get('Tags'))
  const said = ownershipOf(
    'tag',
    tags.map(({ Key, Value }) => [Key, Value] as const),
  )
  const labels = Object.fromEntries([...said].map(([prop, { value }]) => [prop, value]))
  const team = labels['team'] ?? labels['owner']
  if (team !== undefined) {
    scene.sink.entity({ id: keys.team(team), kind: 'business.team', name: team })
    relate(scene, resource, { kind: 'OWNED_BY', from, to: keys.team(team) }, { note: 'tag' })
  }
  return labels
}

export const nameOf = (scene: Scene, resource: Resource, property: string): string =>
  resource.physicalId?.startsWith('arn:') === false
    ? resource.physicalId.slice(0, 1024)
    : (shownAt(scene, resource.properties, property) ?? resource.logicalId)

export const user: Mapper = (scene, resource, id) => {
  const name = nameOf(scene, resource, 'UserName')
  tell(scene, resource, { id, kind: 'aws.iam_user', name, aliases: [name], props: owned(scene, resource, id) })
  for (const group of listOf(resource.properties.get('Groups')))
    for (const target of targetsOf(scene, evaluate(group, scene.names)))
      relate(scene, resource, { kind: 'MEMBER_OF', from: id, to: target.id }, { certain: target.certain })
  return 'mapped'
}

export const group: Mapper = (scene, resource, id) => {
  tell(scene, resource, { id, kind: 'aws.iam_group', name: nameOf(scene, resource, 'GroupName') })
  return 'mapped'
}

/** A new `Serial` makes another key; the old one goes when the update is through, so both live for a while. */
export const accessKey: Mapper = (scene, resource, id) => {
  const { properties, physicalId } = resource
  const owner = valueAt(scene, properties, 'UserName')
  const name = physicalId ?? `access key of ${textOf(owner) ?? resource.logicalId}`
  const serial = textAt(scene, properties, 'Serial')
  tell(scene, resource, {
    id,
    kind: 'aws.iam_access_key',
    name: name.slice(0, 1024),
    ...(physicalId === undefined ? {} : { aliases: [physicalId] }),
    props: {
      rotatesBy: 'Serial',
      replacedWithOverlap: true,
      ...(serial === undefined ? {} : { rotation: serial.slice(0, 100) }),
      ...(shownAt(scene, properties, 'Status') === undefined ? {} : { status: shownAt(scene, properties, 'Status')! }),
    },
  })
  for (const { id: to, role, certain } of targetsOf(scene, owner))
    if (role === 'identity') relate(scene, resource, { kind: 'AUTHENTICATES_AS', from: id, to }, { certain })
  const text = textThrough(scene, owner)
  if (text !== undefined && /^[\w+=,.@-]{1,64}$/.test(text) && scene.account !== undefined) {
    // Only the name of the user stands here: that it has no path is likely, not certain.
    const to = `arn:${scene.partition}:iam::${scene.account}:user/${text}`
    scene.sink.entity({ id: to, kind: 'aws.iam_user', name: text })
    relate(scene, resource, { kind: 'AUTHENTICATES_AS', from: id, to }, { certain: false })
  }
  return 'mapped'
}

/** As JSON; references to a provider become its key, what is not known is left out. */
function plain(scene: Scene, node: Node | undefined): unknown {
  if (Array.isArray(node)) return (node as Node[]).map((one) => plain(scene, one)).filter((one) => one !== undefined)
  if (!isMap(node)) return node
  const [name = ''] = node.size === 1 ? [...node.keys()] : []
  if (name === 'Ref' || name.startsWith('Fn::')) {
    const value = evaluate(node, scene.names)
    return textThrough(scene, value) ?? targetsOf(scene, value)[0]?.id
  }
  return Object.fromEntries([...node].map(([key, one]) => [key, plain(scene, one)]))
}

export const role: Mapper = (scene, resource, id) => {
  const { properties } = resource
  const session = Number(shownAt(scene, properties, 'MaxSessionDuration'))
  const boundary = textAt(scene, properties, 'PermissionsBoundary')
  const name = nameOf(scene, resource, 'RoleName')
  const path = textAt(scene, properties, 'Path')
  tell(scene, resource, {
    id,
    kind: 'aws.iam_role',
    name,
    aliases: [name],
    props: {
      ...owned(scene, resource, id),
      ...(session > 0 ? { maxSessionSeconds: session } : {}),
      ...(boundary?.startsWith('arn:') === true ? { permissionsBoundary: boundary } : {}),
      ...(path === undefined ? {} : { path }),
    },
  })
  const policy = plain(scene, properties.get('AssumeRolePolicyDocument'))
  for (const { provider, ...fact } of trusted(JSON.stringify(policy) ?? '')) {
    scene.sink.entity(fact)
    relate(scene, resource, { kind: 'ASSUMES', from: fact.id, to: id, confidence: 'none' }, { note: 'trust policy' })
    if (provider === undefined) continue
    const kind = 'aws.identity_provider_or_trust_anchor'
    scene.sink.entity({ id: provider, kind, name: provider.slice(provider.indexOf('/') + 1) })
    relate(scene, resource, { kind: 'DEPENDS_ON', from: fact.id, to: provider }, { note: 'trust policy' })
  }
  return 'mapped'
}

export const instanceProfile: Mapper = (scene, resource, id) => {
  tell(scene, resource, { id, kind: 'aws.instance_profile', name: nameOf(scene, resource, 'InstanceProfileName') })
  for (const one of listOf(resource.properties.get('Roles')))
    for (const { id: to, role: what, certain } of targetsOf(scene, evaluate(one, scene.names))) {
      if (what !== 'identity') continue
      relate(scene, resource, { kind: 'DEPENDS_ON', from: id, to }, { certain })
      relate(scene, resource, { kind: 'ASSUMES', from: id, to, confidence: 'none' })
    }
  return 'mapped'
}

export const provider: Mapper = (scene, resource, id) => {
  const url = shownAt(scene, resource.properties, 'Url') ?? nameOf(scene, resource, 'Name')
  const audiences = listOf(resource.properties.get('ClientIdList')).flatMap(
    (one) => textOf(evaluate(one, scene.names)) ?? [],
  )
  tell(scene, resource, {
    id,
    kind: 'aws.identity_provider_or_trust_anchor',
    name: url,
    props: audiences.length === 0 ? {} : { audiences: audiences.slice(0, 100) },
  })
  return 'mapped'
}

/** The role that a value means, by reference or ARN. */
export function runsAs(scene: Scene, resource: Resource, from: string, value: Value, note: string): void {
  const text = textThrough(scene, value)
  const arn = text === undefined ? undefined : parseArn(text)
  if (arn?.service === 'iam' && arn.resource.startsWith('role/') && arn.account !== '') {
    scene.sink.entity({ id: text!, kind: 'aws.iam_role', name: arn.resource.slice(arn.resource.lastIndexOf('/') + 1) })
    const fact = { kind: 'RUNS_AS', from, to: text!, delivery: 'platform_attached' } as const
    relate(scene, resource, fact, { note, certain: !value.assumed })
  }
  for (const { id: to, role: what, certain } of targetsOf(scene, value))
    if (what === 'identity')
      relate(scene, resource, { kind: 'RUNS_AS', from, to, delivery: 'platform_attached' }, { note, certain })
}

/** A service account of a cluster, by the name of the cluster. */
export const podIdentity: Mapper = (scene, resource, id) => {
  const { properties } = resource
  const [cluster, namespace, account] = ['ClusterName', 'Namespace', 'ServiceAccount'].map((name) =>
    textAt(scene, properties, name),
  )
  if (cluster === undefined || namespace === undefined || account === undefined) return 'missing-identifier'
  const name = `${cluster}: ${namespace}/${account}`
  tell(scene, resource, { id, kind: 'aws.eks_pod_identity_association', name, props: { cluster, namespace } })
  const from = keys.k8s(cluster, namespace, 'serviceaccount', account)
  scene.sink.entity({ id: from, kind: 'k8s.service_account', name: account, aliases: [`${namespace}/${account}`] })
  for (const property of ['RoleArn', 'TargetRoleArn']) {
    const value = valueAt(scene, properties, property)
    const text = textThrough(scene, value)
    const to =
      text?.startsWith('arn:') === true ? text : targetsOf(scene, value).find((one) => one.role === 'identity')?.id
    if (to === undefined) continue
    if (to === text) scene.sink.entity({ id: to, kind: 'aws.iam_role', name: to.slice(to.lastIndexOf('/') + 1) })
    relate(scene, resource, { kind: 'ASSUMES', from, to, confidence: 'possible' }, { note: 'pod identity association' })
  }
  return 'mapped'
}
