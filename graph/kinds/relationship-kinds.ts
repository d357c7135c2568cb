import type { Role } from './roles.ts'

/** How breakage travels over a relationship, always from its head (what is needed) to its tail (what depends). */
export type Breaks =
  /** The tail is out while the head is out (engine.md rule 5). */
  | 'yes'
  /** The head's *value* is what counts: copies, refused and good again (rules 2 to 4). */
  | 'value'
  /** Only where the use was seen, and then never more than `possible`. */
  | 'seen'
  | 'no'

export interface RelationshipRow {
  /** Reads from tail to head. */
  readonly sentence: string
  /** The same, head to tail, as the path strip of the client reads it: "key *is stored in* secret". */
  readonly inverse: string
  /** The usual role of tail and head; what an end is taken for while no source describes it. */
  readonly from: Role
  readonly to: Role
  readonly breaks: Breaks
  /** How compromise travels: `along` (tail to head), `against` (head to tail) or not at all. */
  readonly reaches: 'along' | 'against' | 'no'
}

/**
 * The one table that says what propagates over what (engine.md, "One rule for every arrow"). Every relationship
 * points from what depends to what it needs. Names follow Cartography's ontology where it has one.
 */
export const relationshipKinds = {
  AUTHENTICATES_AS: {
    from: 'credential',
    to: 'identity',
    sentence: 'credential authenticates as identity',
    inverse: 'proves',
    breaks: 'yes',
    reaches: 'along',
  },
  ISSUED_BY: {
    from: 'credential',
    to: 'credential',
    sentence: 'credential is issued by its issuer',
    inverse: 'issued',
    breaks: 'yes',
    reaches: 'against',
  },
  HOLDS: {
    from: 'secret',
    to: 'credential',
    sentence: 'secret holds credential',
    inverse: 'stored in',
    breaks: 'value',
    reaches: 'along',
  },
  SYNCED_FROM: {
    from: 'secret',
    to: 'secret',
    sentence: 'secret is synchronised from secret',
    inverse: 'copied to',
    breaks: 'value',
    reaches: 'along',
  },
  ENCRYPTED_BY: {
    from: 'secret',
    to: 'resource',
    sentence: 'secret or resource is encrypted by key',
    inverse: 'encrypts',
    breaks: 'yes',
    reaches: 'no',
  },
  USES_SECRET: {
    from: 'workload',
    to: 'secret',
    sentence: 'workload uses secret',
    inverse: 'read by',
    breaks: 'value',
    reaches: 'along',
  },
  USES_CREDENTIAL: {
    from: 'workload',
    to: 'credential',
    sentence: 'workload uses credential',
    inverse: 'used by',
    breaks: 'value',
    reaches: 'along',
  },
  RUNS_AS: {
    from: 'workload',
    to: 'identity',
    sentence: 'workload runs as identity',
    inverse: 'lent to',
    breaks: 'yes',
    reaches: 'along',
  },
  ASSUMES: {
    from: 'identity',
    to: 'identity',
    sentence: 'identity assumes identity',
    inverse: 'assumed by',
    breaks: 'seen',
    reaches: 'along',
  },
  CAN_ACCESS: {
    from: 'identity',
    to: 'resource',
    sentence: 'identity can access resource',
    inverse: 'open to',
    breaks: 'seen',
    reaches: 'along',
  },
  /** A known way of privilege escalation is open: never operational, whoever may take a role over does not depend on it. */
  CAN_ESCALATE_TO: {
    from: 'identity',
    to: 'identity',
    sentence: 'identity can take over',
    inverse: 'can be taken over by',
    breaks: 'no',
    reaches: 'along',
  },
  /** May replace, rotate, switch off or delete it, which shows no value of it. */
  CAN_MANAGE: {
    from: 'identity',
    to: 'secret',
    sentence: 'identity can change or rotate',
    inverse: 'can be changed by',
    breaks: 'no',
    reaches: 'no',
  },
  MEMBER_OF: {
    from: 'identity',
    to: 'identity',
    sentence: 'identity is a member of group',
    inverse: 'has member',
    breaks: 'yes',
    reaches: 'along',
  },
  DEPENDS_ON: {
    from: 'workload',
    to: 'workload',
    sentence: 'depends on',
    inverse: 'serves',
    breaks: 'yes',
    reaches: 'no',
  },
  DEFINED_IN: {
    from: 'workload',
    to: 'other',
    sentence: 'workload is defined in repository',
    inverse: 'defines',
    breaks: 'no',
    reaches: 'against',
  },
  OWNED_BY: { from: 'other', to: 'other', sentence: 'is owned by', inverse: 'owns', breaks: 'no', reaches: 'no' },
  SUPPLIED_BY: {
    from: 'other',
    to: 'other',
    sentence: 'is supplied by vendor',
    inverse: 'supplies',
    breaks: 'no',
    // Whoever has the vendor has what the vendor runs for us and the keys that it was given or gave.
    reaches: 'against',
  },
  CONTAINED_IN: {
    from: 'other',
    to: 'other',
    sentence: 'is contained in',
    inverse: 'contains',
    breaks: 'no',
    reaches: 'against',
  },
} as const satisfies Record<string, RelationshipRow>

export type RelationshipKind = keyof typeof relationshipKinds
export const relationshipKindNames = Object.keys(relationshipKinds) as readonly RelationshipKind[]

/** Kinds over which an outage can travel at all; never typed by hand. */
export const breakingKinds = relationshipKindNames.filter((kind) => relationshipKinds[kind].breaks !== 'no')
