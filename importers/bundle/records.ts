import { z } from 'zod'
import { EntityFact, ObservationFact, RelationshipFact } from '../../graph/facts.ts'

/** What a bundle says of itself: the first line of NDJSON, the outer fields of a JSON document. */
export const Header = z.object({
  format: z.string().max(80).optional(),
  scope: z.string().min(1).max(200).optional(),
  /** `asserted`: people say so; absent: somebody's system says so. */
  nature: z.enum(['snapshot', 'asserted']).optional(),
})
export type Header = z.infer<typeof Header>

/** Last line of NDJSON, if its writer wants a cut file to be noticed: how many lines of each sort there were. */
export const End = z.object({
  entities: z.number().int().min(0),
  relationships: z.number().int().min(0),
  observations: z.number().int().min(0).optional(),
})
export type End = z.infer<typeof End>

/** A JSON bundle before its records are looked at one by one. */
export const Document = z.object({
  entities: z.array(z.unknown()),
  relationships: z.array(z.unknown()),
  observations: z.array(z.unknown()).optional(),
})

/** A test vector: the estate is inside. */
export const Vector = z.object({ bundle: z.record(z.string(), z.unknown()), change: z.unknown() })

export const sorts = { entity: EntityFact, relationship: RelationshipFact, observation: ObservationFact } as const
export type Sort = keyof typeof sorts
export const sortNames = Object.keys(sorts) as readonly Sort[]
export const listOf = { entity: 'entities', relationship: 'relationships', observation: 'observations' } as const
