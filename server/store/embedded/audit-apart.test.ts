import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { auditKeys } from '../../audit/keys.ts'
import { openLedger } from '../../audit/ledger.ts'
import { verifyAudit } from '../../audit/verify.ts'
import { buildIfNeeded } from '../../bin/build.mjs'
import { openDatabase } from '../sqlite-driver.ts'
import { openEmbeddedStore, type EmbeddedStore } from './store.ts'

const keys = auditKeys(new Uint8Array(32).fill(7))
let folder: string
let store: EmbeddedStore
beforeAll(() => buildIfNeeded(['server']), 120_000)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyfall-audit-apart-'))
  store = await openEmbeddedStore(folder, { auditApartFromBytes: 0 })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = (): string => join(folder, 'store.db')

/** What another process would find now. */
function linesOnDisk(): number {
  const other = openDatabase(file())
  const found = other.prepare('SELECT count(*) AS n FROM audit').get() as { n: number }
  other.close()
  return found.n
}

async function ledgerOver(): Promise<{
  readonly ledger: Awaited<ReturnType<typeof openLedger>>
  verified(): Promise<boolean>
}> {
  const chain = { read: () => 'chain', renew: () => 'chain' }
  const checkpointFile = join(folder, 'checkpoints.ndjson')
  const ledger = await openLedger({ audit: store.audit, keys, chain, checkpointFile })
  const at = '2026-01-01T00:00:00Z'
  const verified = async (): Promise<boolean> =>
    (await verifyAudit({ audit: store.audit, keys, own: 'chain', inside: [], outside: undefined, sink: 'none', at })).ok
  return { ledger, verified }
}

const draft = { action: 'server.start', outcome: 'done', actor: 'server', via: 'server' } as const

/** The thread of each line that was sent to one since. */
function watchThreads(): Worker[] {
  const threads: Worker[] = []
  const plain = Worker.prototype.postMessage
  vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...given) {
    if ((given[0] as { say: string }).say === 'append') threads.push(this)
    return plain.apply(this, given as Parameters<typeof plain>)
  })
  return threads
}

describe('an audit written by a thread of its own', () => {
  it('has a line on disk before it says so, and in order', async () => {
    for (const seq of [1, 2, 3]) {
      await store.audit.append('c', seq, `line ${seq}`)
      expect(linesOnDisk()).toBe(seq)
    }
    await store.audit.appendAll!('c', 4, ['line 4', 'line 5'])
    expect((await store.audit.read('c', 0, 10)).map(({ body }) => body)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `line ${n}`),
    )
    await expect(store.audit.append('c', 5, 'again')).rejects.toMatchObject({ name: 'VersionConflict' })
    expect(linesOnDisk()).toBe(5)
  })

  it('waits for whoever writes, and this thread does not', async () => {
    await store.audit.append('c', 1, 'first')
    const other = openDatabase(file())
    other.exec('BEGIN IMMEDIATE')
    let isDone = false
    const entered = store.audit.append('c', 2, 'second').then(() => (isDone = true))
    for (let turns = 0; turns < 5; turns++) await setImmediate()
    await setTimeout(30)
    expect(isDone).toBe(false)
    other.exec('COMMIT')
    other.close()
    await entered
    expect(linesOnDisk()).toBe(2)
  })

  it('refuses where nothing can be entered, enters nothing, and goes on with the same chain', async () => {
    const { ledger, verified } = await ledgerOver()
    await ledger.append(draft)
    const before = linesOnDisk()
    const other = openDatabase(file())
    other.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
    const refused = await Promise.allSettled([ledger.append(draft), ledger.append(draft), ledger.append(draft)])
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect([linesOnDisk(), ledger.health().ok]).toEqual([before, false])
    other.exec('DROP TRIGGER full')
    other.close()
    await ledger.append(draft)
    expect([linesOnDisk(), ledger.health().ok, await verified()]).toEqual([before + 1, true, true])
    await ledger.close()
  })

  it('refuses what the thread died with; the next entry starts another', async () => {
    const threads = watchThreads()
    const { ledger, verified } = await ledgerOver()
    await ledger.append(draft)
    const sent = threads.length
    const other = openDatabase(file())
    other.exec('BEGIN IMMEDIATE')
    const refused = ledger.append(draft)
    const outcome = refused.then(
      () => 'entered',
      (error: Error) => error.name,
    )
    await vi.waitFor(() => expect(threads.length).toBe(sent + 1))
    const thread = threads.at(-1)!
    // As a thread that fails says it: one that is ended inside a call of SQLite ends the process.
    thread.emit('error', new Error('out of memory'))
    expect(await outcome).toBe('StoreUnavailable')
    other.exec('COMMIT')
    other.close()
    await ledger.append(draft)
    expect(threads.at(-1)).not.toBe(thread)
    expect(await verified()).toBe(true)
    await ledger.close()
    thread.postMessage({ say: 'close' })
  })

  it('is copied while lines are entered, and the copy is of one moment', async () => {
    let seq = 0
    let isOver = false
    const entering = (async () => {
      while (!isOver) await store.audit.append('c', ++seq, `line ${seq}`)
    })()
    await store.backup(join(folder, 'copy.db'))
    isOver = true
    await entering
    const copy = openDatabase(join(folder, 'copy.db'))
    const rows = copy.prepare('SELECT seq FROM audit ORDER BY seq').all() as { seq: number }[]
    copy.close()
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, at) => at + 1))
    expect(rows.length).toBeLessThanOrEqual(seq)
  })
})
