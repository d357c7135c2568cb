import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { keys } from '../../graph/keys.ts'
import { evaluate, textOf, type Value } from './evaluate.ts'
import { nameOf, owned } from './map-identities.ts'
import {
  at,
  keyOf,
  relate,
  shownAt,
  targetsOf,
  tell,
  textAt,
  textThrough,
  valueAt,
  type Mapper,
  type Resource,
  type Scene,
} from './scene.ts'
import { dynamicOf, secretCalled, type Named } from './secrets.ts'
import { isMap, listOf, mapOf } from './template.ts'

/** The key that encrypts it: by reference, id, alias or ARN. */
export function encryptedBy(scene: Scene, resource: Resource, from: string, value: Value): void {
  for (const { id: to, kind, certain } of targetsOf(scene, value))
    if (kind === 'aws.kms_key') relate(scene, resource, { kind: 'ENCRYPTED_BY', from, to }, { certain })
  const text = textThrough(scene, value)
  if (text === undefined || text === '' || scene.region === undefined || scene.account === undefined) return
  const place = `arn:${scene.partition}:kms:${scene.region}:${scene.account}:`
  const to = text.startsWith('arn:') ? text : `${place}${text.startsWith('alias/') ? '' : 'key/'}${text}`
  scene.sink.entity({ id: to, kind: 'aws.kms_key', name: to.slice(to.lastIndexOf(':') + 1) })
  relate(scene, resource, { kind: 'ENCRYPTED_BY', from, to }, { certain: !value.assumed })
}

export const secret: Mapper = (scene, resource, id) => {
  const { properties } = resource
  const value = valueAt(scene, properties, 'SecretString')
  const text = textOf(value)
  const print = text === undefined || value.assumed ? undefined : scene.context.fingerprint(text, 'secret')
  const name = textAt(scene, properties, 'Name') ?? resource.physicalId?.split(':secret:')[1] ?? resource.logicalId
  const replicas = listOf(properties.get('ReplicaRegions')).flatMap((one) => textAt(scene, one, 'Region') ?? [])
  tell(scene, resource, {
    id,
    kind: 'aws.secretsmanager_secret',
    name: name.slice(0, 1024),
    props: {
      ...owned(scene, resource, id),
      ...(isMap(properties.get('GenerateSecretString')) ? { generated: true } : {}),
      ...(print === undefined ? {} : { fingerprints: [`SecretString=${print}`], valueInConfiguration: true }),
      ...(replicas.length === 0 ? {} : { replicaRegions: replicas.slice(0, 50) }),
    },
  })
  encryptedBy(scene, resource, id, valueAt(scene, properties, 'KmsKeyId'))
  for (const one of targetsOf(scene, value)) {
    if (one.id === id) continue
    const note = 'SecretString is written from it'
    // The id of an access key, or who it is of, is no value of it.
    const isValue =
      one.role === 'credential' && (one.kind !== 'aws.iam_access_key' || one.attribute === 'SecretAccessKey')
    if (isValue) relate(scene, resource, { kind: 'HOLDS', from: id, to: one.id }, { note, certain: one.certain })
  }
  for (const one of dynamicOf(scene, value))
    relate(
      scene,
      resource,
      { kind: 'SYNCED_FROM', from: id, to: one.id, delivery: 'deploy_time' },
      { certain: one.certain },
    )
  return 'mapped'
}

/** Which secret a value names. */
export function secretIn(scene: Scene, value: Value): Named | undefined {
  const text = textThrough(scene, value)
  if (text !== undefined && text !== '') return secretCalled(scene, text, !value.assumed)
  return targetsOf(scene, value).find(({ role }) => role === 'secret')
}

/** Rotation on a schedule: what changes the secret by itself, and how often. */
export const rotation: Mapper = (scene, resource) => {
  const { properties } = resource
  const target = secretIn(scene, valueAt(scene, properties, 'SecretId'))
  if (target === undefined) return 'missing-identifier'
  const days = Number(shownAt(scene, properties, 'RotationRules.AutomaticallyAfterDays'))
  const schedule = shownAt(scene, properties, 'RotationRules.ScheduleExpression')
  const strategy = shownAt(scene, properties, 'HostedRotationLambda.RotationType')
  scene.sink.entity({
    id: target.id,
    kind: target.kind,
    props: {
      rotationEnabled: true,
      ...(days > 0 ? { rotationDays: days } : {}),
      ...(schedule === undefined ? {} : { rotationSchedule: schedule }),
      ...(strategy === undefined ? {} : { rotationStrategy: strategy }),
    },
  })
  for (const { id: from, role, certain } of targetsOf(scene, valueAt(scene, properties, 'RotationLambdaARN')))
    if (role === 'workload')
      relate(
        scene,
        resource,
        { kind: 'USES_SECRET', from, to: target.id, delivery: 'fetch_per_use' },
        { note: 'rotates it', certain: certain && target.certain },
      )
  return 'mapped'
}

/** Writes into a secret how to reach the database, whose master user's password it keeps. */
export const attachment: Mapper = (scene, resource) => {
  const { properties } = resource
  const from = secretIn(scene, valueAt(scene, properties, 'SecretId'))
  if (from === undefined) return 'missing-identifier'
  const databases = targetsOf(scene, valueAt(scene, properties, 'TargetId')).filter((one) => one.role === 'resource')
  for (const { id, certain } of databases)
    relate(
      scene,
      resource,
      { kind: 'HOLDS', from: from.id, to: keys.awsRdsMasterPassword(id) },
      { note: 'attached to the database', certain: certain && from.certain },
    )
  return databases.length > 0 ? 'mapped' : 'missing-identifier'
}

