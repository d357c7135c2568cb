import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import type { Taken } from './fields.ts'
import { credential, entity, environment, given, named, numberOf, relate, secret, type Scene } from './scene.ts'
import { trusted } from '../read/trust-policy.ts'

/** Maps one object; false: it does not say which thing it is. */
export type Mapper = (scene: Scene, taken: Taken) => boolean | 'not-relevant'

const lastPart = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)

const arnOf = (taken: Taken, field = 'arn'): string | undefined => {
  const arn = taken.text(field)
  return arn !== undefined && parseArn(arn) !== undefined && !isMasked(arn) ? arn : undefined
}

/** Who owns it, by tag. */
function owned(scene: Scene, taken: Taken, id: string): string {
  const tags = ['tags.team', 'tags.Team', 'tags_all.team', 'tags.owner', 'tags.Owner', 'tags_all.owner']
  const team = tags.map((tag) => taken.text(tag)).find((value) => value !== undefined && value.length <= 256)
  if (team !== undefined) {
    const to = named(scene, { id: keys.team(team), kind: 'business.team', name: team })
    relate(scene, taken, { kind: 'OWNED_BY', from: id, to }, 'tag')
  }
  return id
}

const accessKey: Mapper = (scene, taken) => {
  const id = taken.text('id')
  if (id === undefined || isMasked(id)) return false
  const user = taken.text('user')
  const key = keys.awsAccessKey(id)
  const props = given({ userName: user, status: taken.text('status'), createdAt: taken.text('create_date') })
  credential(scene, taken, { id: key, kind: 'aws.iam_access_key', name: id, aliases: [id], props })
  if (user === undefined) return true
  const known = scene.estate.users.get(`${scene.account ?? ''} ${user}`)
  const guessed = scene.account === undefined ? undefined : `arn:aws:iam::${scene.account}:user/${user}`
  const to = known ?? guessed
  if (to === undefined) return true
  if (known === undefined) named(scene, { id: to, kind: 'aws.iam_user', name: user })
  const note = known === undefined ? 'user known by name; a path in its ARN is not' : undefined
  relate(scene, taken, { kind: 'AUTHENTICATES_AS', from: key, to }, note)
  return true
}

const identity =
  (kind: EntityKind): Mapper =>
  (scene, taken) => {
    const id = arnOf(taken)
    if (id === undefined) return false
    const name = taken.text('name') ?? lastPart(id)
    const unique = taken.text('unique_id')
    const maxSessionSeconds = numberOf(taken.text('max_session_duration'))
    const aliases = unique === undefined ? [name] : [name, unique]
    owned(scene, taken, entity(scene, taken, { id, kind, name, aliases, props: given({ maxSessionSeconds }) }))
    for (const one of trusted(taken.text('assume_role_policy'))) {
      const from = named(scene, one)
      relate(scene, taken, { kind: 'ASSUMES', from, to: id, confidence: 'none' }, 'trust policy')
      if (one.provider === undefined) continue
      const provider = 'aws.identity_provider_or_trust_anchor'
      const to = named(scene, { id: one.provider, kind: provider, name: one.provider.split('/').slice(1).join('/') })
      relate(scene, taken, { kind: 'DEPENDS_ON', from, to }, 'trust policy')
    }
    return true
  }

const instanceProfile: Mapper = (scene, taken) => {
  const id = arnOf(taken)
  if (id === undefined) return false
  entity(scene, taken, { id, kind: 'aws.instance_profile', name: taken.text('name') ?? lastPart(id) })
  const role = taken.text('role')
  const account = parseArn(id)!.account
  if (role === undefined) return true
  const to = named(scene, { id: `arn:aws:iam::${account}:role/${role}`, kind: 'aws.iam_role', name: role })
  relate(scene, taken, { kind: 'DEPENDS_ON', from: id, to })
  relate(scene, taken, { kind: 'ASSUMES', from: id, to, confidence: 'none' })
  return true
}

const provider: Mapper = (scene, taken) => {
  const id = arnOf(taken)
  if (id === undefined) return false
  entity(scene, taken, { id, kind: 'aws.identity_provider_or_trust_anchor', name: taken.text('url') ?? lastPart(id) })
  return true
}

const kmsKey: Mapper = (scene, taken) => {
  const id = arnOf(taken)
  if (id === undefined) return false
  const props = given({
    rotationEnabled: taken.text('enable_key_rotation') === 'true',
    rotationDays: numberOf(taken.text('rotation_period_in_days')),
  })
  owned(
    scene,
    taken,
    entity(scene, taken, { id, kind: 'aws.kms_key', name: taken.text('key_id') ?? lastPart(id), props }),
  )
  return true
}

