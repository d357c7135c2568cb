import { setTimeout } from 'node:timers/promises'
import neo4j, { type Driver, type Record as BoltRecord } from 'neo4j-driver'
import { StoreError, type StoreErrorName } from '../errors.ts'
import { statement, type StatementName } from './statements.ts'

const READ_MILLISECONDS = 5_000
const WRITE_MILLISECONDS = 30_000
/** From the first failure on; a step then ends as `StoreUnavailable`. */
const RETRY_MILLISECONDS = 8_000

export type Parameters = Readonly<Record<string, unknown>>
export type Step = readonly [name: StatementName, parameters?: Parameters]
export type Row = Readonly<Record<string, unknown>>

/** Statements of files, each call one transaction with a deadline. */
export interface Bolt {
  readonly uri: string
  read(name: StatementName, parameters?: Parameters): Promise<readonly Row[]>
  /**
   * All steps or none. Resolves to the rows of each step when they are committed. `check` sees the rows before that
   * and throws to roll back.
   */
  write(
    steps: readonly Step[],
    check?: (rows: readonly (readonly Row[])[]) => void,
  ): Promise<readonly (readonly Row[])[]>
  /** One statement that is not of a transaction with others: schema. */
  schema(text: string): Promise<void>
  /** As Neo4j says it: `Neo4j/5.26.30`. */
  version(): Promise<string>
  close(): Promise<void>
}

/**
 * More rows than the server has memory or time for. It calls itself retriable, but the same again only fails the same:
 * who can asks for less.
 */
export class TooManyRows extends StoreError {}

export interface BoltSettings {
  readonly uri: string
  readonly user?: string | undefined
  readonly password?: string | undefined
}

export function connect({ uri, user, password }: BoltSettings): Bolt {
  const driver = makeDriver(uri, user, password)
  const bookmarkManager = neo4j.bookmarkManager()

  async function attempt(
    mode: 'READ' | 'WRITE',
    steps: readonly Step[],
    check?: (rows: readonly (readonly Row[])[]) => void,
  ): Promise<readonly (readonly Row[])[]> {
    const session = driver.session({ defaultAccessMode: neo4j.session[mode], bookmarkManager })
    try {
      const timeout = mode === 'READ' ? READ_MILLISECONDS : WRITE_MILLISECONDS
      const transaction = await session.beginTransaction({
        timeout,
        metadata: { app: 'keyfall', step: steps.at(-1)![0] },
      })
      try {
        const rows: Row[][] = []
        for (const [name, parameters] of steps)
          rows.push((await transaction.run(statement(name), parameters)).records.map(plainRow))
        check?.(rows)
        await transaction.commit()
        return rows
      } finally {
        await transaction.close()
      }
    } finally {
      await session.close()
    }
  }

  async function lasting<T>(run: () => Promise<T>): Promise<T> {
    const began = performance.now()
    for (let pause = 50; ; pause *= 2) {
      try {
        return await run()
      } catch (error) {
        if (isTooMuch(error))
          throw new TooManyRows('StoreUnavailable', `Neo4j at ${placeOf(uri)} has too little memory or time for this.`)
        const isOver = performance.now() - began + pause > RETRY_MILLISECONDS
        if (!(error instanceof neo4j.Neo4jError && error.retriable) || isOver) throw translated(uri, error)
        await setTimeout(pause)
      }
    }
  }

  return {
    uri,
    read: async (name, parameters) => (await lasting(() => attempt('READ', [[name, parameters ?? {}]])))[0]!,
    write: (steps, check) => lasting(() => attempt('WRITE', steps, check)),
    schema: (text) =>
      lasting(async () => {
        const session = driver.session({ bookmarkManager })
        try {
          await session.run(text, {}, { timeout: WRITE_MILLISECONDS })
        } finally {
          await session.close()
        }
      }),
    version: () => lasting(async () => (await driver.getServerInfo()).agent ?? 'unknown'),
    close: () => driver.close(),
  }
}

function makeDriver(uri: string, user: string | undefined, password: string | undefined): Driver {
  try {
    return neo4j.driver(uri, user === undefined ? undefined : neo4j.auth.basic(user, password ?? ''), {
      connectionAcquisitionTimeout: 5_000,
      connectionTimeout: 5_000,
      maxConnectionPoolSize: 50,
      userAgent: 'keyfall',
      disableLosslessIntegers: true,
    })
  } catch {
    throw new StoreError(
      'StoreUnavailable',
      'The address of Neo4j is not one: neo4j://host:7687 or neo4j+s://host:7687.',
    )
  }
}

function plainRow(record: BoltRecord): Row {
  return record.toObject()
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

function isTooMuch(error: unknown): boolean {
  return /MemoryPoolOutOfMemoryError|TransactionOutOfMemory|TransactionTimedOut/.test(codeOf(error))
}

/** First match counts. Other client errors are mistakes of ours and pass through. */
const meanings: readonly (readonly [prefix: string, name: StoreErrorName, words: string])[] = [
  ['Neo.ClientError.Security', 'StoreUnavailable', 'refuses this user: check user and password'],
  ['Neo.ClientError.Statement.AccessMode', 'StoreReadOnly', 'takes no writes here'],
  ['Neo.ClientError.General.ForbiddenOnReadOnlyDatabase', 'StoreReadOnly', 'is read-only'],
  ['Neo.ClientError.General.WriteOnReadOnlyAccessDatabase', 'StoreReadOnly', 'is read-only'],
  [
    'Neo.ClientError.Cluster.NotALeader',
    'StoreUnavailable',
    'has no leader at this address: use neo4j:// instead of bolt://',
  ],
  ['Neo.ClientError.Database.DatabaseNotFound', 'StoreUnavailable', 'has no such database'],
  ['Neo.DatabaseError.General.StorageDamage', 'CorruptSegment', 'says that its files are damaged'],
  ['Neo.DatabaseError', 'StoreUnavailable', 'failed inside'],
  ['Neo.TransientError.General.DatabaseUnavailable', 'StoreUnavailable', 'is not available'],
  ['Neo.TransientError', 'StoreUnavailable', 'is busy'],
  ['ServiceUnavailable', 'StoreUnavailable', 'cannot be reached'],
  ['SessionExpired', 'StoreUnavailable', 'closed the connection'],
  ['N/A', 'StoreUnavailable', 'cannot be reached in time'],
]

function translated(uri: string, error: unknown): unknown {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  const meaning = meanings.find(([prefix]) => code.startsWith(prefix))
  return meaning ? new StoreError(meaning[1], `Neo4j at ${placeOf(uri)} ${meaning[2]}.`) : error
}

/** Scheme and host: a URI may carry a password. */
function placeOf(uri: string): string {
  try {
    const { protocol, host } = new URL(uri)
    return `${protocol}//${host}`
  } catch {
    return 'the given address'
  }
}

/** The driver takes signed bytes; these are the same ones, not a copy. */
export function toBolt(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function fromBolt(value: unknown): Uint8Array {
  const bytes = value as Int8Array
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Whole numbers go as whole numbers: a bare number of JavaScript arrives as a floating one. */
export function wholeNumber(value: number): unknown {
  return neo4j.int(value)
}
