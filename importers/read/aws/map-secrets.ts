import type { EntityKind } from '../../../graph/kinds/entity-kinds.ts'
import type { SkipReason } from '../../../graph/facts.ts'
import { keys } from '../../../graph/keys.ts'
import { parseArn } from '../arn.ts'
import {
  arnBeside,
  describe,
  encryptedBy,
  evidenceOf,
  lastPart,
  sceneOf,
  type Origin,
  type Run,
  type Scene,
} from './scene.ts'
import { Database, Expiration, KmsAlias, KmsKey, KmsKeyEntry, Parameter, Secret } from './records.ts'
import { digestOfName } from './references.ts'

/** `mapped`, or why the record says nothing to us. */
export type Outcome = 'mapped' | SkipReason

/** Metadata of a secret: age, rotation, stages, key, replicas. Its value is never in these replies. */
export function readSecret(item: unknown, origin: Origin, run: Run): Outcome {
  const read = Secret.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const secret = read.data
  const scene = sceneOf(secret.ARN, origin, run)
  if (typeof scene === 'string') return scene
  if (scene.arn.service !== 'secretsmanager' || !scene.arn.resource.startsWith('secret:')) return 'missing-identifier'
  const name = secret.Name ?? scene.arn.resource.slice('secret:'.length)
  const whole =
    scene.arn.resource.length === `secret:${name}-`.length + 6 && scene.arn.resource.startsWith(`secret:${name}-`)
  const { versions, stages } =
    secret.SecretVersionsToStages.versions > 0 ? secret.SecretVersionsToStages : secret.VersionIdsToStages
  describe(scene, {
    id: secret.ARN,
    kind: 'aws.secretsmanager_secret',
    name,
    // The last two are how it is called where its ending is not known; graph/estate/join makes one secret of them.
    aliases: whole
      ? [name, arnBeside(scene, 'secretsmanager', `secret:${name}`), `aws:secretsmanager:${scene.arn.region}:${name}`]
      : [name],
    tags: secret.Tags,
    props: {
      createdAt: secret.CreatedDate,
      lastChangedAt: secret.LastChangedDate,
      // Days, not moments: AWS rounds it to the date.
      lastUsedAt: secret.LastAccessedDate,
      lastRotatedAt: secret.LastRotatedDate,
      nextRotationAt: secret.NextRotationDate,
      deletionRequestedAt: secret.DeletedDate,
      rotationEnabled: secret.RotationEnabled,
      rotationDays: secret.RotationRules?.AutomaticallyAfterDays,
      rotationSchedule: secret.RotationRules?.ScheduleExpression,
      rotationWindow: secret.RotationRules?.Duration,
      // A rotation that was begun and never finished blocks the next one (change-semantics.md 2.6).
      rotationPending: stages.includes('AWSPENDING') || undefined,
      stages,
      versions: versions === 0 ? undefined : versions,
      managedBy: secret.OwningService,
      primaryRegion: secret.PrimaryRegion,
      replicaRegions: secret.ReplicationStatus.map(({ Region }) => Region).slice(0, 50),
    },
  })
  list(scene, name, secret.ARN)
  encryptedBy(scene, secret.ARN, secret.KmsKeyId, 'encrypted with this key')
  mapRotation(scene, secret)
  mapReplicas(scene, secret)
  return 'mapped'
}

/** The rotation function reads the secret each time it rotates. */
function mapRotation(scene: Scene, { ARN, RotationLambdaARN: lambda }: Secret): void {
  const arn = lambda === undefined ? undefined : parseArn(lambda)
  const [what, name = ''] = arn?.service === 'lambda' ? arn.resource.split(':') : []
  if (arn === undefined || what !== 'function' || name === '') return
  const id = `arn:${arn.partition}:lambda:${arn.region}:${arn.account}:function:${name}`
  scene.sink.entity({ id, kind: 'aws.lambda_function', name })
  scene.sink.relationship({
    kind: 'USES_SECRET',
    from: id,
    to: ARN,
    delivery: 'fetch_per_use',
    evidence: evidenceOf(scene, 'rotates it'),
  })
}

