import type { Evidence } from '../facts.ts'
import { idOf, relationshipKey } from '../ids.ts'
import { keys } from '../keys.ts'
import type { Confidence } from '../kinds/evidence.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'
import { githubScopes, type Level } from './github-scopes.ts'

/**
 * A workflow names a secret; GitHub takes the first that is set: the environment's, the repository's, the
 * organization's. With what sources know of the three scopes a use goes to the place that it takes, and the scopes behind
 * it are its fallback: taken without a word once the first is *deleted*, and of no help where its value is refused. So a
 * fallback is recorded and carries no breakage of its own (`none`), is a possible way only where a copy is deleted, and
 * never makes an answer safe. A scope that no source listed may hold the name too: then both are possible; one that was
 * listed and lacks it is no way at all.
 */
export function withSecretPrecedence(facts: KnownFacts): KnownFacts {
  const uses = [...facts.relationships.values()].filter(
    ({ kind, props }) => kind === 'USES_SECRET' && props?.['scopeKnown'] === false,
  )
  if (uses.length === 0) return facts
  const scopes = githubScopes(facts)
  const relationships = new Map(facts.relationships)
  const left = new Set<string>()
  for (const use of uses) {
    const named = placeOf(facts.entities.get(use.to))
    const user = facts.entities.get(use.from)
    if (!named || !user) continue
    const environment = use.props?.['environment']
    const levels = scopes.levels(
      named.repository,
      typeof environment === 'string' ? environment : undefined,
      named.name,
    )
    const ways = waysOf(levels, use)
    if (ways === undefined) continue
    relationships.delete(use.id)
    left.add(use.to)
    for (const way of ways) put(relationships, way, use, user, facts)
    for (const way of ofDependabot(facts, named, use, user)) put(relationships, way, use, user, facts)
  }
  return without(left, { entities: facts.entities, relationships })
}

interface NamedSecret {
  readonly repository: string
  readonly name: string
}

/** `github:acme/shop/secret/NAME`, where the workflows importer puts every use. */
function placeOf(entity: KnownEntity | undefined): NamedSecret | undefined {
  const [owner, name, secret, ...rest] = entity?.key.startsWith('github:')
    ? entity.key.slice('github:'.length).split('/')
    : []
  if (owner === undefined || name === undefined || secret !== 'secret' || rest.length !== 1) return undefined
  return { repository: `${owner}/${name}`, name: rest[0]! }
}

interface Way {
  readonly key: string
  readonly confidence: Confidence
  readonly need: string | undefined
  readonly order: number
  readonly isFallback: boolean
  readonly delivery: 'ci_run_start' | 'ci_job_start'
  readonly note: string
  /** Scopes before it that nobody listed. */
  readonly unseen: readonly string[]
}

const rank: Record<Confidence, number> = { none: 0, possible: 1, confirmed: 2 }

/** The places of a use, in GitHub's order; undefined where nothing is known beyond the name. */
function waysOf(levels: readonly Level[], use: KnownRelationship): Way[] | undefined {
  const kept = levels.filter(
    ({ level, standing }) => standing === 'yes' || standing === 'maybe' || isStandIn(level, standing),
  )
  const unseen = levels.filter(({ standing }) => standing === 'unseen').map(({ level }) => level)
  const only = kept.length === 1 ? kept[0]! : undefined
  if (only?.standing === 'unseen') return undefined
  const said = use.confidence ?? 'confirmed'
  if (kept.length === 0)
    return [
      { ...wayTo(levels.at(-2)!, 'none', undefined, 0), note: 'set in no scope: the job gets an empty text', unseen },
    ]
  const name = kept[0]!.key.slice(kept[0]!.key.lastIndexOf('/') + 1)
  const need = use.need ?? (kept.length > 1 ? `${name}: the first that is set` : undefined)
  let isDecided = false
  let isOpen = false
  return kept.map((level, order) => {
    const isFallback = isDecided
    const isSure = level.standing === 'yes' && !isDecided && !isOpen
    if (level.standing === 'yes') isDecided = true
    else isOpen = true
    // Shadowed: no run takes it while the copy before it stands. What deleting that one does, the answer asks itself.
    const most: Confidence = isFallback ? 'none' : isSure ? 'confirmed' : 'possible'
    return {
      ...wayTo(level, rank[said] < rank[most] ? said : most, need, order),
      isFallback,
      note: noteOf(level, isFallback, isSure),
      unseen,
    }
  })
}

/** Where no repository was listed, its key goes on standing for the name. */
const isStandIn = (level: Level['level'], standing: Level['standing']): boolean =>
  level === 'repository' && standing === 'unseen'

