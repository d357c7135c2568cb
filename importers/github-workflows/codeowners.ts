export interface OwnerRule {
  readonly line: number
  readonly pattern: string
  /** `owner/team`; people and addresses are left out. */
  readonly teams: readonly string[]
}

/** The rules of a CODEOWNERS file. GitHub: blanks separate, `#` begins a comment, a rule may have no owner. */
export function readCodeowners(text: string): OwnerRule[] {
  const rules: OwnerRule[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const words: string[] = []
    for (const word of line.trim().split(/\s/)) {
      if (word.startsWith('#')) break
      if (word !== '') words.push(word)
    }
    const [pattern, ...owners] = words
    if (pattern === undefined) continue
    const teams = owners.flatMap((owner) => (owner.startsWith('@') && owner.includes('/') ? [owner.slice(1)] : []))
    rules.push({ line: index + 1, pattern, teams })
  }
  return rules
}

/**
 * The rule that counts for a path: the last one that fits, as GitHub has it, also where it names nobody. Patterns are
 * those of .gitignore without `!` and `[ ]`.
 */
export function ruleFor<T extends { readonly rule: OwnerRule }>(rules: readonly T[], path: string): T | undefined {
  return rules.findLast(({ rule }) => fits(rule.pattern, path))
}

const LONGEST_PATTERN = 1024

function fits(pattern: string, path: string): boolean {
  if (pattern.length > LONGEST_PATTERN) return false
  const isFolder = pattern.endsWith('/')
  const parts = pattern.split('/').filter((part) => part !== '')
  // Without a slash but at its end a pattern fits at any depth.
  const isAnywhere = !pattern.slice(0, -1).includes('/')
  const names = path.split('/')
  const starts = isAnywhere || parts[0] === '**' ? names.map((_, at) => at) : [0]
  return starts.some((start) => fitsFrom(parts, names, start, isFolder))
}

/** Do the parts of a pattern fit from here: to the end of the path, or to a folder above it? */
function fitsFrom(parts: readonly string[], names: readonly string[], start: number, isFolder: boolean): boolean {
  let states = new Set([start])
  for (const [index, part] of parts.entries()) {
    const next = new Set<number>()
    for (const at of states) {
      if (part === '**') for (let skip = at; skip <= names.length; skip++) next.add(skip)
      else if (at < names.length && segmentFits(part, names[at]!)) next.add(at + 1)
    }
    states = next
    if (states.size === 0) return false
    // `docs/*` owns the files in docs, and nothing further down.
    if (index === parts.length - 1 && part === '*' && parts.length > 1) return states.has(names.length)
  }
  return isFolder ? [...states].some((at) => at < names.length) : states.size > 0
}

/** `*` any characters, `?` one; in one pass. */
function segmentFits(pattern: string, name: string): boolean {
  let states = new Set([0])
  const spread = (all: Set<number>) => {
    for (const at of all) if (pattern[at] === '*') all.add(at + 1)
    return all
  }
  states = spread(states)
  for (const character of name) {
    const next = new Set<number>()
    for (const at of states) {
      if (pattern[at] === '*') next.add(at)
      else if (pattern[at] === '?' || pattern[at] === character) next.add(at + 1)
    }
    states = spread(next)
  }
  return states.has(pattern.length)
}
