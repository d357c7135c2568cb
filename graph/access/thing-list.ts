import { canonical } from '../canonical.ts'
import { globMatcher, literalStart } from './glob.ts'
import type { Thing } from './world.ts'

/** Things of one kind that the principals of an account may be given, in the order of their ARNs. */
export interface ThingList {
  /** Names sets that are made of it. */
  readonly id: string
  /** Plural: "secrets". */
  readonly words: string
  readonly account: string
  readonly things: readonly Thing[]
  readonly at: ReadonlyMap<string, number>
  /** Numbers of things about which policies can't tell apart but by their ARN: judged once. */
  readonly classes: readonly (readonly number[])[]
  readonly classOf: Int32Array
  /** Numbers of the things that a pattern covers. */
  matching(pattern: string): 'all' | readonly number[]
}

export function thingList(id: string, words: string, account: string, unsorted: readonly Thing[]): ThingList {
  const things = [...unsorted].sort((a, b) => (a.arn < b.arn ? -1 : a.arn > b.arn ? 1 : 0))
  const known = new Map<string, 'all' | readonly number[]>()
  const classOf = new Int32Array(things.length)
  const numbers = new Map<string, number>()
  const classes: number[][] = []
  things.forEach((thing, number) => {
    const mark = classMark(thing)
    const place = numbers.get(mark) ?? classes.push([]) - 1
    numbers.set(mark, place)
    classes[place]!.push(number)
    classOf[number] = place
  })
  const isWithPrefix = things.every(
    ({ forms, below, arn }) => below === undefined && forms.every((form) => form.startsWith(arn)),
  )
  return {
    id,
    words,
    account,
    things,
    at: new Map(things.map(({ arn }, number) => [arn, number])),
    classes,
    classOf,
    matching(pattern) {
      const found = known.get(pattern) ?? matchingIn(things, pattern, isWithPrefix)
      known.set(pattern, found)
      return found
    },
  }
}

/** What a condition, a policy of the thing itself or its kind of use may tell it apart by. */
function classMark({ arn, account, tags, policy, encryptedBy, entity }: Thing): string {
  const region = arn.split(':')[3] ?? ''
  const key = encryptedBy === undefined ? '' : encryptedBy === 'by-aws' ? 'aws' : encryptedBy.arn
  const tagged = tags && (tags.of.size > 0 || tags.whole) ? canonical([tags.whole, [...tags.of].sort()]) : ''
  const { serviceLinked = false, permissionsBoundary } = entity.props ?? {}
  const use = [arn.includes(':oidc-provider/'), serviceLinked, permissionsBoundary !== undefined]
  return canonical([account, region, key, tagged, policy?.text ?? null, use])
}

function matchingIn(things: readonly Thing[], pattern: string, isWithPrefix: boolean): 'all' | readonly number[] {
  if (pattern === '*') return 'all'
  // Sorted by ARN: what begins with the same letters stands together. A secret that was only mentioned lacks its ending.
  const start = literalStart(pattern).slice(0, -ENDING)
  const from = isWithPrefix ? firstFrom(things, start) : 0
  const to = isWithPrefix ? firstFrom(things, `${start}\uffff`) : things.length
  const found: number[] = []
  const matches = globMatcher(pattern)
  for (let number = from; number < to; number++) {
    const { forms, below } = things[number]!
    if (forms.some(matches) || (below !== undefined && pattern.startsWith(below))) found.push(number)
  }
  return found.length === things.length ? 'all' : found
}

/** Length of the ending that AWS gives the ARN of a secret. */
const ENDING = 7

/** First thing whose ARN is not before this text. */
function firstFrom(things: readonly Thing[], text: string): number {
  let [low, high] = [0, things.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (things[middle]!.arn < text) low = middle + 1
    else high = middle
  }
  return low
}
