import type { EntityFact, Evidence, Props, RelationshipFact } from '../../graph/facts.ts'
import { relationshipKey } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import type { RunContext, Sink } from '../importer.ts'
import { aggregates, type Aggregates } from './aggregates.ts'
import type { Meta } from './meta.ts'

/** Where an object stands: file and locator in it. */
export interface Place {
  readonly file: string
  readonly record: string
}

/** An object as it was read: what names it, and where it stands. */
export interface Seen {
  readonly kind: string
  readonly meta: Meta
  readonly place: Place
}

/** Evidence is a list of records, not a count of pods: more than these say nothing new. */
const evidencePerFact = 20

export type Labels = ReadonlyMap<string, string>

/**
 * What is known of one cluster while files are read. Objects refer to each other across files, so mappers only note at
 * first; `later` runs after the last file, when owners, stores and namespaces are known.
 */
export interface Cluster extends Aggregates {
  readonly name: string
  readonly context: RunContext
  /** Runs once, after the last file. */
  later(emit: () => void): void
  /** Objects that others look up, by `kind/namespace/name`. */
  note(seen: Pick<Seen, 'kind' | 'meta'>, value: unknown): void
  find(kind: string, namespace: string | null | undefined, name: string): unknown
  /** Was something of this content met before? */
  isRepeat(content: string): boolean
  /** Roles of the whole cluster by name, for those that are made of others. */
  readonly clusterRoles: Map<string, unknown>
  labelNamespace(namespace: string, labels: Labels): void
  namespaceLabels(): ReadonlyMap<string, Labels>
  labelSecret(namespace: string, name: string, labels: Labels): void
  secretLabels(namespace: string): readonly { readonly name: string; readonly labels: Labels }[]
  /** Objects of this folder without a namespace belong to that one (Kustomize, Flux). */
  folderNamespace(folder: string, namespace: string): void
  namespaceOf(seen: Pick<Seen, 'meta' | 'place'>): string
  entity(fact: EntityFact, place?: Place, note?: string): string
  propertyOf(id: string, name: string): Props[string] | undefined
  relationship(fact: RelationshipFact, evidence: Evidence): void
  /** A secret of this cluster, declared or only named by somebody. Returns its key. */
  secret(namespace: string, name: string, place: Place): string
  serviceAccount(namespace: string, name: string, place: Place): string
  /** Gives all facts to the sink. */
  end(): void
}

export const source = 'kubernetes'

/** Configuration says so, in this record. */
export function declared(place: Place, note?: string): Evidence {
  return evidence('declared', place, note)
}
export function inferred(place: Place, note?: string): Evidence {
  return evidence('inferred', place, note)
}
function evidence(kind: Evidence['kind'], place: Place, note?: string): Evidence {
  const at = { source, kind, file: place.file.slice(-1024), record: place.record.slice(0, 256) }
  return note === undefined ? at : { ...at, note: shortened(note, 400) }
}
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

export function clusterFacts(name: string, context: RunContext): Cluster {
  const entities = new Map<string, EntityFact>()
  const relationships = new Map<string, RelationshipFact>()
  const noted = new Map<string, unknown>()
  const folders = new Map<string, string>()
  const contents = new Set<string>()
  const namespaces = new Map<string, Labels>()
  const secrets = new Map<string, { name: string; labels: Labels }[]>()
  const emitters: (() => void)[] = []

  const entity: Cluster['entity'] = (fact, place, note) => {
    const known = entities.get(fact.id)
    const told = place ? [...(known?.evidence ?? []), declared(place, note)].slice(0, evidencePerFact) : known?.evidence
    const merged: EntityFact = { ...known, ...fact, ...(told ? { evidence: told } : {}) }
    if (known?.props || fact.props) merged.props = { ...known?.props, ...fact.props }
    entities.set(fact.id, merged)
    return fact.id
  }
  const relationship: Cluster['relationship'] = (fact, told) => {
    const key = relationshipKey(fact)
    const known = relationships.get(key)
    if (!known) return void relationships.set(key, { ...fact, evidence: [told] })
    const old = known.evidence ?? []
    const again = old.some((e) => e.file === told.file && e.record === told.record && e.note === told.note)
    if (!again && old.length < evidencePerFact) known.evidence = [...old, told]
    // Needed by one container, optional in another: needed.
    if (known.strength === 'soft' && fact.strength !== 'soft') delete known.strength
    // Sure by one record and possible by another: sure. That a use is over is said only where no record says otherwise.
    if (fact.confidence === undefined) delete known.confidence
    else if (fact.confidence === 'possible' && known.confidence === 'none') known.confidence = 'possible'
  }
  const namespace = (ns: string): void => {
    const id = keys.k8sNamespace(name, ns)
    if (entities.has(id)) return
    entity({ id, kind: 'k8s.namespace', name: ns })
    relationship(
      { kind: 'CONTAINED_IN', from: id, to: keys.k8sCluster(name) },
      { source, kind: 'declared', note: 'objects name this namespace' },
    )
  }
  const named = (kind: EntityKind, type: string) => (ns: string, item: string, place: Place) => {
    const id = keys.k8s(name, ns, type, item)
    if (entities.has(id)) return id
    namespace(ns)
    const aliases = [`${ns}/${item}`]
    if (type === 'serviceaccount') aliases.push(`system:serviceaccount:${ns}:${item}`)
    return entity({ id, kind, name: item, aliases, props: { namespace: ns, cluster: name } }, place, 'named here')
  }
  const all = aggregates(name, { entities, entity, relationship })

  return {
    ...all,
    name,
    context,
    clusterRoles: new Map(),
    later: (emit) => void emitters.push(emit),
    note: (seen, value) => void noted.set(lookup(seen.kind, seen.meta.namespace, seen.meta.name ?? ''), value),
    find: (kind, ns, item) => noted.get(lookup(kind, ns, item)),
    isRepeat: (content) => contents.size === contents.add(content).size,
    labelNamespace: (ns, labels) => void namespaces.set(ns, labels),
    namespaceLabels: () => namespaces,
    labelSecret: (ns, item, labels) => {
      const list = secrets.get(ns)
      if (list) list.push({ name: item, labels })
      else secrets.set(ns, [{ name: item, labels }])
    },
    secretLabels: (ns) => secrets.get(ns) ?? [],
    folderNamespace: (folder, ns) => void folders.set(folder, ns),
    namespaceOf: (seen) => {
      const ns = seen.meta.namespace || nearest(folders, seen.place.file) || 'default'
      namespace(ns)
      return ns
    },
    entity,
    propertyOf: (id, property) => entities.get(id)?.props?.[property],
    relationship,
    secret: named('k8s.secret_object', 'secret'),
    serviceAccount: named('k8s.service_account', 'serviceaccount'),
    end: () => {
      entity({ id: keys.k8sCluster(name), kind: 'k8s.cluster', name })
      for (const emit of emitters) emit()
      all.fill()
      const sink: Sink = context.scope({ id: `k8s/${name}`, title: `Kubernetes cluster ${name}`, complete: false })
      for (const fact of entities.values()) sink.entity(fact)
      for (const fact of relationships.values()) sink.relationship(fact)
    },
  }
}

const lookup = (kind: string, namespace: string | null | undefined, name: string): string =>
  `${kind}/${namespace ?? ''}/${name}`

/** What a label is of the folder a file lies in, or of the nearest folder above it. */
function nearest(folders: ReadonlyMap<string, string>, file: string): string | undefined {
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const namespace = folders.get(folder)
    if (namespace !== undefined || folder === '') return namespace
  }
}

export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')))
}
