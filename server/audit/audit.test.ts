import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../graph/wire-audit.ts'
import type { AuditStore } from '../store/contract.ts'
import { StoreError } from '../store/errors.ts'
import { readCheckpointLines } from './checkpoints.ts'
import type { Clock } from './clock.ts'
import { auditKeys } from './keys.ts'
import { openLedger, type ChainName, type Ledger, type LedgerOptions } from './ledger.ts'
import { recordOf } from './record.ts'
import { openSink, type Sink } from './sinks.ts'
import { verifyAudit } from './verify.ts'

const keys = auditKeys(new Uint8Array(32).fill(7))

/** Lines in memory that a test can change behind the ledger's back. */
function plainStore(): AuditStore & { lines: Map<string, string[]> } {
  const lines = new Map<string, string[]>()
  return {
    lines,
    append: async (chain, seq, body) => {
      const known = lines.get(chain) ?? []
      if (seq !== known.length + 1) throw new StoreError('VersionConflict', 'moved')
      lines.set(chain, [...known, body])
    },
    read: async (chain, after, limit) =>
      (lines.get(chain) ?? []).map((body, at) => ({ seq: at + 1, body })).slice(after, after + limit),
    last: async (chain) => lines.get(chain)?.length ?? 0,
    chains: async () => [...lines.keys()].sort(),
  }
}

function nameOf(): ChainName {
  let [name, count] = [undefined as string | undefined, 0]
  return { read: () => name, renew: () => (name = `chain-${++count}`) }
}

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'keyfall-audit-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function room(more: Partial<LedgerOptions> = {}) {
  const audit = plainStore()
  const chain = nameOf()
  const checkpointFile = join(folder, 'checkpoints.ndjson')
  const open = (again: Partial<LedgerOptions> = {}): Promise<Ledger> =>
    openLedger({ audit, keys, chain, checkpointFile, ...more, ...again })
  const verify = (outside?: readonly string[]) =>
    verifyAudit({
      audit,
      keys,
      own: chain.read(),
      inside: readCheckpointLines(checkpointFile),
      outside,
      sink: 'none',
      at: '2026-01-01T00:00:00Z',
    })
  const entries = (name = chain.read()!): AuditEntry[] =>
    (audit.lines.get(name) ?? []).map((line) => recordOf(line)!.entry)
  return { audit, chain, checkpointFile, open, verify, entries }
}

const asked = (object: string) =>
  ({ action: 'blast.read', outcome: 'done', actor: 'somebody', via: 'session', object }) as const

it('chains entries, over a restart too, and says what it began with', async () => {
  const { open, verify, entries } = room()
  const first = await open()
  expect(await Promise.all(['a', 'b', 'c'].map((id) => first.append(asked(id))))).toEqual([2, 3, 4])
  await first.close()
  const second = await open()
  expect(await second.append(asked('d'))).toBe(5)
  await second.close()
  expect(entries().map(({ object, action }) => object ?? action)).toEqual(['audit.chain.start', 'a', 'b', 'c', 'd'])
  expect(entries()[0]!.detail.more).toEqual({ key: keys.id, after: null })
  expect(await verify()).toMatchObject({ ok: true, chains: [{ entries: 5, state: 'verifies', own: true }] })
})

it('signs a checkpoint every thousand entries, and what was announced when the process ended is signed at the next start', async () => {
  const { open, verify, checkpointFile } = room()
  const ledger = await open()
  for (let i = 0; i < 1_050; i++) await ledger.append(asked('a'))
  await ledger.still(async () => undefined)
  expect(readCheckpointLines(checkpointFile)).toHaveLength(1)
  await ledger.checkpoint()
  await ledger.checkpoint()
  await ledger.close()
  const lines = readCheckpointLines(checkpointFile)
  expect(lines).toHaveLength(2)
  expect(await verify()).toMatchObject({ ok: true, chains: [{ checkpoints: 2 }] })
  writeFileSync(checkpointFile, `${lines[0]}\n`)
  expect(await verify()).toMatchObject({ ok: false })
  await (await open()).close()
  expect(readCheckpointLines(checkpointFile)).toEqual(lines)
})

it('enters nothing when the store refuses, says so, and goes on when it takes entries again', async () => {
  const { open, audit, entries } = room()
  const ledger = await open()
  const { append } = audit
  audit.append = () => Promise.reject(new StoreError('StoreFull', 'full'))
  await expect(ledger.append(asked('lost'))).rejects.toMatchObject({ name: 'StoreFull' })
  expect(ledger.health().ok).toBe(false)
  audit.append = append
  await ledger.append(asked('kept'))
  expect(ledger.health().ok).toBe(true)
  expect(entries().map(({ object }) => object)).toEqual([null, 'kept'])
})

