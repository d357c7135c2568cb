import type { Command } from 'commander'
import type { GateCommand } from './gate.ts'
import { planCommands } from './plan-commands.ts'
import type { Print } from './print.ts'
import type { Form } from './report.ts'
import { wholeNumber } from './whole-number.ts'

type DataOf = () => { dataDir?: string }

const exits = {
  verdict:
    '\nExit code: 0 safe, 10 safe after the named steps, 20 not safe, 30 cannot say yet, 2 wrong use, 1 our failure.',
  reach: '\nExit code: 0 nothing is known to be within reach, 20 something is, 2 wrong use, 1 our failure.',
  breaks: '\nExit code: 0 nothing with a known end breaks anything, 20 something does, 2 wrong use, 1 our failure.',
  overlap: '\nExit code: 0 an overlap saves everybody, 20 some it does not save, 2 wrong use, 1 our failure.',
  compare: '\nExit code: 0 as predicted, 20 it differs, 30 too early to say, 2 wrong use, 1 our failure.',
  done: '\nExit code: 0 answered, 2 wrong use, 1 our failure.',
} as const

/** Commands for answers that one acts on. Each is loaded when it is called. */
export function actCommands(program: Command, print: Print, dataOf: DataOf, done: (code: number) => void): void {
  const forms = (command: Command, shape: string): Command =>
    command
      .option('--json', `print the answer as JSON, the shape of ${shape}`)
      .option('--markdown', 'print it as Markdown, for a ticket')

  forms(program.command('contain'), 'GET /api/reach, its containment')
    .description('the cheapest set of actions between this and the crown jewels, and what it breaks')
    .argument('<thing>', 'what is in foreign hands: its id, key, name or ARN')
    .addHelpText('after', exits.reach)
    .action(async (thing: string, options: Form) => {
      const { contain } = await import('./contain.ts')
      done(await contain(print, { thing, ...dataOf(), ...options }))
    })

  forms(program.command('chokepoints'), 'GET /api/choke-points')
    .description('the things that every known way to the crown jewels goes through, and what breaks without them')
    .argument('[thing]', 'what is in foreign hands: its id, key, name or ARN; any credential, if left out')
    .option('--limit <number>', 'at most so many', wholeNumber, 25)
    .addHelpText('after', exits.done)
    .action(async (thing: string | undefined, options: Form & { limit: number }) => {
      const { chokePoints } = await import('./choke-points.ts')
      done(await chokePoints(print, { thing, ...dataOf(), ...options, limit: options.limit || 25 }))
    })

  forms(program.command('rank'), 'GET /api/rank')
    .description('all credentials by what falls with them, heaviest first')
    .option('--limit <number>', 'at most so many', wholeNumber, 20)
    .addHelpText('after', exits.done)
    .action(async (options: Form & { limit: number }) => {
      const { rank } = await import('./rank.ts')
      done(await rank(print, { ...dataOf(), ...options, limit: options.limit || 20 }))
    })

  forms(program.command('forecast'), 'GET /api/forecast')
    .description('what runs out when, and what each breaks if nobody acts')
    .option('--days <number>', 'so far ahead', wholeNumber, 90)
    .addHelpText('after', exits.breaks)
    .action(async (options: Form & { days: number }) => {
      const { forecast } = await import('./forecast.ts')
      done(await forecast(print, { ...dataOf(), ...options, days: options.days || 90 }))
    })

  forms(program.command('overlap'), 'GET /api/blast/{id}/overlap')
    .description('how long both values have to work in a rotation, and whom no overlap saves')
    .argument('<credential>', 'its id, key, name or another word for it')
    .addHelpText('after', exits.overlap)
    .action(async (credential: string, options: Form) => {
      const { overlap } = await import('./overlap.ts')
      done(await overlap(print, { credential, ...dataOf(), ...options }))
    })

  forms(program.command('whatif'), 'GET /api/blast/{id}/whatif')
    .description(
      'an answer before and after steps, another operation, a fallback; without any: the steps that are needed',
    )
    .argument('<credential>', 'its id, key, name or another word for it')
    .option('--do <operation>', 'what is done to it (default: revoke, or what is possible)')
    .option('--overlap <time>', 'of a rotation: how long both values are accepted')
    .option('--steps <ids>', 'steps of the answer, separated by commas, or all: as if they were done')
    .option('--instead <operation>', 'another operation instead')
    .option('--instead-overlap <time>', 'another overlap instead')
    .option('--fallback <pair...>', '"DEPENDENT>THING": as if the dependent could use that instead')
    .option('--without <relationship...>', 'as if this relationship (its id) were not there')
    .addHelpText('after', exits.verdict)
    .action(async (credential: string, options: Form & Record<string, never>) => {
      const { whatIf } = await import('./whatif.ts')
      done(await whatIf(print, { credential, ...dataOf(), ...options }))
    })

  forms(program.command('watch'), 'GET /api/blast/{id}/watch')
    .description('what to check on the workload’s own path, which signals to watch, ready queries for the logs')
    .argument('<credential>', 'its id, key, name or another word for it')
    .option('--do <operation>', 'what is done to it')
    .option('--overlap <time>', 'of a rotation: how long both values are accepted')
    .addHelpText('after', exits.done)
    .action(async (credential: string, options: Form & { do?: string; overlap?: string }) => {
      const { watch } = await import('./watch.ts')
      done(await watch(print, { credential, ...dataOf(), ...options }))
    })

  planCommands(program, print, dataOf, done)

  forms(program.command('compare'), 'POST /api/blast/{id}/compare')
    .description('logs after a change against what was predicted of it')
    .argument('<credential>', 'what was changed')
    .argument('<log...>', 'CloudTrail or Vault audit logs, files or folders')
    .requiredOption('--at <time>', 'when it was changed, ISO 8601')
    .option('--do <operation>', 'what was done to it')
    .option('--overlap <time>', 'of a rotation: how long both values were accepted')
    .addHelpText('after', exits.compare)
    .action(
      async (credential: string, logs: string[], options: Form & { at: string; do?: string; overlap?: string }) => {
        const { compare } = await import('./compare.ts')
        done(await compare(print, { credential, logs, ...dataOf(), ...options }))
      },
    )

  forms(program.command('gate'), 'GateReply in server/gate/gate-answer.ts')
    .description('for a pull request: what a Terraform plan or changed workflows would break, before they are applied')
    .option('--terraform-plan <file>', 'a plan as `terraform show -json` writes it')
    .option('--workflow-diff <paths...>', 'BASE HEAD, two checkouts; or one unified diff, which shows less')
    .option('--repository <owner/name>', 'whose workflows these are, where no checkout says it')
    .option('--scope <name>', 'as at the import of the plan: owner/name, or the cluster')
    .addHelpText('after', exits.verdict)
    .action(async (options: GateCommand) => {
      const { gate } = await import('./gate.ts')
      done(await gate(print, { ...dataOf(), ...options }))
    })

  forms(program.command('backtest'), 'BacktestReply in graph/wire-acts.ts')
    .description('cut logs at a date, predict who a revoke would hit, and score that with the rest of the logs')
    .argument('<log...>', 'CloudTrail or Vault audit logs, files or folders; nothing is stored')
    .requiredOption('--at <time>', 'where to cut, ISO 8601')
    .addHelpText('after', exits.done)
    .action(async (logs: string[], options: Form & { at: string }) => {
      const { backtest } = await import('./backtest.ts')
      done(await backtest(print, { logs, ...options }))
    })
}
