import { createHash, sign, verify, createPublicKey } from 'node:crypto'
import * as z from 'zod/mini'
import { canonical } from '../../graph/canonical.ts'
import type { AuditStore } from '../store/contract.ts'
import { checkpointOf } from './checkpoints.ts'
import { keyIdOf } from './keys.ts'
import type { Ledger } from './ledger.ts'
import { readForwards } from './read-chain.ts'
import { isAbout, momentOf } from './search.ts'

/** What a pack is about. */
export interface AuditSubject {
  /** Id of the plan: entries that name it are in. */
  readonly id: string
  /** Ids of its credentials, waves, approvals, imports: entries about these are in too. */
  readonly objects: readonly string[]
}

/** Entries of one plan and window, signed as a whole: who has the public key can check it without us. */
export const AuditExtract = z.object({
  v: z.literal(1),
  subject: z.string(),
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
  chain: z.string(),
  /** Of that chain when this was made; `lines` are some of its entries. */
  entries: z.number(),
  /** Each an entry with its mac, exactly as it stands in the chain; oldest first. */
  lines: z.array(z.string()),
  /** Checkpoints of the chain, one a line. */
  checkpoints: z.array(z.string()),
  /** PEM. Compare its id with what `keyfall audit key` says, or with a checkpoint from outside. */
  publicKey: z.string(),
  key: z.string(),
  /** SHA-256 over the canonical JSON of all fields above. */
  sha256: z.string(),
  /** Ed25519 over the 32 bytes of `sha256`, base64. */
  sig: z.string(),
})
export type AuditExtract = z.infer<typeof AuditExtract>

/**
 * The entries of a plan for an evidence pack: all of this server's chain from `from` to `to` (ISO 8601 or days, both
 * inclusive, undefined: open) that name the plan or one of its objects.
 *
 * @example
 * const extract = await entriesOf({ audit: store.audit, ledger, checkpoints: readCheckpointLines(file) },
 *   { id: plan.id, objects: plan.credentials }, plan.from, plan.closedAt)
 */
export async function entriesOf(
  room: { readonly audit: AuditStore; readonly ledger: Ledger; readonly checkpoints: readonly string[] },
  subject: AuditSubject,
  from?: string,
  to?: string,
): Promise<AuditExtract> {
  const { audit, ledger, checkpoints } = room
  const { chain, keys } = ledger
  const ids = new Set([subject.id, ...subject.objects])
  const [begin, end] = [momentOf(from, 'T00:00:00.000Z') ?? -Infinity, momentOf(to, 'T23:59:59.999Z') ?? Infinity]
  const lines: string[] = []
  for await (const { line, record } of readForwards(audit, chain)) {
    if (!record) continue
    const at = Date.parse(record.entry.ts)
    if (at >= begin && at <= end && isAbout(record.entry, ids)) lines.push(line)
  }
  const body = {
    v: 1 as const,
    subject: subject.id,
    from: from ?? null,
    to: to ?? null,
    chain,
    entries: await audit.last(chain),
    lines,
    checkpoints: checkpoints.filter((line) => checkpointOf(line)?.chain === chain),
    publicKey: keys.publicPem,
    key: keys.id,
  }
  const sha256 = createHash('sha256').update(canonical(body)).digest()
  return { ...body, sha256: sha256.toString('hex'), sig: sign(null, sha256, keys.sign).toString('base64') }
}

/** Does an extract say what the holder of its key signed? `keyId`: the key that is expected, from elsewhere. */
export function isExtractWhole(extract: AuditExtract, keyId?: string): boolean {
  const { sha256, sig, ...body } = extract
  try {
    const key = createPublicKey(extract.publicKey)
    const digest = createHash('sha256').update(canonical(body)).digest()
    return (
      keyIdOf(key) === extract.key &&
      (keyId === undefined || keyId === extract.key) &&
      digest.toString('hex') === sha256 &&
      Buffer.from(sig, 'base64').toString('base64') === sig &&
      verify(null, digest, key, Buffer.from(sig, 'base64'))
    )
  } catch {
    return false
  }
}
