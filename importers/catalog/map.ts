import type { Evidence, Props, RelationshipFact } from '../../graph/facts.ts'
import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { Sink } from '../importer.ts'
import type { CatalogEntity, Ref } from './records.ts'

/** An entity, and the file it stands in. */
export interface Stated {
  readonly entity: CatalogEntity
  readonly file: string
}

/** Kinds of a catalog that become things here; all others are counted as not relevant. */
export const catalogKinds = new Map<string, EntityKind>([
  ['component', 'business.system'],
  ['system', 'business.system'],
  ['group', 'business.team'],
  ['resource', 'generic.resource'],
  ['api', 'generic.other'],
  // A domain is a heading over systems: nothing runs on it.
  ['domain', 'generic.other'],
])

const refName = ({ namespace, name }: Ref): string => (namespace === 'default' ? name : `${namespace}/${name}`)
const refText = (ref: Ref): string => `${ref.kind}:${ref.namespace}/${ref.name}`

/** Says everything of a catalog, when all its files are read. */
export function mapCatalog(all: readonly Stated[], sink: Sink): void {
  const teams = new Map<string, string>()
  const providers = new Map<string, Ref[]>()
  for (const { entity } of all) {
    const slug = entity.ref.kind === 'group' ? entity.hints.get('githubTeam') : undefined
    // CODEOWNERS calls the same team `owner/team`.
    if (slug?.includes('/')) teams.set(refText(entity.ref), slug)
    for (const api of entity.provides) providers.set(refText(api), [...(providers.get(refText(api)) ?? []), entity.ref])
  }
  const catalog: Catalog = { sink, providers, keyOf: (ref) => keyOf(ref, teams) }
  for (const stated of all) mapEntity(stated, catalog)
}

interface Catalog {
  readonly sink: Sink
  /** Who provides an API. */
  readonly providers: ReadonlyMap<string, readonly Ref[]>
  /** Key of what a reference means; undefined for people and kinds that are not taken. */
  keyOf(ref: Ref): string | undefined
}

function keyOf(ref: Ref, teams: ReadonlyMap<string, string>): string | undefined {
  if (ref.kind === 'group') return keys.team(teams.get(refText(ref)) ?? refName(ref))
  if (ref.kind === 'component' || ref.kind === 'system') return keys.system(refName(ref))
  return ref.kind === 'resource' || ref.kind === 'api' || ref.kind === 'domain'
    ? keys.catalogEntity(refText(ref))
    : undefined
}

function mapEntity({ entity, file }: Stated, { sink, providers, keyOf: find }: Catalog): void {
  const id = find(entity.ref)
  const kind = catalogKinds.get(entity.ref.kind)
  if (id === undefined || kind === undefined) return
  const evidence = (note?: string): Evidence[] => [
    { source: 'catalog', kind: 'asserted', file, record: entity.where, ...(note === undefined ? {} : { note }) },
  ]
  const relate = (fact: RelationshipFact, note?: string) => {
    if (fact.from !== fact.to) sink.relationship({ ...fact, evidence: evidence(note) })
  }
  sink.entity({
    id,
    kind,
    name: entity.title,
    aliases: [refText(entity.ref), refName(entity.ref)],
    props: propsOf(entity),
    evidence: evidence(),
  })
  const owners = ownersOf(entity, find)
  for (const team of owners) {
    sink.entity({ id: team.key, kind: 'business.team', name: team.name })
    relate({ kind: 'OWNED_BY', from: id, to: team.key }, team.note)
  }
  for (const parent of [entity.system, ...entity.parents]) {
    const to = parent && find(parent)
    if (to !== undefined) relate({ kind: 'CONTAINED_IN', from: id, to }, 'part of')
    // What a system consists of it needs; a part of a team is no dependency.
    if (to !== undefined && entity.ref.kind !== 'group' && parent?.kind !== 'domain')
      relate({ kind: 'DEPENDS_ON', from: to, to: id }, 'part of')
  }
  for (const ref of entity.dependsOn) {
    const to = find(ref)
    if (to !== undefined) relate({ kind: 'DEPENDS_ON', from: id, to }, 'dependsOn')
  }
  for (const api of entity.consumes)
    for (const provider of providers.get(refText(api)) ?? []) {
      const to = find(provider)
      if (to !== undefined) relate({ kind: 'DEPENDS_ON', from: id, to }, `consumes ${api.name.slice(0, 200)}`)
    }
  const whole = entity.system && find(entity.system)
  mapRepository(entity, id, whole, owners, sink, relate)
  mapNamespace(entity, owners, sink, relate)
}

