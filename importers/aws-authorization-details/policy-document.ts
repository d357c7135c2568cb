/** One statement, with every field a list. Texts only; whatever else stands there is left out. */
export interface Statement {
  readonly allows: boolean
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  /** `AWS`, `Service`, `Federated`, `CanonicalUser` and whom it names; `*` alone stands as AWS. */
  readonly principals: readonly (readonly [type: string, id: string])[]
  /** "Everybody but": such a statement names nobody that may be counted on. */
  readonly notPrincipal: boolean
  /** Names of the condition keys only. Their values (an external id) stay in the file, but for the subjects of a federation. */
  readonly conditions: readonly string[]
  /** Values of `…:sub`, the subjects an OIDC trust names. */
  readonly subjects: readonly string[]
}

/**
 * Takes an IAM policy document apart: as an object, as JSON in a string, or URL-encoded as the API returns it.
 * Undefined where it is none.
 */
export function statementsOf(document: unknown): readonly Statement[] | undefined {
  const policy = typeof document === 'string' ? decoded(document) : document
  if (!isObject(policy)) return undefined
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  return statements.every(isObject) ? statements.map(statementOf) : undefined
}

function decoded(document: string): unknown {
  try {
    return JSON.parse(
      document.startsWith('%7B') || document.startsWith('%7b') ? decodeURIComponent(document) : document,
    )
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function statementOf(statement: Record<string, unknown>): Statement {
  const tests = Object.values(isObject(statement.Condition) ? statement.Condition : {}).filter(isObject)
  const conditions = tests.flatMap((test) => Object.entries(test))
  return {
    allows: statement.Effect === 'Allow',
    actions: texts(statement.Action),
    notActions: texts(statement.NotAction),
    resources: texts(statement.Resource),
    notResources: texts(statement.NotResource),
    principals: principalsOf(statement.Principal),
    notPrincipal: statement.NotPrincipal !== undefined,
    conditions: [...new Set(conditions.map(([key]) => key).filter(isConditionKey))],
    subjects: conditions.flatMap(([key, value]) => (key.endsWith(':sub') ? texts(value) : [])),
  }
}

/** `aws:ResourceTag/team`, `token.actions.githubusercontent.com:sub`: anything else is not repeated. */
const isConditionKey = (key: string): boolean => /^[A-Za-z0-9:/_.-]{1,128}$/.test(key)

function principalsOf(principal: unknown): Statement['principals'] {
  if (typeof principal === 'string') return [['AWS', principal]]
  if (!isObject(principal)) return []
  return Object.entries(principal).flatMap(([type, ids]) => texts(ids).map((id) => [type, id] as const))
}

/** `*` any run of characters, `?` any one; two pointers, no RegExp. IAM compares actions without regard to case. */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0
  let in_ = 0
  let star = -1
  let retry = 0
  while (in_ < text.length) {
    if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[in_]) && pattern[at] !== '*') {
      at++
      in_++
    } else if (pattern[at] === '*') {
      star = at++
      retry = in_
    } else if (star >= 0) {
      at = star + 1
      in_ = ++retry
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

/** Does the statement speak of this action (`service:Operation`)? */
export function coversAction(statement: Statement, action: string): boolean {
  const wanted = action.toLowerCase()
  return statement.actions.some((pattern) => matchesGlob(pattern.toLowerCase(), wanted))
}
