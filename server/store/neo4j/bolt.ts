import { setTimeout } from 'node:timers/promises'
import neo4j, { type Driver, type Record as BoltRecord } from 'neo4j-driver'
import { StoreError, type StoreErrorName } from '../errors.ts'
import { statement, type StatementName } from './statements.ts'

const DEADLINES = { READ: 5_000, WRITE: 30_000 }
/** From the first failure on; a step then ends as `StoreUnavailable`. */
const RETRY_MILLISECONDS = 8_000

export type Parameters = Readonly<Record<string, unknown>>
/** `otherwise`: what is thrown, before any later step, where the statement gives no row. */
export type Step = readonly [name: StatementName, parameters?: Parameters, otherwise?: () => Error]
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
 * More rows than the server has memory or time for: the same again would fail the same, so whoever can asks for less.
 * A read that comes too late, or a wait for a lock that another server holds, is not this: less would not be sooner.
 */
export class TooManyRows extends StoreError {}

export interface BoltSettings {
  readonly uri: string
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** Milliseconds after which Neo4j ends a transaction. */
  readonly deadlines?: { readonly READ: number; readonly WRITE: number }
}

export function connect({ uri, user, password, deadlines = DEADLINES }: BoltSettings): Bolt {
  const driver = makeDriver(uri, user, password)
  const bookmarkManager = neo4j.bookmarkManager()

  async function attempt(
    mode: 'READ' | 'WRITE',
    steps: readonly Step[],
    check?: (rows: readonly (readonly Row[])[]) => void,
  ): Promise<readonly (readonly Row[])[]> {
    const session = driver.session({ defaultAccessMode: neo4j.session[mode], bookmarkManager })
    let withRows = false
    try {
      const transaction = await session.beginTransaction({
        timeout: deadlines[mode],
        metadata: { app: 'keyfall', step: steps.at(-1)![0] },
      })
      try {
        const rows: Row[][] = []
        for (const [name, parameters, otherwise] of steps) {
          if (isOfRows(parameters)) withRows = true
          const found = (await transaction.run(statement(name), parameters)).records.map(plainRow)
          if (found.length === 0 && otherwise) throw otherwise()
          rows.push(found)
        }
        check?.(rows)
        await transaction.commit()
        return rows
      } catch (error) {
        if (isOutOfMemory(error) || (mode === 'WRITE' && withRows && isTimedOut(error))) throw tooManyRows(uri)
        throw error
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
        if (error instanceof StoreError) throw error
        const isOver = performance.now() - began + pause > RETRY_MILLISECONDS
        if (!isWorthAnother(error) || isOver) throw translated(uri, error)
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
          await session.run(text, {}, { timeout: deadlines.WRITE })
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

const isOutOfMemory = (error: unknown): boolean =>
  /MemoryPoolOutOfMemoryError|TransactionOutOfMemory/.test(codeOf(error))
/** A transaction whose time is up hears of it at the next lock it takes, if it takes one, and then under that name. */
const isTimedOut = (error: unknown): boolean => /TransactionTimedOut|LockClientStopped/.test(codeOf(error))

/** Neo4j calls what came too late a mistake of the client; on a busy machine the next attempt may come in time. */
function isWorthAnother(error: unknown): boolean {
  return error instanceof neo4j.Neo4jError && (error.retriable || isTimedOut(error))
}

/** Does a step get longer the more it is given? */
function isOfRows(parameters: Parameters | undefined): boolean {
  return parameters !== undefined && ['rows', 'hashes', 'limit'].some((name) => name in parameters)
}

function tooManyRows(uri: string): TooManyRows {
  return new TooManyRows('StoreUnavailable', `Neo4j at ${placeOf(uri)} has too little memory or time for this.`)
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
  ['Neo.ClientError.Transaction.TransactionTimedOut', 'StoreUnavailable', 'did not answer in time'],
  ['Neo.ClientError.Transaction.LockClientStopped', 'StoreUnavailable', 'did not answer in time'],
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
