import { z } from 'zod'
import { confidences, evidenceKindNames } from './kinds/evidence.ts'
import { deliveryModeNames } from './kinds/delivery.ts'
import { entityKindNames, genericKind, type EntityKind } from './kinds/entity-kinds.ts'
import { relationshipKindNames } from './kinds/relationship-kinds.ts'
import { roles, type Role } from './kinds/roles.ts'

/**
 * What may be said of the world: by an importer, by a bundle file (docs/bundle.md), by a test vector. All three are
 * these shapes. An `id` here is the thing's own *canonical key* (`arn:aws:iam::…`, `aws:key:AKIA…`, see `keys.ts`);
 * the opaque id of links and stores is made from it in one place, `ids.ts`.
 */

export const BUNDLE_FORMAT = 'keyfall.bundle/1'

const id = z.string().min(1).max(2048)
/** ISO 8601 with zone. Order of facts is never taken from it, only shown and compared. */
const instant = z.string().max(40)
/** Seconds `[min, max]`; `null` as the maximum is "no known end". */
const span = z.tuple([z.number().min(0), z.number().min(0).nullable()])

export const Evidence = z.object({
  /** Id of the importer, or `bundle`. */
  source: z.string().max(80),
  kind: z.enum(evidenceKindNames as [string, ...string[]]) as unknown as z.ZodEnum<{
    observed: 'observed'
    declared: 'declared'
    asserted: 'asserted'
    inferred: 'inferred'
  }>,
  file: z.string().max(1024).optional(),
  /** Where in the file: JSON pointer, line, row, event id. */
  record: z.string().max(256).optional(),
  firstSeen: instant.optional(),
  lastSeen: instant.optional(),
  count: z.number().int().min(0).optional(),
  /** One fact worth reading, never a value: "mounted as env STRIPE_KEY". */
  note: z.string().max(400).optional(),
})
export type Evidence = z.infer<typeof Evidence>

/** Scalars and lists of strings only; names are ours (`createdAt`, `owner`), values come from files. */
export const Props = z.record(
  z.string().max(64),
  z.union([z.string().max(4096), z.number(), z.boolean(), z.array(z.string().max(1024)).max(200)]),
)
export type Props = z.infer<typeof Props>

export const EntityFact = z.object({
  id,
  kind: z.enum(entityKindNames as [EntityKind, ...EntityKind[]]).optional(),
  role: z.enum(roles).optional(),
  name: z.string().max(1024).optional(),
  /** Other words a person may look it up by: ARN, access key id, `ns/name`. */
  aliases: z.array(z.string().max(2048)).max(50).optional(),
  props: Props.optional(),
  evidence: z.array(Evidence).max(100).optional(),
})
export type EntityFact = z.infer<typeof EntityFact>

export const RelationshipFact = z.object({
  /** Left out: made of kind and ends. Needed when two relationships join the same ends, or for `via`. */
  id: id.optional(),
  kind: z.enum(relationshipKindNames as [string, ...string[]]) as unknown as z.ZodType<
    (typeof relationshipKindNames)[number]
  >,
  from: id,
  to: id,
  need: z.string().max(512).optional(),
  strength: z.enum(['hard', 'soft']).optional(),
  session: span.optional(),
  tolerance: span.optional(),
  pickup: span.optional(),
  cadence: z.number().min(0).optional(),
  by: z.array(id).max(50).optional(),
  via: z.array(id).max(50).optional(),
  confidence: z.enum(confidences).optional(),
  delivery: z.enum(deliveryModeNames as [string, ...string[]]).optional() as unknown as z.ZodOptional<
    z.ZodType<(typeof deliveryModeNames)[number]>
  >,
  props: Props.optional(),
  evidence: z.array(Evidence).max(100).optional(),
})
export type RelationshipFact = z.infer<typeof RelationshipFact>

/**
 * A use that a log shows. It adds evidence to the relationship of the same kind and ends, and creates it
 * where no configuration declared it. `attributed: false`: we know the credential, not who stands behind the caller.
 */
export const ObservationFact = z.object({
  kind: RelationshipFact.shape.kind,
  from: id,
  to: id,
  attributed: z.boolean().optional(),
  /** Seconds between two uses, where the log shows a rhythm. */
  cadence: z.number().min(0).optional(),
  evidence: Evidence,
})
export type ObservationFact = z.infer<typeof ObservationFact>

export const Bundle = z.object({
  format: z.literal(BUNDLE_FORMAT).optional(),
  /** Keeps ids without a scheme (`key`, `api`) apart from those of other bundles. */
  scope: z.string().max(200).optional(),
  entities: z.array(EntityFact),
  relationships: z.array(RelationshipFact),
  observations: z.array(ObservationFact).optional(),
})
export type Bundle = z.infer<typeof Bundle>

/** Kind of an entity fact; one with only a role gets the generic kind of that role. */
export function kindOf(entity: { kind?: EntityKind | undefined; role?: Role | undefined }): EntityKind {
  return entity.kind ?? genericKind(entity.role ?? 'other')
}

/** Why a record was not understood. A closed list: each reason has words and a remedy in `skipReasons`. */
export const skipReasons = {
  'unreadable-record': 'the record is not of the form this source has',
  'not-json': 'the text is not JSON',
  'not-yaml': 'the text is not YAML',
  template: 'a template, not a finished document (Helm, Jinja): render it first',
  'missing-identifier': 'the record does not say which thing it is about',
  'masked-identifier': 'the identifier is masked or a placeholder',
  'unknown-type': 'a type this importer does not know',
  'not-relevant': 'understood, and holds nothing about credentials',
  'too-large': 'over a limit',
  'too-deep': 'nested deeper than the limit',
  truncated: 'the file ends in the middle of a record',
  'error-response': 'the recorded reply of the platform is an error, not data',
  empty: 'nothing in it',
  'unsafe-number': 'a number beyond 2^53',
  'unsupported-version': 'a version of the format this importer does not read',
} as const
export type SkipReason = keyof typeof skipReasons

/**
 * Reasons that mean something was lost which may have mattered: what was left out is unknown, not irrelevant.
 * A template or a recorded error holds nothing yet; a masked identifier was masked on purpose.
 */
export const lossReasons: ReadonlySet<SkipReason> = new Set([
  'unreadable-record',
  'not-json',
  'not-yaml',
  'too-large',
  'too-deep',
  'truncated',
  'unsafe-number',
  'unsupported-version',
])

/** What of a source could not be read: whole files, and records out of so many. */
export interface Loss {
  readonly files: number
  readonly records: number
  readonly of: number
}
