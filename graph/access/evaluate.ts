import { matchesGlob } from './glob.ts'
import { watchedActions } from './actions.ts'
import { substituted, testAll } from './conditions.ts'
import type { Compiled, Control, On, Policy, Request, Who } from './request.ts'
import { both, either, no, possible, unless, yes, type Verdict } from './verdict.ts'

/**
 * May somebody do this with that thing, as AWS decides it ("Policy evaluation logic", IAM User Guide)? An explicit denial
 * anywhere ends it; organization policies and a boundary have to allow as well; in one account an identity policy or the
 * thing's own policy is enough, across accounts it takes both; roles and keys follow their own policy.
 */
export function decide(action: number, request: Request): Verdict {
  const { who, on } = request
  const grant = grantsOf(on.policy, action, request)
  const boundary = boundaryOf(who, action, request)
  const own = both(allowedBy(who.policies, action, request), boundary)
  const allowed = both(combined(request, own, boundary, grant), controlOf(who.control, action, request))
  return allowed.level === 'no' ? no : unless(allowed, deniedTo(action, request))
}

/** May it on anything at all? What is only denied on some things is not denied. */
export function decideAnywhere(action: number, who: Who): Verdict {
  return decide(action, { who, on: { key: '', forms: [], account: who.account } })
}

interface Granted {
  /** To this principal itself, or to everybody. */
  readonly direct: Verdict
  /** To its account, which then decides. */
  readonly account: Verdict
}

function combined({ who, on }: Request, own: Verdict, boundary: Verdict, grant: Granted): Verdict {
  const here = who.account === on.account
  const any = either(grant.direct, grant.account)
  if (on.arn !== undefined && on.policy === undefined) {
    if (on.ownPolicyDecides !== undefined) return both(own, possible([`${on.ownPolicyDecides} policy not seen`]))
    if (!here) return both(own, possible(['resource policy not seen']))
  }
  if (!here) return both(own, any)
  // A boundary limits the sessions of a role even where a policy names the role; a user that is named is not limited.
  const direct = who.type === 'role' ? both(grant.direct, boundary) : grant.direct
  return either(direct, on.ownPolicyDecides === undefined ? own : both(own, grant.account))
}

function allowedBy(policies: readonly Policy[], action: number, request: Request): Verdict {
  let best = no
  for (const policy of policies)
    for (const statement of policy.statements) {
      if (!statement.allows) continue
      const unknown = matches(statement, action, request)
      if (unknown !== 'no') best = either(best, verdictOf(unknown, policy, action))
    }
  return best
}

function verdictOf(unknown: readonly string[], policy: Policy, action: number): Verdict {
  const by = { policy: policy.name, entity: policy.entity, action: watchedActions[action]! }
  return unknown.length === 0 ? { ...yes, by } : possible(unknown, by)
}

function boundaryOf({ boundary }: Who, action: number, request: Request): Verdict {
  if (boundary === undefined) return yes
  if (boundary === 'unseen') return possible(['permissions boundary not seen'])
  return withoutWitness(allowedBy([boundary], action, request))
}

function controlOf(control: Control, action: number, request: Request): Verdict {
  if (control.seen === 'exempt') return yes
  let verdict = control.seen === 'whole' ? yes : possible(['service control policies not seen'])
  for (const level of control.levels) verdict = both(verdict, withoutWitness(allowedBy(level, action, request)))
  return verdict
}

const withoutWitness = ({ level, conditions }: Verdict): Verdict => ({ level, conditions })

/** What the thing's own policy gives, to the principal itself and to its account. */
function grantsOf(policy: Policy | undefined, action: number, request: Request): Granted {
  let [direct, account] = [no, no]
  for (const statement of policy?.statements ?? []) {
    if (!statement.allows) continue
    const named = principalIn(statement, request.who)
    if (named === 'nobody') continue
    const unknown = matches(statement, action, request)
    if (unknown === 'no') continue
    const conditions = named === 'session' ? [...unknown, 'only in one session'] : unknown
    const verdict = verdictOf(conditions, policy!, action)
    if (named === 'account') account = either(account, verdict)
    else direct = either(direct, verdict)
  }
  return { direct, account }
}

