import { z } from 'zod'
import { ownershipOf } from './ownership-rules.ts'

const Upper = z.object({ Key: z.string(), Value: z.string() }).transform(({ Key, Value }) => [Key, Value] as const)
const Lower = z.object({ key: z.string(), value: z.string() }).transform(({ key, value }) => [key, value] as const)
const Tag = z.union([Upper, Lower])

/**
 * Tags in any of the forms AWS services write (`[{Key, Value}]`, `[{key, value}]`, `{name: value}`), as our props. Which are
 * read the rules of ownership say; all others are dropped.
 */
export const AwsTags = z
  .unknown()
  .default(null)
  .transform(
    (value): ReadonlyMap<string, string> =>
      new Map([...ownershipOf('tag', pairsIn(value))].map(([prop, said]) => [prop, said.value])),
  )

function pairsIn(value: unknown): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? Object.entries(value) : []
  return value.flatMap((item) => {
    const pair = Tag.safeParse(item)
    return pair.success ? [pair.data] : []
  })
}
