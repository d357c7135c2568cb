import type { AuditChain, AuditEntry, AuditFault, AuditVerdict } from '../../graph/wire-audit.ts'
import type { AuditStore } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'
import { checkpointOf, isSigned, type Checkpoint } from './checkpoints.ts'
import type { AuditKeys } from './keys.ts'
import { genesis, partsOf } from './record.ts'

const PAGE = 1_000

export interface VerifyInput {
  readonly audit: AuditStore
  readonly keys: AuditKeys
  /** The chain that this server writes. */
  readonly own: string | undefined
  /** Lines of `checkpoints.ndjson`. */
  readonly inside: readonly string[]
  /** Lines of the sink, where it can be read. */
  readonly outside?: readonly string[] | undefined
  readonly sink: AuditVerdict['outside']
  /** ISO 8601. */
  readonly at: string
}

interface Walked {
  readonly entries: number
  /** Seq of entries that announce a checkpoint, and what it has to say. */
  readonly announced: ReadonlyMap<number, { readonly n: number; readonly mac: string }>
  /** Mac of entries that a checkpoint names. */
  readonly fault: AuditFault | undefined
  /** First entry says that it is keyed by us. */
  readonly isOurs: boolean
  /** No line is keyed at all: of the first version. */
  readonly isOld: boolean
}

/** Every entry against its predecessor, and every checkpoint against its entry, here and outside. */
export async function verifyAudit(input: VerifyInput): Promise<AuditVerdict> {
  const { audit, keys, own, at } = input
  const faults: AuditFault[] = []
  const inside = parsed('checkpoints.ndjson', input.inside, keys, faults)
  const outside = input.outside && parsed('the outside sink', input.outside, keys, faults)
  const named = new Set([...inside, ...(outside ?? [])].filter(({ key }) => key === keys.id).map(({ chain }) => chain))
  const chains: AuditChain[] = []
  const all = new Set([...(await audit.chains()), ...named, ...(own === undefined ? [] : [own])])
  for (const chain of [...all].sort()) {
    const walked = await walk(audit, keys, chain)
    const isChecked = named.has(chain) || walked.isOurs || (chain === own && !walked.isOld)
    const found = isChecked ? faultsOf(chain, walked, inside, outside, keys.id) : []
    faults.push(...found)
    chains.push(chainOf(chain, chain === own, walked, isChecked, found, inside))
  }
  const ok = faults.length === 0
  return { ok, at, sentence: sentenceOf(ok, chains, faults), chains, faults, outside: input.sink }
}

/** Lines that are checkpoints of ours; what is none, or has a wrong signature, is a fault. */
function parsed(where: string, lines: readonly string[], keys: AuditKeys, faults: AuditFault[]): Checkpoint[] {
  const good: Checkpoint[] = []
  for (const [at, line] of lines.entries()) {
    const one = checkpointOf(line)
    if (!one) faults.push({ chain: '', seq: null, words: `line ${at + 1} of ${where} is no checkpoint` })
    else if (one.key === keys.id && !isSigned(keys.verify, one))
      faults.push({ chain: one.chain, seq: null, words: `line ${at + 1} of ${where} has a wrong signature` })
    else good.push(one)
  }
  return good
}

async function walk(audit: AuditStore, keys: AuditKeys, chain: string): Promise<Walked> {
  const announced = new Map<number, { n: number; mac: string }>()
  let prev = genesis(chain)
  let seq = 0
  let [isOurs, isOld] = [false, false]
  const stopped = (words: string): Walked => ({
    entries: seq,
    announced,
    isOurs,
    isOld,
    fault: { chain, seq: seq + 1, words },
  })
  for (;;) {
    const page = await pageOf(audit, chain, seq)
    for (const { body: line } of page.lines) {
      const parts = partsOf(line)
      if (!parts) {
        isOld = seq === 0 && isOfFirstVersion(line)
        return stopped('is not an entry')
      }
      const { mac, body } = parts
      if (seq === 0) isOurs = keyNamedIn(body) === keys.id
      if (mac !== keys.mac(prev, body)) return stopped('does not follow from the entry before it')
      // It is as we wrote it, so its shape needs no look.
      const entry = JSON.parse(body) as AuditEntry
      if (entry.chain !== chain || entry.seq !== seq + 1) return stopped('has another place')
      prev = mac
      seq++
      if (entry.action === 'audit.checkpoint') announced.set(seq, { n: Number(entry.detail.more?.['n']), mac })
    }
    if (page.isDamaged) return stopped('is missing, or not what was stored')
    if (page.lines.length < PAGE) return { entries: seq, announced, isOurs, isOld, fault: undefined }
  }
}

