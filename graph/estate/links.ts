import { idOf } from '../ids.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { LinkKind } from '../kinds/link-kinds.ts'
import type { RelationshipKind } from '../kinds/relationship-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import type { Evidence } from '../facts.ts'
import type { Join } from './join.ts'

/** A link between two things by their canonical keys: a suggestion of ours, or one that a person made. */
export interface Link {
  readonly kind: LinkKind
  readonly from: string
  readonly to: string
}

/** Why two things may belong together, in words. It counts as possible until a person decides. */
export interface Suggestion extends Link {
  readonly reason: string
}

/** What a person said of a link. Keys, not ids, so that it outlives any import. */
export interface Decision extends Link {
  readonly decision: 'confirmed' | 'rejected'
  /** Role or name of the account that decided. */
  readonly who: string
  /** ISO 8601. */
  readonly at: string
  readonly note?: string
}

/** Names a link: the same for a suggestion and the decision about it. */
export function linkId({ kind, from, to }: Link): string {
  return idOf(`link ${kind} ${from} > ${to}`)
}

/** Pairs that a person said are one thing. One that is not there, or has become something else, waits. */
export function* confirmedJoins(facts: KnownFacts, decisions: readonly Decision[]): Generator<Join> {
  for (const decision of decisions) {
    if (decision.kind !== 'SAME' || decision.decision !== 'confirmed' || decision.from === decision.to) continue
    const [alias, into] = [facts.entities.get(idOf(decision.from)), facts.entities.get(idOf(decision.to))]
    if (alias && into && entityKinds[alias.kind].role === entityKinds[into.kind].role)
      yield { alias, into, note: `the same, by ${decision.who}` }
  }
}

/**
 * The facts with what people said of relationships. A confirmed one is as sure as a declared one. A rejected one
 * loses only what was possible: no word takes away what a source declares or a log shows.
 */
export function withDecisions(facts: KnownFacts, decisions: readonly Decision[]): KnownFacts {
  const decided = decisions.filter(({ kind }) => kind !== 'SAME')
  if (decided.length === 0) return facts
  const relationships = new Map(facts.relationships)
  const byEnds = new Map<string, string>()
  for (const { id, kind, from, to } of relationships.values()) byEnds.set(`${kind} ${from} ${to}`, id)
  for (const decision of decided) {
    const [from, to] = [facts.entities.get(idOf(decision.from)), facts.entities.get(idOf(decision.to))]
    if (!from || !to) continue
    const known = relationships.get(byEnds.get(`${decision.kind} ${from.id} ${to.id}`) ?? '')
    const next = decision.decision === 'confirmed' ? confirmed(known, decision, from, to) : rejected(known, decision)
    if (next) relationships.set(next.id, next)
  }
  return { entities: facts.entities, relationships }
}

/** The facts with every suggestion nobody decided on, as possible. A pair that may be one thing stays two. */
export function withSuggestions(facts: KnownFacts, open: readonly Suggestion[]): KnownFacts {
  const told = open.filter(({ kind }) => kind !== 'SAME')
  if (told.length === 0) return facts
  const relationships = new Map(facts.relationships)
  for (const suggestion of told) {
    const relationship = made(suggestion, 'possible', {
      source: 'keyfall',
      kind: 'inferred',
      note: suggestion.reason.slice(0, 400),
    })
    if (!relationships.has(relationship.id)) relationships.set(relationship.id, relationship)
  }
  return { entities: facts.entities, relationships }
}

function made(link: Link, confidence: 'confirmed' | 'possible', evidence: Evidence): KnownRelationship {
  return {
    id: idOf(`${link.kind} ${link.from} > ${link.to}`),
    kind: link.kind as RelationshipKind,
    from: idOf(link.from),
    to: idOf(link.to),
    confidence,
    evidence: [evidence],
  }
}

function saidBy({ who, at, note }: Decision, words: string): Evidence {
  return {
    source: 'people',
    kind: 'asserted',
    lastSeen: at,
    note: `${words} by ${who}${note === undefined ? '' : `: ${note}`}`.slice(0, 400),
  }
}

function confirmed(
  known: KnownRelationship | undefined,
  decision: Decision,
  from: KnownEntity,
  to: KnownEntity,
): KnownRelationship {
  const evidence = saidBy(decision, 'confirmed')
  if (!known) return made({ kind: decision.kind, from: from.key, to: to.key }, 'confirmed', evidence)
  return { ...known, confidence: 'confirmed', evidence: [...(known.evidence ?? []), evidence] }
}

function rejected(known: KnownRelationship | undefined, decision: Decision): KnownRelationship | undefined {
  if (!known || known.confidence === undefined || known.confidence === 'confirmed') return undefined
  if (known.evidence?.some(({ kind }) => kind === 'observed' || kind === 'declared')) return undefined
  return { ...known, confidence: 'none', evidence: [...(known.evidence ?? []), saidBy(decision, 'rejected')] }
}
