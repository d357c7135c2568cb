import type { HclExpression } from '../read/hcl-expression.ts'
import type { HclBlock } from '../read/parse-hcl.ts'
import { evaluate, within, type Names } from './evaluate.ts'
import { resolved, type Declared, type Folder } from './folder.ts'
import { isList, isMap, member, textOf, unknown, type Value } from './value.ts'

/** What a module is given for a variable: its value, and the expression it was made of where that stands. */
export interface Input {
  readonly value: Value
  readonly expression?: HclExpression | undefined
  /** Where `expression` is to be understood. */
  readonly at?: Place | undefined
}

/** A module while names mean one thing in it: inside one of its blocks, for one `each.key`. */
export interface Place {
  readonly module: Module
  readonly names: Names
  /** What the block loops over: `each.value` is something of it. */
  readonly loop?: HclExpression | undefined
}

/** One instance of a block (`count`, `for_each`). */
export interface Instance extends Place {
  readonly declared: Declared
  /** Without its module: `aws_iam_user.ci["a"]`. */
  readonly address: string
  readonly key: string | number | undefined
  /** How many there are is not known: this one stands for all. */
  readonly several: boolean
}

/** One call of a folder with its inputs, or the folder as root. */
export interface Module {
  readonly folder: Folder
  /** `module.shop["a"].module.db`, empty for the root. */
  readonly address: string
  /** The root module it belongs to. */
  readonly root: string
  readonly inputs: ReadonlyMap<string, Input>
  readonly depth: number
  /** The block that called it; the root has none. */
  readonly caller?: Instance | undefined
  /** Names of what stands at its top. */
  readonly top: Place
  instances(declared: Declared, address: string): readonly Instance[]
  /** Calls of one `module` block; empty where its source is not known. */
  children(name: string): readonly { readonly instance: Instance; readonly module: Module }[]
}

/** Where modules come from. */
export interface World {
  folder(path: string): Folder | undefined
  /** What is known of a module that is not among the files, by its source. */
  known(source: string): Found | undefined
  readonly budget: { left: number }
}

export interface Found {
  readonly folder: Folder
  /** As a person would name the module: the last part of its source, or its path. */
  readonly source: string
  readonly ref: string
}

const deepest = 12
const mostInstances = 500

export function openModule(
  world: World,
  folder: Folder,
  at: Pick<Module, 'address' | 'root' | 'depth' | 'caller'>,
  inputs: ReadonlyMap<string, Input>,
): Module {
  const names: Names = { budget: world.budget, look }
  const running = new Set<string>()
  const known = new Map<string, Value>()
  const childrenOf = new Map<string, ReturnType<Module['children']>>()

  /** Each thing once; what needs itself is unknown. */
  function once(name: string, make: () => Value): Value {
    const before = known.get(name)
    if (before !== undefined) return before
    if (running.has(name)) return unknown
    running.add(name)
    const value = make()
    running.delete(name)
    known.set(name, value)
    return value
  }

  function look(name: string, steps: readonly Value[]): { value: Value; used: number } {
    const first = textOf(steps[0]) ?? ''
    if (name === 'var') return { value: once(`var.${first}`, () => inputs.get(first)?.value ?? unknown), used: 1 }
    if (name === 'local')
      return { value: once(`local.${first}`, () => evaluate(folder.locals.get(first)?.expression, names)), used: 1 }
    if (name === 'module') return { value: outputOf(first, steps), used: steps.length }
    if (name === 'data')
      return { value: attributeOf(`data.${first}.${textOf(steps[1])}`, steps.slice(2)), used: steps.length }
    return { value: attributeOf(`${name}.${first}`, steps.slice(1)), used: steps.length }
  }

  function outputOf(name: string, steps: readonly Value[]): Value {
    const looped = folder.modules.get(name)?.block.attributes
    const keyed = looped?.has('for_each') === true || looped?.has('count') === true
    const key = keyed ? steps[1] : undefined
    const [output, ...rest] = steps.slice(keyed ? 2 : 1)
    const child = module.children(name).find(({ instance }) => instance.key === key)
    const declared = child?.module.folder.outputs.get(textOf(output) ?? '')
    if (!child || !declared) return unknown
    const value = once(`module.${name}[${String(key)}].${textOf(output)}`, () =>
      evaluate(declared.block.attributes.get('value'), child.module.top.names),
    )
    return rest.reduce<Value>(member, value)
  }

  /** An attribute that the configuration itself sets. */
  function attributeOf(address: string, steps: readonly Value[]): Value {
    const declared = folder.resources.get(address)
    if (!declared) return unknown
    const { attributes } = declared.block
    const keyed = attributes.has('for_each') || attributes.has('count')
    const key = keyed ? steps[0] : undefined
    const [attribute, ...rest] = steps.slice(keyed ? 1 : 0)
    const name = textOf(attribute)
    if (name === undefined) return unknown
    const value = once(`${address}[${String(key)}].${name}`, () => {
      const instance = module.instances(declared, address).find((one) => one.key === key)
      return instance ? bodyValue(declared.block, name, instance.names) : unknown
    })
    return rest.reduce<Value>(member, value)
  }

  const module: Module = {
    folder,
    ...at,
    inputs,
    get top() {
      return { module, names }
    },
    instances: (declared, address) => instancesOf(module, declared, address, names),
    children(name) {
      const before = childrenOf.get(name)
      if (before) return before
      childrenOf.set(name, [])
      const calls = callsOf(world, module, name)
      childrenOf.set(name, calls)
      return calls
    },
  }
  return module
}

