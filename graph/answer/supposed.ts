import { QuestionError } from '../errors.ts'
import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import type { Assessment } from './assess.ts'
import { isRefused } from './assess.ts'
import { supposing } from './supposition.ts'

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
  const gone = numbersOf(estate, without)
  for (const number of gone) words.push(`without: ${sentence(estate, estate.relationships[number]!)}`)
  const changed = new Map<number, EstateRelationship>()
  const added: EstateRelationship[] = []
  for (const pair of fallback) {
    const [dependent, thing] = pair.split('>')
    const [from, to] = [indexOf(estate, dependent), indexOf(estate, thing)]
    for (const number of lostBy(assessment, from)) {
      if (gone.has(number)) continue
      const one = changed.get(number) ?? estate.relationships[number]!
      const need = one.need ?? `supposed ${one.id}`
      changed.set(number, { ...one, need })
      added.push(wayTo(estate, to, one, need))
    }
    words.push(`${estate.entities[from]!.name} can use ${estate.entities[to]!.name} instead`)
  }
  return { estate: words.length === 0 ? estate : supposing(estate, { gone, changed, added }), words }
}

function numbersOf(estate: Estate, ids: readonly string[]): Set<number> {
  const wanted = new Set(ids)
  const found = new Set<number>()
  if (wanted.size > 0) estate.relationships.forEach(({ id }, number) => wanted.delete(id) && found.add(number))
  const [unknown] = wanted
  if (unknown !== undefined)
    throw new QuestionError(
      'not-found',
      `no relationship has the id ${unknown}`,
      'see the hops of GET /api/blast/{id}/why',
    )
  return found
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

/** The ways of the dependent that the change takes: each gets the thing as an alternative (engine.md, `need`). */
function lostBy(assessment: Assessment, from: number): number[] {
  const { estate, base, unveiled } = assessment
  const lost = [...along(estate.out, from)].filter((number) => {
    const head = estate.heads[number]!
    return isRefused(assessment, head) || base.possible(head) !== null || unveiled.possible(head) !== null
  })
  if (lost.length === 0)
    throw new QuestionError(
      'bad-change',
      `${estate.entities[from]!.name} loses nothing of its own by this change`,
      'a fallback helps who uses what is changed, or something that is lost by it',
    )
  return lost
}

function wayTo(estate: Estate, to: number, one: EstateRelationship, need: string): EstateRelationship {
  return {
    id: `supposed ${one.id} ${estate.entities[to]!.id}`,
    kind: 'DEPENDS_ON',
    from: one.from,
    to: estate.entities[to]!.id,
    need,
    confidence: 'confirmed',
    ...(one.strength && { strength: one.strength }),
  }
}
