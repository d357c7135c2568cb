import { withoutVariables } from './evaluate.ts'
import { hasWildcard } from './glob.ts'
import type { Compiled, Who } from './request.ts'
import type { ThingList } from './thing-list.ts'
import type { Thing } from './world.ts'
import { possible, type Verdict } from './verdict.ts'

/** Things about which the verdict is the same. */
export interface Group {
  readonly verdict: Verdict
  /** Numbers of classes of the list that belong to it whole. */
  readonly classes: readonly number[]
  /** Numbers of single things. */
  readonly singles: readonly number[]
  /** Of its things each is meant; false where it was not worked out one by one. */
  readonly count: number
}

/** How much may be judged: bounded by work, so that answers are the same on every machine. */
export interface Budget {
  left: number
}

export const BEYOND = 'too many to be judged one by one'

/**
 * What one principal may do with the things of a list, without judging each: things that no policy of his tells apart
 * are judged once. Things that policies name, or that stand out by a pattern, are judged themselves.
 */
export function groupsOf(
  who: Who,
  list: ThingList,
  actions: readonly number[],
  judge: (thing: Thing) => Verdict,
  budget: Budget,
): readonly Group[] {
  const groups = new Map<string, { verdict: Verdict; classes: number[]; singles: number[]; count: number }>()
  const add = (verdict: Verdict, into: 'classes' | 'singles', number: number, count: number): void => {
    if (verdict.level === 'no') return
    const mark = `${verdict.level}\0${verdict.conditions.join('\0')}`
    const group = groups.get(mark) ?? { verdict, classes: [], singles: [], count: 0 }
    groups.set(mark, group)
    group[into].push(number)
    group.count += count
  }
  const tooMuch = budget.left <= 0
  const partial = tooMuch ? new Set<number>() : partlyMeant(who, list, actions)
  const touched = new Set([...partial].map((number) => list.classOf[number]!))
  list.classes.forEach((members, number) => {
    const rest = touched.has(number) ? members.filter((one) => !partial.has(one)) : members
    if (rest.length === 0) return
    budget.left--
    const judged = judge(list.things[rest[0]!]!)
    const verdict = tooMuch && judged.level !== 'no' ? possible([...judged.conditions, BEYOND], judged.by) : judged
    if (rest === members) add(verdict, 'classes', number, members.length)
    else for (const one of rest) add(verdict, 'singles', one, 1)
  })
  for (const number of partial) {
    budget.left--
    add(judge(list.things[number]!), 'singles', number, 1)
  }
  return [...groups.values()]
}

/** Things that some statement covers and others of their class not. */
function partlyMeant(who: Who, list: ThingList, actions: readonly number[]): Set<number> {
  const partial = new Set<number>()
  const itself = list.at.get(who.arn)
  if (itself !== undefined) partial.add(itself)
  for (const statement of statementsAbout(who, list)) {
    if (!actions.some((action) => statement.speaksOf[action] === 1)) continue
    if (statement.tests.some(({ key }) => key.toLowerCase() === 'secretsmanager:secretid'))
      list.things.forEach((_, number) => partial.add(number))
    for (const pattern of statement.resources) {
      const hasVariable = pattern.includes('${')
      const wanted = hasVariable ? withoutVariables(pattern) : pattern
      const exact = hasWildcard(wanted) ? undefined : list.at.get(wanted)
      if (exact !== undefined) partial.add(exact)
      const found = list.matching(wanted)
      if (found !== 'all') for (const number of found) partial.add(number)
      else if (hasVariable) list.things.forEach((_, number) => partial.add(number))
    }
  }
  return partial
}

function* statementsAbout(who: Who, list: ThingList): Generator<Compiled> {
  const control = list.things[0]?.control
  const held = [
    ...who.policies,
    ...(typeof who.boundary === 'object' ? [who.boundary] : []),
    ...who.control.levels.flat(),
    ...(control?.levels.flat() ?? []),
  ]
  for (const policy of held) yield* policy.statements
}

/** Does any policy of his own allow one of these at all? Without that only what names him can open. */
export function mayHave({ policies }: Who, actions: readonly number[]): boolean {
  return policies.some(({ statements }) =>
    statements.some(({ allows, speaksOf }) => allows && actions.some((action) => speaksOf[action] === 1)),
  )
}

export function membersOf(group: Group, list: ThingList): readonly number[] {
  return [...group.classes.flatMap((one) => list.classes[one]!), ...group.singles].sort((a, b) => a - b)
}