function encrypted(scene: Scene, taken: Taken, from: string, field: string): void {
  const key = arnOf(taken, field)
  if (key === undefined || parseArn(key)!.service !== 'kms' || key.includes(':alias/')) return
  const to = named(scene, { id: key, kind: 'aws.kms_key', name: lastPart(key) })
  relate(scene, taken, { kind: 'ENCRYPTED_BY', from, to })
}

/** The name of a secret, without the hyphen and six characters that end its ARN. */
function nameOfSecret(arn: string): string {
  const name = parseArn(arn)!.resource.slice('secret:'.length)
  return name.at(-7) === '-' ? name.slice(0, -7) : name
}

const secretFact = (arn: string) => ({
  id: keys.awsArn(arn),
  kind: 'aws.secretsmanager_secret' as const,
  name: nameOfSecret(arn),
  aliases: [nameOfSecret(arn)],
})

/** The secret itself, its rotation, or a version of it: each tells a part. */
const managedSecret: Mapper = (scene, taken) => {
  const arn = arnOf(taken) ?? arnOf(taken, 'secret_id') ?? arnOf(taken, 'id')
  if (arn === undefined || !parseArn(arn)!.resource.startsWith('secret:')) return false
  const rules = taken.list('rotation_rules.0')
  const props = given({
    rotationEnabled:
      taken.text('rotation_enabled') === undefined ? undefined : taken.text('rotation_enabled') === 'true',
    rotationDays: numberOf(rules.get('automatically_after_days')),
    rotationSchedule: rules.get('schedule_expression'),
    rotationLambda: taken.text('rotation_lambda_arn'),
    versionId: taken.text('version_id'),
  })
  owned(scene, taken, secret(scene, taken, { ...secretFact(arn), props }))
  encrypted(scene, taken, arn, 'kms_key_id')
  return true
}

const parameter: Mapper = (scene, taken) => {
  const id = arnOf(taken)
  if (id === undefined) return false
  // A plain parameter is configuration, unless somebody put a key there.
  const type = taken.text('type') ?? ''
  if (type !== 'SecureString' && taken.values.every(({ accessKeys }) => accessKeys.length === 0)) return 'not-relevant'
  const name = taken.text('name') ?? lastPart(id)
  const props = given({ type, version: numberOf(taken.text('version')) })
  owned(scene, taken, secret(scene, taken, { id, kind: 'aws.ssm_parameter', name, aliases: [name], props }))
  encrypted(scene, taken, id, 'key_id')
  return true
}

function runsAs(scene: Scene, taken: Taken, from: string, field: string, note?: string): void {
  const role = arnOf(taken, field)
  if (role === undefined) return
  const to = named(scene, { id: role, kind: 'aws.iam_role', name: lastPart(role) })
  relate(scene, taken, { kind: 'RUNS_AS', from, to, delivery: 'platform_attached' }, note)
}

/** A secret or parameter by its ARN; Secrets Manager allows `:json-key:stage:version` behind it. */
function fetched(
  scene: Scene,
  taken: Taken,
  from: string,
  source: string,
  how: 'task_start' | 'fetch_cached',
  note: string,
) {
  const arn = parseArn(source)
  if (arn?.service !== 'secretsmanager' && arn?.service !== 'ssm') return
  const id = source
    .split(':')
    .slice(0, arn.service === 'secretsmanager' ? 7 : 6)
    .join(':')
  const fact =
    arn.service === 'ssm'
      ? { id, kind: 'aws.ssm_parameter' as const, name: arn.resource.slice('parameter'.length) }
      : secretFact(id)
  // That the name of a secret is given to a function does not prove that it asks for it.
  const confidence = how === 'task_start' ? 'confirmed' : 'possible'
  relate(scene, taken, { kind: 'USES_SECRET', from, to: named(scene, fact), delivery: how, confidence }, note)
}

const lambda: Mapper = (scene, taken) => {
  const id = arnOf(taken)
  if (id === undefined) return false
  const name = taken.text('function_name') ?? lastPart(id)
  const props = given({ environment: taken.values.map((value) => value.name).slice(0, 200) })
  owned(scene, taken, entity(scene, taken, { id, kind: 'aws.lambda_function', name, aliases: [name], props }))
  runsAs(scene, taken, id, 'role')
  for (const { name: variable, reference } of taken.values)
    if (reference !== undefined) fetched(scene, taken, id, reference, 'fetch_cached', `named by variable ${variable}`)
  environment(scene, taken, id, 'env_at_start')
  return true
}

