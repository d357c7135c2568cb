import type { AuditKeys } from './keys.ts'
import {
  appendCheckpointLine,
  checkpointLine,
  checkpointOf,
  readCheckpointLines,
  signCheckpoint,
  type Checkpoint,
} from './checkpoints.ts'
import type { AuditRecord } from './record.ts'
import type { Sink } from './sinks.ts'

/** The checkpoints of one chain: in the data directory, and outside of it. */
export interface CheckpointBook {
  /** Of the last checkpoint; 0 before the first. */
  seq(): number
  /** When it was signed here, by the clock that never goes back. */
  at(): number
  /** The number of the next one. */
  next(): number
  /** Keeps a checkpoint and sends it outside. Rejects when it can't be kept here; a sink that fails is tried again. */
  add(said: Omit<Checkpoint, 'v' | 'key' | 'sig'>, mono: number): Promise<void>
  /** Writes the line of a checkpoint that was announced when the process ended, and brings the sink up to date. */
  heal(): Promise<void>
  owes(): boolean
  deliver(): Promise<void>
  trouble(): string | undefined
  outside(): 'none' | 'delivered' | 'failing'
}

export function openCheckpointBook({
  chain,
  keys,
  entry,
  checkpointFile,
  sink,
  onTrouble = () => undefined,
}: {
  readonly chain: string
  readonly keys: AuditKeys
  /** The chain's last entry that announces a checkpoint. */
  readonly entry: AuditRecord | undefined
  readonly checkpointFile: string
  readonly sink?: Sink | undefined
  readonly onTrouble?: (words: string, error?: unknown) => void
}): CheckpointBook {
  let last = { n: Number(entry?.entry.detail.more?.['n'] ?? 0), seq: entry?.entry.seq ?? 0, at: performance.now() }
  let owed: string[] = []
  let notKept = false
  let refused = false

  function keep(line: string): void {
    try {
      appendCheckpointLine(checkpointFile, line)
      notKept = false
    } catch (error) {
      notKept = true
      throw error
    }
    if (sink) owed.push(line)
  }
  async function deliver(): Promise<void> {
    if (!sink) return
    try {
      for (let line = owed[0]; line !== undefined; line = owed[0]) {
        await sink.deliver(line)
        owed.shift()
      }
      refused = false
    } catch (error) {
      if (!refused) onTrouble(`checkpoints do not reach ${sink.name}`, error)
      refused = true
    }
  }
  return {
    seq: () => last.seq,
    at: () => last.at,
    next: () => last.n + 1,
    async add(said, mono) {
      last = { n: said.n, seq: said.seq, at: mono }
      keep(checkpointLine(signCheckpoint(keys, said)))
      await deliver()
    },
    async heal() {
      const lines = readCheckpointLines(checkpointFile)
      const own = lines.filter((line) => checkpointOf(line)?.chain === chain)
      if (sink?.lines) {
        const there = new Set(sink.lines())
        owed = own.filter((line) => !there.has(line))
      }
      if (entry && !own.some((line) => checkpointOf(line)?.n === last.n)) {
        const { ts, seq } = entry.entry
        keep(checkpointLine(signCheckpoint(keys, { chain, n: last.n, seq, mac: entry.mac, ts })))
      }
      await deliver()
    },
    owes: () => owed.length > 0,
    deliver,
    trouble: () =>
      notKept
        ? 'checkpoints of the audit cannot be kept'
        : refused
          ? 'checkpoints of the audit do not get out'
          : undefined,
    outside: () => (sink ? (refused || owed.length ? 'failing' : 'delivered') : 'none'),
  }
}
