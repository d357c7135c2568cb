import { setImmediate, setTimeout } from 'node:timers/promises'
import type { AuditDetail, AuditEntry, AuditOutcome } from '../../graph/wire-audit.ts'
import type { AuditStore } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'
import type { Action } from './actions.ts'
import { openCheckpointBook, type CheckpointBook } from './checkpoint-book.ts'
import { clockFault, systemClock, type Clock, type Moment } from './clock.ts'
import type { AuditKeys } from './keys.ts'
import { genesis, lineOf, recordOf, type AuditRecord } from './record.ts'
import type { Sink } from './sinks.ts'

/** What somebody does, before it has a place in the chain. Ids only: no names out of files, no values. */
export interface AuditDraft {
  /** A code of actions.ts, or that of its failure. */
  readonly action: Action | `${Action}.failed`
  readonly outcome: AuditOutcome
  readonly actor: string
  readonly role?: string | null
  readonly via: string
  readonly object?: string | null
  readonly scope?: string | null
  readonly generation?: number | null
  readonly requestHash?: string | null
  readonly detail?: AuditDetail
}

export interface Ledger {
  readonly chain: string
  readonly keys: AuditKeys
  /** Resolves to the entry's seq when it is on disk. Rejects: nothing was entered, so nothing may be done or shown. */
  append(draft: AuditDraft): Promise<number>
  /** Signs a checkpoint over all there is, if anything was entered since the last one. */
  checkpoint(): Promise<void>
  health(): { readonly ok: boolean; readonly words: string }
  outside(): 'none' | 'delivered' | 'failing'
  /** Runs with nothing being appended meanwhile. */
  still<T>(look: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface LedgerOptions {
  readonly audit: AuditStore
  readonly keys: AuditKeys
  readonly chain: ChainName
  /** `checkpoints.ndjson` of the data directory. */
  readonly checkpointFile: string
  readonly sink?: Sink | undefined
  readonly clock?: Clock
  /** Told what an operator should know. */
  readonly onTrouble?: (words: string, error?: unknown) => void
}

/** The name of this server's chain, which outlives it. */
export interface ChainName {
  read(): string | undefined
  /** A new name, kept. */
  renew(): string
}

/** Entries between two checkpoints at most, and milliseconds. */
const CHECKPOINT_ENTRIES = 1_000
export const CHECKPOINT_MS = 3_600_000
const LOOK_MS = 60_000
const PAGE = 500

/** Entries written at once at most, and milliseconds that the first of them waits for others at most. */
const MOST_AT_ONCE = 200
const GATHER_MS = 20

interface Waiting {
  readonly draft: AuditDraft
  readonly resolve: (seq: number) => void
  readonly reject: (error: unknown) => void
}

interface Tail {
  readonly chain: string
  readonly seq: number
  readonly mac: string
  readonly wall: number
}

/**
 * Opens the chain of this server and goes on where it ended. A tail that does not verify is left as it is, for
 * `keyfall audit verify` to show; a new chain begins with an entry that says so.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { audit, keys, clock = systemClock, onTrouble = () => undefined } = options
  let queue: Promise<unknown> = Promise.resolve()
  let moment: Moment | undefined
  let trouble: string | undefined
  let book: CheckpointBook

  const found = await tailOf(audit, keys, options.chain)
  let tail = found.tail
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = queue.then(run)
    queue = turn.catch(() => undefined)
    return turn
  }

  /** One entry, at whatever place the chain has come to. */
  async function put(draft: AuditDraft, now: Moment): Promise<number> {
    for (let tries = 0; ; tries++) {
      const entry = entryOf(draft, tail.chain, tail.seq + 1, now)
      const { line, mac } = lineOf(keys, tail.mac, entry)
      try {
        await holding(() => audit.append(tail.chain, entry.seq, line))
      } catch (error) {
        if (!isStoreError(error, 'VersionConflict') || tries === 5) throw error
        // Ours after all, when the answer got lost; a command's, beside this server; or not what we left.
        if (await goOn(line)) continue
      }
      tail = { chain: tail.chain, seq: entry.seq, mac, wall: now.wall }
      return entry.seq
    }
  }

  /** After a conflict: false when our own line stands; else the tail is moved to where the chain goes on. */
  async function goOn(ownLine: string): Promise<boolean> {
    const [line] = await audit.read(tail.chain, tail.seq, 1).catch(() => [])
    if (line?.body === ownLine) return false
    const next = line && recordOf(line.body)
    if (next && isNext(keys, tail, next)) {
      tail = { ...tail, seq: next.entry.seq, mac: next.mac, wall: Date.parse(next.entry.ts) }
      return true
    }
    await beginAnew(tail.chain, true, momentOf(clock))
    return true
  }

  async function beginAnew(old: string | null, isBroken: boolean, now: Moment): Promise<void> {
    const chain = options.chain.renew()
    const wall = tail.wall
    tail = { chain, seq: 0, mac: genesis(chain), wall }
    book = openCheckpointBook({ ...options, chain, entry: undefined })
    if (isBroken) onTrouble(`the audit chain ${old} is not what was written: keyfall audit verify`)
    const more = { key: keys.id, after: old }
    await put({ ...ofServer(isBroken ? 'audit.chain.broken' : 'audit.chain.start'), detail: { more } }, now)
  }

  async function write(draft: AuditDraft): Promise<number> {
    const now = momentOf(clock)
    try {
      const fault = clockFault(tail.wall, moment, now)
      if (fault) await put({ ...ofServer(fault.action), detail: { more: { ms: fault.ms } } }, now)
      const seq = await put(draft, now)
      moment = now
      trouble = undefined
      return seq
    } catch (error) {
      trouble = 'the audit cannot be written'
      throw error
    }
  }

  /** Entries that came together, with one wait for the disk: as many as are asked for while it writes. */
  async function writeAll(all: readonly Waiting[]): Promise<void> {
    const now = momentOf(clock)
    if (all.length > 1 && audit.appendAll && !clockFault(tail.wall, moment, now)) {
      const lines: string[] = []
      let { seq, mac } = tail
      for (const { draft } of all) {
        const made = lineOf(keys, mac, entryOf(draft, tail.chain, ++seq, now))
        lines.push(made.line)
        mac = made.mac
      }
      try {
        const first = tail.seq + 1
        await holding(() => audit.appendAll!(tail.chain, first, lines))
        tail = { chain: tail.chain, seq, mac, wall: now.wall }
        moment = now
        trouble = undefined
        for (const [at, { resolve }] of all.entries()) resolve(first + at)
        return
      } catch (error) {
        // Nothing of them is entered. Where the chain has gone on, each finds its place by itself.
        if (!isStoreError(error, 'VersionConflict')) {
          trouble = 'the audit cannot be written'
          for (const { reject } of all) reject(error)
          return
        }
      }
    }
    for (const { draft, resolve, reject } of all) await write(draft).then(resolve, reject)
  }

  const waiting: Waiting[] = []
  let heldMs = 0
  /** Counts how long the store held this thread: what is left of a call is somebody else's. */
  function holding<T>(call: () => Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      return call()
    } finally {
      heldMs += performance.now() - began
    }
  }
  /**
   * Where the store writes in this thread, a wait for a busy disk is everybody's: others are heard for as long as the
   * last one took, and what they ask for is entered together. Else what comes while it writes goes together anyhow.
   */
  async function writeWaiting(): Promise<void> {
    if (heldMs < 1) await setImmediate()
    else await setTimeout(Math.min(heldMs, GATHER_MS))
    const all = waiting.splice(0, MOST_AT_ONCE)
    if (waiting.length > 0) void inTurn(writeWaiting)
    heldMs = 0
    await writeAll(all)
  }
  const enter = (draft: AuditDraft): Promise<number> =>
    new Promise((resolve, reject) => {
      waiting.push({ draft, resolve, reject })
      if (waiting.length === 1) void inTurn(writeWaiting)
    })

