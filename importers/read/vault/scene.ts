import type { EntityFact, Evidence, Props, RelationshipFact } from '../../../graph/facts.ts'
import { keys } from '../../../graph/keys.ts'
import type { Sink } from '../../importer.ts'
import type { VaultLease, VaultPlace, VaultRecord } from './model.ts'

export interface VaultOf {
  /** Host name of the Vault's address, or whatever the user calls it. */
  readonly address: string
  /** Id of the importer that speaks. */
  readonly source: string
  readonly evidence?: Evidence['kind'] | undefined
  /** Name of the cluster behind a Kubernetes auth mount, where the source knows it. */
  readonly clusterOf?: ((mount: string) => string | undefined) | undefined
}

/** Something a reader of the report should know, and the file it is about. */
export interface VaultNote {
  readonly file: string
  readonly text: string
}

/** A path that hands something out, and the request that asks for it. */
export interface ReadablePath {
  readonly id: string
  readonly request: string
  readonly capability: 'read' | 'update'
}

/** Facts of one Vault while they are made. */
export interface Scene {
  readonly vault: VaultOf
  /** All records of one sort, in order. */
  of<What extends VaultRecord['what']>(what: What): readonly Extract<VaultRecord, { what: What }>[]
  /** Leases by the path that handed them out. */
  readonly leases: ReadonlyMap<string, readonly VaultLease[]>
  readonly mounts: ReadonlyMap<string, Extract<VaultRecord, { what: 'mount' }>>
  readonly readable: Map<string, ReadablePath>
  entity(fact: EntityFact, place?: VaultPlace): string
  relate(fact: RelationshipFact, place: VaultPlace, note?: string): void
  /** A secret of this Vault by its path, on its server. */
  secret(path: string, fact: Omit<EntityFact, 'id'>, place: VaultPlace): string
}

export function sceneOf(vault: VaultOf, records: readonly VaultRecord[], sink: Sink): Scene {
  const kind = vault.evidence ?? 'declared'
  const told = ({ file, record }: VaultPlace, note?: string): Evidence[] => [
    { source: vault.source, kind, file: file.slice(-1024), record: record.slice(0, 256), ...(note ? { note } : {}) },
  ]
  const mounts = new Map<string, Extract<VaultRecord, { what: 'mount' }>>()
  const leases = new Map<string, VaultLease[]>()
  const sorts = new Map<VaultRecord['what'], VaultRecord[]>()
  for (const record of records) {
    const path = `${record.namespace ?? ''}${'path' in record ? record.path : ''}`
    append(sorts, record.what, record)
    if (record.what === 'mount') mounts.set(path, record)
    if (record.what === 'lease') append(leases, path, record)
  }
  const server = keys.vaultServer(vault.address)
  sink.entity({ id: server, kind: 'vault.server', name: vault.address })
  const scene: Scene = {
    vault,
    of: <What extends VaultRecord['what']>(what: What) =>
      (sorts.get(what) ?? []) as Extract<VaultRecord, { what: What }>[],
    leases,
    mounts,
    readable: new Map(),
    entity(fact, place) {
      sink.entity(place ? { ...fact, evidence: told(place) } : fact)
      return fact.id
    },
    relate(fact, place, note) {
      sink.relationship({ ...fact, evidence: told(place, note?.slice(0, 400)) })
    },
    secret(path, fact, place) {
      const id = scene.entity(
        { kind: 'vault.secret_path', name: path, aliases: [path], ...fact, id: keys.vaultSecret(vault.address, path) },
        place,
      )
      scene.relate({ kind: 'CONTAINED_IN', from: id, to: server }, place)
      return id
    },
  }
  return scene
}

function append<K, V>(lists: Map<K, V[]>, key: K, one: V): void {
  const list = lists.get(key)
  if (list) list.push(one)
  else lists.set(key, [one])
}

/** Properties without those of which nothing is known. */
export function given(props: Record<string, Props[string] | undefined>): Props {
  return Object.fromEntries(
    Object.entries(props).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  ) as Props
}

/** Two hundred texts at most, as a property holds them. */
export const listed = (texts: Iterable<string>): string[] => [...new Set(texts)].sort().slice(0, 200)