interface Owner {
  readonly key: string
  readonly name: string
  readonly note: string
}
type Relate = (fact: RelationshipFact, note?: string) => void

function ownersOf(entity: CatalogEntity, find: Catalog['keyOf']): Owner[] {
  const { owner, hints, ref } = entity
  if (ref.kind === 'group') return []
  const key = owner?.kind === 'group' ? find(owner) : undefined
  const said = owner && key !== undefined ? [{ key, name: refName(owner), note: 'owner' }] : []
  const slug = hints.get('githubTeam')
  if (!slug?.includes('/') || keys.team(slug) === key) return said
  return [...said, { key: keys.team(slug), name: slug, note: 'annotation github.com/team-slug' }]
}

function propsOf({ type, lifecycle, description, hints, ref }: CatalogEntity): Props {
  const { kind } = ref
  const told = { catalogKind: kind, type, lifecycle, purpose: description, ...Object.fromEntries(hints) }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as Props
}

/** `url:https://github.com/acme/shop/tree/main/`. */
function repositoryAt(location: string | undefined): string | undefined {
  const host = 'https://github.com/'
  const from = location?.indexOf(host) ?? -1
  if (location === undefined || from < 0) return undefined
  const [owner, name] = location.slice(from + host.length).split('/')
  return owner && name ? `${owner}/${name.endsWith('.git') ? name.slice(0, -'.git'.length) : name}` : undefined
}

/** The repository is named by an annotation: certain. Its pipelines serve a system that others call after it. */
function mapRepository(
  entity: CatalogEntity,
  id: string,
  whole: string | undefined,
  owners: readonly Owner[],
  sink: Sink,
  relate: Relate,
): void {
  const named = entity.hints.get('repository')
  const slug = named ?? repositoryAt(entity.hints.get('sourceLocation'))
  const parts = slug?.split('/') ?? []
  if (slug === undefined || parts.length !== 2 || parts.includes('')) return
  const repository = keys.githubRepository(slug)
  const note = named === undefined ? 'annotation backstage.io/source-location' : 'annotation github.com/project-slug'
  sink.entity({ id: repository, kind: 'github.repository', name: slug })
  if (entity.ref.kind !== 'component') return
  relate({ kind: 'DEFINED_IN', from: id, to: repository }, note)
  for (const { key } of owners) relate({ kind: 'OWNED_BY', from: repository, to: key }, note)
  const same = keys.system(parts[1]!)
  // A system called after the repository is what it is part of, not what it needs.
  if (same === id || same === whole) return
  sink.entity({ id: same, kind: 'business.system', name: parts[1]! })
  relate({ kind: 'DEPENDS_ON', from: id, to: same, strength: 'soft' }, note)
}

/** Only where both cluster and namespace are named. Which workloads of it are meant their labels say, not the catalog. */
function mapNamespace(entity: CatalogEntity, owners: readonly Owner[], sink: Sink, relate: Relate): void {
  const cluster = entity.hints.get('kubernetesCluster')
  const namespace = entity.hints.get('kubernetesNamespace')
  if (cluster === undefined || namespace === undefined) return
  const from = keys.k8sNamespace(cluster, namespace)
  sink.entity({ id: from, kind: 'k8s.namespace', name: namespace })
  for (const { key } of owners)
    relate({ kind: 'OWNED_BY', from, to: key, confidence: 'possible' }, 'annotation backstage.io/kubernetes-namespace')
}
