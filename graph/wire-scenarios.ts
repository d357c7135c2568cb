import * as z from 'zod/mini'

/** Longest address of a page that is saved under a code. */
export const LONGEST_SCENARIO = 20_000

/** Path and query of one of our pages: what a link holds, and nothing else (client.md 6: no names, no secrets). */
export const Scenario = z.object({
  path: z.string().check(z.regex(/^\/[a-z](\/[^\s]*)?(\?[^\s#]*)?$/), z.maxLength(LONGEST_SCENARIO)),
})
export type Scenario = z.infer<typeof Scenario>

export const ScenarioReply = z.object({
  code: z.string(),
  path: z.string(),
  at: z.string(),
  /** Id of the snapshot that it was saved on. */
  snapshot: z.string(),
})
export type ScenarioReply = z.infer<typeof ScenarioReply>
