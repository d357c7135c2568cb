import type { RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import { isMasked, parseArn } from '../read/arn.ts'
import { referenceInArn } from '../read/aws/references.ts'
import type { Imported, Reference, Value } from './evaluate.ts'
import {
  count,
  evidenceOf,
  keyOf,
  relate,
  targetsOf,
  textThrough,
  type Made,
  type Resource,
  type Scene,
} from './scene.ts'

/** A secret that a value names: of this template, or by its name or ARN. */
export interface Named extends Made {
  readonly certain: boolean
  readonly key?: string | undefined
  /** Stage or version id: such a reader does not follow a rotation. */
  readonly version?: string | undefined
}

const START = '{{resolve:'

/** Secrets in the dynamic references of a value: `{{resolve:secretsmanager:…}}`, `{{resolve:ssm-secure:…}}`. */
export function dynamicOf(scene: Scene, value: Value): readonly Named[] {
  const marks: (Reference | Imported | null)[] = []
  // A resource or export in the middle of a reference stands as a mark, which no text of a template has.
  const text = value.parts
    .map((part) => (typeof part === 'string' ? part.replaceAll('\u0001', '') : `\u0001${marks.push(part) - 1}\u0001`))
    .join('')
  const found: Named[] = []
  for (let from = text.indexOf(START); from >= 0; from = text.indexOf(START, from + 1)) {
    const end = text.indexOf('}}', from)
    if (end < 0) break
    found.push(...referenceIn(scene, text.slice(from + START.length, end), marks, !value.assumed))
  }
  return found
}

function referenceIn(
  scene: Scene,
  text: string,
  marks: readonly (Reference | Imported | null)[],
  certain: boolean,
): readonly Named[] {
  const [service = '', ...rest] = text.split(':')
  if (service === 'ssm-secure') {
    const [name = '', version] = rest
    if (name === '' || name.includes('\u0001')) return unknown(scene)
    return [parameter(scene, name, version, certain)]
  }
  if (service !== 'secretsmanager') return []
  const whole = rest.join(':')
  const isArn = whole.startsWith('arn:')
  const id = isArn ? rest.slice(0, 7).join(':') : (rest[0] ?? '')
  const [word, key, stage, version] = rest.slice(isArn ? 7 : 1)
  if (word !== undefined && word !== '' && word !== 'SecretString') return []
  const bound = filled(version) ?? (stage === 'AWSCURRENT' ? undefined : filled(stage))
  const more = { key: filled(key), version: bound }
  if (id.startsWith('\u0001')) {
    const part = marks[Number(id.slice(1, -1))]
    if (part === null || part === undefined) return unknown(scene)
    const value: Value = { parts: [part], perhaps: [], assumed: !certain }
    const targets = targetsOf(scene, value).filter(({ role }) => role === 'secret')
    const through = textThrough(scene, value)
    if (targets.length === 0 && through !== undefined) return [{ ...secretCalled(scene, through, certain), ...more }]
    return targets.length === 0 ? unknown(scene) : targets.map((one) => ({ ...one, ...more }))
  }
  if (id === '' || id.includes('\u0001') || isMasked(id)) return unknown(scene)
  return [{ ...secretCalled(scene, id, certain), ...more }]
}

function unknown(scene: Scene): readonly Named[] {
  count(scene, 'references to a secret whose name is only known when it is deployed')
  return []
}

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** A secret by name or ARN. Without a region its name means nothing outside this template. */
export function secretCalled(scene: Scene, text: string, certain: boolean): Named {
  const arn = referenceInArn(text)
  const kind = 'aws.secretsmanager_secret'
  if (arn !== undefined) {
    scene.sink.entity({ id: arn.arn, kind: arn.kind, name: arn.name })
    return { id: arn.arn, kind: arn.kind, role: 'secret', certain, key: arn.key, version: arn.version }
  }
  const { account, region, partition } = scene
  const name = text.slice(0, 512)
  const id =
    region === undefined
      ? keyOf(scene, `secretsmanager:${name}`)
      : account === undefined
        ? `aws:secretsmanager:${region}:${name}`
        : `arn:${partition}:secretsmanager:${region}:${account}:secret:${name}`
  scene.sink.entity({ id, kind, name })
  return { id, kind, role: 'secret', certain }
}

export function parameter(scene: Scene, text: string, version: string | undefined, certain: boolean): Named {
  const arn = referenceInArn(text)
  const bare = (arn?.name ?? text).replace(/^\//, '').slice(0, 1024)
  const { account, region, partition } = scene
  const id =
    arn?.arn ??
    (region === undefined
      ? keyOf(scene, `ssm:${bare}`)
      : account === undefined
        ? `aws:ssm:${region}:/${bare}`
        : `arn:${partition}:ssm:${region}:${account}:parameter/${bare}`)
  scene.sink.entity({ id, kind: 'aws.ssm_parameter', name: arn?.name ?? text.slice(0, 1024) })
  return { id, kind: 'aws.ssm_parameter', role: 'secret', certain, version: filled(version) }
}

type How = Pick<RelationshipFact, 'delivery' | 'pickup'>

export function usesSecret(scene: Scene, resource: Resource, from: string, to: Named, how: How, place: string): void {
  const parts = [place, to.key && `key ${to.key}`, to.version && `only ${to.version}`]
  relate(
    scene,
    resource,
    {
      kind: to.role === 'secret' ? 'USES_SECRET' : 'USES_CREDENTIAL',
      from,
      to: to.id,
      ...how,
      ...(to.version === undefined ? {} : { props: { pinnedTo: to.version } }),
    },
    { note: parts.filter(Boolean).join(', '), certain: to.certain },
  )
}

/** Attributes of an access key that are no secret. */
const harmless = new Set([undefined, '', 'Arn', 'Id'])

export interface Environment {
  readonly names: string[]
  readonly fingerprints: string[]
}

/**
 * One variable of an environment: what it names, takes from another resource, or holds itself. Values are fingerprinted and
 * kept nowhere.
 */
export function readVariable(
  scene: Scene,
  resource: Resource,
  from: string,
  [name, value]: readonly [string, Value],
  { literal, fetched }: { readonly literal: How; readonly fetched: How },
  into: Environment,
): void {
  const place = `variable ${name.slice(0, 200)}`
  into.names.push(name.slice(0, 253))
  const dynamic = dynamicOf(scene, value)
  for (const one of dynamic) usesSecret(scene, resource, from, one, { delivery: 'deploy_time' }, place)
  if (dynamic.length > 0) return
  const text = textThrough(scene, value)
  const named = text === undefined ? undefined : referenceInArn(text.trim())
  if (named !== undefined) {
    usesSecret(scene, resource, from, secretCalled(scene, text!.trim(), !value.assumed), fetched, place)
    return
  }
  for (const target of targetsOf(scene, value)) {
    if (target.role === 'secret') usesSecret(scene, resource, from, target, fetched, place)
    // The id of a key alone opens nothing; who has it may well have the rest.
    else if (target.role === 'credential') {
      const certain = target.certain && (target.kind !== 'aws.iam_access_key' || !harmless.has(target.attribute))
      usesSecret(scene, resource, from, { ...target, certain }, literal, place)
    }
  }
  if (text === undefined || value.assumed) return
  for (const id of new Set(text.slice(0, 65_536).match(/\bAKIA[A-Z0-9]{16}\b/g) ?? [])) {
    const to = keys.awsAccessKey(id)
    scene.sink.entity({ id: to, kind: 'aws.iam_access_key', name: id, aliases: [id] })
    const fact = { kind: 'USES_CREDENTIAL', from, to, ...literal } as const
    scene.sink.relationship({ ...fact, evidence: evidenceOf(scene, resource.logicalId, place) })
  }
  if (parseArn(text) !== undefined || (/^https?:\/\//.test(text) && !text.includes('@'))) return
  const fingerprint = scene.context.fingerprint(text, 'secret')
  if (fingerprint !== undefined) into.fingerprints.push(`${name.slice(0, 253)}=${fingerprint}`)
}
