import type { Database } from '../sqlite-driver.ts'

/** As SQLite has it. */
const PAGES_OF_LOG = 1_000

/** Whether this handle moves the log into the database after its commits, which may take a while, or leaves it to others. */
export function movesLogItself(database: Database, isOn: boolean): void {
  if (database.isOpen) database.exec(`PRAGMA wal_autocheckpoint = ${isOn ? PAGES_OF_LOG : 0}`)
}

/** What is committed is safe in the log already; should this fail, the next import tries again. */
export function shortenLog(database: Database): void {
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // Nothing is lost: the log only stays longer.
  }
}
