import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { Chain } from '../reach/reach.ts'
import { travelOf } from '../reach/travel.ts'
import type { ReachChain } from '../wire.ts'
import { bestFact, strengthOf, thingOf } from './things.ts'

/** A chain of reach with the words and the evidence of each link, in the direction of compromise. */
export function reachChain(estate: Estate, { links, weakest, may, conditions }: Chain): ReachChain {
  return { weakest, may, conditions: [...conditions], hops: links.map((link) => hopOf(estate, link)) }
}

function hopOf(estate: Estate, link: number): ReachChain['hops'][number] {
  const { from, to } = travelOf(estate)
  const relationship = estate.relationships[link]!
  const fact = bestFact(relationship)
  return {
    from: thingOf(estate, from[link]!),
    to: thingOf(estate, to[link]!),
    kind: relationship.kind,
    verb: verbOf(relationship.kind),
    strength: strengthOf(relationship),
    fact: fact.words,
    ...(fact.at !== undefined && { factAt: fact.at }),
    may: relationship.confidence === 'none' || relationship.confidence === 'possible',
  }
}

/** Along the arrow the sentence without its ends, "authenticates as"; against it the inverse, "issued". */
export function verbOf(kind: keyof typeof relationshipKinds): string {
  const { reaches, inverse, sentence } = relationshipKinds[kind]
  return reaches === 'against' ? inverse : sentence.split(' ').slice(1, -1).join(' ')
}
