import { operationOf } from './duration.ts'
import { exitCodes } from './exit-codes.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, type Form } from './report.ts'
import { reportOfRunbook } from './runbook-report.ts'

export interface RunbookCommand extends Form {
  readonly dataDir?: string
  readonly credential: string
  readonly do?: string
  readonly at?: string
}

/** The change of one credential, step by step. */
export async function runbook(print: Print, { dataDir, credential, at, ...asked }: RunbookCommand): Promise<number> {
  const op = operationOf(asked.do)
  const desk = await openDesk(dataDir === undefined ? {} : { dataDir })
  try {
    const { id } = await desk.credential(credential)
    const reply = await desk.runbook(id, { ...(op && { op }), ...(at !== undefined && { at }) })
    say(print, asked, reply, () => reportOfRunbook(reply, desk.server))
    return reply.ready ? exitCodes.done : exitCodes.notReady
  } finally {
    await desk.close()
  }
}
