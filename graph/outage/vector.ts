import { z } from 'zod'
import { QuestionError } from '../errors.ts'
import { issueWords } from '../issue-words.ts'
import { EntityFact, RelationshipFact } from '../facts.ts'
import { Change } from './change.ts'
import { compileEstate } from './compile.ts'
import { simulate, toExpect, type Expected, type ExpectedOutage } from './simulate.ts'
import type { SpanJson } from './span.ts'

const ends = z.tuple([z.number(), z.number().nullable()]).nullable()
const Outage = z.object({
  certain: ends,
  possible: ends,
  degraded: z.object({ certain: ends, possible: ends }).nullable().default(null),
})

/** A small estate, a change, and what follows from it (engine.md, "The shape of a vector"). */
export const Vector = z.object({
  name: z.string().optional(),
  why: z.string().optional(),
  bundle: z.object({ entities: z.array(EntityFact), relationships: z.array(RelationshipFact) }),
  change: Change,
})
export type Vector = z.infer<typeof Vector>

/** `expect` by id; read apart from the rest, so that an answer can't have looked at it. */
export const VectorExpect = z.object({ expect: z.record(z.string(), Outage) })

/**
 * Answers a vector without looking at its `expect`.
 * @throws QuestionError `bad-change` where it is no vector; see also `compileEstate` and `simulate`.
 */
export function runVector(json: unknown): { outages: Record<string, ExpectedOutage> } {
  const vector = Vector.safeParse(json)
  if (!vector.success) throw notAVector(vector.error)
  const outages = simulate(compileEstate(vector.data.bundle), vector.data.change)
  return { outages: byId(toExpect(outages)) }
}

function notAVector(error: z.ZodError): QuestionError {
  const issue = error.issues[0]!
  return new QuestionError(
    'bad-change',
    `not a vector: ${issue.path.join('.') || 'the whole'}: ${issueWords(issue)}`,
    'a vector has bundle.entities, bundle.relationships and change',
  )
}

/** A plain object for JSON; one without a prototype, as ids are text from files. */
function byId(expected: Expected): Record<string, ExpectedOutage> {
  const outages = Object.create(null) as Record<string, ExpectedOutage>
  for (const [id, outage] of expected) outages[id] = outage
  return outages
}

/** In which ways outages differ from a vector's `expect`, in words; empty when they agree. */
export function compareVector(json: unknown, outages: Readonly<Record<string, ExpectedOutage>>): string[] {
  const parsed = VectorExpect.safeParse(json)
  if (!parsed.success) throw notAVector(parsed.error)
  const expected = new Map(Object.entries(parsed.data.expect))
  const found = new Map(Object.entries(outages))
  const differences: string[] = []
  for (const id of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    const [want, got] = [expected.get(id), found.get(id)]
    for (const [words, of] of parts) {
      const [wanted, answered] = [want ? of(want) : null, got ? of(got) : null]
      if (!same(wanted, answered))
        differences.push(`${id}: ${words} should be ${spanWords(wanted)}, is ${spanWords(answered)}`)
    }
  }
  return differences
}

const parts: readonly (readonly [string, (outage: ExpectedOutage) => SpanJson | null])[] = [
  ['the certain outage', (outage) => outage.certain],
  ['the possible outage', (outage) => outage.possible],
  ['the certain degradation', (outage) => outage.degraded?.certain ?? null],
  ['the possible degradation', (outage) => outage.degraded?.possible ?? null],
]

function same(a: SpanJson | null, b: SpanJson | null): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1])
}

/** "from 0 s to 300 s", "from 0 s for good", "none". */
export function spanWords(span: SpanJson | null): string {
  if (span === null) return 'none'
  return span[1] === null ? `from ${span[0]} s for good` : `from ${span[0]} s to ${span[1]} s`
}
