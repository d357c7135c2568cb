/**
 * What policies of Vault allow, by Vault's own rules: of all rules that match a path the most specific pattern counts,
 * whatever policy it stands in; policies with the same pattern are united; `deny` beats everything of that pattern.
 * Source: concepts/policies of the Vault documentation ("Priority matching"), API behaviour of `sys/capabilities`.
 */

export const capabilities = [
  'create',
  'read',
  'update',
  'patch',
  'delete',
  'list',
  'sudo',
  'subscribe',
  'recover',
] as const
export type Capability = (typeof capabilities)[number]

/** One `path "…" { … }`. */
export interface PolicyRule {
  /** As written, without a slash in front. `{{…}}` stands for what is only known of the one who asks. */
  readonly pattern: string
  readonly deny: boolean
  readonly capabilities: readonly Capability[]
  /** What a request has to satisfy besides: `required_parameters`, `min_wrapping_ttl`, …; names only. */
  readonly conditions: readonly string[]
  readonly line?: number | undefined
}

export interface NamedPolicy {
  readonly name: string
  readonly rules: readonly PolicyRule[]
}

export interface Decision {
  /** `unknown`: it hangs on a template whose value nobody said. */
  readonly outcome: 'allow' | 'deny' | 'unknown'
  /** The pattern that counts, and the policies that have it; absent where nothing matches. */
  readonly pattern?: string | undefined
  readonly policies: readonly string[]
  readonly conditions: readonly string[]
}

/** Values of templates: `identity.entity.name` → `orders`. Undefined: nobody said. */
export type Templates = (expression: string) => string | undefined

const noTemplates: Templates = () => undefined

/** May a token with these policies do this at this path? `path` has no slash in front; a listing needs none behind. */
export function decide(
  policies: readonly NamedPolicy[],
  capability: Capability,
  path: string,
  templates: Templates = noTemplates,
): Decision {
  return decider(policies, templates)(capability, path)
}

/** The same for many paths: patterns are taken apart once. */
export function decider(
  policies: readonly NamedPolicy[],
  templates: Templates = noTemplates,
): (capability: Capability, path: string) => Decision {
  if (policies.some(({ name }) => name === 'root'))
    return () => ({ outcome: 'allow', pattern: '*', policies: ['root'], conditions: [] })
  const ranked = policies.flatMap(({ name, rules }) =>
    rules.map((rule) => {
      const { text, isOpen } = filledIn(rule.pattern, templates)
      return { pattern: compiled(text), rule, policy: name, isOpen }
    }),
  )
  return (capability, path) => {
    const hits = ranked.filter(
      ({ pattern }) => matches(pattern, path) || (capability === 'list' && matches(pattern, `${path}/`)),
    )
    const known = hits.filter(({ isOpen }) => !isOpen)
    const decision = verdict(known, capability)
    const turns = hits.some(
      (one) => one.isOpen && verdict(ifItApplied(one, known, path), capability).outcome !== decision.outcome,
    )
    return turns ? { ...decision, outcome: 'unknown' } : decision
  }
}

/** Every capability at a path, as `vault token capabilities` prints them; unknown ones are left out. */
export function capabilitiesAt(policies: readonly NamedPolicy[], path: string, templates?: Templates): Capability[] {
  return capabilities.filter((capability) => decide(policies, capability, path, templates).outcome === 'allow')
}

interface Ranked {
  readonly pattern: Pattern
  readonly rule: PolicyRule
  readonly policy: string
}

function verdict(candidates: readonly Ranked[], capability: Capability): Decision {
  const best = candidates.reduce<Ranked | undefined>(
    (first, second) => (first === undefined || rank(second.pattern, first.pattern) > 0 ? second : first),
    undefined,
  )
  if (best === undefined) return { outcome: 'deny', policies: [], conditions: [] }
  const same = candidates.filter(({ pattern }) => pattern.text === best.pattern.text)
  const policies = [...new Set(same.map(({ policy }) => policy))].sort()
  const denied = same.some(({ rule }) => rule.deny)
  const allowed = !denied && same.some(({ rule }) => rule.capabilities.includes(capability))
  return {
    outcome: allowed ? 'allow' : 'deny',
    pattern: best.pattern.text,
    policies,
    conditions: allowed ? [...new Set(same.flatMap(({ rule }) => rule.conditions))].sort() : [],
  }
}

