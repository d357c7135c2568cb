import type { z } from 'zod'
import { EntityFact, ObservationFact, RelationshipFact } from '../../graph/facts.ts'
import { isPlainEntity, isPlainRelationship } from '../../graph/plain-facts.ts'
import type { Fact, FactsMessage, ScopeMessage } from '../../importers/read/messages.ts'

export interface FactGate {
  /** The message with only those of its facts that are facts. */
  pass(message: FactsMessage): FactsMessage
  /** The last word on a scope, with what was turned away in it: then it is not complete. */
  close(message: ScopeMessage): ScopeMessage
}

type Defects = Map<string, ScopeMessage['defects'][number]>

/** Parses what the child calls facts. One that is none costs itself, not the import, and is counted by its wrong field. */
export function factGate(): FactGate {
  const turnedAway = new Map<string, Defects>()
  const keyOf = ({ scope }: FactsMessage | ScopeMessage) => `${scope.importer} ${scope.id}`
  return {
    pass(message) {
      const facts: Fact[] = []
      for (const fact of message.facts) {
        const checked = checkFact(fact)
        if (typeof checked !== 'string') facts.push(checked)
        else {
          const defects = turnedAway.get(keyOf(message)) ?? new Map()
          const defect = defects.get(checked) ?? { detector: 'shape of a fact', field: checked, count: 0 }
          defect.count++
          turnedAway.set(keyOf(message), defects.set(checked, defect))
        }
      }
      return { ...message, facts }
    },
    close(message) {
      const defects = [...(turnedAway.get(keyOf(message))?.values() ?? [])]
      if (defects.length === 0) return message
      const lost = defects.reduce((sum, { count }) => sum + count, 0)
      return {
        ...message,
        scope: { ...message.scope, complete: false },
        facts: message.facts - lost,
        defects: [...message.defects, ...defects],
      }
    },
  }
}

/** By the fact's one key, not by trying each shape: this runs for millions. A wrong one gives the path of its first fault. */
function checkFact(fact: Fact): Fact | string {
  const isAlone = hasOneKey(fact)
  if ('entity' in fact && isAlone && isPlainEntity(fact.entity)) return fact
  if ('relationship' in fact && isAlone && isPlainRelationship(fact.relationship)) return fact
  if ('entity' in fact) return outcome(EntityFact.safeParse(fact.entity), 'entity', (entity) => ({ entity }))
  if ('relationship' in fact) {
    return outcome(RelationshipFact.safeParse(fact.relationship), 'relationship', (relationship) => ({ relationship }))
  }
  if ('observation' in fact) {
    return outcome(ObservationFact.safeParse(fact.observation), 'observation', (observation) => ({ observation }))
  }
  return 'unknown'
}

function hasOneKey(fact: object): boolean {
  let count = 0
  for (const _key in fact) count++
  return count === 1
}

function outcome<T>(result: z.ZodSafeParseResult<T>, kind: string, wrap: (value: T) => Fact): Fact | string {
  if (result.success) return wrap(result.data)
  // Names of our own fields only: keys below `props` come from files.
  const field = String(result.error.issues[0]?.path[0] ?? '')
  return `${kind}.${field}`
}
