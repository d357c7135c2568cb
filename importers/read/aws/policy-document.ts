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
  const policy = plainPolicy(document)
  if (!isObject(policy)) return undefined
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  return statements.every(isObject) ? statements.map(statementOf) : undefined
}

/** A policy as an object: as the API returns it, it is a text, and URL-encoded. */
export function plainPolicy(document: unknown): unknown {
  return typeof document === 'string' ? decoded(document) : document
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
  return {
    allows: statement.Effect === 'Allow',
    actions: texts(statement.Action),
    notActions: texts(statement.NotAction),
    resources: texts(statement.Resource),
    notResources: texts(statement.NotResource),
    principals: principalsOf(statement.Principal),
    notPrincipal: statement.NotPrincipal !== undefined,
    conditions: [...new Set(undecided(statement.Condition))],
    subjects: subjectsIn(statement.Condition),
  }
}

/** Each test of a condition: its operator, its key, its values. */
function testsOf(condition: unknown): readonly (readonly [operator: string, key: string, values: readonly string[]])[] {
  return Object.entries(isObject(condition) ? condition : {}).flatMap(([operator, keys]) =>
    Object.entries(isObject(keys) ? keys : {}).map(([key, value]) => [operator, key, texts(value)] as const),
  )
}

/** `StringLike`, `ForAnyValue:StringEquals`: names whom it means. `StringNotLike` names whom it does not. */
const names = (operator: string): boolean =>
  ['stringequals', 'stringlike', 'stringequalsignorecase'].includes(operator.toLowerCase().replace('foranyvalue:', ''))

function subjectsIn(condition: unknown): readonly string[] {
  return testsOf(condition).flatMap(([operator, key, values]) =>
    key.endsWith(':sub') && names(operator) ? values : [],
  )
}

/** What AWS itself expects as audience: whoever asks for a token asks for this one. */
const audiences = new Set(['sts.amazonaws.com', 'sts.amazonaws.com.cn'])
const isUsual = (audience: string): boolean =>
  audiences.has(audience) ||
  /^https:\/\/([a-z0-9-]{1,30}\.)?signin\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\/saml$/.test(audience)

/** Keys that are decided by whom the trust names: its subjects stand as themselves, and its audience is the usual one. */
function undecided(condition: unknown): readonly string[] {
  return testsOf(condition)
    .filter(([operator, key, values]) => {
      if (!isConditionKey(key)) return false
      if (!names(operator)) return true
      return !key.endsWith(':sub') && !(key.endsWith(':aud') && values.some(isUsual))
    })
    .map(([, key]) => key)
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
