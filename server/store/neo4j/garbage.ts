import type { ImportId, PruneReport, RetentionPolicy } from '../contract.ts'
import { failpoint } from '../failpoint.ts'
import { expired } from '../retention.ts'
import { wholeNumber, type Bolt } from './bolt.ts'
import { readAllImports } from './imports.ts'

/** Another server may be staging: what was touched within an hour is left alone. No import takes that long. */
const GRACE_MILLISECONDS = 3_600_000
const BATCH = 500

export async function pruneImports(
  bolt: Bolt,
  policy: RetentionPolicy,
  heads: ReadonlySet<ImportId>,
): Promise<PruneReport> {
  const gone: ImportId[] = []
  for (const { id } of expired(await readAllImports(bolt), heads, policy)) {
    const [rows] = await bolt.write([['store/prune-import', { id }]])
    if (rows!.length) gone.push(id)
    failpoint('inside-prune')
  }
  return { imports: gone, segments: gone.length ? await sweep(bolt) : 0 }
}

/** Removes segments that no import names. */
export async function sweep(bolt: Bolt): Promise<number> {
  const graceMilliseconds = wholeNumber(GRACE_MILLISECONDS)
  const idle = await bolt.read('store/idle-segments', { graceMilliseconds })
  if (idle.length === 0) return 0
  const named = new Set((await readAllImports(bolt)).flatMap(({ segments }) => segments))
  const loose = idle.map((row) => String(row['hash'])).filter((hash) => !named.has(hash))
  let swept = 0
  for (let at = 0; at < loose.length; at += BATCH) {
    const hashes = loose.slice(at, at + BATCH)
    const rows = await bolt.write([
      ['store/lock-segments', { hashes }],
      ['store/sweep-segments', { hashes, graceMilliseconds }],
    ])
    swept += Number(rows[1]![0]?.['swept'] ?? 0)
  }
  return swept
}
