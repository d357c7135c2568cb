import type { KnownEntity } from '../known.ts'
import type { EntityKind } from '../kinds/entity-kinds.ts'
import { keys } from '../keys.ts'
import { idOf } from '../ids.ts'
import { actionNumber } from './actions.ts'
import { escalations, type EscalationRow } from './escalations.ts'
import { decide, decideAnywhere } from './evaluate.ts'
import { groupsOf, mayHave } from './groups.ts'
import { listOf } from './list-of.ts'
import { withoutTrust } from './lists.ts'
import { assume, judgeAny, partsOf, type Work } from './permissions.ts'
import type { Way } from './relations.ts'
import type { On, Who } from './request.ts'
import type { ThingList } from './thing-list.ts'
import type { Thing } from './world.ts'
import { both, either, no, under, yes, type Verdict, type Witness } from './verdict.ts'

const rows = escalations.map((row) => ({
  row,
  on: row.on.map(actionNumber),
  with: (row.with ?? []).map((list) => list.map(actionNumber)),
}))
type Row = (typeof rows)[number]

/** One principal whose ways are looked for. */
interface Scene {
  readonly who: Who
  readonly entity: KnownEntity
  readonly work: Work
  /** What it may do on anything, by action: the same for every row. */
  readonly anywhere: (action: number) => Verdict
}

/**
 * Every known way by which a principal may become more than it is. Says whether the whole account is open to it without
 * a condition of any policy: then nothing else needs to be said of it.
 */
export function findEscalations(who: Who, entity: KnownEntity, work: Work): { readonly isAdministrator: boolean } {
  const verdicts = new Map<number, Verdict>()
  const anywhere = (action: number): Verdict => {
    const known = verdicts.get(action) ?? decideAnywhere(action, who)
    verdicts.set(action, known)
    return known
  }
  const scene: Scene = { who, entity, work, anywhere }
  const toAccount = rows.flatMap((row) => waysToAccount(row, scene))
  const best = toAccount.map(({ verdict }) => verdict).reduce(either, no)
  const account = accountOf(scene)
  if (account !== undefined) for (const way of toAccount) work.relations.one('CAN_ESCALATE_TO', entity, account, way)
  const isAdministrator =
    account !== undefined &&
    best.level !== 'no' &&
    best.conditions.every((one) => one === 'service control policies not seen')
  if (!isAdministrator) for (const row of rows) takeOver(row, scene)
  return { isAdministrator }
}

function accountOf({ who, work }: Scene): KnownEntity | undefined {
  return work.world.entities.get(idOf(keys.awsAccount(who.account)))
}

/** What a row needs beside the action on what is taken; with what only lies outside of policies. */
function rest({ row, with: needed }: Row, { anywhere }: Scene): { verdict: Verdict; parts: Witness[] } {
  const parts: Witness[] = []
  let verdict = yes
  for (const actions of needed) {
    const best = actions.map(anywhere).reduce(either, no)
    verdict = both(verdict, best)
    if (verdict.level === 'no') return { verdict: no, parts }
    parts.push(...partsOf(best))
  }
  return { verdict: under(verdict, row.if === undefined ? [] : [row.if]), parts }
}

function wayOf({ row }: Row, verdict: Verdict, parts: readonly Witness[]): Way {
  return { row: row.id, words: row.words, verdict, parts: [...partsOf(verdict), ...parts] }
}

/** Ways that end with the whole account. */
function waysToAccount(row: Row, scene: Scene): readonly Way[] {
  const { who } = scene
  const { takes } = row.row
  const isAbout =
    takes === 'self' || takes === 'group-of-self' || takes === 'policy-of-self' || takes === 'role-of-self'
  if ((!isAbout && takes !== 'account') || !mayHave(who, row.on)) return []
  const needed = rest(row, scene)
  if (needed.verdict.level === 'no') return []
  const found = takes === 'account' ? row.on.map(scene.anywhere).reduce(either, no) : onSelf(row, takes, scene)
  // More than its boundary it does not get, whatever it gives itself.
  const bounded =
    isAbout && takes !== 'role-of-self' && who.boundary !== undefined ? ['only up to its permissions boundary'] : []
  const verdict = under(both(found, needed.verdict), bounded)
  return verdict.level === 'no' ? [] : [wayOf(row, verdict, needed.parts)]
}

