import { StateManyReply, type Statement } from '../../../../graph/wire-overrides.ts'
import { ask, type Failure } from '../../api/ask.ts'
import { refresh } from '../../api/live.ts'
import { say } from '../../app/say.ts'
import { act } from '../../app/undo.ts'
import { plural } from '../../model/verdict.ts'
import { chooseNone } from './chosen-rows.ts'

const send = (body: object) => ask(StateManyReply, '/api/estate', { method: 'PATCH', body })

/** What stating this would change. Nothing is changed. */
export const previewOf = (ids: readonly string[], set: Statement) => send({ ids, set, preview: true })

/** States it, and remembers how to take it back. */
export async function stateMany(ids: readonly string[], set: Statement, note: string): Promise<Failure | null> {
  const outcome = await send({ ids, set, ...(note !== '' && { note }) })
  if (!outcome.ok) return outcome.failure
  const { changes, before } = outcome.reply
  const title = `state ${plural(changes.length, 'change')} of ${plural(ids.length, 'credential')}`
  let isFirst = true
  act({
    title,
    // `act` does it at once; it has been done.
    redo: () => {
      if (!isFirst) void again(ids, set, note)
      isFirst = false
    },
    undo: () => void putBack(before),
  })
  chooseNone()
  say(`Stated: ${plural(changes.length, 'change')}. Undo takes it back.`)
  refresh()
  return null
}

async function again(ids: readonly string[], set: Statement, note: string): Promise<void> {
  const outcome = await send({ ids, set, ...(note !== '' && { note }) })
  if (!outcome.ok) return say(outcome.failure.message)
  refresh()
}

async function putBack(restore: StateManyReply['before']): Promise<void> {
  const outcome = await send({ restore })
  if (!outcome.ok) return say(outcome.failure.message)
  refresh()
}
