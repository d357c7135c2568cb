import { createHash } from 'node:crypto'
import type { RelationshipFact } from '../../../graph/facts.ts'
import { keys } from '../../../graph/keys.ts'
import type { DeliveryMode } from '../../../graph/kinds/delivery.ts'
import { hasWildcard, isMasked, parseArn } from '../arn.ts'
import { arnBeside, evidenceOf, type Scene } from './scene.ts'

/** A secret or parameter that a configuration names. */
export interface Reference {
  readonly arn: string
  readonly kind: 'aws.secretsmanager_secret' | 'aws.ssm_parameter'
  readonly name: string
  /** Key inside a secret that is JSON. */
  readonly key?: string | undefined
  /** Stage or version id, where the reference is bound to one: such a reader does not follow a rotation. */
  readonly version?: string | undefined
}

type Attributes = Pick<RelationshipFact, 'delivery' | 'pickup' | 'confidence'>

/** `arn:…:secret:name-AbCdEf:json-key:stage:version-id` or `arn:…:parameter/name`; undefined for anything else. */
export function referenceInArn(text: string): Reference | undefined {
  const arn = parseArn(text)
  if (arn === undefined || arn.account === '' || hasWildcard(text) || isMasked(text)) return undefined
  if (arn.service === 'secretsmanager' && arn.resource.startsWith('secret:')) {
    const [, name = '', key, stage, id] = arn.resource.split(':')
    if (name === '') return undefined
    const whole = `arn:${arn.partition}:secretsmanager:${arn.region}:${arn.account}:secret:${name}`
    return secret(whole, name.replace(/-[A-Za-z0-9]{6}$/, ''), key, stage, id)
  }
  if (arn.service !== 'ssm' || !arn.resource.startsWith('parameter/')) return undefined
  const [name = '', version] = arn.resource.slice('parameter'.length).split(':')
  const whole = `arn:${arn.partition}:ssm:${arn.region}:${arn.account}:parameter${name}`
  return { arn: whole, kind: 'aws.ssm_parameter', name, version: filled(version) }
}

/** A secret called as CodeBuild and CloudFormation do: ARN or name, then what `:` adds to it. */
export function secretNamed(text: string, scene: Scene): Reference | undefined {
  if (text.startsWith('arn:')) return referenceInArn(text)
  const [name = '', key, stage, id] = text.split(':')
  if (name === '' || isMasked(name) || /\s/.test(name)) return undefined
  return secret(arnBeside(scene, 'secretsmanager', `secret:${name}`), name, key, stage, id)
}

/** A parameter called by ARN or name, as ECS and CodeBuild do. */
export function parameterNamed(text: string, scene: Scene): Reference | undefined {
  if (text.startsWith('arn:')) return referenceInArn(text)
  const [name = '', version] = text.split(':')
  if (name === '' || isMasked(name) || /\s/.test(name)) return undefined
  const arn = arnBeside(scene, 'ssm', `parameter${name.startsWith('/') ? name : `/${name}`}`)
  return { arn, kind: 'aws.ssm_parameter', name, version: filled(version) }
}

/** A dynamic reference of CloudFormation: `{{resolve:secretsmanager:…}}`, `{{resolve:ssm-secure:…}}`. */
function resolved(text: string, scene: Scene): Reference | undefined {
  if (!text.startsWith('{{resolve:') || !text.endsWith('}}')) return undefined
  const inner = text.slice('{{resolve:'.length, -2)
  if (inner.startsWith('ssm-secure:')) return parameterNamed(inner.slice('ssm-secure:'.length), scene)
  if (!inner.startsWith('secretsmanager:')) return undefined
  // Only here the part after the id is the word SecretString.
  return secretNamed(inner.slice('secretsmanager:'.length).replace(':SecretString', ''), scene)
}

