import fc from 'fast-check'
import { idOf, relationshipKey } from '../../graph/ids.ts'
import { deliveryModeNames } from '../../graph/kinds/delivery.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { RelationshipKind } from '../../graph/kinds/relationship-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../graph/known.ts'

const cast: Readonly<Record<string, { kind: EntityKind; number: number }>> = {
  key: { kind: 'aws.iam_access_key', number: 5 },
  user: { kind: 'aws.iam_user', number: 4 },
  secret: { kind: 'vault.secret_path', number: 6 },
  job: { kind: 'k8s.deployment', number: 6 },
  system: { kind: 'business.system', number: 3 },
  team: { kind: 'business.team', number: 2 },
  vendor: { kind: 'business.vendor', number: 2 },
  bucket: { kind: 'generic.resource', number: 3 },
}
const keysOf = (who: string): string[] => Array.from({ length: cast[who]!.number }, (_, i) => `${who} ${i}`)
const some = (who: string): fc.Arbitrary<string> => fc.constantFrom(...keysOf(who))

/** Which kinds of arrows join which members of the cast, and how many there may be. */
const arrows: readonly (readonly [from: string, kind: RelationshipKind, to: string, most: number])[] = [
  ['key', 'AUTHENTICATES_AS', 'user', 5],
  ['secret', 'HOLDS', 'key', 4],
  ['secret', 'SYNCED_FROM', 'secret', 5],
  ['job', 'USES_SECRET', 'secret', 6],
  ['job', 'USES_CREDENTIAL', 'key', 3],
  ['job', 'RUNS_AS', 'user', 3],
  ['user', 'ASSUMES', 'user', 4],
  ['user', 'CAN_ACCESS', 'bucket', 4],
  ['system', 'DEPENDS_ON', 'job', 6],
  ['key', 'OWNED_BY', 'team', 2],
  ['user', 'OWNED_BY', 'team', 2],
  ['key', 'SUPPLIED_BY', 'vendor', 2],
]
const evidence = fc.array(
  fc.constantFrom('declared' as const, 'observed' as const).map((kind) => ({ source: 'test', kind })),
  { minLength: 1, maxLength: 2 },
)
const link = fc.oneof(
  ...arrows.map(([from, kind, to, most]) => ({
    weight: most,
    arbitrary: fc
      .record({
        from: some(from),
        to: some(to),
        delivery: fc.constantFrom(...deliveryModeNames),
        unattributed: fc.constantFrom(true, undefined),
        evidence,
      })
      .map((made) => ({ kind, ...made })),
  })),
)

/** A small company at random: all that the questions ask about occurs. */
export const questionEstate: fc.Arbitrary<KnownFacts> = fc
  .tuple(fc.array(link, { minLength: 25, maxLength: 60 }), fc.subarray(keysOf('user')))
  .map(([links, owned]) => {
    const entities = new Map<string, KnownEntity>()
    for (const [who, { kind }] of Object.entries(cast))
      for (const key of keysOf(who))
        entities.set(idOf(key), {
          id: idOf(key),
          key,
          kind,
          name: key,
          ...(owned.includes(key) && { props: { owner: 'Payments' } }),
        })
    const relationships = new Map<string, KnownRelationship>()
    for (const { kind, from, to, delivery, unattributed, evidence } of links) {
      const id = idOf(relationshipKey({ kind, from, to }))
      const uses = kind === 'USES_SECRET' || kind === 'USES_CREDENTIAL'
      relationships.set(id, {
        id,
        kind,
        from: idOf(from),
        to: idOf(to),
        evidence,
        ...(uses && { delivery, ...(unattributed && { unattributed }) }),
      })
    }
    return { entities, relationships }
  })
