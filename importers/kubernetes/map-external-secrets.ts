import { type Cluster, type Seen } from './cluster-facts.ts'
import { generated, remoteItem } from './map-stores.ts'
import { selects, type Selector } from './meta.ts'
import { defaultRefreshSeconds, refreshOf, syncs, unlessFailing, type Refresh } from './refresh.ts'
import {
  ClusterExternalSecret,
  ExternalSecret,
  PushSecret,
  type ExternalSecretSpec,
  type SyncStatus,
} from './store-records.ts'

export function readExternalSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const { spec, status } = ExternalSecret.safeParse(value).data ?? {}
  if (!spec) return false
  cluster.later(() => emitExternalSecret(cluster, seen, spec, seen.meta.name!, status))
  return true
}

/** Makes an ExternalSecret in each namespace it lists, and in those of the export that its selectors choose. */
export function readClusterExternalSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const spec = ClusterExternalSecret.safeParse(value).data?.spec
  if (!spec) return false
  cluster.later(() => {
    const selectors = [...(spec.namespaceSelectors ?? []), ...(spec.namespaceSelector ? [spec.namespaceSelector] : [])]
    const chosen = new Set([...(spec.namespaces ?? []).filter(Boolean), ...namespacesBy(cluster, selectors)])
    for (const namespace of chosen) {
      const there = { ...seen, meta: { ...seen.meta, namespace } }
      emitExternalSecret(cluster, there, spec.externalSecretSpec, spec.externalSecretName || seen.meta.name!)
    }
  })
  return true
}

function namespacesBy(cluster: Cluster, selectors: readonly Selector[]): string[] {
  if (selectors.length === 0) return []
  return [...cluster.namespaceLabels()].flatMap(([namespace, labels]) =>
    selectors.some((selector) => selects(selector, labels)) ? [namespace] : [],
  )
}

/** What a copy can't do whatever the interval says. */
function refreshInto({ refreshInterval, refreshPolicy, target }: ExternalSecretSpec): Refresh {
  if (target?.creationPolicy === 'None') return { delivery: 'manual', note: 'creationPolicy None: nothing is written' }
  if (target?.immutable === true)
    return { delivery: 'manual', note: 'the secret is immutable: it has to be deleted to be made again' }
  return refreshOf(refreshInterval, refreshPolicy, defaultRefreshSeconds)
}

function emitExternalSecret(
  cluster: Cluster,
  seen: Seen,
  spec: ExternalSecretSpec,
  name: string,
  status?: SyncStatus,
): void {
  // Newer versions may write other objects than secrets; those hold no secret of ours.
  if (spec.target?.manifest?.kind && spec.target.manifest.kind !== 'Secret') return
  const target = cluster.secret(cluster.namespaceOf(seen), spec.target?.name || name, seen.place)
  const refresh = unlessFailing(refreshInto(spec), status)
  const policy = spec.target?.creationPolicy
  const how = policy && policy !== 'Owner' ? `, creationPolicy ${policy.slice(0, 40)}` : ''
  const said = `ExternalSecret ${name}${how}`
  for (const { secretKey, remoteRef, sourceRef } of spec.data ?? []) {
    if (!remoteRef) continue
    const { item, by } = remoteItem(cluster, sourceRef?.storeRef ?? spec.secretStoreRef, seen, remoteRef.key)
    const from = remoteRef.property ? ` from ${remoteRef.property}` : ''
    syncs(cluster, { from: target, to: item, by, refresh }, seen.place, `${said}, key ${secretKey ?? '?'}${from}`)
  }
  for (const { extract, find, sourceRef } of spec.dataFrom ?? []) {
    const ref = sourceRef?.storeRef ?? spec.secretStoreRef
    if (sourceRef?.generatorRef) {
      const { item, by } = generated(cluster, sourceRef.generatorRef, seen)
      syncs(cluster, { from: target, to: item, by, refresh }, seen.place, `${said}, made by a generator`)
    } else if (extract) {
      const { item, by } = remoteItem(cluster, ref, seen, extract.key)
      syncs(cluster, { from: target, to: item, by, refresh }, seen.place, `${said}, all keys`)
    } else if (find) {
      const tags = find.tags.length > 0 ? `tags ${[...find.tags].join(',')}` : '*'
      const { item, by } = remoteItem(cluster, ref, seen, `${find.path ?? ''}[${find.name?.regexp ?? tags}]`)
      syncs(cluster, { from: target, to: item, by, refresh, guessed: true }, seen.place, `${said}, whatever it finds`)
    }
  }
}

/** The other way round: the outside item is the copy. */
export function readPushSecret(cluster: Cluster, seen: Seen, value: unknown): boolean {
  const { spec, status } = PushSecret.safeParse(value).data ?? {}
  if (!spec) return false
  cluster.later(() => {
    const sources = sourcesOf(cluster, seen, spec)
    const remotes = new Set((spec.data ?? []).flatMap((d) => (d.match?.remoteRef ? [d.match.remoteRef.remoteKey] : [])))
    const refresh = unlessFailing(
      spec.updatePolicy === 'IfNotExists'
        ? { delivery: 'manual', note: 'updatePolicy IfNotExists: written once, never again' }
        : refreshOf(spec.refreshInterval, undefined, defaultRefreshSeconds),
      status,
    )
    const keep = spec.deletionPolicy === 'Delete' ? '; deleted there with the PushSecret' : ''
    for (const ref of spec.secretStoreRefs ?? [])
      for (const source of sources) {
        // `dataTo` pushes every key under a name that a rule makes.
        const names = spec.dataTo?.length ? [...remotes, `${source.name}[*]`] : [...remotes]
        for (const key of names) {
          const { item, by } = remoteItem(cluster, ref, seen, key)
          const guessed = source.guessed || !remotes.has(key)
          syncs(
            cluster,
            { from: item, to: source.id, by, refresh, guessed },
            seen.place,
            `PushSecret ${seen.meta.name!}${keep}`,
          )
        }
      }
  })
  return true
}

interface Pushed {
  readonly id: string
  readonly name: string
  readonly guessed: boolean
}

function sourcesOf(cluster: Cluster, seen: Seen, { selector }: PushSecret['spec']): Pushed[] {
  const namespace = cluster.namespaceOf(seen)
  const name = selector?.secret?.name
  if (name) return [{ id: cluster.secret(namespace, name, seen.place), name, guessed: false }]
  if (selector?.generatorRef)
    return [{ id: generated(cluster, selector.generatorRef, seen).item, name: 'generated', guessed: false }]
  // By labels: secrets of the export that carry them now.
  const chosen = selector?.secret?.selector
  if (!chosen) return []
  return cluster
    .secretLabels(namespace)
    .filter(({ labels }) => selects(chosen, labels))
    .map(({ name: found }) => ({ id: cluster.secret(namespace, found, seen.place), name: found, guessed: false }))
}
