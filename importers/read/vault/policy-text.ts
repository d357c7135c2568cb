import type { SkipReason } from '../../../graph/facts.ts'
import { jsonDepth } from '../json-depth.ts'
import { limits } from '../limits.ts'
import { parseHcl, plainValue, type HclBlock, type HclValue } from '../parse-hcl.ts'
import { capabilities, type Capability, type PolicyRule } from './policy.ts'

export interface ReadPolicy {
  readonly rules: readonly PolicyRule[]
  /** Lines (HCL) or patterns by number (JSON) at which a rule could not be read: what they allow or deny is unknown. */
  readonly unread: readonly string[]
}

/** The rules of a policy in HCL or JSON, as Vault takes them. */
export async function readPolicy(text: string): Promise<ReadPolicy | { readonly reason: SkipReason }> {
  if (text.trim() === '') return { rules: [], unread: [] }
  if (text.trimStart().startsWith('{')) return readJson(text)
  const parsed = await parseHcl(text)
  if ('reason' in parsed) return parsed
  const read: { rules: PolicyRule[]; unread: string[] } = {
    rules: [],
    unread: parsed.damagedLines.map((line) => `line ${line}`),
  }
  for (const block of parsed.blocks) {
    if (block.type !== 'path') continue
    const rule = ruleOfBlock(block)
    if (rule) read.rules.push(rule)
    else read.unread.push(`line ${block.line}`)
  }
  return read
}

function ruleOfBlock(block: HclBlock): PolicyRule | undefined {
  const pattern = block.labels[0]
  if (pattern === undefined) return undefined
  const fields = new Map<string, HclValue | undefined>()
  for (const [name, value] of block.attributes) fields.set(name, plainValue(value))
  for (const inner of block.blocks) fields.set(inner.type, true)
  return ruleOf(pattern, fields, block.line)
}

function readJson(text: string): ReadPolicy | { readonly reason: SkipReason } {
  if (jsonDepth(text, limits.jsonDepth) > limits.jsonDepth) return { reason: 'too-deep' }
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch {
    return { reason: 'not-json' }
  }
  const path = (whole as { path?: unknown } | null)?.path
  const rules: PolicyRule[] = []
  const unread: string[] = []
  // HCL as JSON writes blocks as an object by label, or as a list of such objects.
  let number = 0
  for (const group of Array.isArray(path) ? (path as unknown[]) : [path]) {
    if (typeof group !== 'object' || group === null) continue
    for (const [pattern, value] of Object.entries(group)) {
      const body = (Array.isArray(value) ? (value as unknown[])[0] : value) as unknown
      const rule = isRecord(body) ? ruleOf(pattern, new Map(Object.entries(body) as [string, HclValue][])) : undefined
      if (rule) rules.push(rule)
      else unread.push(`path ${number}`)
      number++
    }
  }
  return { rules, unread }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `policy = "read"`, from before there were capabilities. */
const oldWords = new Map<string, readonly string[]>([
  ['deny', ['deny']],
  ['read', ['read', 'list']],
  ['write', ['create', 'read', 'update', 'delete', 'list']],
  ['sudo', ['create', 'read', 'update', 'delete', 'list', 'sudo']],
])
const known = new Set<string>(capabilities)
const conditionNames = [
  'required_parameters',
  'allowed_parameters',
  'denied_parameters',
  'min_wrapping_ttl',
  'max_wrapping_ttl',
  'control_group',
  'mfa_methods',
]

function ruleOf(
  pattern: string,
  fields: ReadonlyMap<string, HclValue | undefined>,
  line?: number,
): PolicyRule | undefined {
  const listed = fields.get('capabilities')
  const old = fields.get('policy')
  if (fields.has('capabilities') && !isTexts(listed)) return undefined
  const words = [
    ...(isTexts(listed) ? listed : []),
    ...(typeof old === 'string' ? (oldWords.get(old) ?? [old]) : []),
  ].map((word) => word.toLowerCase())
  // Vault refuses a policy with a word it does not know; so what it would mean is not guessed.
  if (words.some((word) => word !== 'deny' && !known.has(word))) return undefined
  return {
    pattern: pattern.startsWith('/') ? pattern.slice(1) : pattern,
    deny: words.includes('deny'),
    capabilities: words.filter((word): word is Capability => known.has(word)),
    conditions: conditionNames.filter((name) => fields.has(name)),
    ...(line === undefined ? {} : { line }),
  }
}

const isTexts = (value: HclValue | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
