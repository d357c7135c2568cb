import { isMap, listOf, mapOf, textIn, type Node, type NodeMap } from './template.ts'

/** A piece of a text: what is written, what another resource or stack gives, or nothing that can be known. */
export type Part = string | Reference | Imported | null

export interface Reference {
  readonly logicalId: string
  /** `Arn` of `GetAtt`; undefined of `Ref`. */
  readonly attribute?: string | undefined
}

export interface Imported {
  readonly exportName: string
}

export interface Value {
  readonly parts: readonly Part[]
  /** References that count only under a condition (`Fn::If`). */
  readonly perhaps: readonly Reference[]
  /** Stands on the default of a parameter: whoever deploys may give another. */
  readonly assumed: boolean
}

/** What a template is evaluated with. */
export interface Names {
  readonly parameters: NodeMap
  readonly mappings: NodeMap
  /** Values that a stack was deployed with; none of those that are not shown. */
  readonly given: ReadonlyMap<string, string>
  /** `AWS::Region`, `AWS::AccountId`, `AWS::StackName`, as far as they are known. */
  readonly pseudo: ReadonlyMap<string, string>
}

const unknownValue: Value = { parts: [null], perhaps: [], assumed: false }
const written = (text: string): Value => ({ parts: [text], perhaps: [], assumed: false })

/** Evaluates what can be; anything else is an unknown part. Bounded by the depth of the template. */
export function evaluate(node: Node | undefined, names: Names): Value {
  if (node === undefined || node === null) return { parts: [], perhaps: [], assumed: false }
  if (typeof node === 'string') return written(node)
  if (typeof node === 'number' || typeof node === 'boolean' || typeof node === 'bigint') return written(String(node))
  if (!isMap(node)) return all(listOf(node), names)
  const [name = '', argument] = node.size === 1 ? [...node][0]! : []
  const row = functions.get(name)
  return row === undefined || argument === undefined ? all([...node.values()], names) : row(argument, names)
}

/** Something that is no text: whatever is referred to in it counts. */
function all(nodes: readonly Node[], names: Names): Value {
  const values = nodes.map((one) => evaluate(one, names))
  return {
    parts: [null],
    perhaps: values.flatMap(({ parts, perhaps }) => [...referencesIn(parts), ...perhaps]),
    assumed: false,
  }
}

const referencesIn = (parts: readonly Part[]): Reference[] =>
  parts.filter((part): part is Reference => typeof part === 'object' && part !== null && 'logicalId' in part)

type Evaluator = (argument: Node, names: Names) => Value

const functions: ReadonlyMap<string, Evaluator> = new Map<string, Evaluator>([
  ['Ref', (argument, names) => (typeof argument === 'string' ? ref(argument, names) : unknownValue)],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::Join', join],
  ['Fn::Select', select],
  ['Fn::FindInMap', findInMap],
  ['Fn::If', (argument, names) => all(listOf(argument).slice(1), names)],
  ['Fn::ImportValue', imported],
  ['Fn::Base64', (argument, names) => all([argument], names)],
])

function ref(name: string, { parameters, given, pseudo }: Names): Value {
  if (name === 'AWS::NoValue') return { parts: [], perhaps: [], assumed: false }
  const told = pseudo.get(name)
  if (told !== undefined) return written(told)
  if (name.startsWith('AWS::')) return unknownValue
  const parameter = parameters.get(name)
  if (!isMap(parameter)) return { parts: [{ logicalId: name }], perhaps: [], assumed: false }
  // The value of such a parameter is hidden on purpose; who takes it is known by its name.
  if (isHidden(parameter)) return { parts: [{ logicalId: name }], perhaps: [], assumed: false }
  const deployed = given.get(name)
  if (deployed !== undefined) return written(deployed)
  const standard = parameter.get('Default')
  const type = textIn(parameter.get('Type')) ?? 'String'
  // A default of the type AWS::SSM::Parameter::Value<…> names a parameter and is not its value.
  if (type.startsWith('AWS::SSM::') || (typeof standard !== 'string' && typeof standard !== 'number'))
    return unknownValue
  return { parts: [String(standard)], perhaps: [], assumed: true }
}