/** A replica has the same name and ending in another region, and follows the primary by itself. */
function mapReplicas(scene: Scene, secret: Secret): void {
  const { region, resource } = scene.arn
  const inRegion = (other: string): string => arnBeside(scene, 'secretsmanager', resource, other)
  const syncs = (from: string, to: string): void =>
    scene.sink.relationship({
      kind: 'SYNCED_FROM',
      from,
      to,
      delivery: 'platform_attached',
      evidence: evidenceOf(scene, 'replica'),
    })
  const primary = secret.PrimaryRegion
  if (primary !== undefined && primary !== region && /^[a-z0-9-]{5,30}$/.test(primary))
    syncs(secret.ARN, inRegion(primary))
  for (const { Region: replica, KmsKeyId } of secret.ReplicationStatus) {
    if (replica === region || !/^[a-z0-9-]{5,30}$/.test(replica)) continue
    const id = inRegion(replica)
    scene.sink.entity({ id, kind: 'aws.secretsmanager_secret', name: secret.Name ?? lastPart(id) })
    syncs(id, secret.ARN)
    encryptedBy({ ...scene, arn: { ...scene.arn, region: replica } }, id, KmsKeyId, 'encrypted with this key')
  }
}

function list(scene: Scene, name: string, arn: string): void {
  const digest = digestOfName(scene, name)
  const known = scene.run.listed.get(digest)
  scene.run.listed.set(digest, known === undefined || known === arn ? arn : null)
}

/** A SecureString. Plain parameters are configuration, no secrets. */
export function readParameter(item: unknown, origin: Origin, run: Run): Outcome {
  const read = Parameter.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const parameter = read.data
  if (parameter.Type !== 'SecureString') return 'not-relevant'
  const arn = parameter.ARN ?? arnOfParameter(parameter, run)
  const scene = arn === undefined ? 'missing-identifier' : sceneOf(arn, origin, run)
  if (arn === undefined || typeof scene === 'string') return scene as SkipReason
  const { Name: name } = parameter
  const bare = name.startsWith('/') ? name.slice(1) : name
  const { region } = scene.arn
  describe(scene, {
    id: arn,
    kind: 'aws.ssm_parameter',
    name,
    aliases: [name, `aws:ssm:${region}:/${bare}`, `aws:ssm:${region}:${bare}`],
    props: {
      lastChangedAt: parameter.LastModifiedDate,
      version: parameter.Version,
      tier: parameter.Tier,
      expiresAt: expiryOf(parameter),
    },
  })
  list(scene, name, arn)
  encryptedBy(scene, arn, parameter.KeyId, 'encrypted with this key')
  return 'mapped'
}

/** Older replies have no ARN: account and region come from the key's ARN, or from `--scope 111122223333/eu-west-1`. */
function arnOfParameter({ Name: name, KeyId }: Parameter, { context }: Run): string | undefined {
  const key = KeyId === undefined ? undefined : parseArn(KeyId)
  const [account, region] = context.scopeName?.split('/') ?? []
  const place = key ?? (account && region ? { partition: 'aws', region, account } : undefined)
  if (place === undefined) return undefined
  return `arn:${place.partition}:ssm:${place.region}:${place.account}:parameter${name.startsWith('/') ? '' : '/'}${name}`
}

function expiryOf({ Policies }: Parameter): string | undefined {
  const policy = Policies.find(({ PolicyType }) => PolicyType === 'Expiration')
  try {
    return Expiration.safeParse(JSON.parse(policy?.PolicyText ?? '{}')).data?.Attributes.Timestamp
  } catch {
    return undefined
  }
}

export function readKey(item: unknown, origin: Origin, run: Run): Outcome {
  const read = KmsKey.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const key = read.data
  const scene = sceneOf(key.Arn, origin, run)
  if (typeof scene === 'string') return scene
  listKey(run, key.Arn)
  describe(scene, {
    id: key.Arn,
    kind: 'aws.kms_key',
    name: lastPart(key.Arn),
    aliases: [lastPart(key.Arn)],
    props: {
      createdAt: key.CreationDate,
      keyState: key.KeyState ?? (key.Enabled === false ? 'Disabled' : undefined),
      deletionAt: key.DeletionDate,
      managedBy: key.KeyManager === 'AWS' ? 'AWS' : undefined,
      origin: key.Origin,
      multiRegion: key.MultiRegion || undefined,
    },
  })
  return 'mapped'
}

function listKey({ keyOfId }: Run, arn: string): void {
  const id = lastPart(arn)
  keyOfId.set(id, keyOfId.has(id) && keyOfId.get(id) !== arn ? undefined : arn)
}

export function readKeyEntry(item: unknown, origin: Origin, run: Run): Outcome {
  const read = KmsKeyEntry.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const arn = read.data.KeyArn
  const scene = sceneOf(arn, origin, run)
  if (typeof scene === 'string') return scene
  listKey(run, arn)
  describe(scene, { id: arn, kind: 'aws.kms_key', name: lastPart(arn), aliases: [lastPart(arn)], props: {} })
  return 'mapped'
}

