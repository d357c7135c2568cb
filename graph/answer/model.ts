import { copyOf, int32s, uint8s } from '../arrays.ts'
import { deliveryModes, type DeliveryRow, type Span } from '../kinds/delivery.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import { withPickups } from '../outage/with-pickups.ts'
import { compileNumbered, withPossible, type CompiledEstate, type Given } from '../outage/compile.ts'
import { compileOver } from '../outage/compile-over.ts'
import { laidOver } from '../outage/flat-over.ts'
import { timingRow, timings, TIMING_WIDTH, type Timings } from '../outage/timings.ts'
import type { Operation } from '../wire.ts'
import { suppositionOf, takenOver, touchesKinds, type Supposition } from './supposition.ts'
import { clocksOf, pickupClock, type Clock, type SessionsByHead } from './clocks.ts'

/** Things people can do to consumers so that they take a new value; each is standard for its kind of delivery. */
export const remedies = ['restart', 'redeploy', 'by-hand'] as const
/** Things that somebody has to decide on and build first, so that nothing is safe because of them. */
export const projects = ['rebuild', 'change-code', 'ask-vendor'] as const
export type Remedy = (typeof remedies)[number] | (typeof projects)[number]

/** How a run sees the estate. */
export interface View {
  readonly op: Operation
  /**
   * Sessions and tolerances count as nothing: what an open session or a cache hides until the next restart
   * (engine.md, "latent").
   */
  readonly unveiled?: boolean
  /** Consumers that need one of these have had it done to them, so they take the new value. */
  readonly done?: readonly Remedy[]
}

const cache = new WeakMap<Estate, Map<string, CompiledEstate>>()
/** Views take some 16 bytes a relationship each; those not asked for lately are made again. */
const KEPT_BYTES = 1 << 30
const VIEW_BYTES = 16
const FEWEST_VIEWS = 12
const MOST_VIEWS = 100

/** The estate as the engine takes it, in this view; compiled once per snapshot and view. */
export function modelOf(estate: Estate, view: View): CompiledEstate {
  const views = cache.get(estate) ?? new Map<string, CompiledEstate>()
  cache.set(estate, views)
  const done = [...(view.done ?? [])].sort()
  const key = keyOf({ ...view, done })
  let compiled = views.get(key)
  if (!compiled) {
    compiled =
      done.length === 0
        ? viewed(estate, view)
        : withPickups(modelOf(estate, { ...view, done: [] }), remedied(estate, done), [0, HAND_TIME])
    const supposition = suppositionOf(estate)
    if (supposition) laidOver(compiled, supposition.numbers, () => modelOf(supposition.of, view))
  } else views.delete(key)
  views.set(key, compiled)
  const room = Math.floor(KEPT_BYTES / (VIEW_BYTES * Math.max(1, estate.relationships.length)))
  if (views.size > Math.min(MOST_VIEWS, Math.max(FEWEST_VIEWS, room))) views.delete(views.keys().next().value!)
  return compiled
}

/** Without sessions and tolerances the operation makes no difference, but for what deleting uncovers. */
function keyOf({ op, unveiled, done = [] }: View): string {
  return `${unveiled ? `unveiled${op === 'delete' ? ' delete' : ''}` : op} ${done.join('+')}`
}

const byRemedy = new WeakMap<Estate, ReadonlyMap<Remedy, readonly number[]>>()

/** Numbers of the relationships that take a new value once one of these has been done. */
function remedied(estate: Estate, done: readonly Remedy[]): number[] {
  const numbers = numbersByRemedy(estate)
  return done.flatMap((remedy) => numbers.get(remedy) ?? [])
}

function numbersByRemedy(estate: Estate): ReadonlyMap<Remedy, readonly number[]> {
  const known = byRemedy.get(estate)
  if (known) return known
  const found = new Map<Remedy, number[]>()
  const supposition = suppositionOf(estate)
  if (supposition)
    for (const [remedy, numbers] of numbersByRemedy(supposition.of)) found.set(remedy, left(supposition, numbers))
  else
    estate.relationships.forEach((relationship, number) => {
      const remedy = remedyOf(relationship)
      if (remedy === undefined) return
      const known = found.get(remedy)
      if (known) known.push(number)
      else found.set(remedy, [number])
    })
  byRemedy.set(estate, found)
  return found
}