  async function sign(): Promise<void> {
    if (tail.seq === book.seq()) return
    const now = momentOf(clock)
    const n = book.next()
    const seq = await put({ ...ofServer('audit.checkpoint'), detail: { more: { n } } }, now)
    await book.add({ chain: tail.chain, n, seq, mac: tail.mac, ts: new Date(now.wall).toISOString() }, now.mono)
  }

  const signIfDue = (): void => {
    const due = tail.seq - book.seq() >= CHECKPOINT_ENTRIES || clock.mono() - book.at() >= CHECKPOINT_MS
    if (due) inTurn(sign).catch((error: unknown) => onTrouble('no checkpoint could be signed', error))
    else if (book.owes()) inTurn(() => book.deliver()).catch(() => undefined)
  }

  book = openCheckpointBook({ ...options, chain: tail.chain, entry: found.checkpoint })
  if (found.begin) await inTurn(() => beginAnew(found.begin!.old, found.begin!.isBroken, momentOf(clock)))
  await inTurn(() => book.heal())
  const timer = setInterval(signIfDue, LOOK_MS)
  timer.unref()
  return {
    get chain() {
      return tail.chain
    },
    keys,
    async append(draft) {
      const seq = await enter(draft)
      if (tail.seq - book.seq() >= CHECKPOINT_ENTRIES) signIfDue()
      return seq
    },
    checkpoint: () => inTurn(sign),
    health() {
      const words = trouble ?? book.trouble()
      return words === undefined ? { ok: true, words: 'the audit is written' } : { ok: false, words }
    },
    outside: () => book.outside(),
    still: inTurn,
    async close() {
      clearInterval(timer)
      await queue
    },
  }
}

