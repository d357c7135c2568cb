import { parentPort, workerData } from 'node:worker_threads'
import { isStoreError } from '../errors.ts'
import { guarded, openDatabase } from '../sqlite-driver.ts'
import type { FromAsked } from './asked-thread.ts'
import type { ToAudit } from './audit-apart.ts'
import { appendLines } from './audit-log.ts'
import { movesLogItself } from './move-log.ts'
import { inWritingTurn, type WritingTurns } from './writing-turns.ts'

/**
 * Program of the thread that enters lines in the audit. Somebody waits for each, so it goes before an import. It ends
 * when it is told to, between two calls of SQLite.
 */
const port = parentPort!
const { path, turns } = workerData as { readonly path: string; readonly turns: WritingTurns }
const say = (word: FromAsked<undefined>): void => port.postMessage(word)
const guard = <T>(touch: () => T): T => guarded(path, touch)
const database = openDatabase(path)
const append = appendLines(database, guard)

port.on('message', (word: ToAudit) => {
  if (word.say === 'close') {
    database.close()
    port.close()
  } else if (word.say === 'moves log') movesLogItself(database, word.isOn)
  else enter(word)
})

function enter({ chain, first, bodies }: Extract<ToAudit, { say: 'append' }>): void {
  try {
    inWritingTurn(turns, true, () => append(chain, first, bodies))
    say({ say: 'done', what: undefined })
  } catch (error) {
    say({ say: 'failed', name: isStoreError(error) ? error.name : undefined, error: error as Error })
  }
}
