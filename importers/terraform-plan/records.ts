import { z } from 'zod'

const text = z.string().max(2048)
const maybe = text.optional().catch(undefined)

const Change = z.object({
  actions: z.array(z.string().max(40)).max(4),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  replace_paths: z
    .array(z.array(z.union([text, z.number()])))
    .nullish()
    .catch(undefined),
})

/** One resource of a plan, as far as it is used. */
export const ResourceChange = z.object({
  address: text,
  module_address: maybe,
  mode: maybe,
  type: text,
  index: z.union([text, z.number()]).nullish().catch(undefined),
  change: Change,
  action_reason: maybe,
})
export type ResourceChange = z.infer<typeof ResourceChange>

export const Plan = z.object({
  format_version: z.string().max(20),
  resource_changes: z.array(z.unknown()).nullish().catch(undefined),
  configuration: z.object({ root_module: z.unknown().optional() }).nullish().catch(undefined),
})

const Module = z.object({
  resources: z.array(z.unknown()).nullish().catch(undefined),
  module_calls: z.record(z.string(), z.unknown()).nullish().catch(undefined),
})
const Configured = z.object({
  address: text,
  expressions: z.record(z.string(), z.unknown()).nullish().catch(undefined),
})

const deepest = 40

/** Which addresses each resource takes something from, by its own address without indexes. */
export function referencesIn(root: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  const waiting: { raw: unknown; prefix: string; depth: number }[] = [{ raw: root, prefix: '', depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const module = Module.safeParse(next.raw).data
    if (!module || next.depth > deepest) continue
    for (const raw of module.resources ?? []) {
      const resource = Configured.safeParse(raw).data
      if (!resource) continue
      const taken = new Set<string>()
      for (const object of objectsOf(strings(resource.expressions))) taken.add(next.prefix + object)
      found.set(next.prefix + resource.address, taken)
    }
    for (const [name, call] of Object.entries(module.module_calls ?? {})) {
      const inner = typeof call === 'object' && call !== null ? (call as { module?: unknown }).module : undefined
      waiting.push({ raw: inner, prefix: `${next.prefix}module.${name}.`, depth: next.depth + 1 })
    }
  }
  return found
}

/** All texts under `references`, at any depth that plans have. */
function strings(value: unknown, depth = 0): string[] {
  if (depth > deepest || typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'references' && Array.isArray(inner)
      ? inner.filter((one): one is string => typeof one === 'string')
      : strings(inner, depth + 1),
  )
}

/** Attributes that give no value away. */
const harmless = new Set(['id', 'arn', 'name', 'user', 'public_key_openssh', 'public_key_pem', 'metadata'])

/**
 * `aws_iam_access_key.ci[0].secret` takes from `aws_iam_access_key.ci`, whose id alone would be no secret. A plan names the
 * object beside its attribute; alone, the whole of it is meant.
 */
function objectsOf(references: readonly string[]): ReadonlySet<string> {
  const taken = new Set<string>()
  const named = new Set<string>()
  const whole: string[] = []
  for (const reference of references) {
    const parts = withoutIndexes(reference).split('.')
    const length = parts[0] === 'data' ? 3 : 2
    const object = parts.slice(0, length).join('.')
    if (parts.length <= length) whole.push(object)
    else {
      named.add(object)
      if (!harmless.has(parts[length]!)) taken.add(object)
    }
  }
  for (const object of whole) if (!named.has(object)) taken.add(object)
  return taken
}

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