/** Numbers now of those that are still there. */
function left({ now }: Supposition, numbers: Iterable<number>): number[] {
  return Array.from(numbers, (number) => now[number]!).filter((number) => number >= 0)
}

/** Seconds that people may take to do what was asked of them: it has to fit into an ample overlap. */
export const HAND_TIME = 86_400

export interface Times {
  readonly table: Timings
  /** Row of each relationship in `table` before any operation: with its own session and tolerance, and without. */
  readonly own: Int32Array
  readonly bare: Int32Array
  /** Relationships whose session or tolerance an operation may decide. */
  readonly decided: readonly number[]
}

/** What all views of an estate share: everything but times. */
export interface Ground extends Times {
  readonly compiled: CompiledEstate
}

const grounds = new WeakMap<Estate, Ground>()

export function groundOf(estate: Estate): Ground {
  const known = grounds.get(estate)
  if (known) return known
  const times = timesOf(estate)
  const explained = uint8s(estate.relationships.length)
  for (const number of explainedUses(estate)) explained[number] = 1
  const isDisabled = disabledOf(estate)
  const given: Given = {
    timing: times.own,
    timings: rowsOf(times.table),
    confidence: (number) => (explained[number] === 1 ? 'none' : confidenceSeen(estate, number, isDisabled)),
  }
  const compiled = compiledBefore(estate, given) ?? compileNumbered(estate, given)
  const ground = { compiled, ...times }
  grounds.set(estate, ground)
  return ground
}

function compiledBefore(estate: Estate, given: Given): CompiledEstate | null {
  const supposition = suppositionOf(estate)
  if (!supposition) return null
  const { of, numbers, now, gone } = supposition
  const didName = [...gone].some((number) => of.relationships[number]!.by || of.relationships[number]!.via)
  return compileOver(
    estate,
    { base: groundOf(of).compiled, numbers, now, told: toldAnew(estate, supposition), didName },
    given,
  )
}

/** Numbers of those whose need or confidence may be another than before. */
function toldAnew(estate: Estate, { of, now, gone, changed, added }: Supposition): Set<number> {
  const told = new Set<number>()
  for (const number of changed.keys()) if (now[number]! >= 0) told.add(now[number]!)
  for (let i = 1; i <= added.length; i++) told.add(estate.relationships.length - i)
  const explained = explainedUses(estate)
  for (const number of explainedUses(of)) if (now[number]! >= 0 && !explained.has(now[number]!)) told.add(now[number]!)
  // Where a place holds less, what is left in it may be what does not work now, and the ways there are counted on less.
  for (const number of gone)
    if (of.relationships[number]!.kind === 'HOLDS') for (const way of along(estate.in, of.tails[number]!)) told.add(way)
  return told
}

/** Takes over what `groundOf` and `explainedUses` made of this very estate in another process. */
export function keepGround(estate: Estate, ground: Ground, explained: Iterable<number>): void {
  grounds.set(estate, ground)
  explainedCache.set(estate, new Set(explained))
}

/** Takes over a view without remedies that was compiled of this very estate in another process. */
export function keepModel(estate: Estate, view: Omit<View, 'done'>, model: CompiledEstate): void {
  const views = cache.get(estate) ?? new Map<string, CompiledEstate>()
  cache.set(estate, views)
  views.set(keyOf(view), model)
}

/** What each relationship says of its times by itself. */
function timesOf(estate: Estate): Times {
  const supposition = suppositionOf(estate)
  if (supposition) return timesBefore(supposition)
  const table = timings()
  const count = estate.relationships.length
  const own = int32s(count)
  const bare = int32s(count)
  const decided: number[] = []
  estate.relationships.forEach((relationship, number) => {
    const { session, tolerance, cadence } = relationship
    const pickup = pickupSeen(estate, number)
    own[number] = timingRow(table, { session, tolerance, pickup, cadence })
    bare[number] = session || tolerance ? timingRow(table, { pickup, cadence }) : own[number]!
    if ((session === undefined || tolerance === undefined) && isDecided(relationship)) decided.push(number)
  })
  return { table, own, bare, decided }
}

