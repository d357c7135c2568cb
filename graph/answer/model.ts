import { deliveryModes, type DeliveryRow } from '../kinds/delivery.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, ends, type Estate, type EstateRelationship } from '../estate/estate.ts'
import { compileEstate, type CompiledEstate, type EstateInput, type RelationshipInput } from '../outage/compile.ts'
import type { Operation } from '../wire.ts'
import { sessionOf, sessionsOfPlaces } from './sessions.ts'

/** Things people can do to consumers so that they take a new value; each is standard for its kind of delivery. */
export const remedies = ['restart', 'redeploy', 'by-hand'] as const
export type Remedy = (typeof remedies)[number]

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

/** The estate as the engine takes it, in this view; compiled once per snapshot and view. */
export function modelOf(estate: Estate, view: View): CompiledEstate {
  const views = cache.get(estate) ?? new Map<string, CompiledEstate>()
  cache.set(estate, views)
  // Without sessions and tolerances the operation makes no difference.
  const key = `${view.unveiled ? 'unveiled' : view.op} ${[...(view.done ?? [])].sort().join('+')}`
  let compiled = views.get(key)
  if (!compiled) views.set(key, (compiled = compileEstate(engineInput(estate, view))))
  return compiled
}

/** The estate's entities and its relationships with the attributes that this view gives them. */
export function engineInput(estate: Estate, view: View): EstateInput {
  const places = sessionsOfPlaces(estate, view.op)
  const relationships = estate.relationships.map((one) => seen(estate, one, view, places))
  return { entities: estate.entities, relationships: relationships as RelationshipInput[] }
}

/** Seconds that people may take to do what was asked of them: it has to fit into an ample overlap. */
const HAND_TIME = 86_400

function seen(
  estate: Estate,
  relationship: EstateRelationship,
  view: View,
  places: ReturnType<typeof sessionsOfPlaces>,
): EstateRelationship {
  let shown = relationship
  if (view.unveiled) {
    const { session: _session, tolerance: _tolerance, ...bare } = shown
    shown = bare
  } else if (shown.session === undefined) {
    const session = derivedSession(estate, relationship, view.op, places)
    if (session) shown = { ...shown, session: session.span }
  }
  if (shown.need !== undefined && leadsToDisabled(estate, ends(estate, relationship).to))
    shown = { ...shown, confidence: 'possible' }
  const remedy = remedyOf(relationship)
  if (remedy && view.done?.includes(remedy)) shown = { ...shown, pickup: [0, HAND_TIME] }
  return shown
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

/** The session that the tables give a use of a value; undefined where the relationship states its own or is no such use. */
export function derivedSession(
  estate: Estate,
  relationship: EstateRelationship,
  op: Operation,
  places: ReturnType<typeof sessionsOfPlaces>,
): ReturnType<typeof sessionOf> | undefined {
  if (relationship.session !== undefined) return undefined
  const { to } = ends(estate, relationship)
  if (relationship.kind === 'USES_SECRET') return places.get(to)
  if (relationship.kind === 'USES_CREDENTIAL') return sessionOf(estate.entities[to]!.kind, op)
  return undefined
}

/** What has to be done to a consumer so that it takes a new value; undefined where it takes it by itself or nothing standard helps. */
export function remedyOf(relationship: EstateRelationship): Remedy | undefined {
  if (relationship.pickup !== undefined || relationship.delivery === undefined) return undefined
  const row: DeliveryRow = deliveryModes[relationship.delivery]
  return remedies.find((remedy) => remedy === row.step)
}
