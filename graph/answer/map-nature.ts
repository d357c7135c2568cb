import type { EstateRelationship } from '../estate/estate.ts'
import { relationshipKinds, type RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { Nature } from '../wire-map.ts'
import { strengthOf } from './things.ts'

/** Rights: nothing depends on them, and they lead on only for who misuses them. */
const rights: readonly RelationshipKind[] = ['CAN_MANAGE', 'CAN_ESCALATE_TO']

/** In the order in which a chain gets worse: a chain is what its worst hop is. */
export const natures: readonly Nature[] = ['needs', 'about', 'may']

/**
 * What a relationship means for an outage, see `Nature`. A right counts as need only where a log shows its use; what
 * was rejected or is shadowed by another stays visible, and nothing depends on it.
 */
export function natureOf(relationship: EstateRelationship): Nature {
  const { breaks } = relationshipKinds[relationship.kind]
  if (rights.includes(relationship.kind) || relationship.confidence === 'none') return 'may'
  if (breaks === 'seen') return strengthOf(relationship) === 'observed' ? 'needs' : 'may'
  return breaks === 'no' ? 'about' : 'needs'
}

/** "secret is synchronised from secret", read from the tail: "is synchronised from"; from the head: "copied to". */
export function verbOf(kind: RelationshipKind, side: 'up' | 'down'): string {
  const row = relationshipKinds[kind]
  return side === 'down' ? row.inverse : upVerbs[kind]
}

const upVerbs: Readonly<Record<RelationshipKind, string>> = {
  AUTHENTICATES_AS: 'authenticates as',
  ISSUED_BY: 'issued by',
  HOLDS: 'holds',
  SYNCED_FROM: 'copied from',
  ENCRYPTED_BY: 'encrypted by',
  USES_SECRET: 'reads',
  USES_CREDENTIAL: 'uses',
  RUNS_AS: 'runs as',
  ASSUMES: 'assumes',
  CAN_ACCESS: 'can access',
  CAN_ESCALATE_TO: 'can take over',
  CAN_MANAGE: 'can change or rotate',
  MEMBER_OF: 'member of',
  DEPENDS_ON: 'depends on',
  DEFINED_IN: 'defined in',
  OWNED_BY: 'owned by',
  SUPPLIED_BY: 'supplied by',
  CONTAINED_IN: 'contained in',
}
