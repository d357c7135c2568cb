import { canonical } from '../canonical.ts'
import { idOf } from '../ids.ts'
import { actionsMatching } from './actions.ts'
import { isDecidable, type Statement, type Test } from './statement.ts'

/** Longest item and most items that a list of a fact may have (graph/facts.ts), with room for the mark before each. */
const PIECE = 1000
const PIECES = 200
const ITEMS = 2000

/**
 * A policy as facts hold it: its statements, without what no table of `graph/access` speaks of, as pieces of one JSON
 * text. Each piece says of which text it is (`digest.number.of|`), so that two sources with different versions of one
 * policy can be told apart after they were merged. Undefined where the document is no policy.
 */
export function policyText(document: unknown): string[] | undefined {
  const statements = readPolicy(document)
  return statements === undefined ? undefined : piecesOf(statements)
}

function piecesOf(statements: readonly Statement[]): string[] {
  const text = asciiJson(statements)
  const count = Math.max(1, Math.ceil(text.length / PIECE))
  // Longer than any policy that AWS takes: what it allows is then not known.
  if (count > PIECES) return piecesOf([unknownStatement])
  const digest = idOf(text).slice(0, 8)
  return Array.from(
    { length: count },
    (_, at) => `${digest}.${at}.${count}|${text.slice(at * PIECE, (at + 1) * PIECE)}`,
  )
}

/** No character outside ASCII, so that no piece ends within a pair. */
function asciiJson(value: unknown): string {
  return canonical(value).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Denies everything, perhaps: stands for a policy that could not be kept. */
const unknownStatement: Statement = {
  allows: false,
  actions: ['*'],
  notActions: false,
  resources: ['*'],
  notResources: false,
  notPrincipals: false,
  tests: [{ operator: '', key: 'policy too long to be kept' }],
}

/**
 * Statements from the pieces; undefined where there is none that is whole. Of several versions a statement that all have
 * is certain, and one that only some have holds under the condition that this version is the one in force.
 */
export function statementsFrom(pieces: unknown): readonly Statement[] | undefined {
  if (!Array.isArray(pieces)) return undefined
  const texts = new Map<string, string[]>()
  for (const piece of pieces) {
    const bar = typeof piece === 'string' ? piece.indexOf('|') : -1
    if (bar < 0) continue
    const [digest = '', at, of] = (piece as string).slice(0, bar).split('.')
    const parts = texts.get(`${digest}.${of}`) ?? []
    parts[Number(at)] = (piece as string).slice(bar + 1)
    texts.set(`${digest}.${of}`, parts)
  }
  const versions = [...texts]
    .filter(([mark, parts]) => Object.keys(parts).length === Number(mark.split('.')[1]))
    .map(([, parts]) => storedStatements(parts.join('')))
    .filter((one) => one !== undefined)
  return versions.length <= 1 ? versions[0] : united(versions)
}

function united(versions: readonly (readonly Statement[])[]): readonly Statement[] {
  const statements = new Map<string, { statement: Statement; count: number }>()
  for (const version of versions)
    for (const [text, statement] of new Map(version.map((one) => [canonical(one), one]))) {
      const known = statements.get(text)
      statements.set(text, { statement, count: (known?.count ?? 0) + 1 })
    }
  const doubt: Test = { operator: '', key: 'sources differ on this policy' }
  return [...statements.values()].map(({ statement, count }) =>
    count === versions.length ? statement : { ...statement, tests: [...statement.tests, doubt] },
  )
}

function storedStatements(text: string): readonly Statement[] | undefined {
  try {
    const stored = JSON.parse(text) as unknown
    // Written by `policyText`, but a bundle may say anything.
    return Array.isArray(stored) && stored.every(isStatement) ? stored : undefined
  } catch {
    return undefined
  }
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

function isStatement(value: unknown): value is Statement {
  if (!isObject(value)) return false
  const { actions, resources, principals, tests } = value
  return (
    [value.allows, value.notActions, value.notResources, value.notPrincipals].every(
      (one) => typeof one === 'boolean',
    ) &&
    isTexts(actions) &&
    isTexts(resources) &&
    (principals === undefined || (Array.isArray(principals) && principals.every(isTexts))) &&
    Array.isArray(tests) &&
    tests.every(
      (test) =>
        isObject(test) &&
        typeof test.operator === 'string' &&
        typeof test.key === 'string' &&
        (test.values === undefined || isTexts(test.values)),
    )
  )
}

/**
 * Takes an IAM policy document apart: as an object, as JSON in a string, or URL-encoded as the API returns it.
 * Statements that speak of no watched action are left out. Undefined where it is no policy.
 */
export function readPolicy(document: unknown): readonly Statement[] | undefined {
  const policy = typeof document === 'string' ? decoded(document) : document
  if (!isObject(policy)) return undefined
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  if (!statements.every(isObject)) return undefined
  const read = statements.map(readStatement)
  if (read.includes('unreadable')) return undefined
  return (read as (Statement | undefined)[]).filter((one) => one !== undefined)
}

function decoded(document: string): unknown {
  try {
    const encoded = document.startsWith('%7B') || document.startsWith('%7b')
    return JSON.parse(encoded ? decodeURIComponent(document) : document) as unknown
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').slice(0, ITEMS) : []
}

/** Undefined where it speaks of nothing that is watched. */
function readStatement(statement: Record<string, unknown>): Statement | undefined | 'unreadable' {
  const allows = statement.Effect === 'Allow'
  if (!allows && statement.Effect !== 'Deny') return 'unreadable'
  const notActions = statement.Action === undefined && statement.NotAction !== undefined
  const actions = texts(notActions ? statement.NotAction : statement.Action).filter(
    (pattern) => actionsMatching(pattern).length > 0,
  )
  if (actions.length === 0 && !notActions) return undefined
  const notResources = statement.Resource === undefined && statement.NotResource !== undefined
  // Trust policies and those of some resources have none: they are about the thing itself.
  const named = notResources ? statement.NotResource : (statement.Resource ?? '*')
  const notPrincipals = statement.Principal === undefined && statement.NotPrincipal !== undefined
  const principals = statement.Principal ?? statement.NotPrincipal
  return {
    allows,
    actions: [...actions].sort(),
    notActions,
    resources: [...texts(named)].sort(),
    notResources,
    ...(principals === undefined ? {} : { principals: principalsOf(principals) }),
    notPrincipals,
    tests: testsOf(statement.Condition),
  }
}

function principalsOf(principal: unknown): readonly (readonly [string, string])[] {
  if (typeof principal === 'string') return [['AWS', principal]]
  if (!isObject(principal)) return []
  return Object.entries(principal).flatMap(([type, ids]) => texts(ids).map((id) => [type, id] as const))
}

/** `aws:ResourceTag/team`, `token.actions.githubusercontent.com:sub`: anything else is not repeated. */
const isConditionKey = (key: string): boolean => /^[A-Za-z0-9:/_.-]{1,128}$/.test(key)

function testsOf(condition: unknown): readonly Test[] {
  if (condition === undefined || condition === null) return []
  const unread: Test = { operator: '', key: 'a condition that could not be read' }
  if (!isObject(condition)) return [unread]
  return Object.entries(condition).flatMap(([operator, keys]): Test[] => {
    if (!isObject(keys) || !isConditionKey(operator)) return [unread]
    return Object.entries(keys).map(([key, values]): Test => {
      if (!isConditionKey(key)) return unread
      if (!isDecidable(key) && operator !== 'Null') return { operator, key }
      const kept = Array.isArray(values) ? values.map(String) : [String(values)]
      return { operator, key, values: kept.slice(0, ITEMS) }
    })
  })
}
