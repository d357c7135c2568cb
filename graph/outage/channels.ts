import { relationshipKindNames, relationshipKinds, type RelationshipKind } from '../kinds/relationship-kinds.ts'

/** The ways an outage gets over a relationship. Which of them a kind is follows from its row in the kinds table. */
export const channels = {
  none: 0,
  /** The dependent is out while the thing is out (engine.md rule 5). */
  flow: 1,
  /** A place has a value (rule 2). */
  holds: 2,
  /** A place copies another one (rule 2). */
  syncs: 3,
  /** A user reads a value from a place (rule 4). */
  reads: 4,
  /** A user has the value itself (rule 4). */
  carries: 5,
} as const

const valueChannels: Partial<Record<RelationshipKind, number>> = {
  HOLDS: channels.holds,
  SYNCED_FROM: channels.syncs,
  USES_SECRET: channels.reads,
  USES_CREDENTIAL: channels.carries,
}

/** Channel of each kind, by its number (place in `relationshipKindNames`). */
export const channelOfKind = Uint8Array.from(relationshipKindNames, (kind) => {
  const { breaks } = relationshipKinds[kind]
  if (breaks === 'no') return channels.none
  if (breaks === 'value') return valueChannels[kind] ?? channels.none
  return channels.flow
})

/** A use known only of an identity may be any of its workloads': such a kind is never more than `possible`. */
export const onlySeenKind = Uint8Array.from(relationshipKindNames, (kind) =>
  relationshipKinds[kind].breaks === 'seen' ? 1 : 0,
)

export const kindNumbers = new Map<string, number>(relationshipKindNames.map((kind, number) => [kind, number]))

const numberOf = (kind: RelationshipKind) => kindNumbers.get(kind)!
export const loginKind = numberOf('AUTHENTICATES_AS')
/** What a rotated thing issued or encrypted has to be made again (rule 1). */
export const madeAgainKinds: ReadonlySet<number> = new Set([numberOf('ISSUED_BY'), numberOf('ENCRYPTED_BY')])

/** Channels of relationships that are needs. A place does not break because it lost a copy: its users do. */
export function isNeed(channel: number): boolean {
  return channel === channels.flow || channel === channels.reads || channel === channels.carries
}
