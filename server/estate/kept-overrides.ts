import { z } from 'zod'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import { overrideId } from '../../graph/estate/overrides.ts'
import { deliveryModeNames } from '../../graph/kinds/delivery.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import { wordsOfPeople } from './words-of-people.ts'

const span = z.tuple([z.number(), z.number().nullable()]).optional()
const Kept = z.object({
  from: z.string(),
  kind: z.enum(relationshipKindNames as [string, ...string[]]).optional(),
  to: z.string().optional(),
  session: span,
  tolerance: span,
  pickup: span,
  cadence: z.number().optional(),
  delivery: z.enum(deliveryModeNames as [string, ...string[]]).optional(),
  lag: span,
  said: z
    .object({
      owner: z.string().optional(),
      purpose: z.string().optional(),
      rotation: z.string().optional(),
      tier: z.number().optional(),
      breakGlass: z.boolean().optional(),
    })
    .optional(),
  who: z.string(),
  at: z.string(),
  note: z.string().optional(),
  names: z.object({ from: z.string(), to: z.string().optional() }),
})

const words = wordsOfPeople<KeptOverride>('override', overrideId, (json) => Kept.parse(json) as KeptOverride)

/** What people set, oldest first. */
export const readOverrides = words.read
/** Keeps an override in place of an earlier one about the same thing or relationship. */
export const keepOverride = words.keep
/** False: there was none. */
export const forgetOverride = words.forget
