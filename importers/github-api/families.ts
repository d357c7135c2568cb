import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { keys } from '../../graph/keys.ts'
import type { RunContext } from '../importer.ts'

/** Where a listing is of: an organization, a repository or one environment of it. */
export interface Place {
  readonly kind: Extract<EntityKind, 'github.organization' | 'github.repository' | 'github.environment'>
  readonly owner: string
  /** `owner/name`; absent for an organization. */
  readonly repository?: string | undefined
  readonly environment?: string | undefined
}

export const nameOfPlace = ({ owner, repository, environment }: Place): string =>
  environment === undefined ? (repository ?? owner) : `${repository} ${environment}`

export function keyOfPlace({ owner, repository, environment }: Place): string {
  if (repository === undefined) return keys.githubOrganization(owner)
  return environment === undefined ? keys.githubRepository(repository) : keys.githubEnvironment(repository, environment)
}

/** All replies of one kind about one place: what they say, and whether they are all there are. */
export interface Family {
  readonly place: Place
  /** `actions-secrets`, `deploy-keys`: what the place's `listed` says where the listing is whole. */
  readonly name: string
  entity(fact: EntityFact): void
  relationship(fact: RelationshipFact): void
  /** False where an item with this key was met before: a page repeated. */
  isNew(key: string): boolean
  /** `total_count` of a page. */
  total(count: number): void
  /** Whoever collected it saw the last page. */
  finished(): void
  /** The platform refused, or a page could not be read. */
  failed(): void
}

interface Gathered extends Family {
  readonly entities: EntityFact[]
  readonly relationships: RelationshipFact[]
  whole(): boolean
}

export interface Families {
  of(place: Place, name: string): Family
  /** Says everything, each listing in a scope of its own: a later import of one retires nothing of another. */
  close(context: RunContext): void
}

export function families(): Families {
  const all = new Map<string, Gathered>()
  return {
    of(place, name) {
      const key = `${keyOfPlace(place)} ${name}`
      const known = all.get(key)
      if (known) return known
      const fresh = gathered(place, name)
      all.set(key, fresh)
      return fresh
    },
    close(context) {
      for (const family of all.values()) {
        const { place, name, entities, relationships } = family
        const complete = family.whole()
        const what = `${keyOfPlace(place).slice('github:'.length)}/${name}`
        const sink = context.scope({
          id: `github/${what}`,
          title: `GitHub ${name.replaceAll('-', ' ')} of ${nameOfPlace(place)}`,
          complete,
        })
        for (const fact of entitiesOfPlace(place, complete ? name : undefined)) sink.entity(fact)
        for (const fact of relationshipsOfPlace(place)) sink.relationship(fact)
        for (const fact of entities) sink.entity(fact)
        for (const fact of relationships) sink.relationship(fact)
      }
    },
  }
}

function gathered(place: Place, name: string): Gathered {
  const entities: EntityFact[] = []
  const relationships: RelationshipFact[] = []
  const met = new Set<string>()
  let total: number | undefined
  let isFinished = false
  let hasFailed = false
  return {
    place,
    name,
    entities,
    relationships,
    entity: (fact) => void entities.push(fact),
    relationship: (fact) => void relationships.push(fact),
    isNew(key) {
      const before = met.size
      met.add(key)
      return met.size > before
    },
    total: (count) => void (total = Math.max(count, total ?? 0)),
    finished: () => void (isFinished = true),
    failed: () => void (hasFailed = true),
    whole: () => !hasFailed && (isFinished || (total !== undefined && met.size >= total)),
  }
}

/** The place itself and what it stands in. `listed`: whole listings; sources that know others add theirs. */
function* entitiesOfPlace(place: Place, listed: string | undefined): Generator<EntityFact> {
  const { owner, repository, environment } = place
  const of = (kind: Place['kind'], id: string, name: string): EntityFact => ({
    id,
    kind,
    name,
    ...(place.kind === kind && listed !== undefined && { props: { listed: [listed] } }),
  })
  yield of('github.organization', keys.githubOrganization(owner), owner)
  if (repository === undefined) return
  yield of('github.repository', keys.githubRepository(repository), repository)
  if (environment !== undefined)
    yield of('github.environment', keys.githubEnvironment(repository, environment), environment)
}

function* relationshipsOfPlace({ owner, repository, environment }: Place): Generator<RelationshipFact> {
  if (repository === undefined) return
  const to = keys.githubOrganization(owner)
  yield { kind: 'CONTAINED_IN', from: keys.githubRepository(repository), to }
  if (environment === undefined) return
  const from = keys.githubEnvironment(repository, environment)
  yield { kind: 'CONTAINED_IN', from, to: keys.githubRepository(repository) }
}
