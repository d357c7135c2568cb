import { isLogMoment } from '../log-days.ts'
import { startMerge } from '../merge.ts'
import { adjacency } from '../outage/adjacency.ts'
import { growing, push, trimmed } from '../outage/growing.ts'
import { withAwsAccess } from '../access/with-aws-access.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import { withCatalogWorkloads } from './catalog-workloads.ts'
import { deriveRelationship } from './derive.ts'
import type { Estate, EstateRelationship, EstateScope, Source } from './estate.ts'
import { withImpliedCredentials } from './implied.ts'
import { withJoinedThings } from './join.ts'
import { confirmedJoins, withDecisions, withSuggestions, type Decision } from './links.ts'
import { overridesOf, type Override, type Overrides } from './overrides.ts'
import { withOidcTrust } from './oidc-trust.ts'
import { withSameValues } from './same-value.ts'
import { withSecretPrecedence } from './secret-precedence.ts'
import { withSecretScopes } from './secret-scopes.ts'
import { suggestionsOf } from './suggest.ts'
import { withBoundAccounts } from './vault-joins.ts'
import { withVaultLifetimes } from './vault-lifetimes.ts'

export type { Estate, EstateScope } from './estate.ts'

/** What people said of the estate. It is kept apart from imports and outlives them. */
export interface Said {
  readonly decisions: readonly Decision[]
  /** Times of relationships and things. */
  readonly overrides?: readonly Override[]
}

const nothingSaid: Said = { decisions: [] }

/**
 * The estate from what every scope knows and people said: merged, things that are one joined, credentials that must
 * exist implied, likely links added as possible, attributes that nobody stated derived. A pure function of its
 * arguments; the order of scopes does not matter.
 */
export function buildEstate(
  scopes: readonly EstateScope[],
  snapshot: { readonly id: string; readonly at: string | null; readonly sample: boolean },
  said: Said = nothingSaid,
): Estate {
  const merged = mergedFacts(scopes)
  const joined = withJoinedThings(merged, confirmedJoins(merged, said.decisions))
  const decided = withCatalogWorkloads(withOidcTrust(withSecretPrecedence(withDecisions(joined, said.decisions))))
  const suggestions = suggestionsOf(decided, said.decisions)
  const valued = withSameValues(withImpliedCredentials(withAwsAccess(decided)))
  const facts = withVaultLifetimes(withBoundAccounts(withSecretScopes(withSuggestions(valued, suggestions.open))))
  const overrides = overridesOf(said.overrides ?? [])
  return {
    snapshot,
    sources: scopes.map(sourceOf).sort((a, b) => (a.scope < b.scope ? -1 : 1)),
    suggestions,
    ...(overrides.lags.size > 0 && { lags: overrides.lags }),
    ...indexed(facts, overrides),
  }
}

function mergedFacts(scopes: readonly EstateScope[]): KnownFacts {
  // One scope alone was merged when it was imported: millions of facts need not be met again.
  if (scopes.length === 1) return scopes[0]!.facts
  const merge = startMerge()
  for (const scope of scopes) merge.known(scope.facts)
  return merge.finish()
}

function sourceOf({ facts, ...scope }: EstateScope): Source {
  return {
    ...scope,
    entities: facts.entities.size,
    relationships: facts.relationships.size,
    ...timesOf(facts),
  }
}

/** First and last moment that the evidence of a scope speaks of. */
function timesOf(facts: KnownFacts): { since: string | null; until: string | null } {
  let since: string | null = null
  let until: string | null = null
  for (const { evidence = [] } of facts.relationships.values())
    for (const { firstSeen, lastSeen } of evidence) {
      const first = firstSeen ?? lastSeen
      if (first !== undefined && (since === null || first < since) && isLogMoment(first)) since = first
      if (lastSeen !== undefined && (until === null || lastSeen > until) && isLogMoment(lastSeen)) until = lastSeen
    }
  return { since, until }
}

/** Entities sorted by key and relationships by id, so that the same facts give the same numbers. */
function indexed(
  facts: KnownFacts,
  overrides: Overrides,
): Pick<Estate, 'entities' | 'relationships' | 'indexOf' | 'tails' | 'heads' | 'out' | 'in'> {
  const entities: readonly KnownEntity[] = [...facts.entities.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(overrides.thing)
  const indexOf = new Map(entities.map((entity, index) => [entity.id, index]))
  const relationships: EstateRelationship[] = []
  const [from, to] = [growing(), growing()]
  for (const relationship of sortedById(facts.relationships)) {
    const [tail, head] = [indexOf.get(relationship.from), indexOf.get(relationship.to)]
    // An importer that names an end it never describes loses that relationship: withJoinedThings has made a stub for it.
    if (tail === undefined || head === undefined) continue
    push(from, tail)
    push(to, head)
    const said = overrides.of(relationship)
    const derived = deriveRelationship(said?.relationship ?? relationship)
    relationships.push(said ? { ...derived, set: said.set } : derived)
  }
  const [tails, heads] = [trimmed(from), trimmed(to)]
  const [out, in_] = [adjacency(entities.length, tails), adjacency(entities.length, heads)]
  return { entities, relationships, indexOf, tails, heads, out, in: in_ }
}

const BY_FIRST = 2

/** By id: first into heaps by its beginning, as ids are hashes and so fall into heaps of one size, then each heap. */
function* sortedById(relationships: ReadonlyMap<string, KnownRelationship>): Generator<KnownRelationship> {
  const heaps = new Map<string, KnownRelationship[]>()
  for (const one of relationships.values()) {
    const beginning = one.id.slice(0, BY_FIRST)
    const heap = heaps.get(beginning)
    if (heap) heap.push(one)
    else heaps.set(beginning, [one])
  }
  for (const beginning of [...heaps.keys()].sort())
    yield* heaps.get(beginning)!.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}
