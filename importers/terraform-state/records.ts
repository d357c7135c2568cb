import { z } from 'zod'
import type { SkipReason } from '../../graph/facts.ts'

/** Attributes of one object, by dotted path (`metadata.0.name`), as either layout has them. Only named paths leave it. */
export interface Attributes {
  /** A text, number or boolean as text; undefined where it is empty or something else. */
  text(path: string): string | undefined
  /** What stands in a map or list: its name or index, and its text. */
  entries(path: string): (readonly [name: string, value: string])[]
  /** Names at the top that hold a text which is not empty. */
  names(): string[]
}

/** One object that Terraform keeps: an instance of a resource, of a data source, or a deposed one. */
export interface StateObject {
  readonly type: string
  readonly data: boolean
  /** `module.shop.aws_iam_user.ci[0]`. */
  readonly address: string
  /** The address without any index, as dependencies name it. */
  readonly base: string
  /** JSON pointer. */
  readonly where: string
  /** Replaced, and waits to be destroyed. */
  readonly deposed: boolean
  /** A replacement is made before the old one goes. Undefined where the version does not say. */
  readonly createsFirst: boolean | undefined
  readonly dependencies: readonly string[]
  /** The provider marks values of it as sensitive. */
  readonly sensitive: boolean
  readonly attributes: Attributes
}

export interface State {
  readonly version: number
  /** Names this state for good, over all its serials. Empty where the version has none. */
  readonly lineage: string
  readonly serial: number
  readonly objects: readonly StateObject[]
  /** Pointers to what has not the form of a resource. */
  readonly unreadable: readonly string[]
}

export type ReadState = State | { readonly reason: SkipReason; readonly version: number | undefined }

const text = z.string().max(1024)
const maybe = text.optional().catch(undefined)
const texts = z.array(text).max(10_000).nullish().catch(undefined)

const Envelope = z.object({
  version: z.number(),
  lineage: text.optional().catch(undefined),
  serial: z.number().optional().catch(undefined),
  resources: z.array(z.unknown()).nullish().catch(undefined),
  modules: z.array(z.unknown()).nullish().catch(undefined),
})

/**
 * A state of version 1 to 4 out of its JSON. Versions 1 to 3 keep modules of flat attributes, version 4 instances; what
 * `terraform show -json` prints of a state keeps them under `values`, and neither lineage nor serial.
 */
export function readState(document: unknown): ReadState {
  const shown = readShown(document)
  if (shown) return shown
  const envelope = Envelope.safeParse(document).data
  if (!envelope) return { reason: 'unreadable-record', version: undefined }
  const { version, lineage = '', serial = 0 } = envelope
  if (![1, 2, 3, 4].includes(version)) return { reason: 'unsupported-version', version }
  const unreadable: string[] = []
  const objects =
    version === 4 ? instancesOf(envelope.resources ?? [], unreadable) : modulesOf(envelope.modules ?? [], unreadable)
  return { version, lineage, serial, objects, unreadable }
}

const Resource = z.object({ mode: maybe, type: text, name: text, module: maybe, instances: z.array(z.unknown()) })
const Instance = z.object({
  index_key: z.union([text, z.number()]).nullish().catch(undefined),
  deposed: maybe,
  attributes: z.unknown().optional(),
  attributes_flat: z.unknown().optional(),
  sensitive_attributes: z.array(z.unknown()).nullish().catch(undefined),
  dependencies: texts,
  depends_on: texts,
  create_before_destroy: z.boolean().optional().catch(undefined),
})

function instancesOf(resources: readonly unknown[], unreadable: string[]): StateObject[] {
  return resources.flatMap((raw, at) => {
    const resource = Resource.safeParse(raw).data
    if (!resource) {
      unreadable.push(`/resources/${at}`)
      return []
    }
    const { mode, type, name, module, instances } = resource
    const data = mode === 'data'
    const named = `${module === undefined ? '' : `${module}.`}${data ? 'data.' : ''}${type}.${name}`
    return instances.flatMap((one, index) => {
      const where = `/resources/${at}/instances/${index}`
      const instance = Instance.safeParse(one).data
      if (!instance) {
        unreadable.push(where)
        return []
      }
      const key = instance.index_key
      const suffix = key === undefined || key === null ? '' : typeof key === 'number' ? `[${key}]` : `["${key}"]`
      return {
        type,
        data,
        address: named + suffix,
        base: withoutIndexes(named),
        where,
        deposed: instance.deposed !== undefined,
        createsFirst: instance.create_before_destroy ?? false,
        dependencies: [...(instance.dependencies ?? []), ...(instance.depends_on ?? [])].map(withoutIndexes),
        sensitive: (instance.sensitive_attributes ?? []).length > 0,
        attributes: isObject(instance.attributes) ? nested(instance.attributes) : flat(instance.attributes_flat),
      }
    })
  })
}

const Shown = z.object({
  format_version: text,
  values: z.object({ root_module: z.unknown().optional() }),
})
const ShownModule = z.object({
  address: maybe,
  resources: z.array(z.unknown()).nullish().catch(undefined),
  child_modules: z.array(z.unknown()).nullish().catch(undefined),
})
const ShownResource = z.object({
  address: text,
  mode: maybe,
  type: text,
  deposed_key: maybe,
  values: z.unknown().optional(),
  sensitive_values: z.unknown().optional(),
  depends_on: texts,
})

