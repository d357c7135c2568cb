import { QuestionError } from '../errors.ts'
import { along, type Adjacency, type Estate } from '../estate/estate.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { Fact, NodeReply } from '../wire.ts'
import { snapshotOf } from './blast.ts'
import { credentialsOf } from './subject.ts'
import { bestFact, strengthOf, thingOf } from './things.ts'

const LISTED = 200

/** Properties that are never shown as facts of a thing: keyed fingerprints say nothing to a person; policies are for `graph/access`. */
const hidden = new Set(['fingerprint', 'fingerprints', 'policyText', 'trustPolicy', 'resourcePolicy', 'awsTags'])

/** Everything known of one thing: its facts, where they come from, its neighbours by relation. */
export function answerNode(estate: Estate, id: string, _now: string): NodeReply {
  const index = estate.indexOf.get(id)
  if (index === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const entity = estate.entities[index]!
  return {
    snapshot: snapshotOf(estate),
    thing: thingOf(estate, index),
    key: entity.key,
    aliases: [...(entity.aliases ?? [])],
    facts: Object.entries(entity.props ?? {})
      .filter(([name]) => !hidden.has(name))
      .map(factOf),
    evidence: [...(entity.evidence ?? [])],
    relations: [...relationsOf(estate, index, 'out'), ...relationsOf(estate, index, 'in')],
    credentials: credentialsOf(estate, index).map((at) => thingOf(estate, at)),
  }
}

function factOf([name, value]: [string, string | number | boolean | readonly string[]]): Fact {
  const words = name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  const label = words.charAt(0).toUpperCase() + words.slice(1)
  const shown = typeof value === 'object' ? value.join(', ') : String(value)
  return name.endsWith('At') && typeof value === 'string' ? { label, value: shown, at: value } : { label, value: shown }
}

function relationsOf(estate: Estate, index: number, direction: 'out' | 'in'): NodeReply['relations'] {
  const adjacency: Adjacency = direction === 'out' ? estate.out : estate.in
  const byKind = new Map<string, number[]>()
  for (const number of along(adjacency, index)) {
    const { kind } = estate.relationships[number]!
    byKind.set(kind, [...(byKind.get(kind) ?? []), number])
  }
  return [...byKind].map(([kind, numbers]) => {
    const row = relationshipKinds[kind as keyof typeof relationshipKinds]
    return {
      kind,
      direction,
      words: direction === 'out' ? outWords(row.sentence) : row.inverse,
      count: numbers.length,
      things: numbers.slice(0, LISTED).map((number) => {
        const relationship = estate.relationships[number]!
        const [from, to] = [estate.tails[number]!, estate.heads[number]!]
        return {
          ...thingOf(estate, direction === 'out' ? to : from),
          strength: strengthOf(relationship),
          fact: bestFact(relationship).words,
        }
      }),
    }
  })
}

/** "secret is synchronised from secret" read from its tail: "is synchronised from". */
function outWords(sentence: string): string {
  const words = sentence.split(' ')
  return words.length > 2 ? words.slice(1, -1).join(' ') : sentence
}