const task: Mapper = (scene, taken) => {
  const arn = arnOf(taken)
  const family = taken.text('family')
  if (arn === undefined) return false
  const id = arnOf(taken, 'arn_without_revision') ?? arn.slice(0, arn.lastIndexOf(':'))
  const props = given({ environment: taken.values.map((value) => value.name).slice(0, 200) })
  owned(scene, taken, entity(scene, taken, { id, kind: 'aws.ecs_task', name: family ?? lastPart(id), props }))
  runsAs(scene, taken, id, 'task_role_arn', 'task role')
  runsAs(scene, taken, id, 'execution_role_arn', 'execution role: fetches secrets and images')
  const { partition, region, account } = parseArn(arn)!
  for (const [variable, from] of taken.references) {
    const path = from.startsWith('/') ? from : `/${from}`
    const source = from.startsWith('arn:') ? from : `arn:${partition}:ssm:${region}:${account}:parameter${path}`
    fetched(scene, taken, id, source, 'task_start', `variable ${variable}`)
  }
  environment(scene, taken, id, 'task_start')
  return true
}

const instance: Mapper = (scene, taken) => {
  const id = arnOf(taken)
  if (id === undefined) return false
  owned(
    scene,
    taken,
    entity(scene, taken, { id, kind: 'aws.ec2_instance', name: taken.text('tags.Name') ?? lastPart(id) }),
  )
  const profile = taken.text('iam_instance_profile')
  if (profile === undefined) return true
  const to = `arn:${parseArn(id)!.partition}:iam::${parseArn(id)!.account}:instance-profile/${profile}`
  named(scene, { id: to, kind: 'aws.instance_profile', name: profile })
  relate(scene, taken, { kind: 'RUNS_AS', from: id, to, delivery: 'platform_attached' })
  return true
}

/** Kinds of password by the beginning of the engine's name. */
const engines: readonly (readonly [string, EntityKind])[] = [
  ['postgres', 'db.postgres_password'],
  ['aurora-postgres', 'db.postgres_password'],
  ['mysql', 'db.mysql_password'],
  ['mariadb', 'db.mysql_password'],
  ['aurora', 'db.mysql_password'],
  ['sqlserver', 'db.mssql_login'],
  ['oracle', 'db.oracle_password'],
]

const database: Mapper = (scene, taken) => {
  const arn = arnOf(taken)
  if (arn === undefined) return false
  const engine = taken.text('engine') ?? ''
  const name = taken.text('identifier') ?? taken.text('cluster_identifier') ?? lastPart(arn)
  const props = given({ engine: engine || undefined, endpoint: taken.text('endpoint') })
  owned(scene, taken, entity(scene, taken, { id: arn, kind: 'aws.rds_instance', name, aliases: [name], props }))
  encrypted(scene, taken, arn, 'kms_key_id')
  const user = taken.text('username') ?? taken.text('master_username')
  if (user === undefined) return true
  const kind = engines.find(([prefix]) => engine.startsWith(prefix))?.[1] ?? 'generic.password'
  const login = named(scene, { id: keys.awsRdsMaster(arn), kind: 'db.user', name: `${user} of ${name}` })
  const password = credential(scene, taken, {
    id: keys.awsRdsMasterPassword(arn),
    kind,
    name: `password of ${user} on ${name}`,
  })
  relate(scene, taken, { kind: 'AUTHENTICATES_AS', from: password, to: login })
  relate(scene, taken, { kind: 'CAN_ACCESS', from: login, to: arn, confidence: 'confirmed' })
  const managed = taken.list('master_user_secret.0').get('secret_arn')
  if (managed === undefined || parseArn(managed)?.service !== 'secretsmanager') return true
  const from = named(scene, secretFact(managed))
  relate(scene, taken, { kind: 'HOLDS', from, to: password }, 'RDS keeps and rotates the password there')
  return true
}

/** How the types of AWS are mapped. */
export const awsMappers: readonly (readonly [type: string, mapper: Mapper])[] = [
  ['aws_iam_access_key', accessKey],
  ['aws_iam_user', identity('aws.iam_user')],
  ['aws_iam_role', identity('aws.iam_role')],
  ['aws_iam_instance_profile', instanceProfile],
  ['aws_iam_openid_connect_provider', provider],
  ['aws_kms_key', kmsKey],
  ['aws_secretsmanager_secret', managedSecret],
  ['aws_secretsmanager_secret_rotation', managedSecret],
  ['aws_secretsmanager_secret_version', managedSecret],
  ['aws_ssm_parameter', parameter],
  ['aws_lambda_function', lambda],
  ['aws_ecs_task_definition', task],
  ['aws_instance', instance],
  ['aws_db_instance', database],
  ['aws_rds_cluster', database],
]
