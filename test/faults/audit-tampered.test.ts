import { expect, it } from 'vitest'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCheckpointLines } from '../../server/audit/checkpoints.ts'
import { auditKeys } from '../../server/audit/keys.ts'
import { openLedger } from '../../server/audit/ledger.ts'
import { openSink } from '../../server/audit/sinks.ts'
import { verifyAudit } from '../../server/audit/verify.ts'
import type { AuditStore } from '../../server/store/contract.ts'
import { checkOf } from '../../server/store/hashing.ts'
import { openDatabase } from '../../server/store/sqlite-driver.ts'
import { embeddedPlace } from '../store/embedded-place.ts'
import { seeded } from './seed.ts'

const TIMES = Number(process.env['KEYFALL_TAMPERS'] ?? 1_000)
const CHAIN = 'chain-test'
const keys = auditKeys(new Uint8Array(32).fill(9))
const foreign = auditKeys(new Uint8Array(32).fill(10))

interface Kept {
  readonly entries: readonly string[]
  readonly inside: readonly string[]
  readonly outside: readonly string[]
}

/** A chain with checkpoints in its middle and at its end, written by a real ledger into a real store. */
async function written(folder: string, audit: AuditStore): Promise<Kept> {
  const [checkpointFile, outside] = [join(folder, 'checkpoints.ndjson'), join(folder, 'outside.ndjson')]
  const chain = { read: () => undefined, renew: () => CHAIN }
  const ledger = await openLedger({ audit, keys, chain, checkpointFile, sink: openSink(outside) })
  for (let i = 0; i < 60; i++) {
    await ledger.append({
      action: 'blast.read',
      outcome: 'done',
      actor: `person-${i % 3}`,
      via: 'session',
      object: `k${i}`,
    })
    if (i % 15 === 9) await ledger.checkpoint()
  }
  await ledger.checkpoint()
  await ledger.close()
  return {
    entries: (await audit.read(CHAIN, 0, 1_000)).map(({ body }) => body),
    inside: readCheckpointLines(checkpointFile),
    outside: readCheckpointLines(outside),
  }
}

function verified({ entries, inside, outside }: Kept) {
  const audit: AuditStore = {
    append: () => Promise.reject(new Error('not here')),
    read: async (_, after, limit) => entries.map((body, at) => ({ seq: at + 1, body })).slice(after, after + limit),
    last: async () => entries.length,
    chains: async () => (entries.length ? [CHAIN] : []),
  }
  return verifyAudit({ audit, keys, own: CHAIN, inside, outside, sink: 'delivered', at: '2026-01-01T00:00:00Z' })
}

type Random = ReturnType<typeof seeded>
const below = (random: Random, end: number): number => Math.floor(random.next() * end)

function flipped(random: Random, text: string): string {
  const bytes = Buffer.from(text)
  const at = below(random, bytes.length)
  bytes[at] = bytes[at]! ^ (1 << below(random, 7))
  return bytes.toString('latin1')
}

function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, one) => one !== at)
}

function swapped<T>(random: Random, list: readonly T[]): T[] {
  const [a, b] = [below(random, list.length), below(random, list.length - 1)]
  const other = b >= a ? b + 1 : b
  const copy = [...list]
  ;[copy[a], copy[other]] = [copy[other]!, copy[a]!]
  return copy
}