function secret(arn: string, name: string, key?: string, stage?: string, id?: string): Reference {
  const version = filled(id) ?? filled(stage)
  return {
    arn,
    kind: 'aws.secretsmanager_secret',
    name,
    key: filled(key),
    version: version === 'AWSCURRENT' ? undefined : version,
  }
}

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** A use that a configuration declares. `place` says where: "container web, DB_PASSWORD". */
export function usesSecret(scene: Scene, from: string, to: Reference, how: Attributes, place: string): void {
  const parts = [
    place,
    to.key === undefined ? '' : `key ${to.key}`,
    to.version === undefined ? '' : `only ${to.version}`,
  ]
  scene.sink.entity({ id: to.arn, kind: to.kind, name: to.name })
  scene.sink.relationship({
    kind: 'USES_SECRET',
    from,
    to: to.arn,
    ...how,
    ...(to.version === undefined ? {} : { props: { pinnedTo: to.version } }),
    evidence: evidenceOf(scene, parts.filter((part) => part !== '').join(', ')),
  })
}

/** How a workload gets what its environment holds, and what the environment only names. */
export interface Environment {
  readonly variables: readonly (readonly [name: string, value: string])[]
  /** Of a value that stands there itself. */
  readonly literal: DeliveryMode
  /** Of a secret that the variable names and the code fetches. */
  readonly fetched: Attributes
}

/**
 * Reads an environment and keeps none of its values: names, secrets that are named there, ids of access keys, and a
 * keyed fingerprint of what may be a secret.
 */
export function readEnvironment(
  scene: Scene,
  from: string,
  { variables, literal, fetched }: Environment,
): { readonly environmentNames: readonly string[]; readonly fingerprints: readonly string[] } {
  const fingerprints: string[] = []
  for (const [name, raw] of variables) {
    const value = raw.trim()
    const place = `variable ${name}`
    const named = referenceInArn(value)
    const dynamic = resolved(value, scene)
    if (named !== undefined) usesSecret(scene, from, named, fetched, place)
    else if (dynamic !== undefined) usesSecret(scene, from, dynamic, { delivery: 'deploy_time' }, place)
    else {
      const ids = accessKeyIdsIn(value)
      for (const id of ids) usesAccessKey(scene, from, id, literal, place)
      if (ids[0] === value || isAddress(value)) continue
      const fingerprint = scene.run.context.fingerprint(raw, 'secret')
      if (fingerprint !== undefined) fingerprints.push(`${name.slice(0, 253)}=${fingerprint}`)
      guessByName(scene, from, name, value, fetched)
    }
  }
  return {
    environmentNames: variables.map(([name]) => name.slice(0, 253)).slice(0, 200),
    fingerprints: fingerprints.slice(0, 200),
  }
}

/** Ids of long-lived access keys; they are no secrets. */
const accessKeyIdsIn = (value: string): readonly string[] => [
  ...new Set(value.slice(0, 65_536).match(/\bAKIA[A-Z0-9]{16}\b/g) ?? []),
]

function usesAccessKey(scene: Scene, from: string, id: string, delivery: DeliveryMode, place: string): void {
  if (isMasked(id)) return
  const to = keys.awsAccessKey(id)
  scene.sink.entity({ id: to, kind: 'aws.iam_access_key', name: id, aliases: [id] })
  scene.sink.relationship({ kind: 'USES_CREDENTIAL', from, to, delivery, evidence: evidenceOf(scene, place) })
}

/** Where something is, not what opens it. A URL with a password in it is none. */
function isAddress(value: string): boolean {
  return parseArn(value) !== undefined || (/^https?:\/\//.test(value) && !value.includes('@'))
}

const NAME_LENGTH = 512

/**
 * A variable that holds exactly the name of a secret listed in the same account and region: likely, not certain.
 * A word like `test` means too little, unless the variable says that it names a secret.
 */
function guessByName(scene: Scene, from: string, variable: string, value: string, fetched: Attributes): void {
  if (value.length > NAME_LENGTH || !(value.includes('/') || /secret|param/i.test(variable))) return
  const wanted = digestOfName(scene, value)
  scene.run.atEnd.push(() => {
    const to = scene.run.listed.get(wanted)
    if (to === undefined || to === null) return
    const evidence = evidenceOf(scene, `variable ${variable} holds its name`, 'inferred')
    scene.sink.relationship({ kind: 'USES_SECRET', from, to, ...fetched, confidence: 'possible', evidence })
  })
}

/** Of account, region and name, so that values can be compared with names without keeping them. */
export function digestOfName({ arn }: Scene, name: string): string {
  return createHash('sha256').update(`${arn.account}\0${arn.region}\0${name}`).digest('base64')
}
