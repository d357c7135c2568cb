import type { ImportId, PruneReport, RetentionPolicy, Sha256 } from '../contract.ts'
import { failpoint } from '../failpoint.ts'
import { decided, type DatedImport } from '../retention.ts'
import { wholeNumber, type Bolt } from './bolt.ts'
import { eachImport } from './imports.ts'

/** Another server may be staging: what was touched within an hour is left alone. No import takes that long. */
const GRACE_MILLISECONDS = 3_600_000
const BATCH = 500

export async function pruneImports(
  bolt: Bolt,
  policy: RetentionPolicy,
  heads: ReadonlySet<ImportId>,
): Promise<PruneReport> {
  const all: DatedImport[] = []
  for await (const { id, scope, seq, at } of eachImport(bolt)) all.push({ id, scope, seq, at })
  const { gone: expired, scopes } = decided(all, heads, policy)
  const loose = await onlyNamedBy(bolt, new Set(expired.map(({ id }) => id)))
  const bytes = await bytesOf(bolt, loose)
  if (policy.dryRun === true) return { imports: expired.map(({ id }) => id), segments: loose.length, bytes, scopes }
  const gone: ImportId[] = []
  for (const { id } of expired) {
    const [rows] = await bolt.write([['store/prune-import', { id }]])
    if (rows!.length) gone.push(id)
    failpoint('inside-prune')
  }
  return { imports: gone, segments: gone.length ? await removeLoose(bolt, loose) : 0, bytes, scopes }
}

/** Segments that these imports have and no other. */
async function onlyNamedBy(bolt: Bolt, ids: ReadonlySet<ImportId>): Promise<readonly Sha256[]> {
  if (ids.size === 0) return []
  const loose = new Set<Sha256>()
  for await (const { id, segments } of eachImport(bolt)) if (ids.has(id)) for (const hash of segments) loose.add(hash)
  for await (const { id, segments } of eachImport(bolt))
    if (!ids.has(id)) for (const hash of segments) loose.delete(hash)
  return [...loose]
}

async function bytesOf(bolt: Bolt, hashes: readonly Sha256[]): Promise<number> {
  let bytes = 0
  for (let at = 0; at < hashes.length; at += BATCH) {
    const [row] = await bolt.read('store/segment-sizes', { hashes: hashes.slice(at, at + BATCH) })
    bytes += Number(row?.['bytes'] ?? 0)
  }
  return bytes
}

/** Removes segments that no import names: of those that were stored for one, and are named by none for an hour. */
export async function sweep(bolt: Bolt): Promise<number> {
  const graceMilliseconds = wholeNumber(GRACE_MILLISECONDS)
  const idle = await bolt.read('store/idle-segments', { graceMilliseconds })
  if (idle.length === 0) return 0
  const loose = new Set(idle.map((row) => String(row['hash'])))
  const named: Sha256[] = []
  for await (const { segments } of eachImport(bolt))
    for (const hash of segments) if (loose.delete(hash)) named.push(hash)
  for (let at = 0; at < named.length; at += BATCH)
    await bolt.write([['store/touch-segments', { hashes: named.slice(at, at + BATCH) }]])
  return removeLoose(bolt, [...loose])
}

async function removeLoose(bolt: Bolt, loose: readonly Sha256[]): Promise<number> {
  let swept = 0
  for (let at = 0; at < loose.length; at += BATCH) {
    const hashes = loose.slice(at, at + BATCH)
    const rows = await bolt.write([
      ['store/lock-segments', { hashes }],
      ['store/sweep-segments', { hashes, graceMilliseconds: wholeNumber(GRACE_MILLISECONDS) }],
    ])
    swept += Number(rows[1]![0]?.['swept'] ?? 0)
  }
  return swept
}
