import type { ScopeId } from '../../../graph/known.ts'
import type { Finding, Head, ImportId, SegmentBytes, Store } from '../contract.ts'
import { isStoreError, StoreError } from '../errors.ts'
import { connect, wholeNumber, type Bolt, type BoltSettings } from './bolt.ts'
import { auditLog, documents } from './documents.ts'
import { pruneImports, sweep } from './garbage.ts'
import { manifestOf, readAllImports, readImport, stageImport } from './imports.ts'
import { importsInProjection, startAnew } from './projection.ts'
import { onceQuiet, startQuiet } from './quiet.ts'
import { noRoller, startRoller } from './roller.ts'
import { readSegment, readSegments } from './segments.ts'
import { statements } from './statements.ts'
import { startWatching } from './watching.ts'

const SCHEMA_VERSION = 1
const OLDEST = [5, 26] as const

export interface Neo4jStore extends Store {
  readonly kind: 'neo4j'
  /** Resolves when the labelled graph shows what is believed; rejects when that failed and will be tried again. */
  projected(): Promise<void>
  /** Clears the labelled graph and makes it anew from the heads. */
  rebuild(): Promise<void>
}

/**
 * Opens the store in a Neo4j 5.26 or later. Makes constraints and indexes first, then brings the labelled graph up to
 * the heads in the background. Throws `StoreUnavailable`, `SchemaTooNew`.
 */
export async function openNeo4jStore(settings: BoltSettings & { readonly isSealed?: boolean }): Promise<Neo4jStore> {
  const bolt = connect(settings)
  let isSealed = settings.isSealed === true
  try {
    refuseOld(await bolt.version())
    for (const text of statements('schema')) await bolt.schema(text)
    const rows = await bolt.write([['store/schema-version', { version: wholeNumber(SCHEMA_VERSION) }]])
    const version = Number(rows[0]![0]!['version'])
    if (version > SCHEMA_VERSION)
      throw new StoreError(
        'SchemaTooNew',
        `The store in Neo4j has version ${version}; this Keyfall knows ${SCHEMA_VERSION}.`,
      )
    await sweep(bolt)
    isSealed ||= (await documents(bolt).get('seal', 'key')) !== undefined
  } catch (error) {
    await bolt.close()
    throw error
  }
  return opened(bolt, isSealed)
}

function refuseOld(agent: string): void {
  const [, major, minor] = /\/(\d+)\.(\d+)/.exec(agent) ?? []
  const isOld = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])
  if (isOld)
    throw new StoreError('StoreUnavailable', `${agent} is too old: Keyfall needs Neo4j ${OLDEST.join('.')} or later.`)
}

function opened(bolt: Bolt, isSealed: boolean): Neo4jStore {
  let open = true
  const quiet = startQuiet()
  const roller = isSealed ? noRoller : startRoller(bolt, () => !open, quiet.is)
  const watch = startWatching(
    async () => new Map([...(await readHeads(bolt))].map(([scope, { importId }]) => [scope, importId])),
  )
  const docWatch = startWatching(
    async () =>
      new Map(
        (await bolt.read('store/doc-changes')).map((row) => [String(row['kind']), Number(row['changes'])] as const),
      ),
  )
  roller.wake()

  async function* segmentsOf(id: ImportId, buckets?: readonly number[]): AsyncGenerator<SegmentBytes> {
    const manifest = await readImport(bolt, id)
    if (!manifest) throw new StoreError('CorruptSegment', `Import ${id} is not stored: it was pruned, or never was.`)
    yield* readSegments(bolt, manifest, buckets ?? [...manifest.segments.keys()])
  }

  return {
    kind: 'neo4j',
    heads: () => readHeads(bolt),
    stage: async (draft) =>
      stageImport(bolt, draft, {
        staged: quiet.disturb,
        committed: () => {
          watch.look()
          roller.wake()
        },
      }),
    manifest: (id) => readImport(bolt, id),
    readSegments: segmentsOf,
    imports: async (scope, { before = Number.MAX_SAFE_INTEGER, limit = 100 } = {}) =>
      (await bolt.read('store/list-imports', { scope, before: wholeNumber(before), limit: wholeNumber(limit) })).map(
        manifestOf,
      ),
    prune: async (policy) => {
      // What the labelled graph still shows cannot go yet; where it does not arrive, it is kept. A dry run waits too:
      // else it foretells that what goes in a moment stays.
      await roller.arrived().catch(() => {})
      const pinned = [...(policy.pinned ?? []), ...(await importsInProjection(bolt))]
      const heads = new Set([...(await readHeads(bolt)).values()].map(({ importId }) => importId))
      return pruneImports(bolt, { ...policy, pinned }, heads)
    },
    docs: {
      ...documents(bolt, docWatch.look),
      watch: (kinds, onChange) =>
        docWatch.add((all) => {
          const changed = all.filter((kind) => kinds.includes(kind))
          if (changed.length) onChange(changed)
        }),
    },
    audit: auditLog(bolt),
    watch: (onHeads) => {
      let isHeard = true
      const stop = watch.add(onceQuiet((changed) => isHeard && onHeads(changed), quiet.is))
      return () => {
        isHeard = false
        stop()
      }
    },
    health: async () => {
      if (!open) return { ready: false, words: 'the store is closed' }
      try {
        if (isSealed) {
          await bolt.read('projection/state')
          return { ready: true, words: `Neo4j answers; ${roller.words()}` }
        }
        const [row] = await bolt.read('projection/state')
        if (row?.['projected'] === true) return { ready: true, projected: true, words: 'Neo4j answers' }
        const [behind, part] = [Number(row?.['behind'] ?? 0), Number(row?.['part'] ?? 0)]
        const lag = `${behind} imports behind, ${Math.floor(part * 100)}% of the way`
        return { ready: true, projected: false, behind, part, words: `Neo4j answers; ${roller.words()}: ${lag}` }
      } catch (error) {
        return { ready: false, words: isStoreError(error) ? error.message : 'Neo4j does not answer' }
      }
    },
    verify: () => verifyStore(bolt),
    projected: () => roller.arrived(),
    rebuild: async () => {
      await startAnew(bolt)
      await roller.arrived()
    },
    close: async () => {
      if (!open) return
      open = false
      watch.stop()
      docWatch.stop()
      await roller.stopped()
      await bolt.close()
    },
  }
}

async function readHeads(bolt: Bolt): Promise<ReadonlyMap<ScopeId, Head>> {
  return new Map(
    (await bolt.read('store/heads')).map((row) => [
      String(row['scope']),
      { importId: String(row['head']), generation: Number(row['generation']), seq: Number(row['seq']) },
    ]),
  )
}

async function* verifyStore(bolt: Bolt): AsyncGenerator<Finding> {
  const seen = new Set<string>()
  const imports = await readAllImports(bolt).catch((error: unknown) =>
    isStoreError(error) ? error.message : 'unreadable',
  )
  if (typeof imports === 'string') {
    yield { what: 'import', id: 'all', words: imports }
    return
  }
  const known = new Set(imports.map(({ id }) => id))
  for (const [scope, { importId }] of await readHeads(bolt))
    if (!known.has(importId)) yield { what: 'scope', id: scope, words: 'its head is not stored' }
  for (const { segments } of imports)
    for (const [bucket, hash] of segments.entries()) {
      if (seen.has(hash)) continue
      seen.add(hash)
      const whole = await readSegment(bolt, bucket, hash).then(
        () => true,
        () => false,
      )
      if (!whole) yield { what: 'segment', id: hash, words: 'missing, or not what was stored' }
    }
}
