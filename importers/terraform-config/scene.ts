import type { EntityFact, Evidence, Props, RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { HclExpression } from '../read/hcl-expression.ts'
import type { HclBlock } from '../read/parse-hcl.ts'
import type { RunContext, Sink } from '../importer.ts'
import { evaluate } from './evaluate.ts'
import { bodyValue, type Instance } from './module.ts'
import { referencesOf, withoutIndexes, type Reference } from './references.ts'
import { isList, member, textOf, textsOf, unknown, type Value } from './value.ts'

/** What a block makes, while it is mapped. */
export interface Resource {
  readonly type: string
  readonly instance: Instance
  /** With modules and indexes: `module.shop["a"].aws_iam_user.ci`. */
  readonly address: string
  /** The address without its own index, as references name it. */
  readonly base: string
  /** By dotted path through blocks and objects: `metadata.name`. */
  value(path: string): Value
  text(path: string): string | undefined
  texts(path: string): readonly string[] | undefined
  /** Is it set at all? What is set may still not be known. */
  has(path: string): boolean
  references(path: string): readonly Reference[]
  /** What stands in a map, each with the expression it is made of. Names that are not known are left out. */
  entries(path: string): readonly (readonly [name: string, expression: HclExpression])[]
}

/** Something a resource made, as others refer to it. */
export interface Made {
  readonly id: string
  readonly role: 'credential' | 'identity' | 'secret' | 'workload'
  readonly key: Value | undefined
  /** One that stands for several of which nobody knows how many there are. */
  readonly several: boolean
}

/** One tree of configuration while it is mapped. */
export interface Scene {
  readonly context: RunContext
  readonly sink: Sink
  /** Name of the tree in keys. */
  readonly tree: string
  readonly cluster: string
  /** How a file is told in evidence. */
  readonly label: (file: string) => string
  /** Owner of GitHub repositories, by root module. */
  readonly owners: ReadonlyMap<string, string>
  readonly made: Map<string, Made[]>
  /** Versions of secrets: what refers to one means the secret that it is a version of. */
  readonly versions: Map<string, readonly Reference[]>
  /** Generated values that others took: they are the others' values then, and nothing of their own. */
  readonly takers: Map<string, Made[]>
  /** Runs when everything is known that is made. */
  later(relate: () => void): void
}

export function resourceOf(instance: Instance, type: string): Resource {
  const { declared, names, module } = instance
  const prefix = module.address === '' ? '' : `${module.address}.`
  const address = `${prefix}${instance.address}`
  const value = (path: string): Value => {
    const [first = '', ...rest] = path.split('.')
    return rest.reduce<Value>(
      (at, step) => member(isList(at) && Number.isNaN(Number(step)) ? (at[0] ?? unknown) : at, step),
      bodyValue(declared.block, first, names),
    )
  }
  return {
    type,
    instance,
    address,
    base: prefix + withoutIndexes(instance.address),
    value,
    text: (path) => textOf(value(path)) || undefined,
    has: (path) => expressionAt(declared.block, path.split('.')) !== undefined,
    texts: (path) => textsOf(value(path)),
    references: (path) => expressionsAt(declared.block, path.split('.')).flatMap((one) => referencesOf(one, instance)),
    entries: (path) => {
      const expression = expressionAt(declared.block, path.split('.'))
      if (expression?.kind !== 'object') return []
      return expression.entries.flatMap(([name, inner]) => {
        const text = textOf(evaluate(name, names))
        return text === undefined ? [] : [[text.slice(0, 253), inner] as const]
      })
    },
  }
}

/** What stands at a path: one expression, or all of a block. */
function expressionsAt(block: HclBlock, path: readonly string[]): readonly HclExpression[] {
  const one = expressionAt(block, path)
  if (one) return [one]
  const [first = '', ...rest] = path
  const inner = block.blocks.filter(({ type }) => type === first)
  if (rest.length > 0) return inner.flatMap((nested) => expressionsAt(nested, rest))
  return inner.flatMap(({ attributes, blocks }) => [
    ...attributes.values(),
    ...blocks.flatMap((nested) => [...nested.attributes.values()]),
  ])
}

/** The expression at a path through nested blocks. */
function expressionAt(block: HclBlock, [first = '', ...rest]: readonly string[]): HclExpression | undefined {
  const attribute = block.attributes.get(first)
  if (attribute) return inside(attribute, rest)
  const inner = block.blocks.find(({ type }) => type === first)
  return inner && rest.length > 0 ? expressionAt(inner, rest) : undefined
}

function inside(expression: HclExpression, steps: readonly string[]): HclExpression | undefined {
  const [step, ...rest] = steps
  if (step === undefined || expression.kind !== 'object') return expression
  const entry = expression.entries.find(([name]) => name.kind === 'literal' && name.value === step)
  return entry && inside(entry[1], rest)
}

export function evidenceOf(scene: Scene, resource: Resource, note?: string): Evidence {
  const { block, file } = placeOf(resource.instance).declared
  const told = note === undefined ? resource.address : `${resource.address.slice(0, 200)}; ${note}`
  return {
    source: 'terraform-config',
    kind: 'declared',
    file: scene.label(file).slice(-1024),
    // The name of the block and not its line, which every change above it moves.
    record: blockName(block).slice(0, 256),
    note: told.slice(0, 400),
  }
}

/** `module.shop`, `aws_iam_user.ci`: as an address names it. */
function blockName({ type, labels }: HclBlock): string {
  return (type === 'resource' ? labels : [type, ...labels]).join('.')
}

/** Where the files say it: what a shared module makes is said by the call of it. */
function placeOf(instance: Instance): Instance {
  let at = instance
  while (at.declared.file === '' && at.module.caller) at = at.module.caller
  return at
}

/** Key of what only the configuration names. */
export function keyOf({ tree }: Scene, { instance, address }: Resource): string {
  return keys.terraformValue(keys.terraformFolder(tree, instance.module.root), address.slice(0, 800))
}

export function entity(scene: Scene, resource: Resource, fact: EntityFact): string {
  scene.sink.entity({ ...fact, name: fact.name?.slice(0, 1024), evidence: [evidenceOf(scene, resource)] } as EntityFact)
  return fact.id
}

/** A thing that is only named: what else it is another record says. */
export function named(scene: Scene, fact: EntityFact): string {
  scene.sink.entity(fact)
  return fact.id
}

export function relate(scene: Scene, resource: Resource, fact: RelationshipFact, note?: string): void {
  scene.sink.relationship({ ...fact, evidence: [evidenceOf(scene, resource, note)] })
}

export function remember(scene: Scene, resource: Resource, role: Made['role'], id: string): void {
  append(scene.made, resource.base, { id, role, key: resource.instance.key, several: resource.instance.several })
}

/** The value is one that another resource generated. */
export function take(scene: Scene, resource: Resource, path: string, id: string): void {
  for (const { base } of resource.references(path)) {
    const type = base.split('.').at(-2) ?? ''
    if (!generators.has(type)) continue
    append(scene.takers, base, {
      id,
      role: 'credential',
      key: resource.instance.key,
      several: resource.instance.several,
    })
  }
}

/** Types whose value is meant for something else. */
export const generators = new Set(['random_password', 'random_string', 'random_id', 'random_bytes', 'random_uuid'])

function append<T>(lists: Map<string, T[]>, name: string, one: T): void {
  const list = lists.get(name)
  if (list) list.push(one)
  else lists.set(name, [one])
}

/** What a reference may mean; `certain`: exactly that. */
export function meant(scene: Scene, { base, key }: Reference): { made: readonly Made[]; certain: boolean } {
  const all = scene.takers.get(base) ?? scene.made.get(base) ?? behind(scene, base)
  const exact = typeof key === 'string' || typeof key === 'number' ? all.filter((one) => one.key === key) : []
  const made = exact.length > 0 ? exact : all
  return { made, certain: made.length === 1 && !made[0]!.several }
}

function behind(scene: Scene, base: string): readonly Made[] {
  return (scene.versions.get(base) ?? []).flatMap((reference) => scene.made.get(reference.base) ?? [])
}

/** Only what the configuration says: nothing undefined. */
export function given(
  props: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): Props {
  const kept = Object.entries(props).filter(
    ([, value]) => value !== undefined && !(isList(value as Value) && (value as readonly string[]).length === 0),
  )
  return Object.fromEntries(
    kept.map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, 4096) : value]),
  ) as Props
}
