import { parentPort, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { lowWhileBuilding } from '../../estate/low-while-building.ts'
import { isStoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { damaged, sha256 } from '../hashing.ts'
import { guarded, openDatabase, transaction } from '../sqlite-driver.ts'
import type { FromAsked } from './asked-thread.ts'
import { flip, insertSegment, sync, type NewImport } from './imports.ts'
import { readWholeNow } from './read-whole.ts'
import { markTidy } from './tidy.ts'
import type { PutSegment, SaidByWriter, ToWriter } from './writer-apart.ts'
import { inWritingTurn, type WritingTurns } from './writing-turns.ts'

/**
 * Program of the thread that writes imports. It ends when it is told to, between two calls: a thread that is ended
 * inside a call of SQLite ends the process.
 */
const port = parentPort!
const { path, turns } = workerData as { readonly path: string; readonly turns: WritingTurns }
const say = (word: FromAsked<SaidByWriter>): void => port.postMessage(word)
const guard = <T>(touch: () => T): T => guarded(path, touch)
const database = openDatabase(path)
// This thread alone moves the log into the database, when nobody waits for it.
database.exec('PRAGMA wal_autocheckpoint = 0')
database.exec(`PRAGMA journal_size_limit = ${4 << 20}`)
sync(database, 'NORMAL')
const insert = insertSegment(database)
let raise = lowWhileBuilding()

const CHECKPOINT_MS = 2_000
const checkpoints = setInterval(moveLog, CHECKPOINT_MS)

port.on('message', (word: ToWriter) => {
  if (word.say === 'close') return end()
  try {
    if (word.say === 'put') put(word.segments)
    say({
      say: 'done',
      what:
        word.say === 'flip'
          ? flipped(word.import_)
          : word.say === 'read'
            ? guard(() => readWholeNow(database, word.hashes))
            : undefined,
    })
  } catch (error) {
    say({ say: 'failed', name: isStoreError(error) ? error.name : undefined, error: error as Error })
  }
})

/** Packed before the transaction begins, because whoever enters something in the audit waits for its end. */
function put(segments: readonly PutSegment[]): void {
  const packed = segments.map(({ bucket, hash, bytes }) => {
    if (sha256(bytes) !== hash) throw damaged(bucket, hash)
    return { hash, small: gzipSync(bytes, { level: 1 }) }
  })
  atFullPriority(() => {
    failpoint('before-put')
    transaction(database, () => {
      markTidy(database, false)
      for (const { hash, small } of packed) insert(hash, small)
    })
    failpoint('after-put')
  })
}

function flipped(import_: NewImport): ReturnType<typeof flip> {
  return atFullPriority(() => {
    failpoint('before-flip')
    sync(database, 'FULL')
    try {
      return transaction(database, () => flip(database, import_))
    } finally {
      sync(database, 'NORMAL')
      failpoint('after-flip')
    }
  })
}

/** Whoever writes holds up others who write. */
function atFullPriority<T>(write: () => T): T {
  raise()
  try {
    return guard(() => inWritingTurn(turns, false, write))
  } finally {
    raise = lowWhileBuilding()
  }
}

/** Holds up nobody, and goes as far as readers let it. */
function moveLog(): void {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  } catch {
    // What is committed is safe in the log; the next time moves it.
  }
}

function end(): void {
  clearInterval(checkpoints)
  database.close()
  port.close()
}