/** Which key an alias means. Aliases that AWS keeps for keys it has not made yet have no target. */
export function readAlias(item: unknown, origin: Origin, run: Run): Outcome {
  const read = KmsAlias.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const { AliasArn: alias, AliasName: name, TargetKeyId: target } = read.data
  const scene = sceneOf(alias, origin, run)
  if (typeof scene === 'string') return scene
  if (target === undefined) return 'not-relevant'
  const id = target.startsWith('arn:') ? target : arnBeside(scene, 'kms', `key/${target}`)
  run.keyOfAlias.set(alias, id)
  scene.sink.entity({
    id,
    kind: 'aws.kms_key',
    name: lastPart(id),
    aliases: [name, alias],
    evidence: evidenceOf(scene),
  })
  return 'mapped'
}

/** Whose password it is decides what changing it does (change-semantics.md 8). */
const passwordKinds: readonly (readonly [engine: string, EntityKind])[] = [
  ['postgres', 'db.postgres_password'],
  ['aurora-postgresql', 'db.postgres_password'],
  ['mysql', 'db.mysql_password'],
  ['mariadb', 'db.mysql_password'],
  ['aurora', 'db.mysql_password'],
  ['sqlserver', 'db.mssql_login'],
  ['oracle', 'db.oracle_password'],
  ['custom-sqlserver', 'db.mssql_login'],
  ['custom-oracle', 'db.oracle_password'],
]

/** An instance or cluster, its master user, and the secret in which RDS keeps that user's password. */
export function readDatabase(item: unknown, origin: Origin, run: Run): Outcome {
  const read = Database.safeParse(item)
  if (!read.success) return 'unreadable-record'
  const db = read.data
  if (db.arn === undefined) return 'missing-identifier'
  const scene = sceneOf(db.arn, origin, run)
  if (typeof scene === 'string') return scene
  const name = db.name ?? lastPart(db.arn)
  const { createdAt, engine, host, status } = db
  const props = { createdAt, engine, host, status, iamLogin: db.iamLogin }
  const aliases = host === undefined ? [name] : [name, host]
  describe(scene, { id: db.arn, kind: 'aws.rds_instance', name, aliases, tags: db.tags, props })
  encryptedBy(scene, db.arn, db.key, 'storage encrypted with this key')
  if (db.cluster !== undefined) {
    const to = arnBeside(scene, 'rds', `cluster:${db.cluster}`)
    scene.sink.entity({ id: to, kind: 'aws.rds_instance', name: db.cluster })
    scene.sink.relationship({
      kind: 'DEPENDS_ON',
      from: db.arn,
      to,
      evidence: evidenceOf(scene, 'member of the cluster'),
    })
  } else if (db.masterUser !== undefined) mapMaster(scene, { ...db, arn: db.arn, name, user: db.masterUser })
  return 'mapped'
}

interface Mastered {
  readonly arn: string
  readonly name: string
  readonly user: string
  readonly engine?: string | undefined
  readonly masterSecret?: { readonly SecretArn: string; readonly KmsKeyId?: string | undefined } | undefined
}

function mapMaster(scene: Scene, { arn, name, user, engine = '', masterSecret }: Mastered): void {
  const [who, password] = [keys.awsRdsMaster(arn), keys.awsRdsMasterPassword(arn)]
  const evidence = evidenceOf(scene)
  const kind =
    passwordKinds.find(([start]) => engine === start || engine.startsWith(`${start}-`))?.[1] ?? 'generic.password'
  scene.sink.entity({ id: who, kind: 'db.user', name: `${user} of ${name}`, evidence })
  scene.sink.entity({ id: password, kind, name: `password of ${user} of ${name}`, evidence })
  scene.sink.relationship({ kind: 'AUTHENTICATES_AS', from: password, to: who, evidence })
  scene.sink.relationship({ kind: 'DEPENDS_ON', from: who, to: arn, evidence: evidenceOf(scene, 'a user of it') })
  const secret = masterSecret?.SecretArn
  if (secret === undefined || parseArn(secret)?.service !== 'secretsmanager') return
  const shown = parseArn(secret)!.resource.slice('secret:'.length)
  scene.sink.entity({ id: secret, kind: 'aws.secretsmanager_secret', name: shown.replace(/-[A-Za-z0-9]{6}$/, '') })
  scene.sink.relationship({ kind: 'HOLDS', from: secret, to: password, evidence: evidenceOf(scene, 'managed by RDS') })
  encryptedBy(scene, secret, masterSecret?.KmsKeyId, 'encrypted with this key')
}
