import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../config.ts'
import type { Store } from '../store/contract.ts'
import { readCheckpointLines } from './checkpoints.ts'
import { version } from '../version.ts'
import { auditKeyFile, auditKeys, NoAuditKey, readAuditSecret } from './keys.ts'
import { openLedger, type ChainName, type Ledger } from './ledger.ts'
import { openSink, type Sink } from './sinks.ts'
import { verifyAudit } from './verify.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the audit of one data directory is, and what it is verified with. */
export interface AuditPlace {
  readonly chain: ChainName
  readonly checkpointFile: string
  readonly sink: Sink | undefined
  /** 32 bytes: of the key file, or of a sealed store. */
  readonly secret: Uint8Array
}

export const checkpointFileOf = (dataDir: string): string => join(dataDir, 'checkpoints.ndjson')

/** Throws a `ConfigError` where the key cannot be had or the sink is none. */
export function auditPlace(dataDir: string, environment: Environment, sealed?: Uint8Array): AuditPlace {
  return {
    chain: chainName(dataDir),
    checkpointFile: checkpointFileOf(dataDir),
    sink: sinkOf(environment['KEYFALL_AUDIT_SINK']),
    secret: sealed ?? secretOf(auditKeyFile(environment)),
  }
}

export function ledgerAt(
  { audit }: Store,
  place: AuditPlace,
  onTrouble?: (words: string, error?: unknown) => void,
): Promise<Ledger> {
  return openLedger({ audit, keys: auditKeys(place.secret), ...place, ...(onTrouble && { onTrouble }) })
}

/** With a checkpoint: what is cut off while no server runs shows. */
export async function serverEntry(ledger: Ledger, action: 'server.start' | 'server.stop'): Promise<void> {
  const detail = { more: { version: version() } }
  await ledger.append({ action, outcome: 'done', actor: 'server', via: 'server', detail })
  await ledger.checkpoint()
}

/** Everything there is to verify. `ledger`: nothing is appended meanwhile. */
export function verifyAt({ audit }: Store, place: AuditPlace, at: string, ledger?: Ledger) {
  const look = () =>
    verifyAudit({
      audit,
      keys: ledger?.keys ?? auditKeys(place.secret),
      own: place.chain.read(),
      inside: readCheckpointLines(place.checkpointFile),
      outside: place.sink?.lines?.(),
      sink: ledger ? ledger.outside() : place.sink ? 'delivered' : 'none',
      at,
    })
  return ledger ? ledger.still(look) : look()
}

function sinkOf(setting: string | undefined): Sink | undefined {
  if (!setting) return undefined
  try {
    return openSink(setting)
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}

function secretOf(file: string): Uint8Array {
  try {
    return readAuditSecret(file)
  } catch (error) {
    if (error instanceof NoAuditKey) throw new ConfigError(`${error.message}; ${error.hint}`)
    throw error
  }
}

/** Several servers on one Neo4j have a chain each: its name lies in the data directory. */
function chainName(dataDir: string): ChainName {
  const file = join(dataDir, 'audit-chain')
  return {
    read() {
      try {
        return readFileSync(file, 'utf8').trim() || undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    renew() {
      const name = `chain-${randomBytes(6).toString('hex')}`
      mkdirSync(dataDir, { recursive: true, mode: 0o700 })
      writeFileSync(file, `${name}\n`, { mode: 0o600, flush: true })
      return name
    },
  }
}