function momentOf(clock: Clock): Moment {
  return { wall: clock.wall(), mono: clock.mono() }
}

const ofServer = (action: Action): AuditDraft => ({ action, outcome: 'done', actor: 'server', via: 'server' })

function entryOf(draft: AuditDraft, chain: string, seq: number, { wall, mono }: Moment): AuditEntry {
  return {
    v: 2,
    chain,
    seq,
    ts: new Date(wall).toISOString(),
    mono: Math.round(mono),
    actor: draft.actor,
    role: draft.role ?? null,
    via: draft.via,
    action: draft.action,
    outcome: draft.outcome,
    object: draft.object ?? null,
    scope: draft.scope ?? null,
    generation: draft.generation ?? null,
    requestHash: draft.requestHash ?? null,
    detail: draft.detail ?? {},
  }
}

function isNext(keys: AuditKeys, { chain, seq, mac }: Tail, { entry, ...record }: AuditRecord): boolean {
  return entry.chain === chain && entry.seq === seq + 1 && record.mac === keys.mac(mac, record.body)
}

interface FoundTail {
  readonly tail: Tail
  /** The last `audit.checkpoint` of the chain. */
  readonly checkpoint: AuditRecord | undefined
  readonly begin?: { readonly old: string | null; readonly isBroken: boolean }
}

/** Where the chain ended, its last page verified; the whole of it is `verifyAudit`'s work. */
async function tailOf(audit: AuditStore, keys: AuditKeys, name: ChainName): Promise<FoundTail> {
  const chain = name.read()
  const anew = (old: string | null, isBroken: boolean): FoundTail => ({
    tail: { chain: old ?? '', seq: 0, mac: '', wall: 0 },
    checkpoint: undefined,
    begin: { old, isBroken },
  })
  if (chain === undefined) return anew(null, false)
  let checkpoint: AuditRecord | undefined
  let last: Tail | undefined
  try {
    const end = await audit.last(chain)
    // A name whose first entry never came: the process ended in between.
    if (end === 0) return anew(chain, false)
    // Checkpoints come every thousand entries, so two or three pages hold the last one.
    for (let to = end; to > 0 && !checkpoint && end - to <= 2 * CHECKPOINT_ENTRIES; to -= PAGE) {
      const from = Math.max(0, to - PAGE - 1)
      const records = (await audit.read(chain, from, to - from)).map(({ body }) => recordOf(body))
      // Chains of the first version had no macs: they end, and another begins.
      if (records.every((record) => record === undefined)) return anew(chain, false)
      const checked = checkedPage(keys, chain, from, records)
      if (!checked) return anew(chain, true)
      last ??= checked.at(-1)
      checkpoint = records.findLast((record) => record?.entry.action === 'audit.checkpoint')
    }
  } catch (error) {
    if (isStoreError(error, 'CorruptSegment')) return anew(chain, true)
    throw error
  }
  return last ? { tail: last, checkpoint } : anew(chain, true)
}

/** Undefined where a record is not the one after its neighbour. */
function checkedPage(
  keys: AuditKeys,
  chain: string,
  from: number,
  records: readonly (AuditRecord | undefined)[],
): Tail[] | undefined {
  const tails: Tail[] = from === 0 ? [{ chain, seq: 0, mac: genesis(chain), wall: 0 }] : []
  for (const record of records) {
    const before = tails.at(-1)
    if (!record || (before && !isNext(keys, before, record))) return undefined
    const { entry, mac } = record
    tails.push({ chain, seq: entry.seq, mac, wall: Date.parse(entry.ts) })
  }
  return tails
}
