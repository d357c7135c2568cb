import { keys } from '../keys.ts'
import { accesses, assuming, type AccessRow } from './accesses.ts'
import { actionNumber } from './actions.ts'
import { decide } from './evaluate.ts'
import { everything } from './everything.ts'
import { groupsOf, mayHave, type Budget } from './groups.ts'
import { hasWildcard } from './glob.ts'
import { insideOf, type Lists } from './lists.ts'
import type { Relations, Way } from './relations.ts'
import type { Who } from './request.ts'
import type { KnownEntity } from '../known.ts'
import type { Thing, World } from './world.ts'
import { both, either, no, under, yes, type Verdict, type Witness } from './verdict.ts'

/** What is worked on for all principals. */
export interface Work {
  readonly world: World
  readonly lists: Lists
  readonly relations: Relations
  readonly budget: Budget
  /** Verdicts on the use of keys that encrypt secrets, by principal, service and key. */
  readonly decrypting: Map<string, Verdict>
}

const rows = accesses.map((row: AccessRow) => {
  const then = row.then === undefined ? undefined : actionNumber(row.then)
  return { row, actions: row.actions.map(actionNumber), then }
})
export const assume = { row: assuming, actions: assuming.actions.map(actionNumber) }
const decrypt = actionNumber('kms:Decrypt')

/** Each permission of a principal, as relationships. */
export function givePermissions(who: Who, entity: KnownEntity, work: Work): void {
  const self = withEverything(who)
  for (const { row, actions, then } of rows) {
    const judge = (thing: Thing): Verdict => {
      const verdict = judgeAccess(row, actions, who, thing, work)
      if (then === undefined || verdict.level === 'no') return verdict
      return both(verdict, decide(then, { who: self, on: opened(thing) }))
    }
    giveOver(row, actions, judge, who, entity, work)
  }
  giveOver(assume.row, assume.actions, (role) => judgeAny(assume.actions, who, role), who, entity, work)
}

/** Who has let himself do it: what is denied to him stays denied. */
function withEverything(who: Who): Who {
  return { ...who, policies: [...who.policies, { name: '', entity: who.key, statements: [everything()], text: '' }] }
}

/** A thing whose own policy says whatever one wants. */
function opened(thing: Thing): Thing {
  const { policy: _policy, ownPolicyDecides: _decides, ...rest } = thing
  return { ...rest, forms: rest.forms.map((form) => (thing.entity.kind === 'aws.s3_bucket' ? `${form}/object` : form)) }
}

function giveOver(
  row: AccessRow,
  actions: readonly number[],
  judge: (thing: Thing) => Verdict,
  who: Who,
  entity: KnownEntity,
  { lists, relations, budget }: Work,
): void {
  const list = row === assuming ? lists.assumable(who.account) : lists.of(row.on, who.account, row.inside)
  // Statements about these may tell things apart, too.
  const touching = row.then === undefined ? actions : [...actions, actionNumber(row.then)]
  const wayOf = (verdict: Verdict): Way => ({ row: row.id, words: row.words, verdict, parts: partsOf(verdict) })
  const single = (thing: Thing): void => {
    const verdict = judge(thing)
    if (verdict.level !== 'no' && thing.entity.id !== entity.id)
      relations.one(row.kind, entity, thing.entity, wayOf(verdict))
  }
  if (mayHave(who, actions)) {
    if (list.things.length > 0)
      for (const group of groupsOf(who, list, touching, judge, budget))
        relations.group(row.kind, entity, list, group, wayOf(group.verdict), entity.key)
    for (const arn of elsewhere(who, actions)) {
      const thing = list.at.has(arn) ? undefined : lists.called(row.on, arn)
      if (thing !== undefined && !row.inside) single(thing)
    }
  }
  // Without a policy of its own only what names it is open to it.
  for (const id of [who.arn, ...who.uniqueIds])
    for (const thing of lists.naming(row.on, id))
      if (!mayHave(who, actions) || !list.at.has(thing.arn)) single(row.inside ? insideOf(thing) : thing)
}

export const partsOf = ({ by }: Verdict): readonly Witness[] => (by === undefined ? [] : [by])

/** ARNs of other accounts that a permission names whole. */
function elsewhere({ policies, account }: Who, actions: readonly number[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { statements } of policies)
    for (const { allows, notResources, resources, speaksOf } of statements)
      if (allows && !notResources && actions.some((action) => speaksOf[action] === 1))
        for (const arn of resources)
          if (arn.startsWith('arn:') && !hasWildcard(arn) && !arn.includes('${') && arn.split(':')[4] !== account)
            found.add(arn)
  return found
}

export function judgeAny(
  actions: readonly number[],
  who: Who,
  on: Thing,
  context?: ReadonlyMap<string, string>,
): Verdict {
  return actions.map((action) => decide(action, { who, on, context })).reduce(either, no)
}

export function judgeAccess(row: AccessRow, actions: readonly number[], who: Who, thing: Thing, work: Work): Verdict {
  const verdict = judgeAny(actions, who, thing)
  if (row.decrypts !== true || verdict.level === 'no' || thing.encryptedBy === undefined) return verdict
  return both(verdict, mayDecrypt(who, thing, work))
}

/** Secrets Manager and SSM use the key on behalf of whoever reads. A key of AWS itself lets its own account use it so. */
function mayDecrypt(who: Who, thing: Thing, { decrypting }: Work): Verdict {
  const key = thing.encryptedBy!
  if (key === 'by-aws') return who.account === thing.account ? yes : no
  const [, , service = '', region = ''] = thing.arn.split(':')
  const via = `${service}.${region}.amazonaws.com`
  const mark = `${who.key} ${via} ${key.key}`
  const known = decrypting.get(mark)
  if (known !== undefined) return known
  const verdict = decide(decrypt, { who, on: key, context: new Map([['kms:viaservice', via]]) })
  const worded = under(verdict, [])
  decrypting.set(mark, worded)
  return worded
}

/** What policies let everybody do, as a relationship of everybody: it is not repeated for each principal. */
export function giveToEverybody({ lists, relations }: Work, everybody: KnownEntity): void {
  for (const thing of lists.open)
    for (const { row, actions } of rows) {
      if (row.on !== thing.entity.kind) continue
      const on = row.inside ? insideOf(thing) : thing
      const verdict = judgeAny(actions, anybody, on)
      if (verdict.level === 'no') continue
      relations.one(row.kind, everybody, thing.entity, {
        row: row.id,
        words: row.words,
        verdict,
        parts: partsOf(verdict),
      })
    }
}

/** Somebody of another account of whom nothing is known, with every permission of his own. */
const anybody: Who = {
  key: keys.awsAnyone(),
  arn: '',
  account: '',
  name: 'anyone',
  // Neither a role nor a user: nobody knows his name or tags.
  type: 'group',
  uniqueIds: [],
  policies: [{ name: 'of its own', entity: keys.awsAnyone(), statements: [everything()], text: '' }],
  unseen: [],
  control: { levels: [], seen: 'exempt' },
  tags: { of: new Map(), whole: false },
}