interface Pattern {
  readonly text: string
  /** Between slashes; the last one without the `*` of a prefix. */
  readonly segments: readonly string[]
  readonly isPrefix: boolean
  /** Characters before the first `+` or `*`; the whole length where there is none. */
  readonly literal: number
  readonly plusses: number
}

/** Stands in a filled-in pattern for a template of unknown value: matches any text without a slash. */
const OPEN = '\u0000'

function compiled(text: string): Pattern {
  const isPrefix = text.endsWith('*')
  const segments = (isPrefix ? text.slice(0, -1) : text).split('/')
  let literal = 0
  let plusses = 0
  let at = 0
  for (const segment of segments) {
    if (segment === '+') {
      if (plusses++ === 0) literal = at
    }
    at += segment.length + 1
  }
  if (plusses === 0) literal = isPrefix ? text.length - 1 : Infinity
  return { text, segments, isPrefix, literal, plusses }
}

function matches({ segments, isPrefix }: Pattern, path: string): boolean {
  const parts = path.split('/')
  const last = segments.length - 1
  if (isPrefix ? parts.length < segments.length : parts.length !== segments.length) return false
  for (let i = 0; i <= last; i++) {
    const segment = segments[i]!
    if (i === last && isPrefix) {
      // `+*` is refused by Vault when the policy is written.
      if (!fitsSegment(segment, parts[i]!, true)) return false
    } else if (segment === '+' ? false : !fitsSegment(segment, parts[i]!, false)) return false
  }
  return true
}

function fitsSegment(segment: string, part: string, isPrefix: boolean): boolean {
  if (!segment.includes(OPEN)) return isPrefix ? part.startsWith(segment) : part === segment
  // Pieces between unknown texts have to follow each other.
  const pieces = segment.split(OPEN)
  if (!part.startsWith(pieces[0]!)) return false
  let at = pieces[0]!.length
  for (const piece of pieces.slice(1, -1)) {
    const found = part.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  const end = pieces.at(-1)!
  return isPrefix ? part.indexOf(end, at) >= 0 : part.length >= at + end.length && part.endsWith(end)
}

/**
 * Above 0 where `a` is more specific than `b`: it has no wildcard; its first wildcard comes later; it does not end in
 * `*`; it has fewer `+`; it is longer; it is greater in the order of characters.
 */
function rank(a: Pattern, b: Pattern): number {
  const order =
    a.literal === b.literal
      ? Number(b.isPrefix) - Number(a.isPrefix) || b.plusses - a.plusses || a.text.length - b.text.length
      : a.literal - b.literal
  return order !== 0 ? order : a.text < b.text ? -1 : a.text > b.text ? 1 : 0
}

/**
 * What counts if the unknown text in `open` is what makes it match: an exact pattern is then this very path, and united
 * with others of it; one with a wildcard may be more specific than any but an exact one.
 */
function ifItApplied(open: Ranked, known: readonly Ranked[], path: string): Ranked[] {
  const exact = known.filter(({ pattern }) => pattern.literal === Infinity)
  if (open.pattern.literal !== Infinity) return exact.length > 0 ? exact : [open]
  const here = exact.filter(({ pattern }) => pattern.text === path)
  return [...here, { ...open, pattern: compiled(path) }]
}

/** A pattern with what `{{…}}` in it stands for. */
function filledIn(pattern: string, templates: Templates): { text: string; isOpen: boolean } {
  let text = ''
  let isOpen = false
  for (let at = 0; at < pattern.length;) {
    const begin = pattern.indexOf('{{', at)
    const end = begin < 0 ? -1 : pattern.indexOf('}}', begin)
    if (end < 0) return { text: text + pattern.slice(at), isOpen }
    const value = templates(pattern.slice(begin + 2, end).trim())
    text += pattern.slice(at, begin) + (value ?? OPEN)
    isOpen ||= value === undefined
    at = end + 2
  }
  return { text, isOpen }
}
