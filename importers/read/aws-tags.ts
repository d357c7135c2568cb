import { z } from 'zod'

/** Names of AWS tags that are read (without regard to case), and the prop they become. All others are dropped. */
export const tagProps = new Map([
  ['name', 'displayName'],
  ['owner', 'owner'],
  ['team', 'team'],
  ['system', 'system'],
  ['application', 'application'],
  ['service', 'service'],
  ['environment', 'environment'],
  ['env', 'environment'],
  ['cost-center', 'costCenter'],
  ['tier', 'tier'],
  ['vendor', 'vendor'],
])

const Upper = z.object({ Key: z.string(), Value: z.string() }).transform(({ Key, Value }) => [Key, Value] as const)
const Lower = z.object({ key: z.string(), value: z.string() }).transform(({ key, value }) => [key, value] as const)
const Tag = z.union([Upper, Lower])
const TAG_LENGTH = 256

/** Tags in any of the forms AWS services write (`[{Key, Value}]`, `[{key, value}]`, `{name: value}`), as our props. */
export const AwsTags = z
  .unknown()
  .default(null)
  .transform((value): ReadonlyMap<string, string> => {
    const props = new Map<string, string>()
    for (const [name, text] of pairsIn(value)) {
      const prop = tagProps.get(name.toLowerCase())
      if (prop !== undefined && typeof text === 'string' && text.trim() !== '')
        props.set(prop, text.trim().slice(0, TAG_LENGTH))
    }
    return props
  })

function pairsIn(value: unknown): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(value)) return typeof value === 'object' && value !== null ? Object.entries(value) : []
  return value.flatMap((item) => {
    const pair = Tag.safeParse(item)
    return pair.success ? [pair.data] : []
  })
}
