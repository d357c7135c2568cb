import { deliveryModes, type DeliveryRow } from '../kinds/delivery.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, ends, type Estate, type EstateRelationship } from '../estate/estate.ts'
import { withPickups } from '../outage/with-pickups.ts'
import { compileEstate, type CompiledEstate, type EstateInput, type RelationshipInput } from '../outage/compile.ts'
import type { Operation } from '../wire.ts'
import { clocksOf } from './clocks.ts'

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
/** Of a large estate each takes some tens of megabytes; those not asked for lately are made again. */
const KEPT_VIEWS = 12

/** The estate as the engine takes it, in this view; compiled once per snapshot and view. */
export function modelOf(estate: Estate, view: View): CompiledEstate {
  const views = cache.get(estate) ?? new Map<string, CompiledEstate>()
  cache.set(estate, views)
  const done = [...(view.done ?? [])].sort()
  // Without sessions and tolerances the operation makes no difference.
  const key = `${view.unveiled ? 'unveiled' : view.op} ${done.join('+')}`
  let compiled = views.get(key)
  if (!compiled) {
    compiled =
      done.length === 0
        ? compileEstate(engineInput(estate, view))
        : withPickups(modelOf(estate, { ...view, done: [] }), remedied(estate, done), [0, HAND_TIME])
  } else views.delete(key)
  views.set(key, compiled)
  if (views.size > KEPT_VIEWS) views.delete(views.keys().next().value!)
  return compiled
}

/** Numbers of the relationships that take a new value once one of these has been done. */
function* remedied(estate: Estate, done: readonly Remedy[]): Generator<number> {
  for (let number = 0; number < estate.relationships.length; number++) {
    const remedy = remedyOf(estate.relationships[number]!)
    if (remedy && done.includes(remedy)) yield number
  }
}

/** The estate's entities and its relationships with the attributes that this view gives them. */
export function engineInput(estate: Estate, view: View): EstateInput {
  const explained = explainedUses(estate)
  const relationships = estate.relationships.map((one, number) =>
    explained.has(number) ? { ...one, confidence: 'none' } : seen(estate, one, view),
  )
  return { entities: estate.entities, relationships: relationships as RelationshipInput[] }
}

/** Seconds that people may take to do what was asked of them: it has to fit into an ample overlap. */
export const HAND_TIME = 86_400

function seen(estate: Estate, relationship: EstateRelationship, view: View): EstateRelationship {
  const { session, tolerance, pickup } = clocksOf(estate, relationship, view.op)
  let shown: EstateRelationship = pickup ? { ...relationship, pickup: pickup.span } : relationship
  if (view.unveiled) {
    const { session: _session, tolerance: _tolerance, ...bare } = shown
    shown = bare
  } else if (session || tolerance)
    shown = { ...shown, ...(session && { session: session.span }), ...(tolerance && { tolerance: tolerance.span }) }
  if (relationship.kind === 'USES_CREDENTIAL' && relationship.pickup !== undefined && isElsewhere(relationship))
    shown = { ...shown, pickup: [relationship.pickup[0], null] }
  // The copy that a deleted one shadowed is taken in its place; whether it serves nobody knows.
  if (view.op === 'delete' && relationship.props?.['fallback'] === true) shown = { ...shown, confidence: 'possible' }
  if (shown.need !== undefined && shown.confidence !== 'none' && leadsToDisabled(estate, ends(estate, relationship).to))
    shown = { ...shown, confidence: 'possible' }
  return shown
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
  estate.relationships.forEach((use, number) => {
    if (use.kind !== 'USES_CREDENTIAL' || use.delivery !== undefined || use.pickup !== undefined) return
    if (use.need !== undefined || use.strength === 'soft' || use.session !== undefined) return
    const { from, to } = ends(estate, use)
    for (const other of along(estate.out, from)) {
      const read = estate.relationships[other]!
      if (read.kind === 'USES_SECRET' && isSure(read) && holdsForSure(estate, ends(estate, read).to, to)) {
        explained.add(number)
        return
      }
    }
  })
  explainedCache.set(estate, explained)
  return explained
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
      const { to } = ends(estate, relationship)
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
    if (relationship.kind === 'HOLDS') held.push(ends(estate, relationship).to)
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
