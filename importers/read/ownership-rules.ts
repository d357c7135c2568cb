/** What tags, labels and annotations may say of a thing, by the prop it becomes. */
export const ownershipProps = [
  'displayName',
  'owner',
  'team',
  'system',
  'application',
  'service',
  'environment',
  'production',
  'costCenter',
  'tier',
  'criticality',
  'onCall',
  'purpose',
  'approver',
  'revoker',
  'rotationRule',
  'expiresAt',
  'tolerance',
  'freezeWindows',
  'vendor',
  'vendorContact',
  'breakGlass',
] as const
export type OwnershipProp = (typeof ownershipProps)[number]
export const marks = ['tag', 'label', 'annotation'] as const
export type Mark = (typeof marks)[number]

/** One way in which a thing may say it: `label:team`; a star and a slash before the name stand for any prefix. */
interface Way {
  readonly mark: Mark
  /** Lower case; `*` stands for any prefix before a slash, or none. */
  readonly name: string
}
export type OwnershipRules = ReadonlyMap<OwnershipProp, readonly Way[]>

/** What counts where nobody said otherwise. Names compare without case. */
export const DEFAULT_RULES = `
displayName = tag:Name
owner       = tag:Owner | label:*/owner | annotation:*/owner
team        = tag:Team | label:*/team | label:*/team-name | annotation:*/team | annotation:*/team-name
system      = tag:System | label:app.kubernetes.io/part-of
application = tag:Application | annotation:*/application
service     = tag:Service
environment = tag:Environment | tag:Env | label:*/environment-name | label:*/environment | annotation:*/environment
production  = tag:Is-Production | label:*/is-production | annotation:*/is-production
costCenter  = tag:Cost-Center
tier        = tag:Tier
criticality = tag:Criticality | label:*/criticality
vendor      = tag:Vendor
purpose     = tag:Purpose | label:*/purpose | annotation:*/purpose
onCall      = tag:On-Call | annotation:*/on-call | annotation:*/slack-channel
rotationRule = tag:Rotation-Rule | annotation:*/rotation-rule
breakGlass  = tag:Break-Glass
`

const LINES = 1_000
const WAYS = 50

/**
 * Rules out of a text: a line a prop, `owner = tag:Owner | label:team`, the first way that says something counts; `#`
 * begins a comment. A prop that is not named keeps its default. Problems name line and what may stand there.
 */
export function readOwnershipRules(text: string): {
  readonly rules: OwnershipRules
  readonly problems: readonly string[]
} {
  const own = text === DEFAULT_RULES
  const rules = new Map<OwnershipProp, readonly Way[]>(own ? [] : readOwnershipRules(DEFAULT_RULES).rules)
  const problems: string[] = []
  for (const [index, line] of text.split('\n').slice(0, LINES).entries()) {
    const [said = ''] = line.split('#')
    if (said.trim() === '') continue
    const equals = said.indexOf('=')
    const prop = said.slice(0, Math.max(0, equals)).trim()
    if (!isProp(prop)) {
      problems.push(`line ${index + 1}: before the = has to stand one of ${ownershipProps.join(', ')}`)
      continue
    }
    const ways = said
      .slice(equals + 1)
      .split('|')
      .slice(0, WAYS)
      .map(wayOf)
    if (ways.includes(undefined))
      problems.push(
        `line ${index + 1}: after the = have to stand tag:NAME, label:NAME or annotation:NAME, with | between them`,
      )
    rules.set(
      prop,
      ways.filter((way) => way !== undefined),
    )
  }
  return { rules, problems }
}

const isProp = (name: string): name is OwnershipProp => (ownershipProps as readonly string[]).includes(name)

function wayOf(text: string): Way | undefined {
  const colon = text.indexOf(':')
  const mark = marks.find((one) => one === text.slice(0, Math.max(0, colon)).trim().toLowerCase())
  const name = text
    .slice(colon + 1)
    .trim()
    .toLowerCase()
  return mark === undefined || name === '' || name.length > 256 ? undefined : { mark, name }
}

let current: OwnershipRules = readOwnershipRules(DEFAULT_RULES).rules

/**
 * Sets the rules of this process, before it reads anything: they are one setting of the installation, like its limits.
 * Undefined: the defaults. Gives the problems of the text.
 */
export function useOwnershipRules(text: string | undefined): readonly string[] {
  const { rules, problems } = readOwnershipRules(text ?? DEFAULT_RULES)
  current = rules
  return problems
}

/** What was said, and by which tag or label. */
export interface Said {
  readonly value: string
  readonly by: string
}

const VALUE_LENGTH = 256

/** What the tags, labels or annotations of a thing say of it; everything that no rule names is dropped. */
export function ownershipOf(
  mark: Mark,
  pairs: Iterable<readonly [name: string, value: unknown]>,
  rules: OwnershipRules = current,
): ReadonlyMap<OwnershipProp, Said> {
  const given = [...pairs].flatMap(([name, value]) =>
    typeof value === 'string' && value.trim() !== ''
      ? [{ name: name.toLowerCase(), by: name, value: value.trim().slice(0, VALUE_LENGTH) }]
      : [],
  )
  const found = new Map<OwnershipProp, Said>()
  if (given.length === 0) return found
  for (const [prop, ways] of rules)
    for (const way of ways) {
      const said = way.mark === mark ? given.find(({ name }) => fits(way.name, name)) : undefined
      if (said === undefined) continue
      found.set(prop, { value: said.value, by: said.by })
      break
    }
  return found
}

/** Does some rule name this tag, label or annotation? All others are dropped while reading. */
export function isOwnership(mark: Mark, name: string, rules: OwnershipRules = current): boolean {
  const lower = name.toLowerCase()
  for (const ways of rules.values()) if (ways.some((way) => way.mark === mark && fits(way.name, lower))) return true
  return false
}

function fits(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*/')) return pattern === name
  return name.slice(name.lastIndexOf('/') + 1) === pattern.slice(2)
}
