import type { AuditStore, DocStore } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { checkOf } from '../hashing.ts'
import { fromBolt, toBolt, wholeNumber, type Bolt, type Row } from './bolt.ts'

/** `changed` is told of each change that is committed. */
export function documents(bolt: Bolt, changed?: () => void): Required<Omit<DocStore, 'watch'>> {
  /** Locks the document, then changes it only where it has the version that the caller saw. */
  async function change(kind: string, id: string, expected: number, step: string, more: object): Promise<void> {
    await bolt.write(
      [
        ['store/lock-doc', { kind, id }],
        [step, { kind, id, expected: wholeNumber(expected), ...more }],
        ['store/count-change', { key: `docs ${kind}` }],
      ],
      ([, done]) => {
        if (done!.length === 0)
          throw new StoreError('VersionConflict', `${kind} ${id} is not at version ${expected} any more.`)
      },
    )
    changed?.()
  }
  return {
    get: async (kind, id) => {
      const [row] = await bolt.read('store/read-doc', { kind, id })
      return row && { id, version: Number(row['version']), bytes: fromBolt(row['bytes']) }
    },
    put: async (kind, id, expected, bytes) => {
      await change(kind, id, expected, 'store/write-doc', { bytes: toBolt(bytes) })
      return expected + 1
    },
    remove: (kind, id, expected) => change(kind, id, expected, 'store/remove-doc', {}),
    list: async (kind) =>
      (await bolt.read('store/list-docs', { kind })).map((row) => ({
        id: String(row['id']),
        version: Number(row['version']),
      })),
  }
}

export function auditLog(bolt: Bolt): AuditStore {
  const appendAll = async (chain: string, first: number, bodies: readonly string[]): Promise<void> => {
    const key = `audit ${chain}`
    const entries = bodies.map((body) => [body, checkOf(chain, body)])
    await bolt.write(
      [
        ['store/lock-chain', { key }],
        ['store/append-audit', { key, chain, seq: wholeNumber(first), entries }],
      ],
      ([, appended]) => {
        if (appended!.length === 0)
          throw new StoreError('VersionConflict', `Chain ${chain} does not go on at ${first}.`)
      },
    )
  }
  return {
    append: (chain, seq, body) => appendAll(chain, seq, [body]),
    appendAll,
    read: async (chain, after, limit) =>
      (await bolt.read('store/read-audit', { chain, after: wholeNumber(after), limit: wholeNumber(limit) })).map(
        (row: Row, at) => {
          const [seq, body] = [Number(row['seq']), String(row['body'])]
          if (seq !== after + at + 1 || row['sum'] !== checkOf(chain, body))
            throw new StoreError('CorruptSegment', `Audit entry ${chain}/${after + at + 1} is not what was stored.`)
          return { seq, body }
        },
      ),
    last: async (chain) => Number((await bolt.read('store/last-audit', { chain }))[0]?.['seq'] ?? 0),
    chains: async () => (await bolt.read('store/audit-chains')).map((row) => String(row['chain'])),
  }
}