it('takes an entry for made whose answer got lost, and goes on behind that of a command beside it', async () => {
  const { open, audit, entries } = room()
  const [server, command] = [await open(), await open()]
  await command.append(asked('command'))
  await server.append(asked('server'))
  const { append } = audit
  audit.append = async (...args) => {
    await append(...args)
    throw new StoreError('VersionConflict', 'answer lost, tried again')
  }
  await server.append(asked('once'))
  expect(entries().map(({ object }) => object)).toEqual([null, 'command', 'server', 'once'])
})

it('notices beneath itself that the tail was cut, leaves it to be seen, and begins another chain', async () => {
  const said: string[] = []
  const { open, audit, verify, entries } = room({ onTrouble: (words) => said.push(words) })
  const ledger = await open()
  for (const id of ['a', 'b', 'c']) await ledger.append(asked(id))
  await ledger.checkpoint()
  audit.lines.set('chain-1', audit.lines.get('chain-1')!.slice(0, 3))
  await ledger.append(asked('d'))
  expect(entries('chain-2').map(({ action }) => action)).toEqual(['audit.chain.broken', 'blast.read'])
  expect(said.join()).toContain('keyfall audit verify')
  expect(await verify()).toMatchObject({
    ok: false,
    chains: [
      { chain: 'chain-1', state: 'broken', firstBad: 4 },
      { chain: 'chain-2', state: 'verifies' },
    ],
  })
})

it('begins another chain after entries of the first version, which had no macs', async () => {
  const { open, audit, chain, verify } = room()
  audit.lines.set(chain.renew(), ['{"v":1,"action":"find.read"}'])
  await (await open()).append(asked('a'))
  expect(await verify()).toMatchObject({
    ok: true,
    chains: [{ state: 'not-checked' }, { state: 'verifies', entries: 2 }],
  })
})

describe('F7: the clock', () => {
  const at = Date.parse('2026-03-01T12:00:00Z')
  const hour = 3_600_000
  it.each([
    ['a year ahead', 8_760 * hour, 'audit.clock.jumped'],
    ['a year back', -8_760 * hour, 'audit.clock.back'],
    ['an hour back', -hour, 'audit.clock.back'],
    ['standing still for an hour', 0, 'audit.clock.jumped'],
  ])('%s is an entry, and order stays', async (_, jump, action) => {
    let now = { wall: at, mono: 1_000 }
    const clock: Clock = { wall: () => now.wall, mono: () => now.mono }
    const { open, entries, verify } = room({ clock })
    const ledger = await open()
    await ledger.append(asked('a'))
    now = { wall: at + 60_000, mono: 61_000 }
    await ledger.append(asked('b'))
    now = jump === 0 ? { wall: at + 60_000, mono: hour } : { wall: at + 60_000 + jump, mono: 62_000 }
    await ledger.append(asked('c'))
    now = { wall: now.wall + 1_000, mono: now.mono + 1_000 }
    await ledger.append(asked('d'))
    expect(entries().map((one) => one.object ?? one.action)).toEqual(['audit.chain.start', 'a', 'b', action, 'c', 'd'])
    expect(entries().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(await verify()).toMatchObject({ ok: true })
  })
  it('set back while nothing ran is an entry too', async () => {
    const { open, entries } = room()
    const first = await open({ clock: { wall: () => at, mono: () => 1 } })
    await first.append(asked('a'))
    await first.close()
    await (await open({ clock: { wall: () => at - hour, mono: () => 1 } })).append(asked('b'))
    expect(entries().map(({ action }) => action)).toContain('audit.clock.back')
  })
})

describe('the outside sink', () => {
  it('gets every checkpoint, later where it was away, and health is red until then', async () => {
    const file = join(folder, 'outside.ndjson')
    const real = openSink(file)
    let away = true
    const sink: Sink = { ...real, deliver: (line) => (away ? Promise.reject(new Error('away')) : real.deliver(line)) }
    const { open, checkpointFile, verify } = room({ sink })
    const ledger = await open()
    await ledger.checkpoint()
    expect(ledger.health().ok).toBe(false)
    expect(ledger.outside()).toBe('failing')
    away = false
    await ledger.append(asked('a'))
    await ledger.checkpoint()
    expect(ledger.health().ok).toBe(true)
    expect(readCheckpointLines(file)).toEqual(readCheckpointLines(checkpointFile))
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
    expect(await verify(readCheckpointLines(file))).toMatchObject({ ok: true })
  })
  it.each(['relative/file', 'ftp://host/x', 'nonsense'])('is refused when it is %s', (setting) => {
    expect(() => openSink(setting)).toThrow('KEYFALL_AUDIT_SINK')
  })
})
