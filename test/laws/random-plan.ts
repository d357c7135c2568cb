import fc from 'fast-check'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { relationshipOf, SIZE, type ReachWorld } from './random-reach.ts'

/** Small estates as of the reach laws, with credentials of kinds that rotate, disable and end differently, and with clocks. */
const kinds = ['aws.iam_access_key', 'db.postgres_password', 'entra.client_secret', 'generic.api_key'] as const
const things: readonly (readonly [string, EntityFact['kind']])[] = [
  ['i', 'generic.identity'],
  ['s', 'vault.kv2_secret'],
  ['w', 'generic.workload'],
  ['r', 'generic.resource'],
]
const spans: [number, number | null][] = [
  [0, 0],
  [0, 600],
  [300, 3600],
  [0, null],
]

type Clocks = Pick<RelationshipFact, 'delivery' | 'pickup' | 'session' | 'tolerance'>
const clocks: fc.Arbitrary<Clocks> = fc.record(
  {
    delivery: fc.constantFrom('env_at_start', 'hardcoded', 'fetch_cached', 'vendor_managed'),
    pickup: fc.constantFrom(...spans),
    session: fc.constantFrom(...spans),
    tolerance: fc.constantFrom(...spans),
  },
  { requiredKeys: [] },
)

export const world: fc.Arbitrary<ReachWorld> = fc
  .array(fc.tuple(relationshipOf(SIZE), clocks), { minLength: 4, maxLength: 26 })
  .map((drawn) => ({
    entities: [
      ...kinds.map((kind, number): EntityFact => ({ id: `c${number}`, kind })),
      ...things.flatMap(([letter, kind]) =>
        Array.from({ length: SIZE }, (_, number): EntityFact => ({ id: `${letter}${number}`, kind })),
      ),
    ],
    relationships: drawn.map(([relationship, timing]) =>
      relationship.kind === 'USES_SECRET' || relationship.kind === 'USES_CREDENTIAL'
        ? { ...relationship, ...timing }
        : relationship,
    ),
  }))
