import type { AuditStore, DocStore, Finding, Head, Store } from '../store/contract.ts'
import { isStoreError, StoreError } from '../store/errors.ts'
import { cipherOf, type Cipher } from './cipher.ts'
import { sealedImports } from './sealed-imports.ts'

/**
 * A store in which nothing can be read without the key: names of scopes, documents and their kinds are keyed hashes,
 * everything else is sealed for its row. It is a store like any other to whoever has it, over either adapter.
 */
export function sealedStore(store: Store, key: Uint8Array): Store {
  const cipher = cipherOf(key)
  const imports = sealedImports(store, cipher)
  const scopeOf = async (head: Head): Promise<string> => {
    const inner = await store.manifest(head.importId)
    if (!inner) throw new StoreError('CorruptSegment', `Import ${head.importId} is not stored.`)
    return (await imports.manifestOf(inner)).scope
  }
  async function heads(): Promise<ReadonlyMap<string, Head>> {
    const found: [string, Head][] = []
    for (const [name, head] of await store.heads()) {
      const scope = await scopeOf(head)
      if (cipher.nameOf('scope', scope) !== name)
        throw new StoreError('CorruptSegment', 'The head of a scope is not what was stored.')
      found.push([scope, head])
    }
    return new Map(found)
  }
  return {
    kind: store.kind,
    heads,
    stage: imports.stage,
    async manifest(id) {
      const inner = await store.manifest(id)
      return inner && imports.manifestOf(inner)
    },
    async *readSegments(id, buckets) {
      const inner = await store.manifest(id)
      if (!inner) throw new StoreError('CorruptSegment', `Import ${id} is not stored: it was pruned, or never was.`)
      yield* imports.opened(inner, buckets)
    },
    imports: async (scope, page) =>
      Promise.all((await store.imports(cipher.nameOf('scope', scope), page)).map(imports.manifestOf)),
    async prune(policy) {
      const scopeOfName = new Map([...(await heads()).keys()].map((scope) => [cipher.nameOf('scope', scope), scope]))
      const report = await store.prune(policy)
      if (policy.dryRun !== true) {
        await imports.forget(report.imports)
        await imports.sweep(Date.now())
      }
      // The store below has them in the order of their sealed names.
      const scopes = report.scopes.map((one) => ({ ...one, scope: scopeOfName.get(one.scope) ?? one.scope }))
      return { ...report, scopes: scopes.sort((a, b) => (a.scope < b.scope ? -1 : 1)) }
    },
    docs: sealedDocs(store.docs, cipher),
    audit: sealedAudit(store.audit, cipher),
    watch: (onHeads) => {
      let stopped = false
      const stop = store.watch((changed) => {
        const names = new Set(changed)
        void heads().then(
          (all) => {
            const scopes = [...all.keys()].filter((scope) => names.has(cipher.nameOf('scope', scope)))
            if (!stopped && scopes.length) onHeads(scopes)
          },
          () => undefined,
        )
      })
      return () => {
        stopped = true
        stop()
      }
    },
    health: () => store.health(),
    verify: () => verified(store, heads, imports.opened),
    close: () => store.close(),
  }
}

async function* verified(
  store: Store,
  heads: () => Promise<ReadonlyMap<string, Head>>,
  opened: ReturnType<typeof sealedImports>['opened'],
): AsyncGenerator<Finding> {
  yield* store.verify()
  const damaged = (what: Finding['what'], id: string, error: unknown): Finding => {
    if (!isStoreError(error)) throw error
    return { what, id, words: error.message }
  }
  try {
    await heads()
  } catch (error) {
    yield damaged('scope', 'all', error)
  }
  for (const name of (await store.heads()).keys())
    for (const inner of await store.imports(name, { limit: 10_000 }))
      try {
        for await (const _ of opened(inner, undefined));
      } catch (error) {
        yield damaged('import', inner.id, error)
      }
}

/** Bytes of a document: length of its id, its id, what it says. */
function sealedDocs(docs: DocStore, cipher: Cipher): DocStore {
  const names = (kind: string, id: string): readonly [string, string] => [
    cipher.nameOf('kind', kind),
    cipher.nameOf(`document ${kind}`, id),
  ]
  const rowOf = (kind: string, name: string, version: number): string => `document ${kind} ${name} ${version}`
  async function read(
    kind: string,
    name: string,
  ): Promise<{ id: string; version: number; bytes: Uint8Array } | undefined> {
    const doc = await docs.get(cipher.nameOf('kind', kind), name)
    if (!doc) return undefined
    const plain = cipher.open(rowOf(kind, name, doc.version), doc.bytes)
    if (!plain) throw new StoreError('CorruptSegment', `A document (${kind}) is not what was stored.`)
    const end = 4 + plain.readUInt32BE(0)
    return { id: plain.toString('utf8', 4, end), version: doc.version, bytes: plain.subarray(end) }
  }
  return {
    get: (kind, id) => read(kind, names(kind, id)[1]),
    async put(kind, id, expected, bytes) {
      const [kindName, name] = names(kind, id)
      const idBytes = Buffer.from(id)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(idBytes.length)
      const sealed = cipher.seal(rowOf(kind, name, expected + 1), Buffer.concat([length, idBytes, bytes]))
      return docs.put(kindName, name, expected, sealed)
    },
    remove: (kind, id, expected) => docs.remove(...names(kind, id), expected),
    async list(kind) {
      const found: { id: string; version: number }[] = []
      for (const { id: name } of await docs.list(cipher.nameOf('kind', kind))) {
        const doc = await read(kind, name)
        // Removed meanwhile: it is not there.
        if (doc) found.push({ id: doc.id, version: doc.version })
      }
      return found.sort((a, b) => (a.id < b.id ? -1 : 1))
    },
    ...(docs.watch && {
      watch: (kinds, onChange) => {
        const kindOf = new Map(kinds.map((kind) => [cipher.nameOf('kind', kind), kind]))
        return docs.watch!([...kindOf.keys()], (changed) => onChange(changed.map((name) => kindOf.get(name)!)))
      },
    }),
  }
}

function sealedAudit(audit: AuditStore, cipher: Cipher): AuditStore {
  const rowOf = (chain: string, seq: number): string => `audit ${chain} ${seq}`
  return {
    append: (chain, seq, body) =>
      audit.append(chain, seq, cipher.seal(rowOf(chain, seq), Buffer.from(body)).toString('base64')),
    read: async (chain, after, limit) =>
      (await audit.read(chain, after, limit)).map(({ seq, body }) => {
        const plain = cipher.open(rowOf(chain, seq), Buffer.from(body, 'base64'))
        if (!plain) throw new StoreError('CorruptSegment', `Audit entry ${chain}/${seq} is not what was stored.`)
        return { seq, body: plain.toString() }
      }),
    last: (chain) => audit.last(chain),
    chains: () => audit.chains(),
  }
}
