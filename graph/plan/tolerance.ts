import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import { clocksOf } from '../answer/clocks.ts'
import { duration } from '../answer/durations.ts'
import { thingOf } from '../answer/things.ts'
import type { Users } from '../answer/users.ts'
import { deliveryModes, type DeliveryMode, type DeliveryRow } from '../kinds/delivery.ts'
import type { Consumer, GateState } from '../wire-plan.ts'

type Accepts = Consumer['shortLived']

interface Tolerance {
  readonly shortLived: Accepts
  readonly proxied: Accepts
  readonly approved: Accepts
  readonly why: string
}

/** How long a short-lived credential is taken to live; sessions that are longer outlive it. */
export const SHORT_LIFE = 3600
/** At least so rarely is a use a batch that starts anew, rather than a poll. */
const BATCH = 3600

/** Deliveries that carry no other access than a standing value, with the reason (change-semantics.md 13.4). */
const fixed: Partial<Record<DeliveryMode, string>> = {
  hardcoded: 'hard-coded: takes no other access before its code is changed',
  baked_image: 'baked into the image: takes no other access before the image is built again',
  vendor_managed: 'managed by a vendor: what it takes the vendor says',
}

/**
 * What each consumer of a value could live with in place of a standing one: short-lived, proxied, approved each time.
 * Never better than its weakest use.
 */
export function consumersOf(estate: Estate, subject: number, users: Users): Consumer[] {
  const held = new Set([subject, ...users.issued, ...users.places.map(({ index }) => index)])
  return users.workloads.map((index) => {
    const uses = [...along(estate.out, index)].filter(
      (number) => isUse(estate.relationships[number]!) && held.has(estate.heads[number]!),
    )
    const found = uses.map((number) => toleranceOf(estate, index, number))
    return { thing: thingOf(estate, index), ...weakest(found) }
  })
}

const isUse = ({ kind, confidence }: EstateRelationship): boolean =>
  (kind === 'USES_SECRET' || kind === 'USES_CREDENTIAL') && confidence !== 'none'

function toleranceOf(estate: Estate, index: number, number: number): Tolerance {
  const use = estate.relationships[number]!
  if (estate.entities[index]!.kind === 'caller')
    return all('unknown', 'seen in a log, nobody known behind it: what it could live with cannot be told')
  const { delivery } = use
  if (delivery === undefined && use.pickup === undefined)
    return all('unknown', 'how it gets the value is not known, so neither is what else it could take')
  const reason = delivery && fixed[delivery]
  if (reason !== undefined) return all(delivery === 'vendor_managed' ? 'unknown' : 'no', reason)
  const row: DeliveryRow | undefined = delivery && deliveryModes[delivery]
  const words = row?.words ?? 'takes new values by itself'
  if (delivery === 'broker_issued')
    return { shortLived: 'yes', proxied: 'yes', approved: 'yes', why: `${words} already` }
  const approved: Accepts = 'no'
  if (row !== undefined && row.pickup === null && use.pickup === undefined) {
    const isBatch = use.cadence !== undefined && use.cadence >= BATCH
    const why = isBatch
      ? `${words}, and no source says that each run, every ${duration(use.cadence!)}, reads it again`
      : `${words} and never again: a value that ends after ${duration(SHORT_LIFE)} ends it too; a proxy is possible after a ${row.step ?? 'restart'}`
    return { shortLived: isBatch ? 'unknown' : 'no', proxied: 'yes', approved, why }
  }
  const session = clocksOf(estate, number, 'revoke').session?.span ?? use.session
  const longest = session === undefined ? 0 : session[1]
  if (longest === null || longest > SHORT_LIFE)
    return {
      shortLived: 'unknown',
      proxied: 'yes',
      approved,
      why: `${words}, but a session lasts ${longest === null ? 'without a known end' : `up to ${duration(longest)}`}: a shorter life may cut it`,
    }
  return {
    shortLived: 'yes',
    proxied: 'yes',
    approved,
    why: `${words}; runs unattended, so nobody is there to approve`,
  }
}

const all = (accepts: Accepts, why: string): Tolerance => ({
  shortLived: accepts,
  proxied: accepts,
  approved: accepts,
  why,
})

const order: readonly Accepts[] = ['no', 'unknown', 'yes']
const worse = (a: Accepts, b: Accepts): Accepts => (order.indexOf(a) <= order.indexOf(b) ? a : b)

function weakest(found: readonly Tolerance[]): Tolerance {
  const [first, ...others] = found
  if (!first) return all('unknown', 'uses what this one issued: how is not known')
  return others.reduce(
    (a, b) => ({
      shortLived: worse(a.shortLived, b.shortLived),
      proxied: worse(a.proxied, b.proxied),
      approved: worse(a.approved, b.approved),
      why: order.indexOf(a.shortLived) <= order.indexOf(b.shortLived) ? a.why : b.why,
    }),
    first,
  )
}

/** Some one way that all consumers accept is needed: a value that goes for one goes for all. */
export function waysOf(consumers: readonly Consumer[]): Record<'shortLived' | 'proxied' | 'approved', GateState> {
  const of = (way: 'shortLived' | 'proxied' | 'approved'): GateState =>
    consumers.some((one) => one[way] === 'no')
      ? 'not-met'
      : consumers.some((one) => one[way] === 'unknown')
        ? 'unknown'
        : 'met'
  return { shortLived: of('shortLived'), proxied: of('proxied'), approved: of('approved') }
}
