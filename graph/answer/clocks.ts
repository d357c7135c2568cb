import { changeRow, effectOf, operations } from './operations.ts'
import { aliveFor } from '../kinds/clients.ts'
import { deliveryModes, type Span } from '../kinds/delivery.ts'
import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import type { Mark } from '../kinds/marks.ts'
import { ends, type Estate, type EstateRelationship } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import {
  hull,
  longestOf,
  mintedLife,
  readClocks,
  sessionOf,
  storedIn,
  type ReadClocks,
  type Session,
} from './sessions.ts'
import { numberProp, textProp } from './things.ts'

/** A time that no source gave for a relationship, with where it was taken from. */
export interface Clock {
  readonly span: Span
  readonly mark: Mark
}

/** What the tables give for the times that a relationship does not say itself. */
export interface Clocks {
  readonly session?: Clock
  readonly tolerance?: Clock
  readonly pickup?: Clock
}

const unknown: Clock = { span: [0, null], mark: 'A' }
const atOnce: Clock = { span: [0, 0], mark: 'D' }

/**
 * Session, tolerance and pickup of a relationship under an operation: nothing where it says them itself, else from what
 * was read of its client, its tokens and its caches, else from the row of its kind, else unknown, which is an open span
 * and never "never" (change-semantics.md 13.8 and section 1).
 */
export function clocksOf(estate: Estate, number: number, op: Operation, made?: SessionsByHead): Clocks {
  const { session, tolerance, pickup } = estate.relationships[number]!
  const clocks: { -readonly [name in keyof Clocks]: Clocks[name] } = {}
  const lives = session === undefined ? sessionClock(estate, number, op, made) : undefined
  const bears = tolerance === undefined ? toleranceClock(estate, number, op) : undefined
  const takes = pickup === undefined ? pickupClock(estate, number) : undefined
  if (lives) clocks.session = lives
  if (bears) clocks.tolerance = bears
  if (takes) clocks.pickup = takes
  return clocks
}

/**
 * For whoever asks of all relationships under one operation: the sessions of those that say nothing of a client of their
 * own, by head, once for uses of a credential and once for uses of a place.
 */
export type SessionsByHead = Record<'USES_CREDENTIAL' | 'USES_SECRET', Map<number, Session | undefined>>

/** What is signed in with the value goes on. In a place that holds several, with any of them. */
function sessionClock(estate: Estate, number: number, op: Operation, made?: SessionsByHead): Clock | undefined {
  const relationship = estate.relationships[number]!
  if (relationship.kind !== 'USES_CREDENTIAL' && relationship.kind !== 'USES_SECRET') return undefined
  const to = estate.heads[number]!
  const read = readClocks(relationship)
  if (!made || read.client !== undefined || read.token !== undefined || read.pool !== undefined)
    return sessionAt(estate, relationship.kind, to, op, read)
  const known = made[relationship.kind]
  if (!known.has(to)) known.set(to, sessionAt(estate, relationship.kind, to, op, read))
  return known.get(to)
}

function sessionAt(
  estate: Estate,
  kind: 'USES_CREDENTIAL' | 'USES_SECRET',
  to: number,
  op: Operation,
  read: ReadClocks,
): Session | undefined {
  const held = kind === 'USES_CREDENTIAL' ? [to] : storedIn(estate).get(to)
  let found: Session | undefined
  for (const credential of held ?? []) {
    const entity = estate.entities[credential]!
    const session = sessionOf(entity.kind, op, {
      ...read,
      longest: longestOf(estate, credential),
      engine: textProp(entity, 'engine'),
    })
    found = found ? hull(found, session) : session
  }
  return found
}

/** How long the dependent does without the thing itself. */
function toleranceClock(estate: Estate, number: number, op: Operation): Clock | undefined {
  const relationship = estate.relationships[number]!
  if (relationship.kind === 'USES_SECRET') return keptValue(relationship)
  const [from, to] = [estate.tails[number]!, estate.heads[number]!]
  const head = estate.entities[to]!.kind
  if (relationship.kind === 'RUNS_AS' || relationship.kind === 'ASSUMES')
    return actingAs(estate, relationship, to, head, op)
  if (relationship.kind === 'ISSUED_BY') return issued(estate, relationship, from, head, op)
  // Whoever has a data key in memory goes on without the key that encrypts it (2.7).
  if (relationship.kind === 'ENCRYPTED_BY')
    return entityKinds[estate.entities[from]!.kind].role === 'secret' ? undefined : { span: [0, null], mark: 'S' }
  const isGrant = relationship.kind === 'CAN_ACCESS' || relationship.kind === 'DEPENDS_ON'
  if (relationship.kind === 'MEMBER_OF' || (isGrant && relationship.via !== undefined))
    return cutTolerance(estate, relationship, op)
  return undefined
}

/** The copy that it took goes on working until it fetches again, or restarts. */
function keptValue({ delivery, props }: EstateRelationship): Clock {
  if (delivery === undefined) return unknown
  const row = deliveryModes[delivery]
  const cache = props?.['cacheSeconds']
  if (delivery === 'fetch_cached' && typeof cache === 'number' && props?.['staleOnError'] === false)
    return { span: [0, cache], mark: 'D' }
  return { span: row.keeps, mark: row.mark }
}

