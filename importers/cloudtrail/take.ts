import type { SkipReason } from '../../graph/facts.ts'
import { isMasked } from '../read/arn.ts'
import type { Books } from './books.ts'
import { effectOf, isMint } from './effect.ts'
import { changeOf, changingCalls } from './history.ts'
import { whoOf } from './identity.ts'
import type { Event } from './records.ts'
import type { Seen } from './seen-events.ts'
import { locator } from './tallies.ts'
import { timeOf } from './times.ts'
import { buildNamed } from './workload.ts'

/** What became of a record: nothing to say of one that was understood. */
export type Taken = SkipReason | 'merged' | undefined

/** Calls that start a build, whose number is all that its session says of the project. */
const BUILDS = 'StartBuild'

export const isUncommon = (eventName: string): boolean => changingCalls.has(eventName) || eventName === BUILDS

/** Account whose trail has the event. */
export function accountOf(
  event: Pick<Event, 'recipientAccountId' | 'userIdentity'>,
  scopeName: string | undefined,
): string | SkipReason {
  const account = event.recipientAccountId ?? event.userIdentity?.accountId ?? scopeName
  if (account === undefined || account === '') return 'missing-identifier'
  return isMasked(account) ? 'masked-identifier' : account
}

const skips = new Set<string>(['missing-identifier', 'masked-identifier'] satisfies SkipReason[])
export const isSkip = (account: string): account is SkipReason => skips.has(account)

/**
 * Takes events one by one, as objects. The exact way: the fast one (`fast.ts`) gives the same for the events it
 * understands, and leaves all others to this.
 */
export function taker(book: Books, seen: Seen, scopeName: string | undefined) {
  let plans = new Map<string, number>()
  let generation = book.generation()
  const at = locator()

  return (event: Event, file: number, where: string): Taken => {
    if (!seen.firstTime(identityOf(event), at)) return 'merged'
    at.file = file
    if (at.text !== undefined) at.text = event.eventID ?? where
    const account = accountOf(event, scopeName)
    if (isSkip(account)) return account
    if (generation !== book.generation()) {
      plans = new Map()
      generation = book.generation()
    }
    const time = timeOf(event.eventTime)
    if (isUncommon(event.eventName)) return takeUncommon(event, account, time, book, at)
    const plan = planOf(event, account)
    let number = plans.get(plan)
    if (number === undefined) {
      number = book.effect(effectOf(event, account))
      if (generation !== book.generation()) {
        plans = new Map()
        generation = book.generation()
      }
      plans.set(plan, number)
    }
    return count(event, number, time, book, at)
  }
}

type At = ReturnType<typeof locator>

function count(event: Event, number: number, time: number, book: Books, at: At): Taken {
  const { skip, caller } = book.effectOf(number)
  if (skip !== undefined) return skip
  const inSession = caller !== undefined && caller.credential === undefined && caller.session !== undefined
  const session = inSession ? book.sessions.numberOfText(event.userIdentity?.accessKeyId) : 0
  const made = isMint(event) ? book.sessions.numberOfText(event.responseElements.sessionKeyId) : 0
  book.count(number, session, made, time, at)
  return undefined
}

function takeUncommon(event: Event, account: string, time: number, book: Books, at: At): Taken {
  const who = whoOf(event)
  const build = event.responseElements.buildArn === undefined ? undefined : buildNamed(event.responseElements.buildArn)
  if (build !== undefined) book.build(build.build, build.project)
  const change = typeof who === 'string' ? undefined : changeOf(event, who, account)
  if (change !== undefined && typeof who !== 'string')
    book.change(change, event.eventName, who.identity, account, time, at)
  const taken = count(event, book.effect(effectOf(event, account, who)), time, book, at)
  return taken === 'not-relevant' && change !== undefined ? undefined : taken
}

/** Everything of an event that decides what it shows: its id, its time and the sessions it names are left out. */
function planOf(event: Event, account: string): string {
  const { eventID: _id, eventTime: _time, userIdentity: user, responseElements, ...rest } = event
  const identity =
    user === undefined
      ? null
      : { ...user, accessKeyId: sessionless(user.accessKeyId), sessionCreated: user.sessionCreated !== undefined }
  return JSON.stringify([account, identity, { ...responseElements, sessionKeyId: null }, rest])
}

/** Keys of sessions are told apart later; whether there is one at all, and long-lived keys, decide here. */
function sessionless(id: string | undefined): string | undefined {
  return id !== undefined && /^ASIA[0-9A-Z]*$/.test(id) ? 'ASIA' : id
}

/** Ids are unique, except in test corpora and starred-out samples: there an event is the same only if more of it is. */
function identityOf(event: Event): string {
  const id = event.eventID ?? ''
  return id.length === 36 ? id : JSON.stringify(event)
}
