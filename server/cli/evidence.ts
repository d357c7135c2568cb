import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { exitCodes } from './exit-codes.ts'
import { planCalled, type PlanAsked } from './kept-plan.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'

/** Writes the evidence of a plan. It names people and things: for its owner alone. */
export async function evidence(print: Print, plan: string, asked: PlanAsked & { out: string }): Promise<number> {
  const desk = await openDesk(asked.dataDir === undefined ? {} : { dataDir: asked.dataDir })
  try {
    const { id } = await planCalled(desk, plan)
    const bytes = await desk.plans.evidence(id)
    writeFileSync(asked.out, bytes, { mode: 0o600 })
    print.line(`${asked.out}: ${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`)
    print.line('Verify it: node server/bin/verify-evidence.mjs FILE --key ID, with the id of `keyfall audit key`.')
    return exitCodes.done
  } finally {
    await desk.close()
  }
}