const selfRows = new Map([
  ['put-user-policy', 'user'],
  ['attach-user-policy', 'user'],
  ['put-role-policy', 'role'],
  ['attach-role-policy', 'role'],
])

function onSelf(row: Row, takes: string, scene: Scene): Verdict {
  const { who, work } = scene
  if (takes === 'self') return selfRows.get(row.row.id) === who.type ? judgeOn(row.on, who, arnOf(who, who.arn)) : no
  if (takes === 'group-of-self')
    return ownGroups(scene)
      .map((group) => judgeOn(row.on, who, arnOf(who, group)))
      .reduce(either, no)
  if (takes === 'policy-of-self')
    return ownPolicies(scene)
      .map((policy) => judgeOn(row.on, who, arnOf(who, policy)))
      .reduce(either, no)
  return assumableToo(row, who, work)
}

const arnOf = (who: Who, arn: string): On => ({ key: arn, arn, forms: [arn], account: who.account })

function judgeOn(actions: readonly number[], who: Who, on: On): Verdict {
  return actions.map((action) => decide(action, { who, on })).reduce(either, no)
}

function ownGroups({ who, entity, work }: Scene): readonly string[] {
  if (who.type === 'group') return [who.arn]
  return (work.world.links.groupsOf.get(entity.id) ?? []).map((id) => work.world.entities.get(id)!.key)
}

/** Policies of the account's own that it has, itself or by a group. AWS's own can't be changed. */
function ownPolicies({ who, entity, work }: Scene): readonly string[] {
  const holders = [
    entity,
    ...(work.world.links.groupsOf.get(entity.id) ?? []).map((id) => work.world.entities.get(id)!),
  ]
  const held = holders.flatMap((holder) => listOf(holder.props?.['policies']))
  return [...new Set(held)].filter((arn) => arn.split(':')[4] === who.account)
}

/** A role that it can assume and give more to, where the role itself has no boundary. */
function assumableToo(row: Row, who: Who, { lists, budget, world }: Work): Verdict {
  if (!mayHave(who, row.on)) return no
  const list = lists.assumable(who.account)
  if (list.things.length === 0) return no
  const judge = (role: Thing): Verdict => {
    if (role.arn === who.arn || role.account !== who.account) return no
    const given = judgeAny(row.on, who, withoutTrust(role))
    const both_ = given.level === 'no' ? no : both(given, judgeAny(assume.actions, who, role))
    const boundary = world.principals.get(role.entity.id)?.boundary
    return boundary === undefined ? both_ : under(both_, ['only up to the permissions boundary of the role'])
  }
  return groupsOf(who, list, [...row.on, ...assume.actions], judge, budget)
    .map(({ verdict }) => verdict)
    .reduce(either, no)
}

/** Ways that end with some thing: a user, a role, a workload. */
function takeOver(row: Row, scene: Scene): void {
  const { who, entity, work } = scene
  const list = listFor(row.row, scene)
  if (list === undefined || list.things.length === 0 || !mayHave(who, row.on)) return
  const needed = rest(row, scene)
  if (needed.verdict.level === 'no') return
  const { service } = row.row
  const context = service === undefined ? undefined : new Map([['iam:passedtoservice', service]])
  const judge = (thing: Thing): Verdict => {
    if (thing.account !== who.account || thing.entity.id === entity.id || isOutOfPlace(row.row, thing)) return no
    const verdict = judgeAny(row.on, who, thing, context)
    return verdict.level === 'no' ? no : both(verdict, needed.verdict)
  }
  for (const group of groupsOf(who, list, row.on, judge, work.budget))
    work.relations.group('CAN_ESCALATE_TO', entity, list, group, wayOf(row, group.verdict, needed.parts), entity.key)
}

function listFor({ takes, service }: EscalationRow, { who, work: { lists } }: Scene): ThingList | undefined {
  if (takes === 'passed') return lists.passable(who.account, service!)
  return takes.includes('.') ? lists.of(takes as EntityKind, who.account) : undefined
}

/** OpenID Connect providers have no signing keys to replace: they are asked for them. */
function isOutOfPlace({ takes }: EscalationRow, { arn, entity }: Thing): boolean {
  if (takes === 'aws.identity_provider_or_trust_anchor') return arn.includes(':oidc-provider/')
  // Nobody but the service itself can change or assume a role that is linked to it.
  return takes === 'aws.iam_role' && entity.props?.['serviceLinked'] === true
}
