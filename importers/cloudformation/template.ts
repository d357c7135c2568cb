import { Pair, Scalar, YAMLMap, type Tags } from 'yaml'
import type { SkipReason } from '../../graph/facts.ts'
import { jsonDepth } from '../read/json-depth.ts'
import { limits } from '../read/limits.ts'
import { parseYaml } from '../read/parse-yaml.ts'

/** What stands in a template; mappings are Maps, because names are file text. */
export type Node = null | boolean | number | string | bigint | readonly Node[] | NodeMap
export type NodeMap = ReadonlyMap<string, Node>

/** Short forms of functions: `!Ref Key` is `{Ref: Key}`, `!Sub text` is `{"Fn::Sub": text}`. */
const names = [
  'Base64',
  'Cidr',
  'And',
  'Equals',
  'If',
  'Not',
  'Or',
  'FindInMap',
  'ForEach',
  'GetAtt',
  'GetAZs',
  'ImportValue',
  'Join',
  'Length',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
]

const tags: Tags = [['Ref', 'Ref'], ['Condition', 'Condition'], ...names.map((name) => [name, `Fn::${name}`])].flatMap(
  ([short = '', long = '']) => {
    const resolve = (value: unknown): YAMLMap => {
      const map = new YAMLMap()
      map.add(new Pair(new Scalar(long), value))
      return map
    }
    const ofText = (text: string) => new Map([[long, text]])
    const tag = `!${short}`
    return [
      { tag, resolve: ofText },
      { tag, collection: 'seq' as const, resolve },
      { tag, collection: 'map' as const, resolve },
    ]
  },
)

export type Parsed = { readonly value: Node } | { readonly reason: SkipReason; readonly where: string }

/** A template or a reply, JSON or YAML. */
export function parseTemplate(text: string): Parsed {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') {
    const yaml = parseYaml(text, tags)
    return 'reason' in yaml ? yaml : { value: named(yaml.value) }
  }
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return { reason: 'too-deep', where: '/' }
  try {
    return { value: named(JSON.parse(text) as unknown) }
  } catch {
    return { reason: 'not-json', where: '/' }
  }
}

/** Objects and YAML mappings become Maps with texts as names. */
export function named(value: unknown, depth = 0): Node {
  if (depth > 2 * limits.jsonDepth) return null
  if (Array.isArray(value)) return value.map((one) => named(one, depth + 1))
  if (value instanceof Map)
    return new Map([...(value as Map<unknown, unknown>)].map(([name, one]) => [nameOf(name), named(one, depth + 1)]))
  if (typeof value === 'object' && value !== null)
    return new Map(Object.entries(value).map(([name, one]) => [name, named(one, depth + 1)]))
  return value === undefined ? null : (value as Node)
}

const nameOf = (name: unknown): string => (typeof name === 'string' ? name : String(name as number)).slice(0, 1024)

const nothing: NodeMap = new Map()
export const isMap = (value: Node | undefined): value is NodeMap => value instanceof Map
export const mapOf = (value: Node | undefined): NodeMap => (isMap(value) ? value : nothing)
export const listOf = (value: Node | undefined): readonly Node[] => (Array.isArray(value) ? (value as Node[]) : [])
export const textIn = (value: Node | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** A template by its `Resources`, each with a `Type`. */
export interface Template {
  readonly body: NodeMap
  readonly resources: ReadonlyMap<string, NodeMap>
}

export function templateIn(value: Node): Template | undefined {
  const body = mapOf(value)
  const resources = [...mapOf(body.get('Resources'))].filter(
    (pair): pair is [string, NodeMap] => isMap(pair[1]) && typeof pair[1].get('Type') === 'string',
  )
  return resources.some(([, one]) => textIn(one.get('Type'))!.includes('::'))
    ? { body, resources: new Map(resources.slice(0, 5000)) }
    : undefined
}
