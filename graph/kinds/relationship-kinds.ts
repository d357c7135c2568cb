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
    sentence: 'credential authenticates as identity',
    inverse: 'proves',
    breaks: 'yes',
    reaches: 'along',
  },
  ISSUED_BY: { sentence: 'credential is issued by its issuer', inverse: 'issued', breaks: 'yes', reaches: 'against' },
  HOLDS: { sentence: 'secret holds credential', inverse: 'stored in', breaks: 'value', reaches: 'along' },
  SYNCED_FROM: {
    sentence: 'secret is synchronised from secret',
    inverse: 'copied to',
    breaks: 'value',
    reaches: 'along',
  },
  ENCRYPTED_BY: {
    sentence: 'secret or resource is encrypted by key',
    inverse: 'encrypts',
    breaks: 'yes',
    reaches: 'no',
  },
  USES_SECRET: { sentence: 'workload uses secret', inverse: 'read by', breaks: 'value', reaches: 'along' },
  USES_CREDENTIAL: { sentence: 'workload uses credential', inverse: 'used by', breaks: 'value', reaches: 'along' },
  RUNS_AS: { sentence: 'workload runs as identity', inverse: 'lent to', breaks: 'yes', reaches: 'along' },
  ASSUMES: { sentence: 'identity assumes identity', inverse: 'assumed by', breaks: 'seen', reaches: 'along' },
  CAN_ACCESS: { sentence: 'identity can access resource', inverse: 'open to', breaks: 'seen', reaches: 'along' },
  MEMBER_OF: { sentence: 'identity is a member of group', inverse: 'has member', breaks: 'yes', reaches: 'along' },
  DEPENDS_ON: { sentence: 'depends on', inverse: 'serves', breaks: 'yes', reaches: 'no' },
  DEFINED_IN: { sentence: 'workload is defined in repository', inverse: 'defines', breaks: 'no', reaches: 'against' },
  OWNED_BY: { sentence: 'is owned by', inverse: 'owns', breaks: 'no', reaches: 'no' },
  SUPPLIED_BY: { sentence: 'is supplied by vendor', inverse: 'supplies', breaks: 'no', reaches: 'no' },
  CONTAINED_IN: { sentence: 'is contained in', inverse: 'contains', breaks: 'no', reaches: 'against' },
} as const satisfies Record<string, RelationshipRow>

export type RelationshipKind = keyof typeof relationshipKinds
export const relationshipKindNames = Object.keys(relationshipKinds) as readonly RelationshipKind[]

/** Kinds over which an outage can travel at all; never typed by hand. */
export const breakingKinds = relationshipKindNames.filter((kind) => relationshipKinds[kind].breaks !== 'no')
