import type { Command } from 'commander'
import type { PlanAsked } from './kept-plan.ts'
import type { Print } from './print.ts'
import { UsageProblem } from './usage-problem.ts'

/** Below `keyfall plan`: what comes after a cut, and the evidence of all of it. */
export function afterCommands(
  plan: Command,
  print: Print,
  dataOf: () => { dataDir?: string },
  done: (code: number) => void,
): void {
  const asked = (command: Command): PlanAsked => ({ ...dataOf(), ...command.optsWithGlobals<PlanAsked>() })
  plan
    .command('score <plan> [logs...]')
    .description(
      'what was predicted of the waves that are cut, against logs since then: those named, or those imported',
    )
    .option('--wave <number>', 'this wave alone')
    .option('--json', 'print the answer as JSON, the shape of GET /api/plans/{id}')
    .option('--markdown', 'print it as Markdown, for a ticket')
    .addHelpText('after', '\nExit code: 0 can be closed, 20 to be rolled back, 30 wait, 2 wrong use, 1 our failure.')
    .action(async (id: string, logs: string[], options: { wave?: string }, command: Command) => {
      const { scorePlan } = await import('./score.ts')
      const { wave } = options
      done(await scorePlan(print, id, { ...asked(command), logs, ...(wave !== undefined && { wave: waveOf(wave) }) }))
    })
  plan
    .command('end <plan> <wave> <outcome>')
    .description('a wave that was scored is closed, or rolled-back, with --reason')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the answer as JSON, the shape of GET /api/plans/{id}')
    .action(async (id: string, wave: string, outcome: string, options: { reason: string }, command: Command) => {
      const { endWave } = await import('./score.ts')
      if (outcome !== 'closed' && outcome !== 'rolled-back')
        throw new UsageProblem('a wave ends as closed or rolled-back', 'for example: keyfall plan end PLAN 1 closed --reason …') // prettier-ignore
      done(await endWave(print, id, { ...asked(command), wave: waveOf(wave), outcome, reason: options.reason }))
    })
  plan
    .command('evidence <plan>')
    .description('everything that shows how a plan came about and what became of it, as a pack that verifies offline')
    .requiredOption('--out <file>', 'a .zip; verify it with node server/bin/verify-evidence.mjs FILE')
    .action(async (id: string, { out }: { out: string }, command: Command) => {
      const { evidence } = await import('./evidence.ts')
      done(await evidence(print, id, { ...asked(command), out }))
    })
}

function waveOf(text: string): number {
  if (!/^[0-9]{1,2}$/.test(text)) throw new UsageProblem('a wave is a whole number', 'for example 2')
  return Number(text)
}
