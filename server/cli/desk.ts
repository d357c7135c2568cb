import type { Source } from '../import/read-files.ts'
import type {
  BlastQuery,
  BlastReply,
  FindReply,
  ImportReply,
  ItemsReply,
  SourcesReply,
  Thing,
  WhyReply,
} from '../../graph/wire.ts'
import { readConfig, type Config } from '../config.ts'
import { findLocalDoor } from '../auth/local-token.ts'
import { isStoreError } from '../store/errors.ts'
import { UsageProblem } from './usage-problem.ts'

/** What commands ask, whoever answers: the store of this data directory, or the server that holds it. */
export interface Desk {
  /** "the server at http://localhost:8420 (pid 4711)"; undefined when the store itself answers. */
  readonly server?: string
  find(q: string, limit: number): Promise<FindReply>
  credential(text: string): Promise<Thing>
  blast(id: string, query: BlastQuery): Promise<BlastReply>
  items(id: string, query: BlastQuery): Promise<ItemsReply>
  why(id: string, dependent: string, query: BlastQuery): Promise<WhyReply>
  sources(): Promise<SourcesReply>
  bundle(): AsyncIterable<string>
  /** Reads up to the preview. */
  readImport(sources: readonly Source[], options: ReadImportOptions): Promise<ImportReply>
  commitImport(id: string, acceptRetire: number | undefined): Promise<ImportReply>
  cancelImport(id: string): Promise<void>
  close(): Promise<void>
}

export interface ReadImportOptions {
  readonly scopeName?: string | undefined
  readonly onProgress: (reply: ImportReply) => void
}

/** Opens the store, or goes to the server that holds it. */
export async function openDesk(given: { dataDir?: string }): Promise<Desk> {
  const config = readConfig(process.env, given)
  const running = await serverDesk(config)
  if (running) return running
  const { storeDesk } = await import('./desk-of-store.ts')
  try {
    return await storeDesk(config)
  } catch (error) {
    if (!isStoreError(error, 'StoreLocked')) throw error
    // It may have started this very moment.
    const started = await serverDesk(config)
    if (started) return started
    throw new UsageProblem(error.message, 'stop that server, or wait until it answers')
  }
}

async function serverDesk({ dataDir }: Config): Promise<Desk | undefined> {
  const door = findLocalDoor(dataDir)
  if (!door) return undefined
  const { deskOfServer, answers } = await import('./desk-of-server.ts')
  return (await answers(door)) ? deskOfServer(door) : undefined
}