/** What somebody may do who has the store and the data directory, but neither the key nor the outside sink. */
const attacks: Readonly<Record<string, (random: Random, kept: Kept) => Kept>> = {
  'a flipped bit in an entry': (random, kept) => {
    const at = below(random, kept.entries.length)
    return { ...kept, entries: kept.entries.map((line, one) => (one === at ? flipped(random, line) : line)) }
  },
  'another actor in an entry': (random, kept) => {
    const asked = kept.entries.flatMap((line, at) => (line.includes('"actor":"person-') ? [at] : []))
    const at = asked[below(random, asked.length)]!
    const changed = kept.entries[at]!.replace(/"actor":"person-\d"/, '"actor":"nobody"')
    return { ...kept, entries: kept.entries.map((line, one) => (one === at ? changed : line)) }
  },
  'an entry less': (random, kept) => ({ ...kept, entries: without(kept.entries, below(random, kept.entries.length)) }),
  'an entry twice': (random, kept) => {
    const at = below(random, kept.entries.length)
    return { ...kept, entries: kept.entries.flatMap((line, one) => (one === at ? [line, line] : [line])) }
  },
  'two entries swapped': (random, kept) => ({ ...kept, entries: swapped(random, kept.entries) }),
  'an entry made with another key': (random, kept) => {
    const at = below(random, kept.entries.length)
    const body = `${kept.entries[at]!.slice(0, -74)}}`
    const line = `${body.slice(0, -1)},"mac":"${foreign.mac('00', body)}"}`
    return { ...kept, entries: kept.entries.map((known, one) => (one === at ? line : known)) }
  },
  'the tail of the chain cut': (random, kept) => ({
    ...kept,
    entries: kept.entries.slice(0, below(random, kept.entries.length)),
  }),
  'the tail of chain and checkpoints cut': (random, kept) => {
    const entries = kept.entries.slice(0, below(random, kept.entries.length))
    const inside = kept.inside.filter((line) => (JSON.parse(line) as { seq: number }).seq <= entries.length)
    return { ...kept, entries, inside }
  },
  'a flipped bit in a checkpoint': (random, kept) => {
    const at = below(random, kept.inside.length)
    return { ...kept, inside: kept.inside.map((line, one) => (one === at ? flipped(random, line) : line)) }
  },
  'a checkpoint less': (random, kept) => ({ ...kept, inside: without(kept.inside, below(random, kept.inside.length)) }),
  'two checkpoints swapped': (random, kept) => ({ ...kept, inside: swapped(random, kept.inside) }),
  'the tail of the checkpoints cut': (random, kept) => ({
    ...kept,
    inside: kept.inside.slice(0, below(random, kept.inside.length)),
  }),
  'everything gone': (_, kept) => ({ ...kept, entries: [], inside: [] }),
  'an outside checkpoint less': (random, kept) => ({
    ...kept,
    outside: without(kept.outside, below(random, kept.outside.length)),
  }),
}

it(`S4: ${TIMES} random edits, deletions, swaps and truncations of entries and checkpoints: all are found`, async () => {
  const { folder, open, remove } = await embeddedPlace()
  const store = await open()
  const kept = await written(folder, store.audit)
  await store.close()
  await remove()
  expect(kept.inside).toHaveLength(5)
  expect(await verified(kept)).toMatchObject({ ok: true, chains: [{ state: 'verifies' }] })
  const random = seeded('S4')
  const names = Object.keys(attacks)
  for (let i = 0; i < TIMES; i++) {
    const name = names[i % names.length]!
    const changed = attacks[name]!(random, kept)
    const verdict = await verified(changed)
    expect({ i, name, ok: verdict.ok }).toEqual({ i, name, ok: false })
    const first = kept.entries.findIndex((line, at) => line !== changed.entries[at])
    // The first bad seq is that of the first line that differs.
    if (first >= 0) expect({ i, name, bad: verdict.chains[0]!.firstBad }).toEqual({ i, name, bad: first + 1 })
  }
  console.log(`S4: ${TIMES} of ${TIMES} found, by ${names.length} ways of tampering`)
}, 60_000)

it('S4: rows of the store changed by who also mends their sums, or removed, are found and named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfall-tamper-'))
  const place = await embeddedPlace()
  const store = await place.open()
  const kept = await written(folder, store.audit)
  await store.close()
  const file = join(place.folder, 'store.db')
  const clean = readFileSync(file)
  const body = kept.entries[4]!.replace('person-', 'nobody-')
  const edits: readonly (readonly [string, ...unknown[]])[] = [
    ['UPDATE audit SET body = ?, sum = ? WHERE seq = 5', body, checkOf(CHAIN, 5, body)],
    ['UPDATE audit SET body = ? WHERE seq = 5', body],
    ['DELETE FROM audit WHERE seq >= 5'],
    ['DELETE FROM audit WHERE seq = 5'],
  ]
  for (const [sql, ...values] of edits) {
    writeFileSync(file, clean)
    const database = openDatabase(file)
    database.prepare(sql).run(...(values as string[]))
    database.close()
    const again = await place.open()
    const verdict = await verifyAudit({
      audit: again.audit,
      keys,
      own: CHAIN,
      inside: kept.inside,
      sink: 'none',
      at: '',
    })
    expect([sql, verdict.ok, verdict.chains[0]!.firstBad]).toEqual([sql, false, 5])
    await again.close()
  }
  await place.remove()
  rmSync(folder, { recursive: true })
})