export const isHidden = (parameter: Node | undefined): boolean =>
  ['true', true].includes(mapOf(parameter).get('NoEcho') as string | boolean)

function getAtt(argument: Node): Value {
  const [logicalId, ...rest] =
    typeof argument === 'string' ? argument.split('.') : listOf(argument).map((one) => textIn(one) ?? '')
  if (!logicalId) return unknownValue
  return { parts: [{ logicalId, attribute: rest.join('.') }], perhaps: [], assumed: false }
}

/** `${Name}`, `${Name.Attribute}`, names of its own in the second argument; `${!Literal}` stays as text. */
function sub(argument: Node, names: Names): Value {
  const [first, second] = typeof argument === 'string' ? [argument, undefined] : listOf(argument)
  if (typeof first !== 'string') return unknownValue
  const own = mapOf(second)
  const values: Value[] = []
  let at = 0
  while (at < first.length) {
    const open = first.indexOf('${', at)
    const close = open < 0 ? -1 : first.indexOf('}', open)
    if (open < 0 || close < 0) break
    if (open > at) values.push(written(first.slice(at, open)))
    const name = first.slice(open + 2, close).trim()
    if (name.startsWith('!')) values.push(written(`\${${name.slice(1)}}`))
    else if (own.has(name)) values.push(evaluate(own.get(name), names))
    else values.push(name.includes('.') ? getAtt(name) : ref(name, names))
    at = close + 1
  }
  if (at < first.length) values.push(written(first.slice(at)))
  return joined(values)
}

function joined(values: readonly Value[]): Value {
  const parts: Part[] = []
  for (const part of values.flatMap((one) => one.parts)) {
    const last = parts.at(-1)
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  return {
    parts,
    perhaps: values.flatMap((one) => one.perhaps),
    assumed: values.some((one) => one.assumed),
  }
}

function join(argument: Node, names: Names): Value {
  const [between, list] = listOf(argument)
  if (typeof between !== 'string' || !Array.isArray(list)) return all([argument], names)
  const values = (list as Node[]).flatMap((one, at) =>
    at === 0 ? [evaluate(one, names)] : [written(between), evaluate(one, names)],
  )
  return joined(values)
}

function select(argument: Node, names: Names): Value {
  const [index, list] = listOf(argument)
  const at = Number(typeof index === 'string' || typeof index === 'number' ? index : NaN)
  if (Array.isArray(list) && Number.isInteger(at)) return evaluate((list as Node[])[at], names)
  return all([argument], names)
}

function findInMap(argument: Node, { mappings, ...rest }: Names): Value {
  const keys = listOf(argument).map((one) => textOf(evaluate(one, { mappings, ...rest })))
  const [map, top, second] = keys
  if (map === undefined || top === undefined || second === undefined) return unknownValue
  const found = mapOf(mapOf(mappings.get(map)).get(top)).get(second)
  return typeof found === 'string' || typeof found === 'number' ? written(String(found)) : unknownValue
}

function imported(argument: Node, names: Names): Value {
  const exportName = textOf(evaluate(argument, names))
  return exportName === undefined ? unknownValue : { parts: [{ exportName }], perhaps: [], assumed: false }
}

/** The text, where all of it is known. */
export function textOf({ parts }: Value): string | undefined {
  let text = ''
  for (const part of parts) {
    if (typeof part !== 'string') return undefined
    text += part
  }
  return parts.length === 0 ? undefined : text
}

/** What it is made of besides text. `certain`: it is exactly this one. */
export function mentions(value: Value): readonly { readonly part: Reference | Imported; readonly certain: boolean }[] {
  const found = value.parts.filter((part): part is Reference | Imported => typeof part === 'object' && part !== null)
  return [...found.map((part) => ({ part, certain: true })), ...value.perhaps.map((part) => ({ part, certain: false }))]
}