/** What runs or acts as an identity holds tokens of it, which live on where only the making of new ones is refused. */
function actingAs(
  estate: Estate,
  relationship: EstateRelationship,
  identity: number,
  kind: EntityKind,
  op: Operation,
): Clock | undefined {
  // An issuer that is gone or does not answer ends nothing that it has issued.
  if (isGone(op)) return mintedLife(kind, { ...readClocks(relationship), longest: longestOf(estate, identity) })
  const { codes } = effectOf(kind, op)
  const lives = codes.map((code): Clock => {
    if (code === 'use' || code === 'cut' || code === 'perm') return atOnce
    if (code === 'mint' || code === 'claim')
      return mintedLife(kind, { ...readClocks(relationship), longest: longestOf(estate, identity) })
    return unknown
  })
  const life = lives.reduce(hull)
  return life.span[1] === 0 ? undefined : life
}

/** Nobody withdrew anything: it is only not there any more, for a while or for good. */
function isGone(op: Operation): boolean {
  return op === 'take-down' || op === 'lose'
}

/** Kinds that sign or vouch: what they issued is refused with them, whatever its own end. */
const vouchers: ReadonlySet<EntityKind> = new Set(['ca.issuer', 'k8s.sa_signing_key', 'jwt.signing_key'])

/**
 * What was issued lives to its own end where only the issuing is refused, or the issuer is merely gone; it falls with
 * its issuer where the platform ends it too.
 */
function issued(
  estate: Estate,
  relationship: EstateRelationship,
  child: number,
  issuer: EntityKind,
  op: Operation,
): Clock | undefined {
  const entity = estate.entities[child]!
  const isDown = isGone(op)
  const codes = effectOf(issuer, op).codes
  const livesOn = !vouchers.has(issuer) && codes.some((code) => code === 'use' || code === 'mint')
  const falls = changeRow(entity.kind)?.effects.revoke_issuer.codes
  const isImmune = falls?.every((code) => code === 'none') ?? false
  const isUnknown =
    !isDown && !livesOn && !vouchers.has(issuer) && codes.every((code) => code === 'unk') && falls === undefined
  if (!isDown && !livesOn && !isImmune && !isUnknown) return undefined
  const { client, token } = readClocks(relationship)
  if (token !== undefined) return { span: aliveFor(client, token), mark: 'D' }
  return { span: [0, lifeOf(estate, child)], mark: 'D' }
}

/** Seconds that a credential of this kind lives at most; `null`: not known. */
function lifeOf(estate: Estate, index: number): number | null {
  const entity = estate.entities[index]!
  const row = changeRow(entity.kind)
  const said = numberProp(entity, 'ttlSeconds')
  if (said !== undefined && said > 0) return said
  if (typeof row?.maxTtl === 'number') return row.maxTtl
  return null
}

/** A right that comes over a group, or is used over a trust, goes on while the token that says so lives. */
function cutTolerance(estate: Estate, relationship: EstateRelationship, op: Operation): Clock | undefined {
  if (operations[op].engine !== 'cut') return undefined
  if (relationship.kind === 'MEMBER_OF') return inClaims(estate, relationship)
  const carriers = (relationship.via ?? []).map((id) => carrierOf(estate, id)).filter((one) => one !== undefined)
  const clocks = carriers.map((carrier): Clock => {
    const { to } = ends(estate, carrier)
    if (carrier.kind === 'MEMBER_OF') return inClaims(estate, carrier) ?? atOnce
    if (op === 'distrust') return actingAs(estate, carrier, to, estate.entities[to]!.kind, op) ?? atOnce
    return atOnce
  })
  return clocks.length === 0 ? undefined : clocks.reduce(hull)
}

const claimPlanes: ReadonlySet<string> = new Set(['azure', 'directory'])

/** Groups travel as claims of the token where the platform works like that. */
function inClaims(estate: Estate, relationship: EstateRelationship): Clock | undefined {
  const { from } = ends(estate, relationship)
  const { kind } = estate.entities[from]!
  if (!claimPlanes.has(entityKinds[kind].plane)) return undefined
  return mintedLife(kind, { ...readClocks(relationship), longest: longestOf(estate, from) })
}

const byId = new WeakMap<Estate, ReadonlyMap<string, EstateRelationship>>()

function carrierOf(estate: Estate, id: string): EstateRelationship | undefined {
  let carriers = byId.get(estate)
  if (!carriers) byId.set(estate, (carriers = new Map(estate.relationships.map((one) => [one.id, one]))))
  return carriers.get(id)
}

/** What nobody says takes a new value at an unknown time: not never, and not for sure. */
export function pickupClock(estate: Estate, number: number): Clock | undefined {
  const { kind, delivery } = estate.relationships[number]!
  if (kind === 'ISSUED_BY') return madeAgain(estate, estate.tails[number]!)
  if (kind !== 'USES_SECRET' && kind !== 'SYNCED_FROM' && kind !== 'USES_CREDENTIAL') return undefined
  return delivery === undefined ? unknown : undefined
}

/** Sessions and tokens are made again by themselves before they end; everything else by somebody. */
function madeAgain(estate: Estate, child: number): Clock | undefined {
  const row = changeRow(estate.entities[child]!.kind)
  if (row?.survives !== 'na') return undefined
  return { span: [0, lifeOf(estate, child)], mark: 'D' }
}