/** Taken over: they follow from a relationship itself and from things, neither of which is supposed to be different. */
function timesBefore(supposition: Supposition): Times {
  const { of, numbers, added } = supposition
  const { table, own, bare, decided } = groundOf(of)
  const says = added.map(({ session, tolerance, cadence }) => timingRow(table, { session, tolerance, cadence }))
  const bareSays = added.map(({ cadence }) => timingRow(table, { cadence }))
  const first = numbers.length - added.length
  const taken = (rows: Int32Array, more: readonly number[]) => {
    const all = takenOver(rows, numbers, int32s(numbers.length))
    all.set(more, first)
    return all
  }
  return { table, own: taken(own, says), bare: taken(bare, bareSays), decided: left(supposition, decided) }
}

function rowsOf(table: Timings): Float64Array {
  return table.rows.slice(0, table.count * TIMING_WIDTH)
}

const uncoveredModels = new WeakMap<CompiledEstate, CompiledEstate>()

/** For a deletion: a copy that it uncovers is taken in its place, and whether that serves nobody knows. */
function uncovered(estate: Estate, compiled: CompiledEstate): CompiledEstate {
  const known = uncoveredModels.get(compiled)
  if (known) return known
  const explained = explainedUses(estate)
  const numbers: number[] = []
  estate.relationships.forEach(({ props }, number) => {
    if (props?.['fallback'] === true && !explained.has(number)) numbers.push(number)
  })
  const made = numbers.length === 0 ? compiled : withPossible(compiled, numbers)
  uncoveredModels.set(compiled, made)
  return made
}

/** The estate with the times that this view gives its relationships; it shares everything else with the other views. */
function viewed(estate: Estate, view: View): CompiledEstate {
  const { compiled, table, bare } = groundOf(estate)
  const timing = view.unveiled ? bare : timingUnder(estate, view)
  const shared = view.op === 'delete' ? uncovered(estate, compiled) : compiled
  return { ...shared, timing, timings: rowsOf(table) }
}

/** Row of each relationship under the operation, sessions and tolerances in it. */
function timingUnder(estate: Estate, view: View): Int32Array {
  const { table, own, decided } = groundOf(estate)
  const supposition = suppositionOf(estate)
  if (supposition && keepsClocks(supposition)) {
    const before = modelOf(supposition.of, { op: view.op }).timing
    return takenOver(before, supposition.numbers, copyOf(own))
  }
  const timing = copyOf(own)
  const made: SessionsByHead = { USES_CREDENTIAL: new Map(), USES_SECRET: new Map() }
  for (const number of decided) {
    const { session, tolerance, cadence } = estate.relationships[number]!
    const clocks = clocksOf(estate, number, view.op, made)
    if (!clocks.session && !clocks.tolerance) continue
    timing[number] = timingRow(table, {
      session: session ?? clocks.session?.span,
      tolerance: tolerance ?? clocks.tolerance?.span,
      pickup: pickupSeen(estate, number, clocks.pickup),
      cadence,
    })
  }
  return timing
}

/** Kinds of relationships that clocks of others are read from. */
const clockKinds: ReadonlySet<RelationshipKind> = new Set(['HOLDS', 'SYNCED_FROM', 'AUTHENTICATES_AS'])

/** Are the clocks of what is left the same? They follow from things, from `clockKinds` and from what carries a right. */
function keepsClocks({ of, gone }: Supposition): boolean {
  const { carriedBy } = groundOf(of).compiled
  return [...gone].every((number) => !clockKinds.has(of.relationships[number]!.kind) && !carriedBy.has(number))
}

const decidedKinds: ReadonlySet<RelationshipKind> = new Set([
  'USES_CREDENTIAL',
  'USES_SECRET',
  'RUNS_AS',
  'ASSUMES',
  'ISSUED_BY',
  'ENCRYPTED_BY',
  'MEMBER_OF',
])

/** May `clocksOf` give it a session or a tolerance? */
function isDecided({ kind, via }: EstateRelationship): boolean {
  return decidedKinds.has(kind) || via !== undefined
}

/** When it takes a new value, the same under every operation. */
function pickupSeen(estate: Estate, number: number, clock?: Clock): Span | undefined {
  const relationship = estate.relationships[number]!
  const { pickup } = relationship
  if (pickup === undefined) return (clock ?? pickupClock(estate, number))?.span
  // By itself, from where no source says: it is not certain that it ever does.
  return isElsewhere(relationship) ? [pickup[0], null] : pickup
}

