import { join } from 'node:path'
import { importers } from '../importers/registry.ts'
import type { ImportReply, Problem, Snapshot } from '../graph/wire.ts'
import { fingerprintKey } from './auth/fingerprint-key.ts'
import { ownershipRulesIn } from './estate/ownership-rules.ts'
import type { Config } from './config.ts'
import type { RankingSoFar } from './estate/tell-ranking.ts'
import { openKeeper, type AboutOpening, type Keeper } from './estate/keeper.ts'
import { openJobs, type Jobs } from './import/jobs.ts'
import type { AskForSecret } from './seal/open-sealed.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/contract.ts'
import { version } from './version.ts'

/** The store, what is believed, and the way in: what the server and a command without a server both work on. */
export interface OpenEstate {
  readonly store: Store
  readonly keeper: Keeper
  readonly jobs: Jobs
  close(): Promise<void>
}

export interface OpenEstateOptions {
  readonly config: Config
  readonly problemOf: (error: unknown) => Problem
  readonly onChange?: (snapshot: Snapshot) => void
  readonly onProgress?: (reply: ImportReply) => void
  readonly onError?: (error: unknown) => void
  readonly onOpening?: (about: AboutOpening) => void
  readonly onRanking?: (soFar: RankingSoFar) => void
  /** How the passphrase of a sealed store is asked for. */
  readonly ask?: AskForSecret
  /** Number of relationships from which on threads of their own hold the estate and make imports. Absent: never. */
  readonly apartFrom?: number | undefined
  /** Number of relationships from which on no estate is built, as nobody but an import asks for it. Absent: never. */
  readonly farFrom?: number | undefined
  /** See `KeeperOptions`; tests set it. */
  readonly keptFrom?: number | undefined
}

/** Less than this is written in the time that a thread takes to start. */
const APART_FROM_BYTES = 1 << 20
/** Of the store, for each relationship, about. */
const STORED_BYTES = 300

/** Throws a `StoreError` when the store can't be opened: `StoreLocked` when a server runs on this data directory. */
export async function openEstate(options: OpenEstateOptions): Promise<OpenEstate> {
  const { config, problemOf, onProgress } = options
  const store = await openStore({
    dataDir: config.dataDir,
    neo4jUri: config.neo4j?.uri,
    neo4jUser: config.neo4j?.user,
    neo4jPassword: config.neo4j?.password,
    ask: options.ask,
    apartFromBytes: options.apartFrom === undefined ? undefined : Math.min(options.apartFrom, APART_FROM_BYTES),
    auditApartFromBytes: options.apartFrom === undefined ? undefined : options.apartFrom * STORED_BYTES,
  })
  try {
    const titles = new Map(importers.map(({ id, title }) => [id, title]))
    const keeper = await openKeeper({ ...options, store, titleOf: (id) => titles.get(id) ?? id })
    const jobs = openJobs({
      room: {
        store,
        keeper,
        importers,
        version: version(),
        fingerprintKey: store.sealed?.fingerprint ?? fingerprintKey(process.env),
        ownershipRules: ownershipRulesIn(config.dataDir),
        now: () => new Date().toISOString(),
        limits: config.imports,
        apartFrom: options.apartFrom,
      },
      spoolDir: join(config.dataDir, 'spool'),
      problemOf,
      ...(onProgress && { onProgress }),
    })
    return {
      store,
      keeper,
      jobs,
      async close() {
        await jobs.close()
        keeper.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
