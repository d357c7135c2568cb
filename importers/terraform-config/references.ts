import type { HclExpression } from '../read/hcl-expression.ts'
import { evaluate } from './evaluate.ts'
import type { Module, Place } from './module.ts'
import { textOf, type Value } from './value.ts'

/** That an expression takes something of another object: which object, and what of it. */
export interface Reference {
  /** With its modules, without an index of its own: `module.shop["a"].aws_iam_access_key.ci`. */
  readonly base: string
  /** Index of the instance; undefined: there is one, or which one is not known. */
  readonly key: Value | undefined
  /** `secret`; empty where the whole object is meant. */
  readonly attribute: string
}

const most = 200

/** All that an expression takes from other objects, through locals, variables and outputs of modules. */
export function referencesOf(expression: HclExpression | undefined, place: Place): readonly Reference[] {
  const found = new Map<string, Reference>()
  const walk: Walk = { found, seen: new Set(), left: 2_000 }
  if (expression) collect(expression, place, walk)
  return [...found.values()]
}

interface Walk {
  readonly found: Map<string, Reference>
  /** Locals, variables and outputs on the way, so that no circle is walked twice. */
  readonly seen: Set<string>
  left: number
}

function collect(expression: HclExpression, place: Place, walk: Walk): void {
  if (--walk.left < 0 || walk.found.size >= most) return
  const traversal = traversalOf(expression)
  if (traversal) return follow(traversal, place, walk)
  for (const inner of partsOf(expression)) collect(inner, place, walk)
}

/** What of an expression gives it its value: not the test of a condition. */
function partsOf(expression: HclExpression): readonly HclExpression[] {
  switch (expression.kind) {
    case 'template':
      return expression.parts
    case 'tuple':
      return expression.items
    case 'object':
      return expression.entries.map(([, value]) => value)
    case 'call':
      return expression.args
    case 'if':
      return [expression.then, expression.else]
    case 'for':
      return [expression.of, expression.value]
    case 'step':
    case 'splat':
    case 'unary':
      return [expression.of]
    case 'binary':
      return [expression.left, expression.right]
    case 'literal':
    case 'name':
    case 'unknown':
      return []
  }
}

interface Traversal {
  readonly name: string
  readonly steps: readonly HclExpression[]
}

function traversalOf(expression: HclExpression): Traversal | undefined {
  const steps: HclExpression[] = []
  let at = expression
  while (at.kind === 'step' || at.kind === 'splat') {
    steps.unshift(...(at.kind === 'step' ? [at.step] : [{ kind: 'unknown' } as const, ...at.steps]))
    at = at.of
  }
  return at.kind === 'name' ? { name: at.name, steps } : undefined
}

const silent = new Set(['path', 'terraform', 'count', 'self'])

function follow({ name, steps }: Traversal, place: Place, walk: Walk): void {
  const { module } = place
  const step = (at: number): string => {
    const one = steps[at]
    return one ? (textOf(evaluate(one, place.names)) ?? '') : ''
  }
  if (silent.has(name)) return
  const again = (kind: string, key: string, go: () => void): void => {
    const mark = `${kind} ${module.address} ${key}`
    if (walk.seen.has(mark)) return
    walk.seen.add(mark)
    go()
  }
  const first = step(0)
  if (name === 'var')
    return again('var', first, () => {
      const input = module.inputs.get(first)
      if (input?.expression && input.at) collect(input.expression, input.at, walk)
    })
  if (name === 'local')
    return again('local', first, () => {
      const local = module.folder.locals.get(first)
      if (local) collect(local.expression, module.top, walk)
    })
  if (name === 'each') {
    if (place.loop)
      again('each', JSON.stringify(place.loop).slice(0, 200), () => collect(place.loop!, module.top, walk))
    return
  }
  if (name === 'module')
    return again('module', steps.map((_, at) => step(at)).join('.'), () => output(first, steps, place, walk))
  const data = name === 'data'
  const address = data ? `data.${first}.${step(1)}` : `${name}.${first}`
  if (!module.folder.resources.has(address)) return
  const rest = steps.slice(data ? 2 : 1)
  remember(module, address, rest, place, walk)
}

function remember(module: Module, address: string, steps: readonly HclExpression[], place: Place, walk: Walk): void {
  const { attributes } = module.folder.resources.get(address)!.block
  const keyed = attributes.has('for_each') || attributes.has('count')
  const key = keyed && steps[0] ? evaluate(steps[0], place.names) : undefined
  const after = steps[keyed ? 1 : 0]
  const attribute = after ? (textOf(evaluate(after, place.names)) ?? '') : ''
  const base = module.address === '' ? address : `${module.address}.${address}`
  walk.found.set(`${base} ${String(key)} ${attribute}`, { base, key, attribute })
}

/** What an output of a called module is made of. */
function output(name: string, steps: readonly HclExpression[], place: Place, walk: Walk): void {
  const { module } = place
  const call = module.folder.modules.get(name)?.block.attributes
  const keyed = call?.has('for_each') === true || call?.has('count') === true
  const key = keyed && steps[1] ? evaluate(steps[1], place.names) : undefined
  const last = steps[keyed ? 2 : 1]
  const wanted = last ? textOf(evaluate(last, place.names)) : undefined
  if (wanted === undefined) return
  for (const { instance, module: child } of module.children(name)) {
    if (keyed && typeof key !== 'symbol' && instance.key !== key) continue
    const value = child.folder.outputs.get(wanted)?.block.attributes.get('value')
    if (value) collect(value, child.top, walk)
  }
}

/** `aws_iam_user.ci["x"]` as `aws_iam_user.ci`. */
export function withoutIndexes(address: string): string {
  let plain = ''
  let depth = 0
  for (const character of address) {
    if (character === '[') depth++
    if (depth === 0) plain += character
    if (character === ']' && depth > 0) depth--
  }
  return plain
}