/** A way that leads to what does not work now saves nobody: it is not counted on. */
function confidenceSeen(
  estate: Estate,
  number: number,
  isDisabled: (thing: number) => boolean,
): EstateRelationship['confidence'] {
  const { need, confidence } = estate.relationships[number]!
  return need !== undefined && confidence !== 'none' && isDisabled(estate.heads[number]!) ? 'possible' : confidence
}

/** `leadsToDisabled`, each thing looked at once. */
function disabledOf(estate: Estate): (thing: number) => boolean {
  const known = new Int8Array(estate.entities.length).fill(-1)
  return (thing) => (known[thing] === -1 ? (known[thing] = +leadsToDisabled(estate, thing)) : known[thing]) === 1
}

/** It takes new values by itself, from where no source says: nobody can promise when it has one. */
export function isElsewhere({ kind, delivery }: EstateRelationship): boolean {
  return kind === 'USES_CREDENTIAL' && (delivery === undefined || deliveryModes[delivery].pickup !== null)
}

const explainedCache = new WeakMap<Estate, ReadonlySet<number>>()

/**
 * Uses of a credential itself that are the same as a read of a place which holds it: a log shows that the workload
 * signed in, its configuration where it has the value from. Two needs would ask for the new value twice.
 */
export function explainedUses(estate: Estate): ReadonlySet<number> {
  const known = explainedCache.get(estate)
  if (known) return known
  const explained = new Set<number>()
  const supposition = suppositionOf(estate)
  // What is gone or has a need explains nothing any more, and what is new never did.
  const asked = supposition ? left(supposition, explainedUses(supposition.of)) : estate.relationships.keys()
  const isKept = supposition !== undefined && !touchesKinds(supposition, explainingKinds)
  for (const number of asked) if (isKept || isExplained(estate, number)) explained.add(number)
  explainedCache.set(estate, explained)
  return explained
}

const explainingKinds: ReadonlySet<RelationshipKind> = new Set([
  'USES_CREDENTIAL',
  'USES_SECRET',
  'HOLDS',
  'SYNCED_FROM',
])

function isExplained(estate: Estate, number: number): boolean {
  const use = estate.relationships[number]!
  if (use.kind !== 'USES_CREDENTIAL' || use.delivery !== undefined || use.pickup !== undefined) return false
  if (use.need !== undefined || use.strength === 'soft' || use.session !== undefined) return false
  const [from, to] = [estate.tails[number]!, estate.heads[number]!]
  for (const other of along(estate.out, from)) {
    const read = estate.relationships[other]!
    if (read.kind === 'USES_SECRET' && isSure(read) && holdsForSure(estate, estate.heads[other]!, to)) return true
  }
  return false
}

function isSure({ confidence, need, strength }: EstateRelationship): boolean {
  return (confidence === undefined || confidence === 'confirmed') && need === undefined && strength !== 'soft'
}

function holdsForSure(estate: Estate, place: number, credential: number): boolean {
  const places = new Set([place])
  for (const at of places)
    for (const number of along(estate.out, at)) {
      const relationship = estate.relationships[number]!
      if (!isSure(relationship)) continue
      const to = estate.heads[number]!
      if (relationship.kind === 'HOLDS' && to === credential) return true
      if (relationship.kind === 'SYNCED_FROM') places.add(to)
    }
  return false
}

/** Words that platforms have for a credential that does not work now. */
const disabled = new Set(['inactive', 'disabled', 'expired', 'revoked', 'destroyed'])

/**
 * Is this a credential that does not work now, or a place that holds no other? A way that leads there saves nobody: it
 * is not counted on (engine.md: beside a confirmed way only confirmed ones are alternatives in the worst case).
 */
function leadsToDisabled(estate: Estate, index: number): boolean {
  const held: number[] = entityKinds[estate.entities[index]!.kind].role === 'credential' ? [index] : []
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'HOLDS') held.push(estate.heads[number]!)
  }
  return (
    held.length > 0 &&
    held.every((at) => disabled.has(String(estate.entities[at]!.props?.['status'] ?? '').toLowerCase()))
  )
}

/** What has to be done to a consumer so that it takes a new value; undefined where it takes it by itself. */
export function remedyOf(relationship: EstateRelationship): Remedy | undefined {
  if (relationship.pickup !== undefined || relationship.delivery === undefined) return undefined
  return (deliveryModes[relationship.delivery] as DeliveryRow).step
}
