import { sign, verify, type KeyObject } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import * as z from 'zod/mini'
import { canonical } from '../../graph/canonical.ts'
import type { AuditKeys } from './keys.ts'

/** Says, signed, how far a chain had come: what is cut off after it shows. One line of `checkpoints.ndjson`. */
export const Checkpoint = z.object({
  v: z.literal(1),
  chain: z.string(),
  /** From 1 in each chain, without a gap. */
  n: z.int().check(z.positive()),
  /** Of the entry `audit.checkpoint` that announces it. */
  seq: z.int().check(z.positive()),
  mac: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  ts: z.string(),
  /** Id of the key that signed. */
  key: z.string(),
  /** Ed25519 over the canonical JSON of the other fields, base64. */
  sig: z.string(),
})
export type Checkpoint = z.infer<typeof Checkpoint>

export function signCheckpoint(keys: AuditKeys, said: Omit<Checkpoint, 'v' | 'key' | 'sig'>): Checkpoint {
  const body = { v: 1 as const, ...said, key: keys.id }
  return { ...body, sig: sign(null, Buffer.from(canonical(body)), keys.sign).toString('base64') }
}

/** Is this what the holder of the key signed? */
export function isSigned(publicKey: KeyObject, { sig, ...body }: Checkpoint): boolean {
  const bytes = Buffer.from(sig, 'base64')
  return bytes.toString('base64') === sig && verify(null, Buffer.from(canonical(body)), publicKey, bytes)
}

export function checkpointLine(checkpoint: Checkpoint): string {
  return canonical(checkpoint)
}

/** Undefined: the line is not one of a checkpoint, byte by byte. */
export function checkpointOf(line: string): Checkpoint | undefined {
  try {
    const { data } = Checkpoint.safeParse(JSON.parse(line))
    return data && checkpointLine(data) === line ? data : undefined
  } catch {
    return undefined
  }
}

/** Lines of a file of checkpoints; none where there is no file. An unfinished last line is not one. */
export function readCheckpointLines(file: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** Appends and syncs. */
export function appendCheckpointLine(file: string, line: string): void {
  const handle = openSync(file, 'a', 0o600)
  try {
    writeSync(handle, `${line}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
