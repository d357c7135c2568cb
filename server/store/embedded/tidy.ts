import type { Database } from '../sqlite-driver.ts'
import { isStoreError } from '../errors.ts'
import { readNumber, writeNumber } from './rows.ts'

const KEY = 'tidy'

/**
 * That every stored segment is named by an import: then a start need not read all imports to look for others. Whoever
 * stores a segment takes it back in the same transaction, so it is never said of a store in which a killed import left
 * some. A store of an older version does not say it.
 */
export function isTidy(database: Database): boolean {
  try {
    return readNumber(database, KEY) === 1
  } catch (error) {
    if (isStoreError(error, 'CorruptSegment')) return false
    throw error
  }
}

export function markTidy(database: Database, isTidy: boolean): void {
  writeNumber(database, KEY, isTidy ? 1 : 0)
}