/** An attribute of a block, or the blocks of that name inside it as a list. */
export function bodyValue(block: HclBlock, name: string, names: Names): Value {
  const attribute = block.attributes.get(name)
  if (attribute) return evaluate(attribute, names)
  const inner = block.blocks.filter(({ type }) => type === name)
  if (inner.length === 0) return unknown
  return inner.map((one) => {
    const parts = [...one.attributes.keys(), ...one.blocks.map(({ type }) => type)]
    return new Map(parts.map((part) => [part, bodyValue(one, part, names)]))
  })
}

function instancesOf(module: Module, declared: Declared, address: string, names: Names): readonly Instance[] {
  const { attributes } = declared.block
  const each = attributes.get('for_each')
  const count = attributes.get('count')
  const loop = each ?? count
  const at = (key: string | number | undefined, inner: ReadonlyMap<string, Value>, several = false): Instance => ({
    module,
    declared,
    loop,
    key,
    several,
    address: key === undefined ? address : `${address}[${typeof key === 'number' ? key : `"${key}"`}]`,
    names: loop ? within(names, inner) : names,
  })
  const eachIs = (key: Value, value: Value): ReadonlyMap<string, Value> =>
    new Map([
      [
        'each',
        new Map([
          ['key', key],
          ['value', value],
        ]),
      ],
    ])
  if (each) {
    const over = evaluate(each, names)
    const pairs = isMap(over) ? [...over] : isList(over) ? over.map((one) => [textOf(one), one] as const) : undefined
    if (pairs?.every(([key]) => key !== undefined) !== true) return [at(undefined, eachIs(unknown, unknown), true)]
    return pairs.slice(0, mostInstances).map(([key, value]) => at(key, eachIs(key!, value)))
  }
  if (!count) return [at(undefined, new Map())]
  const number = Number(textOf(evaluate(count, names)) ?? NaN)
  const index = (value: Value): ReadonlyMap<string, Value> => new Map([['count', new Map([['index', value]])]])
  if (!Number.isInteger(number) || number < 0) return [at(undefined, index(unknown), true)]
  return Array.from({ length: Math.min(number, mostInstances) }, (_, key) => at(key, index(key)))
}

/** Arguments of a call that are none of the module's variables. */
const callWords = new Set(['source', 'version', 'providers', 'for_each', 'count', 'depends_on'])

function callsOf(world: World, module: Module, name: string): ReturnType<Module['children']> {
  const declared = module.folder.modules.get(name)
  const source = declared && textOf(evaluate(declared.block.attributes.get('source'), module.top.names))
  if (!declared || source === undefined || module.depth >= deepest) return []
  const found = folderOfSource(world, module.folder, source)
  if (!found) return []
  return module.instances(declared, `module.${name}`).map((instance) => {
    const given = new Map<string, Input>([
      ['keyfall_source', { value: found.source }],
      ['keyfall_ref', { value: found.ref }],
    ])
    for (const [variable, expression] of declared.block.attributes) {
      if (callWords.has(variable)) continue
      given.set(variable, { value: evaluate(expression, instance.names), expression, at: instance })
    }
    const address = module.address === '' ? instance.address : `${module.address}.${instance.address}`
    const at = { address, root: module.root, depth: module.depth + 1, caller: instance }
    return { instance, module: openModule(world, found.folder, at, withDefaults(world, found.folder, given)) }
  })
}

/** The folder that a local source means, or what is known of a shared one. */
export function folderOfSource(world: World, from: Folder, source: string): Found | undefined {
  if (!source.startsWith('./') && !source.startsWith('../')) return world.known(source)
  const path = resolved(from.path, source)
  const folder = path === undefined ? undefined : world.folder(path)
  return folder ? { folder, source, ref: '' } : undefined
}

/** Inputs of a module: what it is given, else its defaults. */
function withDefaults(world: World, folder: Folder, given: ReadonlyMap<string, Input>): ReadonlyMap<string, Input> {
  const names: Names = { budget: world.budget, look: () => ({ value: unknown, used: 0 }) }
  const inputs = new Map(given)
  for (const [name, { block }] of folder.variables) {
    const preset = block.attributes.get('default')
    if (!inputs.has(name) && preset) inputs.set(name, { value: evaluate(preset, names), expression: preset })
  }
  return inputs
}

/**
 * Inputs of a root module: defaults, then the files of values. Of files that somebody has to pass a variable's value is
 * known only where all of them agree.
 */
export function rootInputs(world: World, folder: Folder): ReadonlyMap<string, Input> {
  const names: Names = { budget: world.budget, look: () => ({ value: unknown, used: 0 }) }
  const given = new Map<string, Input>()
  for (const [name, values] of folder.given) {
    const own = values.filter((one) => one.own)
    const candidates = (own.length > 0 ? own.slice(-1) : values).map(({ expression }) => evaluate(expression, names))
    const [first = unknown, ...others] = candidates
    const agreed = others.every((other) => other === first)
    given.set(name, { value: agreed ? first : unknown, expression: values.at(-1)!.expression })
  }
  return withDefaults(world, folder, given)
}