function wayTo({ key, level }: Level, confidence: Confidence, need: string | undefined, order: number): Way {
  const delivery = level === 'environment' ? 'ci_job_start' : 'ci_run_start'
  return { key, confidence, need, order, delivery, isFallback: false, note: '', unseen: [] }
}

function noteOf({ level, standing }: Level, isFallback: boolean, isSure: boolean): string {
  const of = level === 'organization' ? 'the organization’s' : `the ${level}’s`
  if (standing === 'unseen') return `${of} secrets are not listed: it may be there`
  if (isFallback) return `shadowed; ${of} copy is taken without a word when the one before it is deleted`
  if (standing === 'maybe') return `${of} copy, if the job may take it`
  return isSure ? `${of} copy: the first that is set` : `${of} copy, unless one before it is set`
}

/** Runs that Dependabot starts get its secrets instead, under the same names. */
function* ofDependabot(
  facts: KnownFacts,
  { repository, name }: NamedSecret,
  use: KnownRelationship,
  user: KnownEntity,
): Generator<Way> {
  const triggers = user.props?.['triggers']
  const isStarted = Array.isArray(triggers) && triggers.some((one) => one === 'pull_request' || one === 'push')
  if (!isStarted || use.confidence === 'none') return
  for (const place of [repository, repository.split('/')[0]!]) {
    const key = keys.githubDependabotSecret(place, name)
    if (!facts.entities.has(idOf(key))) continue
    yield {
      ...wayTo({ key, level: 'repository', standing: 'maybe' }, 'possible', undefined, 0),
      note: 'in runs that Dependabot starts, in place of the Actions secret',
    }
  }
}

/** Adds a way; one that another source already told gets what is known of it now. */
function put(
  relationships: Map<string, KnownRelationship>,
  way: Way,
  use: KnownRelationship,
  user: KnownEntity,
  { entities }: KnownFacts,
): void {
  const to = idOf(way.key)
  if (!entities.has(to)) return
  const { need: _need, id: _id, props: _props, ...rest } = use
  const own = `USES_SECRET ${user.key} > ${way.key} for ${way.need}`
  const id = idOf(way.need === undefined ? relationshipKey({ kind: 'USES_SECRET', from: user.key, to: way.key }) : own)
  const evidence = (use.evidence ?? []).map((one) => withNote(one, way))
  const known = relationships.get(id)
  const environment = use.props?.['environment']
  relationships.set(id, {
    ...rest,
    id,
    to,
    confidence:
      known && rank[known.confidence ?? 'confirmed'] > rank[way.confidence]
        ? (known.confidence ?? 'confirmed')
        : way.confidence,
    delivery: way.delivery,
    ...(way.need !== undefined && { need: way.need }),
    props: {
      scopeKnown: true,
      order: way.order,
      ...(way.isFallback && { fallback: true }),
      ...(way.unseen.length > 0 && { unseen: [...way.unseen] }),
      ...(typeof environment === 'string' && { environment }),
    },
    evidence: known ? [...(known.evidence ?? []), ...evidence] : evidence,
  })
}

const unknownScope = 'scope not known'

function withNote(one: Evidence, { note, isFallback }: Way): Evidence {
  const before = (one.note ?? '').split('; ').filter((part) => part !== '' && !part.startsWith(unknownScope))
  // That there is a fallback follows from how GitHub looks names up; nobody declared that it is used.
  const kind = isFallback && one.kind !== 'observed' ? 'inferred' : one.kind
  return { ...one, kind, note: [...before, note].join('; ').slice(0, 400) }
}

/** Names that turned out to stand for other places leave, where nothing else speaks of them. */
function without(left: ReadonlySet<string>, { entities, relationships }: KnownFacts): KnownFacts {
  const needed = new Set<string>()
  for (const { kind, from, to } of relationships.values()) {
    if (kind !== 'CONTAINED_IN') needed.add(from)
    needed.add(to)
  }
  const gone = new Set([...left].filter((id) => !needed.has(id) && !isTold(entities.get(id))))
  if (gone.size === 0) return { entities, relationships }
  return {
    entities: new Map([...entities].filter(([id]) => !gone.has(id))),
    relationships: new Map([...relationships].filter(([, { from, to }]) => !gone.has(from) && !gone.has(to))),
  }
}

function isTold(entity: KnownEntity | undefined): boolean {
  return (
    entity !== undefined &&
    (entity.props?.['level'] !== undefined ||
      (entity.evidence ?? []).some(({ source }) => source !== 'github-workflows'))
  )
}
