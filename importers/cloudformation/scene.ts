import type { EntityFact, Evidence, Props, RelationshipFact, SkipReason } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { RunContext, Sink } from '../importer.ts'
import { evaluate, mentions, textOf, type Imported, type Names, type Reference, type Value } from './evaluate.ts'
import type { Stack } from './stacks.ts'
import { isMap, mapOf, textIn, type Node, type NodeMap } from './template.ts'

export type Role = 'credential' | 'identity' | 'secret' | 'workload' | 'resource'

/** A resource of a template while it is mapped. */
export interface Resource {
  readonly logicalId: string
  readonly type: string
  readonly properties: NodeMap
  /** Has a condition that nothing here decides, and no stack shows that it was made. */
  readonly conditional: boolean
  readonly physicalId: string | undefined
  readonly body: NodeMap
}

/** What a resource, or a hidden parameter, is to others. */
export interface Made {
  readonly id: string
  readonly kind: EntityKind
  readonly role: Role
}

/** A template, or one stack that was made of it. */
export interface Scene {
  readonly context: RunContext
  readonly sink: Sink
  readonly file: string
  /** In keys: `account/region/stack`, or the tree and path of the template. */
  readonly tree: string
  readonly stack: Stack | undefined
  readonly account: string | undefined
  readonly region: string | undefined
  readonly partition: string
  readonly repository: string | undefined
  readonly names: Names
  readonly resources: ReadonlyMap<string, Resource>
  readonly made: Map<string, Made>
  /** Value of an export of whichever stack or template it is. */
  readonly exported: (name: string) => Exported | undefined
  /** How often something could not be known, by words. */
  readonly unknowns: Map<string, number>
}

export type Outcome = 'mapped' | SkipReason

/** Maps one resource, whose key is `id`. */
export type Mapper = (scene: Scene, resource: Resource, id: string) => Outcome

export type Exported = { readonly text: string } | { readonly scene: Scene; readonly value: Value }

export function at(node: Node | undefined, path: string): Node | undefined {
  let found = node
  for (const step of path.split('.')) {
    if (!isMap(found)) return undefined
    found = found.get(step)
  }
  return found
}

export const valueAt = (scene: Scene, node: Node | undefined, path: string): Value =>
  evaluate(at(node, path), scene.names)

/** A text that is certain: not one that rests on the default of a parameter. */
export function textAt(scene: Scene, node: Node | undefined, path: string): string | undefined {
  const value = valueAt(scene, node, path)
  return value.assumed ? undefined : textOf(value)
}

/** Any text, for what is only shown. */
export const shownAt = (scene: Scene, node: Node | undefined, path: string): string | undefined =>
  textOf(valueAt(scene, node, path))?.slice(0, 400)

export function count(scene: Scene, words: string): void {
  scene.unknowns.set(words, (scene.unknowns.get(words) ?? 0) + 1)
}

export const keyOf = ({ tree }: Scene, name: string): string =>
  keys.cloudformation(tree.slice(0, 900), name.slice(0, 500))

export function evidenceOf(scene: Scene, logicalId: string, note?: string): [Evidence] {
  const stack = scene.stack === undefined ? '' : `stack ${scene.stack.name}`
  const told = [stack, note ?? ''].filter((one) => one !== '').join('; ')
  return [
    {
      source: 'cloudformation',
      kind: 'declared',
      file: scene.file.slice(-1024),
      record: `/Resources/${logicalId}`.slice(0, 256),
      ...(told === '' ? {} : { note: told.slice(0, 400) }),
    },
  ]
}

/** Tells of the thing a resource makes, where it lies and what becomes of it. */
export function tell(scene: Scene, resource: Resource, fact: EntityFact): string {
  const { logicalId, body, conditional } = resource
  const props: Record<string, Props[string] | undefined> = {
    managedBy: 'cloudformation',
    stack: scene.stack?.name,
    deletionPolicy: textIn(body.get('DeletionPolicy'))?.slice(0, 60),
    updateReplacePolicy: textIn(body.get('UpdateReplacePolicy'))?.slice(0, 60),
    conditional: conditional || undefined,
    ...fact.props,
  }
  scene.sink.entity({ ...fact, props: given(props), evidence: evidenceOf(scene, logicalId) })
  if (scene.account !== undefined) {
    const to = keys.awsAccount(scene.account)
    scene.sink.entity({ id: to, kind: 'aws.account', name: scene.account })
    scene.sink.relationship({ kind: 'CONTAINED_IN', from: fact.id, to, evidence: evidenceOf(scene, logicalId) })
  }
  return fact.id
}

export function given(props: Readonly<Record<string, Props[string] | undefined>>): Props {
  return Object.fromEntries(
    Object.entries(props).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as Props
}

export function relate(
  scene: Scene,
  { logicalId, conditional }: Resource,
  fact: RelationshipFact,
  { note, certain = true }: { readonly note?: string; readonly certain?: boolean } = {},
): void {
  const sure = (certain && !conditional) || fact.confidence === 'none' ? {} : { confidence: 'possible' as const }
  scene.sink.relationship({ ...fact, ...sure, evidence: evidenceOf(scene, logicalId, note) })
}

export interface Target extends Made {
  readonly certain: boolean
  readonly attribute?: string | undefined
}

/** What a value is made of besides text: resources of this template, hidden parameters, exports of others. */
export function targetsOf(scene: Scene, value: Value): readonly Target[] {
  return mentions(value).flatMap(({ part, certain }) => targetsIn(scene, part, certain && !value.assumed, 0))
}

function targetsIn(scene: Scene, part: Reference | Imported, certain: boolean, depth: number): readonly Target[] {
  if (depth > 8) return []
  if ('logicalId' in part) {
    const made = scene.made.get(part.logicalId)
    // The secret in which RDS keeps the password that it manages itself.
    if (part.attribute === 'MasterUserSecret.SecretArn') {
      const id = keyOf(scene, `${part.logicalId}.MasterUserSecret`)
      return [{ id, kind: 'aws.secretsmanager_secret', role: 'secret', certain }]
    }
    return made === undefined ? [] : [{ ...made, certain, attribute: part.attribute }]
  }
  const found = scene.exported(part.exportName)
  if (found === undefined || 'text' in found) return []
  return mentions(found.value).flatMap((one) => targetsIn(found.scene, one.part, certain && one.certain, depth + 1))
}

/** The text of a value, through exports whose value a reply shows. */
export function textThrough(scene: Scene, value: Value): string | undefined {
  const text = textOf(value)
  if (text !== undefined) return text
  const [only, ...others] = value.parts
  if (others.length > 0 || typeof only !== 'object' || only === null || !('exportName' in only)) return undefined
  const found = scene.exported(only.exportName)
  return found !== undefined && 'text' in found ? found.text : found === undefined ? undefined : textOf(found.value)
}

/** Tags of a resource, as a list or (SAM) a map. */
export function tagsIn(scene: Scene, node: Node | undefined): readonly { Key: string; Value: string }[] {
  const pairs: (readonly [string | undefined, Node | undefined])[] = isMap(node)
    ? [...node]
    : Array.isArray(node)
      ? (node as Node[]).map((one) => [textIn(mapOf(one).get('Key')), mapOf(one).get('Value')] as const)
      : []
  return pairs.flatMap(([Key, value]) => {
    const Value = textOf(evaluate(value, scene.names))
    return Key === undefined || Value === undefined ? [] : [{ Key, Value }]
  })
}
