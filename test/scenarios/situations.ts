import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { answerBlast } from '../../graph/answer/blast.ts'
import { answerItems } from '../../graph/answer/items.ts'
import type { Estate } from '../../graph/estate/estate.ts'
import { idOf } from '../../graph/ids.ts'
import { Operation, type Dependent, type Verdict } from '../../graph/wire.ts'
import { root } from './sample-scopes.ts'

const keys = z.optional(z.array(z.string()))
const Situations = z.object({
  now: z.string(),
  situations: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      why: z.string(),
      credential: z.string(),
      operation: Operation,
      expect: z.strictObject({
        /** Any of these. */
        verdict: z.array(z.string()).min(1),
        /** An empty list: none at all. Else these are among them. */
        breaks: keys,
        steps: keys,
        unknown: keys,
        keeps: keys,
        bands: z.optional(z.record(z.string(), z.array(z.string()))),
        notes: keys,
        /** Not among the dependants. */
        absent: keys,
      }),
    }),
  ),
})

export const { now, situations } = Situations.parse(
  JSON.parse(readFileSync(join(root, 'test/estate/situations.json'), 'utf8')),
)
export type Situation = (typeof situations)[number]

/** What a situation asked for and the estate does not answer: empty when all is as a practitioner would sign it. */
export function differences(estate: Estate, { credential, operation, expect }: Situation): string[] {
  const id = idOf(credential)
  const reply = answerBlast(estate, id, { op: operation }, now)
  const dependents = allItems(estate, id, operation)
  const found: string[] = []
  if (!expect.verdict.includes(reply.verdict))
    found.push(`verdict ${reply.verdict}, not ${expect.verdict.join(' or ')}: ${reply.headline.sentence}`)
  const byId = new Map(dependents.map((one) => [one.id, one]))
  for (const verdict of ['breaks', 'steps', 'unknown', 'keeps'] as const satisfies readonly Verdict[]) {
    const wanted = expect[verdict]
    if (wanted?.length === 0)
      for (const one of dependents) if (one.verdict === verdict) found.push(`${one.name} ${verdict}: ${one.why}`)
    for (const key of wanted ?? []) {
      const one = byId.get(idOf(key))
      if (one?.verdict !== verdict)
        found.push(`${key} is ${one?.verdict ?? 'not among the dependants'}, not ${verdict}: ${one?.why ?? ''}`)
    }
  }
  for (const [band, members] of Object.entries(expect.bands ?? {}))
    for (const key of members)
      if (byId.get(idOf(key))?.band !== band) found.push(`${key} is in band ${byId.get(idOf(key))?.band}, not ${band}`)
  for (const kind of expect.notes ?? [])
    if (!reply.notes.some((note) => note.kind === kind)) found.push(`no ${kind} note`)
  for (const key of expect.absent ?? []) if (byId.has(idOf(key))) found.push(`${key} is among the dependants`)
  return found
}

/** Everything that the situation's answer says, for comparing two stores. */
export function wholeAnswer(estate: Estate, { credential, operation }: Situation): unknown {
  const id = idOf(credential)
  return { blast: answerBlast(estate, id, { op: operation }, now), items: allItems(estate, id, operation) }
}

/** Every dependant of the answer, over all pages. */
export function allItems(estate: Estate, id: string, op: Situation['operation']): Dependent[] {
  const items: Dependent[] = []
  let cursor: number | undefined = 0
  while (cursor !== undefined) {
    const page = answerItems(estate, id, { op, cursor }, now)
    items.push(...page.items)
    cursor = page.next
  }
  return items
}
