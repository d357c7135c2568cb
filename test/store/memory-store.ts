import type { Head, ImportManifest, Store } from '../../server/store/contract.ts'
import { StoreError } from '../../server/store/errors.ts'
import { damaged, newImportId, rootOf, sha256 } from '../../server/store/hashing.ts'
import { decided } from '../../server/store/retention.ts'
import type { StoreUnderTest } from './contract.ts'

/** What a store means, with nothing that can go wrong: the other two are compared with it. */
export function memoryStore(): StoreUnderTest {
  const segments = new Map<string, Uint8Array>()
  const imports = new Map<string, ImportManifest>()
  const heads = new Map<string, Head>()
  const docs = new Map<string, { version: number; bytes: Uint8Array }>()
  const chains = new Map<string, string[]>()
  let seq = 0
  const unstaged = new Set<string>()

  function open(): Store {
    const watchers = new Set<(changed: readonly string[]) => void>()
    return {
      kind: 'memory',
      heads: async () => new Map(heads),
      stage: async (draft) => {
        const id = newImportId()
        const staged = new Map<number, string>()
        return {
          id,
          put: async (bucket, hash, bytes) => {
            if (sha256(bytes) !== hash) throw damaged(bucket, hash)
            segments.set(hash, Uint8Array.from(bytes))
            staged.set(bucket, hash)
          },
          keep: async (bucket, hash) => {
            if (!segments.has(hash)) throw damaged(bucket, hash)
            staged.set(bucket, hash)
          },
          commit: async (expected) => {
            const generation = heads.get(draft.scope)?.generation ?? 0
            if (unstaged.has(id)) throw new Error('over')
            unstaged.add(id)
            if (generation !== expected) throw new StoreError('ScopeMoved', 'moved')
            const hashes = Array.from({ length: 256 }, (_, bucket) => staged.get(bucket)!)
            if (hashes.includes(undefined as never)) throw new Error('a segment is missing')
            const root = rootOf(hashes)
            const manifest = { ...draft, id, seq: ++seq, generation: generation + 1, segments: hashes, root }
            const head = { importId: id, generation: generation + 1, seq }
            imports.set(id, manifest)
            heads.set(draft.scope, head)
            for (const tell of watchers) tell([draft.scope])
            return { changed: true, manifest, head }
          },
          abort: async () => void unstaged.add(id),
        }
      },
      manifest: async (id) => imports.get(id),
      readSegments: async function* (id, buckets) {
        const manifest = imports.get(id)
        if (!manifest) throw new StoreError('CorruptSegment', 'no such import')
        for (const bucket of buckets ?? manifest.segments.keys()) {
          const hash = manifest.segments[bucket]!
          yield { bucket, hash, bytes: segments.get(hash)! }
        }
      },
      imports: async (scope, { before = Infinity, limit = 100 } = {}) =>
        [...imports.values()]
          .filter((one) => one.scope === scope && one.seq < before)
          .sort((a, b) => b.seq - a.seq)
          .slice(0, limit),
      prune: async (policy) => {
        const { gone, scopes } = decided(
          [...imports.values()],
          new Set([...heads.values()].map(({ importId }) => importId)),
          policy,
        )
        if (policy.dryRun !== true) for (const { id } of gone) imports.delete(id)
        return { imports: gone.map(({ id }) => id), segments: 0, bytes: 0, scopes }
      },
      docs: {
        get: async (kind, id) => {
          const doc = docs.get(`${kind} ${id}`)
          return doc && { id, ...doc }
        },
        put: async (kind, id, expected, bytes) => {
          if ((docs.get(`${kind} ${id}`)?.version ?? 0) !== expected) throw new StoreError('VersionConflict', 'moved')
          docs.set(`${kind} ${id}`, { version: expected + 1, bytes })
          return expected + 1
        },
        remove: async (kind, id, expected) => {
          if ((docs.get(`${kind} ${id}`)?.version ?? 0) !== expected) throw new StoreError('VersionConflict', 'moved')
          docs.delete(`${kind} ${id}`)
        },
        list: async (kind) =>
          [...docs]
            .filter(([key]) => key.startsWith(`${kind} `))
            .map(([key, { version }]) => ({ id: key.slice(kind.length + 1), version }))
            .sort((a, b) => (a.id < b.id ? -1 : 1)),
      },
      audit: {
        append: async (chain, seq, body) => {
          const entries = chains.get(chain) ?? []
          if (seq !== entries.length + 1) throw new StoreError('VersionConflict', 'moved')
          chains.set(chain, entries)
          entries.push(body)
        },
        read: async (chain, after, limit) =>
          (chains.get(chain) ?? []).map((body, at) => ({ seq: at + 1, body })).slice(after, after + limit),
        last: async (chain) => chains.get(chain)?.length ?? 0,
        chains: async () => [...chains.keys()].sort(),
      },
      watch: (tell) => {
        watchers.add(tell)
        return () => watchers.delete(tell)
      },
      health: async () => ({ ready: true, words: 'in memory' }),
      verify: async function* () {},
      close: async () => {},
    }
  }
  return { open: async () => open(), remove: async () => {} }
}