/** A parameter of CloudFormation is plain text: it matters where a credential is written into it. */
export const parameter: Mapper = (scene, resource, id) => {
  const value = valueAt(scene, resource.properties, 'Value')
  const held = targetsOf(scene, value).filter(
    (one) => one.role === 'credential' && (one.kind !== 'aws.iam_access_key' || one.attribute === 'SecretAccessKey'),
  )
  const dynamic = dynamicOf(scene, value)
  if (held.length === 0 && dynamic.length === 0) return 'not-relevant'
  const name = nameOf(scene, resource, 'Name')
  tell(scene, resource, { id, kind: 'aws.ssm_parameter', name, aliases: [name], props: { plainText: true } })
  for (const one of held)
    relate(
      scene,
      resource,
      { kind: 'HOLDS', from: id, to: one.id },
      { note: 'written in plain text', certain: one.certain },
    )
  for (const one of dynamic)
    relate(
      scene,
      resource,
      { kind: 'SYNCED_FROM', from: id, to: one.id, delivery: 'deploy_time' },
      { certain: one.certain },
    )
  return 'mapped'
}

export const kmsKey: Mapper = (scene, resource, id) => {
  const enabled = shownAt(scene, resource.properties, 'EnableKeyRotation')
  const name = resource.physicalId ?? resource.logicalId
  tell(scene, resource, {
    id,
    kind: 'aws.kms_key',
    name,
    aliases: [name],
    props: {
      ...owned(scene, resource, id),
      ...(enabled === undefined ? {} : { rotationEnabled: enabled === 'true' }),
    },
  })
  return 'mapped'
}

/** Another name of a key. */
export const kmsAlias: Mapper = (scene, resource) => {
  const alias = shownAt(scene, resource.properties, 'AliasName')
  const targets = targetsOf(scene, valueAt(scene, resource.properties, 'TargetKeyId'))
  for (const { id, kind } of targets) if (alias !== undefined) scene.sink.entity({ id, kind, aliases: [alias] })
  return targets.length > 0 ? 'mapped' : 'missing-identifier'
}

const engines: readonly (readonly [start: string, kind: EntityKind])[] = [
  ['postgres', 'db.postgres_password'],
  ['aurora-postgres', 'db.postgres_password'],
  ['mysql', 'db.mysql_password'],
  ['mariadb', 'db.mysql_password'],
  ['aurora', 'db.mysql_password'],
  ['sqlserver', 'db.mssql_login'],
  ['oracle', 'db.oracle_password'],
]

/** A server with a password: given by the template, by whoever deploys, by a secret, or kept by RDS itself. */
export const server =
  (user: string, password: string, kind: EntityKind): Mapper =>
  (scene, resource, id) => {
    const { properties } = resource
    const engine = shownAt(scene, properties, 'Engine') ?? ''
    const name = nameOf(scene, resource, 'DBInstanceIdentifier')
    const props = { ...owned(scene, resource, id), ...(engine === '' ? {} : { engine }) }
    tell(scene, resource, { id, kind, name, aliases: [name], props })
    encryptedBy(scene, resource, id, valueAt(scene, properties, 'KmsKeyId'))
    const managed = textAt(scene, properties, 'ManageMasterUserPassword') === 'true'
    // A member of a cluster and a replica have no password of their own.
    if (!managed && !properties.has(password)) return 'mapped'
    const login = shownAt(scene, properties, user) ?? 'master user'
    const [who, credential] = [keys.awsRdsMaster(id), keys.awsRdsMasterPassword(id)]
    const passwordKind = engines.find(([start]) => engine.startsWith(start))?.[1] ?? 'generic.password'
    scene.sink.entity({ id: who, kind: 'db.user', name: `${login} of ${name}` })
    tell(scene, resource, { id: credential, kind: passwordKind, name: `password of ${login} of ${name}` })
    relate(scene, resource, { kind: 'AUTHENTICATES_AS', from: credential, to: who })
    relate(scene, resource, { kind: 'DEPENDS_ON', from: who, to: id }, { note: 'a user of it' })
    if (managed) {
      const secretId = keyOf(scene, `${resource.logicalId}.MasterUserSecret`)
      tell(scene, resource, { id: secretId, kind: 'aws.secretsmanager_secret', name: `managed secret of ${name}` })
      relate(scene, resource, { kind: 'HOLDS', from: secretId, to: credential }, { note: 'managed by RDS' })
      encryptedBy(scene, resource, secretId, valueAt(scene, properties, 'MasterUserSecret.KmsKeyId'))
      return 'mapped'
    }
    const value = valueAt(scene, properties, password)
    const text = textOf(value)
    const print =
      text === undefined || value.assumed || text.includes('{{resolve:')
        ? undefined
        : scene.context.fingerprint(text, 'secret')
    if (print !== undefined)
      scene.sink.entity({
        id: credential,
        kind: passwordKind,
        props: { fingerprints: [`${password}=${print}`], valueInConfiguration: true },
      })
    for (const one of dynamicOf(scene, value))
      relate(
        scene,
        resource,
        { kind: 'HOLDS', from: one.id, to: credential },
        { note: `${password} is taken from it when the stack is deployed`, certain: one.certain },
      )
    return 'mapped'
  }

/** Does the template print it? Whoever may describe the stack then has it. */
export function outputsOf(scene: Scene, body: ReadonlyMap<string, unknown>): readonly string[] {
  const exposed = new Set<string>()
  for (const [, output] of mapOf(body.get('Outputs') as never))
    for (const one of targetsOf(scene, evaluate(at(output, 'Value'), scene.names)))
      if (one.kind === 'aws.iam_access_key' && one.attribute === 'SecretAccessKey') exposed.add(one.id)
  return [...exposed]
}
