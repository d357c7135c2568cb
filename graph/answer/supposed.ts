import { QuestionError } from '../errors.ts'
import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import { adjacency } from '../outage/adjacency.ts'
import type { Assessment } from './assess.ts'
import { isRefused } from './assess.ts'

/** An estate as somebody supposes it to be, with what was supposed in words. */
export interface Supposed {
  readonly estate: Estate
  readonly words: readonly string[]
}

/**
 * The estate of an answer with relationships left out, and with other ways for dependents beside what the change takes.
 * @param fallback `DEPENDENT>THING`, ids
 * @param without ids of relationships
 * @throws QuestionError `not-found` for an id that the estate does not have
 */
export function supposedEstate(
  assessment: Assessment,
  fallback: readonly string[],
  without: readonly string[],
): Supposed {
  const { estate } = assessment
  const words: string[] = []
  const gone = new Set(without)
  for (const one of estate.relationships) if (gone.delete(one.id)) words.push(`without: ${sentence(estate, one)}`)
  const unknown = [...gone][0]
  if (unknown !== undefined)
    throw new QuestionError(
      'not-found',
      `no relationship has the id ${unknown}`,
      'see the hops of GET /api/blast/{id}/why',
    )
  const left = new Set(without)
  let relationships = estate.relationships.filter(({ id }) => !left.has(id))
  for (const pair of fallback) {
    const [dependent, thing] = pair.split('>')
    const [from, to] = [indexOf(estate, dependent), indexOf(estate, thing)]
    relationships = withFallback(assessment, relationships, from, to)
    words.push(`${estate.entities[from]!.name} can use ${estate.entities[to]!.name} instead`)
  }
  return { estate: words.length === 0 ? estate : withRelationships(estate, relationships), words }
}

function indexOf(estate: Estate, id: string | undefined): number {
  const index = id === undefined ? undefined : estate.indexOf.get(id)
  if (index === undefined)
    throw new QuestionError(
      'not-found',
      `nothing with the id ${id ?? ''} is known`,
      'a fallback is DEPENDENT>THING, both by id',
    )
  return index
}

function sentence(estate: Estate, { kind, from, to }: EstateRelationship): string {
  const name = (id: string): string => estate.entities[estate.indexOf.get(id)!]!.name
  return `${name(from)} ${kind} ${name(to)}`
}

/** Each way of the dependent that the change takes gets the thing as an alternative (engine.md, `need`). */
function withFallback(
  assessment: Assessment,
  relationships: readonly EstateRelationship[],
  from: number,
  to: number,
): EstateRelationship[] {
  const { estate, base, unveiled } = assessment
  const lost = new Set<string>()
  for (const number of along(estate.out, from)) {
    const relationship = estate.relationships[number]!
    const head = estate.heads[number]!
    if (isRefused(assessment, head) || base.possible(head) !== null || unveiled.possible(head) !== null)
      lost.add(relationship.id)
  }
  if (lost.size === 0)
    throw new QuestionError(
      'bad-change',
      `${estate.entities[from]!.name} loses nothing of its own by this change`,
      'a fallback helps who uses what is changed, or something that is lost by it',
    )
  const added: EstateRelationship[] = []
  const changed = relationships.map((one) => {
    if (!lost.has(one.id)) return one
    const need = one.need ?? `supposed ${one.id}`
    added.push({
      id: `supposed ${one.id} ${estate.entities[to]!.id}`,
      kind: 'DEPENDS_ON',
      from: one.from,
      to: estate.entities[to]!.id,
      need,
      confidence: 'confirmed',
      ...(one.strength && { strength: one.strength }),
    })
    return { ...one, need }
  })
  return [...changed, ...added]
}

function withRelationships(estate: Estate, relationships: readonly EstateRelationship[]): Estate {
  const size = estate.entities.length
  const tails = Int32Array.from(relationships, ({ from }) => estate.indexOf.get(from)!)
  const heads = Int32Array.from(relationships, ({ to }) => estate.indexOf.get(to)!)
  return { ...estate, relationships, tails, heads, out: adjacency(size, tails), in: adjacency(size, heads) }
}
