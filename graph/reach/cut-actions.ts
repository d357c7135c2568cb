import { availabilityOf, changeRow, effectOf } from '../answer/operations.ts'
import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import type { Travel } from './travel.ts'

/** Something a responder can do now that ends links of compromise. */
export interface CutAction {
  /** `credential`: stop it; `identity`: deny everything to it; `grant`: take one permission or trust away. */
  readonly kind: 'credential' | 'identity' | 'grant'
  /** Entity number, for `grant` the relationship's. */
  readonly target: number
  /** What is done to a credential: disabled where the platform can, because that can be undone. */
  readonly op?: Operation
  /** Relationship numbers that carry no compromise afterwards. */
  readonly removes: readonly number[]
}

const grants: ReadonlySet<RelationshipKind> = new Set(['CAN_ACCESS', 'ASSUMES', 'CAN_ESCALATE_TO', 'MEMBER_OF'])
/** Principals that are somebody else's to deny. */
const foreign: ReadonlySet<EntityKind> = new Set([
  'aws.service_principal',
  'aws.federated_principal',
  'aws.external_principal',
])

/** What can be done about these entities and the links between them. Deterministic, in the order of entities. */
export function cutActions(
  estate: Estate,
  travel: Travel,
  entities: Iterable<number>,
  links: Iterable<number>,
): CutAction[] {
  const actions: CutAction[] = []
  for (const entity of entities) {
    const { kind } = estate.entities[entity]!
    const { role } = entityKinds[kind]
    const leaving = (): number[] => Array.from(travel.list.subarray(travel.start[entity]!, travel.start[entity + 1]!))
    if (role === 'identity' && !foreign.has(kind))
      actions.push({ kind: 'identity', target: entity, removes: leaving() })
    const op = role === 'credential' ? stoppingOp(estate, entity) : undefined
    if (op === undefined) continue
    // Sessions that were made of it live on, unless the platform ends them with it.
    const removes = leaving().filter(
      (link) => estate.relationships[link]!.kind !== 'ISSUED_BY' || endsSessions(kind, op),
    )
    actions.push({ kind: 'credential', target: entity, op, removes })
  }
  for (const link of links)
    if (grants.has(estate.relationships[link]!.kind)) actions.push({ kind: 'grant', target: link, removes: [link] })
  return actions.filter(({ removes }) => removes.length > 0)
}

/** The operation that ends use of a credential and is undone most easily; undefined where nothing does. */
export function stoppingOp(estate: Estate, credential: number): Operation | undefined {
  const entity = estate.entities[credential]!
  const offered = availabilityOf(entity).filter(({ available }) => available)
  return (['disable', 'revoke'] as const).find(
    (op) => offered.some((one) => one.op === op) && effectOf(entity.kind, op).codes[0] !== 'none',
  )
}

function endsSessions(kind: EntityKind, op: Operation): boolean {
  const { codes } = effectOf(kind, op)
  return (codes.length === 1 && codes[0] === 'cut') || changeRow(kind)?.survives === 'false'
}
