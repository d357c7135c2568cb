import type { EntityFact, ObservationFact, RelationshipFact } from '../../graph/facts.ts'
import type { FileMessage, Message, Scope, ScopeMessage } from './messages.ts'

/** All of a run in memory. */
export interface Collected {
  readonly files: FileMessage[]
  readonly scopes: ScopeMessage[]
  readonly facts: {
    readonly entities: EntityFact[]
    readonly relationships: RelationshipFact[]
    readonly observations: ObservationFact[]
  }
  /** The facts of each scope, by `importer scope-id`. */
  readonly byScope: Map<string, { scope: Scope; facts: Collected['facts'] }>
}

const none = (): Collected['facts'] => ({ entities: [], relationships: [], observations: [] })

/** Waits for a run and keeps everything: for tests and small imports. */
export async function collect(messages: AsyncIterable<Message | { type: 'restart' }>): Promise<Collected> {
  let collected: Collected = { files: [], scopes: [], facts: none(), byScope: new Map() }
  for await (const message of messages) {
    if (message.type === 'restart') collected = { files: [], scopes: [], facts: none(), byScope: new Map() }
    else if (message.type === 'file') collected.files.push(message)
    else if (message.type === 'scope') collected.scopes.push(message)
    else if (message.type === 'facts') {
      const key = `${message.scope.importer} ${message.scope.id}`
      const scope = collected.byScope.get(key) ?? { scope: message.scope, facts: none() }
      collected.byScope.set(key, scope)
      for (const target of [collected.facts, scope.facts]) {
        for (const fact of message.facts) {
          if ('entity' in fact) target.entities.push(fact.entity)
          else if ('relationship' in fact) target.relationships.push(fact.relationship)
          else target.observations.push(fact.observation)
        }
      }
    }
  }
  return collected
}
