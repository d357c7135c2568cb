import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCheckpointLines } from '../../dist/server/audit/checkpoints.js'
import { auditKeys } from '../../dist/server/audit/keys.js'
import { openLedger } from '../../dist/server/audit/ledger.js'
import { verifyAudit } from '../../dist/server/audit/verify.js'
import { openEmbeddedStore } from '../../dist/server/store/embedded/store.js'

const ENTRIES = 2_000

/** One entry, made and synced, and 2,000 of them verified. The design's own figures are 0.13 ms and 9 ms. */
export async function benchAudit({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'keyfall-bench-'))
  const store = await openEmbeddedStore(join(folder, 'data'))
  const checkpointFile = join(folder, 'checkpoints.ndjson')
  const keys = auditKeys(new Uint8Array(32).fill(1))
  const chain = { read: () => undefined, renew: () => 'chain-bench' }
  const { audit } = store
  const ledger = await openLedger({ audit, keys, chain, checkpointFile })
  const each = []
  for (let i = 0; i < ENTRIES; i++) {
    const began = performance.now()
    await ledger.append({ action: 'blast.read', outcome: 'done', actor: 'somebody', via: 'session', object: `k${i}` })
    each.push(performance.now() - began)
  }
  await ledger.close()
  const verifies = []
  for (let i = 0; i < rounds; i++) {
    const began = performance.now()
    const inside = readCheckpointLines(checkpointFile)
    const verdict = await verifyAudit({ audit, keys, own: 'chain-bench', inside, sink: 'none', at: '' })
    verifies.push(performance.now() - began)
    assert.ok(verdict.ok && verdict.chains[0].entries > ENTRIES)
  }
  await store.close()
  rmSync(folder, { recursive: true })
  return [
    {
      name: 'audit',
      size: '',
      what: `${ENTRIES.toLocaleString('en')} entries, each on disk before the next`,
      times: { 'one entry, synced': spread(each), [`${ENTRIES} entries verified`]: spread(verifies) },
      figures: { 'p99 of one entry': `${at(each, 0.99).toFixed(2)} ms` },
    },
  ]
}

const at = (values, part) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)]
const spread = (values) => ({ median: at(values, 0.5), min: at(values, 0), max: at(values, 1), timesFirst: 1 })
