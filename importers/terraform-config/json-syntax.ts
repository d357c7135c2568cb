import { jsonDepth } from '../read/json-depth.ts'
import { parseHcl, type ParsedHcl } from '../read/parse-hcl.ts'

/** Terraform puts a handful of levels on a block; deeper is no configuration that somebody wrote. */
const deepest = 60
/** Blocks at the top, and how many labels each has. */
const labels = new Map([
  ['resource', 2],
  ['data', 2],
  ['module', 1],
  ['variable', 1],
  ['output', 1],
  ['provider', 1],
  ['locals', 0],
  ['terraform', 0],
])

/** Is it configuration in the JSON syntax? By its name, as Terraform itself decides. */
export const isJsonSyntax = (file: string): boolean => file.endsWith('.tf.json') || file.endsWith('.tfvars.json')

/**
 * `*.tf.json` and `*.tfvars.json` as the HCL they stand for (JSON Configuration Syntax of Terraform): texts are templates,
 * lists of objects are repeated blocks. Whether an object is a block or an attribute only the provider's schema says:
 * it is given as both. Lines of the file are lost; what is told names addresses.
 */
export async function parseJsonSyntax(text: string, isValues: boolean): Promise<ParsedHcl> {
  if (jsonDepth(text, deepest) > deepest) return { reason: 'too-deep' }
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return { reason: 'not-json' }
  }
  if (!isObject(root)) return { reason: 'unreadable-record' }
  const lines = isValues
    ? Object.entries(root).flatMap(([name, value]) => attribute(name, value))
    : Object.entries(root).flatMap(([type, body]) => blocksOf(type, labels.get(type), body, []))
  return parseHcl(lines.join('\n'))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const manyOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

function blocksOf(type: string, count: number | undefined, body: unknown, names: readonly string[]): string[] {
  // `//` is a comment; what is no block of configuration is left out.
  if (count === undefined || !isName(type)) return []
  return manyOf(body).flatMap((one) => {
    if (!isObject(one)) return []
    if (names.length < count)
      return Object.entries(one).flatMap(([name, inner]) => blocksOf(type, count, inner, [...names, name]))
    return [
      `${type} ${names.map((name) => JSON.stringify(name)).join(' ')} {`,
      ...bodyOf(one, type === 'variable'),
      '}',
    ]
  })
}

/** Of a variable the type is a text that is an expression: it is left out. */
function bodyOf(body: Record<string, unknown>, isVariable: boolean): string[] {
  return Object.entries(body).flatMap(([name, value]) => {
    if (!isName(name) || (isVariable && name === 'type')) return []
    const blocks = manyOf(value).filter(isObject)
    const isBlocks = blocks.length > 0 && blocks.length === manyOf(value).length
    const lines = isBlocks ? blocks.flatMap((one) => [`${name} {`, ...bodyOf(one, false), '}']) : []
    return [...attribute(name, value), ...lines]
  })
}

const attribute = (name: string, value: unknown): string[] => (isName(name) ? [`${name} = ${expression(value)}`] : [])

const isName = (name: string): boolean =>
  name !== '' &&
  name.length <= 200 &&
  [...name].every((letter) => 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-'.includes(letter))

/** `${…}` in a text stays what it is; the escapes of JSON are those of HCL, but for the slash. */
function expression(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(expression).join(', ')}]`
  if (isObject(value))
    return `{ ${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)} = ${expression(one)}`)
      .join(', ')} }`
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null'
  const whole =
    value.startsWith('${') && value.indexOf('}') === value.length - 1 ? value.slice(2, -1).trim() : undefined
  if (whole !== undefined && !whole.includes('{')) return whole
  return quoted(value)
}

/** Inside `${ }` quotes stand as they are. */
function quoted(text: string): string {
  let out = '"'
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (depth === 0 && (text.startsWith('${', at) || text.startsWith('%{', at)) && text[at - 1] !== text[at]) {
      depth = 1
      out += text.slice(at, at + 2)
      at++
    } else if (depth > 0) {
      if (text[at] === '{') depth++
      else if (text[at] === '}') depth--
      out += text[at]
    } else out += JSON.stringify(text[at]).slice(1, -1)
  }
  return `${out}"`
}
