import { keys } from '../../graph/keys.ts'
import type { RunContext, Sink } from '../importer.ts'
import { evaluate, isHidden, type Names } from './evaluate.ts'
import { outputsOf, secretIn } from './map-credentials.ts'
import { mapOther } from './other-resources.ts'
import { rows } from './rows.ts'
import { at, keyOf, targetsOf, valueAt, type Exported, type Outcome, type Resource, type Scene } from './scene.ts'
import type { Stack } from './stacks.ts'
import { mapOf, textIn, type Template } from './template.ts'
import { idOf, typeRows } from './type-rows.ts'

export interface Deployed {
  readonly context: RunContext
  readonly sink: Sink
  readonly file: string
  readonly tree: string
  readonly repository: string | undefined
  readonly template: Template
  readonly stack: Stack | undefined
  /** Where `--scope 111122223333/eu-west-1` says it. */
  readonly account: string | undefined
  readonly region: string | undefined
  readonly exported: (name: string) => Exported | undefined
}

/** A template, or one stack of it, with a key for each resource: what others may refer to. */
export function openScene(of: Deployed): Scene {
  const { template, stack } = of
  const [account, region] = [stack?.account ?? of.account, stack?.region ?? of.region]
  const pseudo = new Map<string, string>()
  const partition = stack?.partition ?? 'aws'
  if (account !== undefined) pseudo.set('AWS::AccountId', account)
  if (region !== undefined) pseudo.set('AWS::Region', region)
  if (stack !== undefined) pseudo.set('AWS::StackName', stack.name)
  if (region !== undefined || account !== undefined) pseudo.set('AWS::Partition', partition)
  const names: Names = {
    parameters: mapOf(template.body.get('Parameters')),
    mappings: mapOf(template.body.get('Mappings')),
    given: stack?.parameters ?? new Map(),
    pseudo,
  }
  const resources = new Map<string, Resource>()
  for (const [logicalId, body] of template.resources) {
    const deployed = stack?.resources.get(logicalId)
    resources.set(logicalId, {
      logicalId,
      type: textIn(body.get('Type'))!.slice(0, 200),
      properties: mapOf(body.get('Properties')),
      conditional: body.has('Condition') && deployed === undefined,
      physicalId: deployed?.physicalId,
      body,
    })
  }
  const { context, sink, file, tree, repository, exported } = of
  const place = { context, sink, file, tree, stack, account, region, partition, repository, names, resources, exported }
  const scene: Scene = { ...place, made: new Map(), unknowns: new Map() }
  for (const resource of resources.values()) {
    const row = typeRows.get(resource.type)
    if (row) scene.made.set(resource.logicalId, { id: idOf(scene, resource), kind: row.kind, role: row.role })
  }
  tellHidden(scene)
  for (const resource of resources.values()) standFor(scene, resource)
  return scene
}

/** Parameters that are not shown are credentials that whoever deploys gives; their values are never read. */
function tellHidden(scene: Scene): void {
  for (const [name, parameter] of scene.names.parameters) {
    if (!isHidden(parameter)) continue
    const taken = takerOf(scene, name)
    const id = taken ?? keyOf(scene, `Parameters/${name}`)
    scene.made.set(name, { id, kind: 'generic.credential', role: 'credential' })
    if (taken === undefined)
      scene.sink.entity({
        id,
        kind: 'generic.credential',
        name: `value given for ${name}`.slice(0, 1024),
        props: { managedBy: 'cloudformation', hiddenParameter: true },
      })
  }
}

/** The password of a database that is this parameter and nothing else. */
function takerOf(scene: Scene, parameter: string): string | undefined {
  const found = [...scene.resources.values()].flatMap((resource) => {
    const database = scene.made.get(resource.logicalId)
    if (database?.role !== 'resource') return []
    return ['MasterUserPassword', 'AuthToken'].flatMap((property) => {
      const [part, ...others] = valueAt(scene, resource.properties, property).parts
      const isIt = typeof part === 'object' && part !== null && 'logicalId' in part && part.logicalId === parameter
      return isIt && others.length === 0 ? [keys.awsRdsMasterPassword(database.id)] : []
    })
  })
  return found.length === 1 ? found[0] : undefined
}

/** What `Ref` of these gives is the secret or key that they are about. */
function standFor(scene: Scene, { logicalId, type, properties }: Resource): void {
  if (type === 'AWS::SecretsManager::SecretTargetAttachment' || type === 'AWS::SecretsManager::RotationSchedule') {
    const secret = secretIn(scene, valueAt(scene, properties, 'SecretId'))
    if (secret) scene.made.set(logicalId, { id: secret.id, kind: secret.kind, role: 'secret' })
  } else if (type === 'AWS::KMS::Alias') {
    const [key] = targetsOf(scene, valueAt(scene, properties, 'TargetKeyId'))
    if (key) scene.made.set(logicalId, { id: key.id, kind: key.kind, role: key.role })
  }
}

/** Maps all resources; the outcome of each by logical id. */
export function mapScene(scene: Scene, { body }: Template): ReadonlyMap<string, Outcome> {
  const mappers = rows(body)
  const outcomes = new Map<string, Outcome>()
  for (const resource of scene.resources.values()) {
    const mapper = mappers.get(resource.type)
    const id = scene.made.get(resource.logicalId)?.id ?? keyOf(scene, resource.logicalId)
    outcomes.set(resource.logicalId, mapper ? mapper(scene, resource, id) : mapOther(scene, resource))
  }
  for (const id of outputsOf(scene, body))
    scene.sink.entity({ id, kind: 'aws.iam_access_key', props: { valueInOutputs: true } })
  return outcomes
}

/** Names and values of what it exports. */
export function exportsOf(scene: Scene, { body }: Template): readonly (readonly [string, Exported])[] {
  return [...mapOf(body.get('Outputs'))].flatMap(([, output]) => {
    const name = evaluate(at(output, 'Export.Name'), scene.names)
    const text = name.parts.every((part) => typeof part === 'string') ? name.parts.join('') : ''
    return text === '' ? [] : [[text, { scene, value: evaluate(at(output, 'Value'), scene.names) }] as const]
  })
}