/** Of a first entry, before anything is known of it. */
function keyNamedIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { detail?: { more?: { key?: unknown } } } | null)?.detail?.more?.key
  } catch {
    return undefined
  }
}

/** Entries had no mac then. */
function isOfFirstVersion(line: string): boolean {
  try {
    return (JSON.parse(line) as { v?: unknown } | null)?.v === 1
  } catch {
    return false
  }
}

/** A page up to the first line that the store itself finds damaged. */
async function pageOf(audit: AuditStore, chain: string, after: number) {
  try {
    return { lines: await audit.read(chain, after, PAGE), isDamaged: false }
  } catch (error) {
    if (!isStoreError(error, 'CorruptSegment')) throw error
  }
  const lines: { readonly body: string }[] = []
  for (let at = after; ; at++)
    try {
      const [line] = await audit.read(chain, at, 1)
      if (!line) return { lines, isDamaged: true }
      lines.push(line)
    } catch (error) {
      if (!isStoreError(error, 'CorruptSegment')) throw error
      return { lines, isDamaged: true }
    }
}

function faultsOf(
  chain: string,
  walked: Walked,
  inside: readonly Checkpoint[],
  outside: readonly Checkpoint[] | undefined,
  key: string,
): AuditFault[] {
  const faults = walked.fault ? [walked.fault] : []
  const ours = (one: Checkpoint): boolean => one.chain === chain && one.key === key
  const here = inside.filter(ours)
  const there = outside?.filter(ours)
  const fault = (words: string, seq: number | null = null): void => void faults.push({ chain, seq, words })
  for (const [where, list] of [
    ['', here],
    [' of the outside sink', there ?? []],
  ] as const)
    for (const [at, { n, seq, mac }] of list.entries()) {
      if (n !== at + 1) fault(`checkpoint ${at + 1}${where} is missing, or out of its place`)
      const entry = walked.announced.get(seq)
      if (seq <= walked.entries) {
        if (entry?.n !== n || entry.mac !== mac) fault(`checkpoint ${n}${where} is not of entry ${seq}`, seq)
      } else if (!walked.fault)
        // Where an entry before it is wrong, that one is the fault.
        fault(`ends at ${walked.entries}, but checkpoint ${n}${where} saw ${seq}: it was cut`, walked.entries + 1)
    }
  for (const [seq, { n }] of walked.announced)
    if (!here.some((one) => one.n === n && one.seq === seq)) fault(`checkpoint ${n} is missing in checkpoints.ndjson`)
  if (there) faults.push(...differing(chain, here, there))
  return faults
}

/** What is on one side alone. */
function differing(chain: string, here: readonly Checkpoint[], there: readonly Checkpoint[]): AuditFault[] {
  const without = (list: readonly Checkpoint[], other: readonly Checkpoint[], words: string): AuditFault[] => {
    const known = new Set(other.map(({ sig }) => sig))
    return list
      .filter(({ sig }) => !known.has(sig))
      .map(({ n }) => ({ chain, seq: null, words: `checkpoint ${n} is ${words}` }))
  }
  return [
    ...without(here, there, 'missing in the outside sink'),
    ...without(there, here, 'in the outside sink, but not in checkpoints.ndjson'),
  ]
}

function chainOf(
  chain: string,
  own: boolean,
  { entries, isOld }: Walked,
  isChecked: boolean,
  found: readonly AuditFault[],
  inside: readonly Checkpoint[],
): AuditChain {
  const [first] = found
  const firstBad = found.reduce<number | null>(
    (least, { seq }) => (seq !== null && (least === null || seq < least) ? seq : least),
    null,
  )
  return {
    chain,
    entries,
    checkpoints: inside.filter((one) => one.chain === chain).length,
    own,
    state: !isChecked ? 'not-checked' : first ? 'broken' : 'verifies',
    firstBad,
    words: !isChecked
      ? isOld
        ? 'from before entries were keyed'
        : 'of another server, with a key that is not here'
      : first
        ? first.words
        : 'every entry follows from the one before it',
  }
}

function sentenceOf(ok: boolean, chains: readonly AuditChain[], faults: readonly AuditFault[]): string {
  const checked = chains.filter(({ state }) => state !== 'not-checked')
  const entries = checked.reduce((sum, one) => sum + one.entries, 0)
  if (ok) return `${entries} entries in ${checked.length} ${checked.length === 1 ? 'chain' : 'chains'} verify.`
  const worst = faults.find(({ seq }) => seq !== null) ?? faults[0]!
  const place = worst.seq === null ? worst.chain : `entry ${worst.seq} of ${worst.chain}`
  return `The audit does not verify: ${place ? `${place} ` : ''}${worst.words}.`
}
