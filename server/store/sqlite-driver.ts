import { DatabaseSync, backup, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { StoreError } from './errors.ts'

/**
 * The only file that names the SQLite package. Its interface is that of Node's own `node:sqlite`, which replaces it
 * once 22.13 is the oldest Node we run on. A worker that has a handle ends when it is told to, between two calls:
 * one that is ended inside a call ends the process.
 */
export type Database = DatabaseSyncInstance
export type Row = Record<string, unknown>

const BUSY_TIMEOUT_MILLISECONDS = 5000

/** FULL because WAL defaults to NORMAL here, which may lose what was acknowledged; the rest bounds what a damaged or hostile file can do. */
const pragmas = [
  // First: only of a file in which nothing is yet. Then what pruning frees goes back to the disk.
  'auto_vacuum = INCREMENTAL',
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'secure_delete = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
]

export function openDatabase(path: string): Database {
  return guarded(path, () => {
    const database = new DatabaseSync(path, {
      timeout: BUSY_TIMEOUT_MILLISECONDS,
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
      allowExtension: false,
      defensive: true,
    })
    for (const pragma of pragmas) database.exec(`PRAGMA ${pragma}`)
    return database
  })
}

/** Takes the lock of `lock.db` for as long as the handle is open; the system frees it when the process dies. */
export function openExclusive(path: string): Database | undefined {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if (codeOf(error) === 5) return undefined
    throw translated(path, error)
  }
}

/**
 * A copy of a database in use, page by page, at one state: the copying would begin anew at each change that another
 * handle makes, and the audit makes some every second.
 */
export async function backupDatabase(path: string, to: string): Promise<void> {
  const database = openDatabase(path)
  try {
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(database, to)
  } finally {
    closeReading(database)
  }
}

/** A handle that is closed inside a transaction stays, with its locks, until its statements are collected. */
export function closeReading(database: Database): void {
  if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
  database.close()
}

/** Primary result codes (https://sqlite.org/rescode.html) as our errors. Others are mistakes of ours and pass through. */
const meanings: ReadonlyMap<number, readonly [ConstructorParameters<typeof StoreError>[0], string]> = new Map([
  [5, ['StoreLocked', 'is locked by another process']],
  [6, ['StoreLocked', 'is locked']],
  [8, ['StoreReadOnly', 'cannot be written']],
  [10, ['StoreUnavailable', 'cannot be read or written (input/output error)']],
  [11, ['CorruptSegment', 'is damaged']],
  [13, ['StoreFull', 'cannot grow: the disk is full']],
  [14, ['StoreUnavailable', 'cannot be opened']],
  [26, ['CorruptSegment', 'is not a database']],
])

/** `all()` and `iterate()` of this package leave the code out; SQLite's own words (sqlite3ErrStr) stand for it. */
const wordsOfCodes: ReadonlyMap<string, number> = new Map([
  ['database is locked', 5],
  ['attempt to write a readonly database', 8],
  ['disk I/O error', 10],
  ['database disk image is malformed', 11],
  ['database or disk is full', 13],
  ['unable to open database file', 14],
  ['file is not a database', 26],
])

/** Our statements are fixed, so a schema that does not have what they name is not the one we wrote. */
const wordsOfForeignSchema = ['no such column', 'no such table', 'no such index', 'malformed database schema', 'table ']
const CORRUPT = 11

function codeOf(error: unknown): number | undefined {
  const { code, errcode, message } = (error ?? {}) as { code?: unknown; errcode?: unknown; message?: unknown }
  const words = String(message)
  if (wordsOfForeignSchema.some((start) => words.startsWith(start))) return CORRUPT
  if (typeof errcode === 'number') return errcode & 0xff
  return code === 'ERR_SQLITE_ERROR' ? wordsOfCodes.get(words) : undefined
}

export function translated(path: string, error: unknown): unknown {
  const meaning = meanings.get(codeOf(error) ?? -1)
  return meaning ? new StoreError(meaning[0], `The store ${path} ${meaning[1]}.`) : error
}

/** Runs something that touches the database and names its failure. */
export function guarded<T>(path: string, touch: () => T): T {
  try {
    return touch()
  } catch (error) {
    throw translated(path, error)
  }
}

/** All or nothing. Synchronous, so no caller's `await` can stand inside. */
export function transaction<T>(database: Database, change: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = change()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