/** What `terraform show -json` prints of a state; undefined for anything else. */
function readShown(document: unknown): ReadState | undefined {
  if (!isObject(document) || !('format_version' in document) || 'resource_changes' in document) return undefined
  const shown = Shown.safeParse(document).data
  if (!shown) return { reason: 'empty', version: undefined }
  const { format_version: format } = shown
  if (!format.startsWith('0.') && !format.startsWith('1.')) return { reason: 'unsupported-version', version: undefined }
  const unreadable: string[] = []
  const objects: StateObject[] = []
  const open: { readonly module: unknown; readonly where: string }[] = [
    { module: shown.values.root_module ?? {}, where: '/values/root_module' },
  ]
  for (let next = open.pop(); next; next = open.pop()) {
    const { where } = next
    const module = ShownModule.safeParse(next.module).data
    if (!module) {
      unreadable.push(where)
      continue
    }
    module.resources?.forEach((raw, at) => {
      const place = `${where}/resources/${at}`
      const object = shownObject(raw, module.address, place)
      if (object) objects.push(object)
      else unreadable.push(place)
    })
    module.child_modules?.forEach((child, at) => open.push({ module: child, where: `${where}/child_modules/${at}` }))
  }
  return { version: 4, lineage: '', serial: 0, objects, unreadable }
}

function shownObject(raw: unknown, module: string | undefined, where: string): StateObject | undefined {
  const resource = ShownResource.safeParse(raw).data
  if (!resource) return undefined
  const { address, type, values, sensitive_values: sensitive, depends_on: needs } = resource
  const prefix = module === undefined ? '' : `${withoutIndexes(module)}.`
  return {
    type,
    data: resource.mode === 'data',
    address,
    base: withoutIndexes(address),
    where,
    deposed: resource.deposed_key !== undefined,
    createsFirst: undefined,
    dependencies: (needs ?? []).map((name) => prefix + withoutIndexes(name)),
    sensitive: isObject(sensitive) && Object.keys(sensitive).length > 0,
    attributes: nested(isObject(values) ? values : {}),
  }
}

const Module = z.object({ path: z.array(text), resources: z.record(z.string().max(1024), z.unknown()).nullish() })
const Flat = z.object({
  type: text,
  depends_on: texts,
  primary: z.unknown().optional(),
  deposed: z.array(z.unknown()).nullish(),
})
const Primary = z.object({ attributes: z.unknown().optional() })

function modulesOf(modules: readonly unknown[], unreadable: string[]): StateObject[] {
  return modules.flatMap((raw, at) => {
    const module = Module.safeParse(raw).data
    if (!module) {
      unreadable.push(`/modules/${at}`)
      return []
    }
    const prefix = module.path.slice(1).map((name) => `module.${name}.`)
    return Object.entries(module.resources ?? {}).flatMap(([key, one]) => {
      const where = `/modules/${at}/resources/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const resource = Flat.safeParse(one).data
      if (!resource) {
        unreadable.push(where)
        return []
      }
      const data = key.startsWith('data.')
      const base = prefix.join('') + key.split('.', data ? 3 : 2).join('.')
      const shared = {
        type: resource.type,
        data,
        address: prefix.join('') + key,
        base,
        createsFirst: undefined,
        sensitive: false,
        dependencies: (resource.depends_on ?? []).map((name) => prefix.join('') + name.split('.', 2).join('.')),
      }
      const kept = isObject(resource.primary)
        ? [{ where: `${where}/primary`, of: resource.primary, deposed: false }]
        : []
      const old = (resource.deposed ?? []).map((of, index) => ({
        where: `${where}/deposed/${index}`,
        of,
        deposed: true,
      }))
      return [...kept, ...old].map(({ where: place, of, deposed }) => ({
        ...shared,
        where: place,
        deposed,
        attributes: flat(Primary.safeParse(of).data?.attributes),
      }))
    })
  })
}

/** `module.shop["eu"].aws_iam_user.ci[0]` is `module.shop.aws_iam_user.ci` in a dependency. */
function withoutIndexes(address: string): string {
  let plain = ''
  let depth = 0
  for (const character of address) {
    if (character === '[') depth++
    if (depth === 0) plain += character
    if (character === ']' && depth > 0) depth--
  }
  return plain
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Version 4: attributes as JSON. */
function nested(root: Record<string, unknown>): Attributes {
  const at = (path: string): unknown => {
    let value: unknown = root
    for (const step of path.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
      value = (value as Record<string, unknown>)[step]
    }
    return value
  }
  return {
    text: (path) => textOf(at(path)),
    entries: (path) => {
      const value = at(path)
      if (typeof value !== 'object' || value === null) return []
      return Object.entries(value).flatMap(([name, inner]) => {
        const plain = textOf(inner)
        return plain === undefined ? [] : [[name, plain] as const]
      })
    },
    names: () => Object.keys(root).filter((name) => typeof root[name] === 'string' && root[name] !== ''),
  }
}

/** Versions 1 to 3, and what version 4 took over from them: `metadata.0.name`, with `%` and `#` for sizes. */
function flat(raw: unknown): Attributes {
  const values = new Map(isObject(raw) ? Object.entries(raw) : [])
  return {
    text: (path) => textOf(values.get(path)),
    entries: (path) =>
      [...values].flatMap(([key, value]) => {
        if (!key.startsWith(`${path}.`)) return []
        const name = key.slice(path.length + 1)
        const plain = name === '%' || name === '#' ? undefined : textOf(value)
        return plain === undefined ? [] : [[name, plain] as const]
      }),
    names: () => [...values].flatMap(([key, value]) => (textOf(value) === undefined || key.includes('.') ? [] : [key])),
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
