import { hasWildcard, matchesGlob } from './glob.ts'
import { tagIn, type Test } from './statement.ts'
import type { Request, Tags } from './request.ts'

/** A value, known to be absent, or not known. */
export type Looked = { readonly value: string } | 'absent' | 'unknown'

/** Does a condition hold for a request? `unknown` where the estate does not decide it. */
export type Holds = 'yes' | 'no' | 'unknown'

/** All tests of a statement: `no` if one fails, else the keys that could not be decided. */
export function testAll(tests: readonly Test[], allows: boolean, request: Request): 'no' | readonly string[] {
  const unknown: string[] = []
  for (const test of tests) {
    // Whoever may act on anything chooses where, and so escapes a denial and takes a permission of one region.
    const chooses = request.on.arn === undefined && test.key.toLowerCase() === 'aws:requestedregion'
    const holds = chooses ? (allows ? 'yes' : 'no') : testOne(test, request)
    if (holds === 'no') return 'no'
    if (holds === 'unknown') unknown.push(test.key)
  }
  return unknown
}

interface Operator {
  readonly matches: (wanted: string, value: string) => boolean
  readonly negated?: true
}

const equal = (a: string, b: string): boolean => a === b
const equalFolded = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Operators that compare texts; numbers, dates and addresses are nowhere in an estate, so they are not decided. */
const operators = new Map<string, Operator>([
  ['stringequals', { matches: equal }],
  ['stringnotequals', { matches: equal, negated: true }],
  ['stringequalsignorecase', { matches: equalFolded }],
  ['stringnotequalsignorecase', { matches: equalFolded, negated: true }],
  ['stringlike', { matches: matchesGlob }],
  ['stringnotlike', { matches: matchesGlob, negated: true }],
  ['arnequals', { matches: matchesGlob }],
  ['arnlike', { matches: matchesGlob }],
  ['arnnotequals', { matches: matchesGlob, negated: true }],
  ['arnnotlike', { matches: matchesGlob, negated: true }],
  ['bool', { matches: equalFolded }],
])

/** One line of a condition (IAM User Guide, "IAM JSON policy elements: Condition operators"). */
export function testOne(test: Test, request: Request): Holds {
  const { values } = test
  if (values === undefined) return 'unknown'
  let name = test.operator.toLowerCase()
  const colon = name.indexOf(':')
  const quantifier = colon < 0 ? '' : name.slice(0, colon)
  name = name.slice(colon + 1)
  const ifExists = name.endsWith('ifexists')
  if (ifExists) name = name.slice(0, -'ifexists'.length)
  const looked = lookUp(test.key, request)
  if (looked === 'unknown') return 'unknown'
  if (name === 'null')
    return values.some((one) => (one.toLowerCase() === 'true') === (looked === 'absent')) ? 'yes' : 'no'
  const operator = operators.get(name)
  if (operator === undefined) return 'unknown'
  if (looked === 'absent') {
    if (quantifier === 'foranyvalue') return 'no'
    return ifExists || operator.negated || quantifier === 'forallvalues' ? 'yes' : 'no'
  }
  return compare(operator, values, looked.value, request)
}

function compare(operator: Operator, values: readonly string[], value: string, request: Request): Holds {
  let unknown = false
  for (const one of values) {
    const wanted = substituted(one, request)
    if (wanted === undefined) unknown = true
    else if (operator.matches(wanted, value)) return operator.negated ? 'no' : 'yes'
  }
  if (unknown) return 'unknown'
  return operator.negated ? 'yes' : 'no'
}

/** Policy variables (`${aws:username}`) put in; undefined where one is not known. `${*}` and the like stand for themselves. */
export function substituted(text: string, request: Request): string | undefined {
  if (!text.includes('${')) return text
  let out = ''
  let at = 0
  for (;;) {
    const open = text.indexOf('${', at)
    const close = open < 0 ? -1 : text.indexOf('}', open)
    if (open < 0 || close < 0) return out + text.slice(at)
    out += text.slice(at, open)
    const name = text.slice(open + 2, close)
    at = close + 1
    // `${*}`, `${?}`, `${$}`: the character itself, which a pattern cannot say. Not decided.
    if ('*?$'.includes(name)) return undefined
    const looked = lookUp(name, request)
    if (typeof looked === 'string' || hasWildcard(looked.value)) return undefined
    out += looked.value
  }
}

/** What a key says of a request. */
export function lookUp(key: string, request: Request): Looked {
  const lower = key.toLowerCase()
  const given = request.context?.get(lower)
  if (given !== undefined) return { value: given }
  const tag = tagIn(key)
  if (tag !== undefined) return tagOf(tag.of === 'principal' ? request.who.tags : request.on.tags, tag.name)
  return facts.get(lower)?.(request) ?? 'unknown'
}

function tagOf(tags: Tags | undefined, name: string): Looked {
  const value = tags?.of.get(name)
  if (value !== undefined) return { value }
  return tags?.whole === true ? 'absent' : 'unknown'
}

const known = (value: string | undefined): Looked => (value === undefined || value === '' ? 'unknown' : { value })

/** What is true of every call that a principal makes itself, and what the estate knows of it. */
const facts = new Map<string, (request: Request) => Looked>([
  ['aws:principalarn', ({ who }) => known(who.arn)],
  ['aws:principalaccount', ({ who }) => known(who.account)],
  ['kms:calleraccount', ({ who }) => known(who.account)],
  [
    'aws:principaltype',
    ({ who }) => known(who.type === 'role' ? 'AssumedRole' : who.type === 'user' ? 'User' : undefined),
  ],
  ['aws:principalorgid', ({ who }) => known(who.organization)],
  ['aws:principalisawsservice', () => ({ value: 'false' })],
  ['aws:username', ({ who }) => (who.type === 'user' ? known(who.name) : who.type === 'role' ? 'absent' : 'unknown')],
  ['aws:resourceaccount', ({ on }) => known(on.account)],
  ['aws:resourceorgid', ({ on }) => known(on.organization)],
  // Whoever calls chooses to, and nothing keeps him from it.
  ['aws:securetransport', () => ({ value: 'true' })],
  ['secretsmanager:versionstage', () => ({ value: 'AWSCURRENT' })],
  ['secretsmanager:secretid', ({ on }) => known(on.arn)],
  // Of calls that a service makes on somebody's behalf only.
  ['aws:sourceaccount', () => 'absent'],
  ['aws:sourcearn', () => 'absent'],
  ['aws:sourceorgid', () => 'absent'],
  ['aws:requestedregion', ({ on }) => known(regionOf(on.arn))],
])

/** Calls to IAM go to one region, whatever the caller's. The ARN of a bucket does not say its own. */
function regionOf(arn: string | undefined): string | undefined {
  const [, partition, service, region] = arn?.split(':') ?? []
  return service === 'iam' && partition === 'aws' ? 'us-east-1' : region
}