/** Every denial that may apply: `yes` where one does for certain. */
function deniedTo(action: number, request: Request): Verdict {
  const { who, on } = request
  const unknown: string[] = who.unseen.map((name) => `policy ${name} not seen`)
  const held = [
    ...who.policies,
    ...(typeof who.boundary === 'object' ? [who.boundary] : []),
    ...(who.control.seen === 'exempt' ? [] : who.control.levels.flat()),
    ...(on.control?.levels.flat() ?? []),
    ...(on.policy ? [on.policy] : []),
  ]
  for (const policy of held)
    for (const statement of policy.statements) {
      if (statement.allows) continue
      const named = statement.principals === undefined ? 'itself' : principalIn(statement, who)
      if (named === 'nobody') continue
      const conditions = matches(statement, action, request)
      if (conditions === 'no') continue
      if (conditions.length === 0 && named !== 'session') return yes
      unknown.push(...conditions, ...(named === 'session' ? ['only in one session'] : []))
    }
  return unknown.length === 0 ? no : possible(unknown)
}

/** Does a statement speak of this? Then the condition keys that nothing decides; empty where it is certain. */
export function matches(statement: Compiled, action: number, request: Request): 'no' | readonly string[] {
  if (statement.speaksOf[action] !== 1) return 'no'
  const resource = resourceIn(statement, request)
  if (resource === 'no') return 'no'
  const tests = testAll(statement.tests, statement.allows, request)
  if (tests === 'no') return 'no'
  return resource === 'unknown' ? [...tests, 'a policy variable in the resource'] : tests
}

function resourceIn(statement: Compiled, request: Request): 'yes' | 'no' | 'unknown' {
  const { on } = request
  const { resources, notResources, allows } = statement
  if (on.arn === undefined) {
    const all = resources.includes('*')
    if (allows) return notResources && all ? 'no' : 'yes'
    return !notResources && all ? 'yes' : 'no'
  }
  let unknown = false
  for (const pattern of resources) {
    const wanted = substituted(pattern, request)
    if (wanted !== undefined) {
      if (isMeant(wanted, on, allows && !notResources)) return notResources ? 'no' : 'yes'
    } else if (isMeant(withoutVariables(pattern), on, allows && !notResources)) unknown = true
  }
  if (unknown) return 'unknown'
  return notResources ? 'yes' : 'no'
}

function isMeant(pattern: string, { forms, below }: On, partIsEnough: boolean): boolean {
  if (forms.some((form) => matchesGlob(pattern, form))) return true
  return partIsEnough && below !== undefined && pattern.startsWith(below)
}

/** `${…}` may stand for anything. */
export function withoutVariables(pattern: string): string {
  let out = ''
  let at = 0
  for (;;) {
    const open = pattern.indexOf('${', at)
    const close = open < 0 ? -1 : pattern.indexOf('}', open)
    if (open < 0 || close < 0) return out + pattern.slice(at)
    out += `${pattern.slice(at, open)}*`
    at = close + 1
  }
}

/** Whom of a principal a statement names: itself (or everybody), one session of it, its account, or not at all. */
export function principalIn(statement: Compiled, who: Who): 'itself' | 'session' | 'account' | 'nobody' {
  let found: 'session' | 'account' | 'nobody' = 'nobody'
  for (const [type, id] of statement.principals ?? []) {
    if (type !== 'AWS' && type !== '*') continue
    if (id === '*' || id === who.arn || who.uniqueIds.includes(id)) return statement.notPrincipals ? 'nobody' : 'itself'
    if (isSessionOf(id, who)) found = 'session'
    else if (found === 'nobody' && isAccount(id, who.account)) found = 'account'
  }
  if (!statement.notPrincipals) return found
  // Everybody but these; that only its account is among them does not say whether it is meant.
  return found === 'nobody' ? 'itself' : 'session'
}

export const isAccount = (id: string, account: string): boolean =>
  id === account || (id.endsWith(`:${account}:root`) && id.startsWith('arn:'))

function isSessionOf(id: string, { account, name, type }: Who): boolean {
  return type === 'role' && id.includes(`:sts::${account}:assumed-role/${name}/`)
}
