import { Command, CommanderError, Option } from 'commander'
import { QuestionError } from '../../graph/errors.ts'
import { ConfigError } from '../config.ts'
import { NotEnoughMemory } from '../estate/not-enough-memory.ts'
import { useBuiltKernels } from '../import/kernels.ts'
import { ReadingFailed } from '../import/reading.ts'
import { isStoreError } from '../store/errors.ts'
import { version } from '../version.ts'
import { actCommands } from './act-commands.ts'
import { auditCommands } from './audit-commands.ts'
import { clean } from './clean.ts'
import { exitCodes } from './exit-codes.ts'
import type { FindingsOptions } from './findings.ts'
import type { InventoryOptions } from './inventory.ts'
import type { LinksOptions } from './links.ts'
import type { OverrideOptions } from './override.ts'
import { peopleCommands } from './people-commands.ts'
import { openPrint, type Print } from './print.ts'
import { ServerFailed } from './server-failed.ts'
import { UsageProblem } from './usage-problem.ts'
import { wholeNumber } from './whole-number.ts'

/**
 * The command line. Resolves to the exit code; nothing in here ends the process. Commands are loaded when they are
 * called, so that `simulate` does not wait for the store or the server.
 */
export async function main(argv: readonly string[], print: Print = openPrint()): Promise<number> {
  let code: number = exitCodes.done
  useBuiltKernels()
  const program = commands(print, (result) => (code = result))
  try {
    await program.parseAsync([...argv])
    return code
  } catch (error) {
    return failed(print, error)
  }
}

function commands(print: Print, done: (code: number) => void): Command {
  const program = new Command('keyfall')
    .description('What breaks, and when, if this credential is revoked, rotated or disabled.')
    .version(version())
    .option(
      '--data <dir>',
      'data directory (KEYFALL_DATA; default: .keyfall in a checkout, else ~/.local/share/keyfall)',
    )
    .option('-v, --verbose', 'say on standard error what makes this slower than it could be')
    .hook('preAction', async (command) => {
      if (command.opts<{ verbose?: boolean }>().verbose !== true) return
      const { missingKernels } = await import('../import/missing-kernels.ts')
      for (const { words } of missingKernels()) print.aside(`keyfall: ${words}`)
    })
    .exitOverride()
    .showHelpAfterError('(add --help for what there is)')
    // It quotes what was typed, or pasted.
    .configureOutput({ outputError: (text) => print.aside(text.trimEnd().split('\n').map(clean).join('\n')) })
  const dataOf = (): { dataDir?: string } => {
    const { data } = program.opts<{ data?: string }>()
    return data === undefined ? {} : { dataDir: data }
  }

  program
    .command('serve')
    .description('start the server and print a link that signs one browser in')
    .option('--port <number>', 'port (KEYFALL_PORT; default 8420, 0 for any)')
    .option('--sample', 'load the sample estate when nothing has been imported yet')
    .action(async (options: { port?: string; sample?: boolean }) => {
      const { serve } = await import('./serve.ts')
      done(await serve(print, { ...dataOf(), ...options }))
    })

  program
    .command('import')
    .description('read export files and folders; each file’s format is recognised by its content')
    .argument('<path...>', 'files or folders')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--accept-retire <number>', 'let the import retire this many things: the number it showed', wholeNumber)
    .option('--scope <name>', 'what the files are of, where they do not say it (a cluster, a Vault address)')
    .option('--json', 'print the report as JSON')
    .action(
      async (paths: string[], options: { dryRun?: boolean; acceptRetire?: number; scope?: string; json?: boolean }) => {
        const { importPaths } = await import('./import.ts')
        done(await importPaths(print, { paths, ...dataOf(), ...options }))
      },
    )

  program
    .command('impact')
    .description('what breaks, and when, if this credential, identity, vault, issuer, vendor is changed')
    .argument('<subject>', 'its id, key, name or another word for it (access key id, ARN)')
    .addOption(new Option('--revoke', 'delete it (default)').conflicts(['rotate', 'disable', 'expire', 'do']))
    .addOption(new Option('--rotate', 'replace its value').conflicts(['disable', 'expire', 'do']))
    .addOption(new Option('--disable', 'deactivate it').conflicts(['expire', 'do']))
    .addOption(new Option('--expire', 'do nothing and let it run out').conflicts(['do']))
    .option(
      '--do <action>',
      'any action by its name: delete, reduce, distrust, take-down, lose, offboard, …; a wrong one lists all',
    )
    .option('--overlap <time>', 'with --rotate: how long both values are accepted (90s, 15m, 24h, 7d)')
    .option('--at <date>', 'with --expire: when it ends, where no source says it (2026-12-31, or with a time)')
    .option('--for <time>', 'with --disable and take-down: after how long it is undone')
    .option('--only <thing>', 'with reduce and distrust: what is at the other end of what is taken away')
    .option('--json', 'print the answer as JSON, the shape of GET /api/blast')
    .option('--markdown', 'print it as Markdown, for a ticket')
    .addHelpText(
      'after',
      '\nExit code: 0 safe, 10 safe after the named steps, 20 not safe, 30 cannot say yet, 2 wrong use, 1 our failure.',
    )
    .action(async (credential: string, options: ImpactOptions) => {
      const { impact } = await import('./impact.ts')
      done(await impact(print, { credential, ...dataOf(), ...options }))
    })

  program
    .command('reach')
    .description('what is within reach of whoever holds this, what to rotate in which order, how to contain it')
    .argument('<thing>', 'a credential, identity, workload, secret, repository or vendor: its id, key, name or ARN')
    .option('--since <time>', 'since when it is in foreign hands, ISO 8601: narrows what was used')
    .option('--from <networks>', 'addresses or prefixes of the intruder, separated by commas: narrows what was used')
    .option('--json', 'print the answer as JSON, the shape of GET /api/reach')
    .option('--markdown', 'print it as Markdown, for a ticket')
    .addHelpText(
      'after',
      '\nExit code: 0 nothing is known to be within reach, 20 something is, 2 wrong use, 1 our failure.',
    )
    .action(async (thing: string, options: { since?: string; from?: string; json?: boolean; markdown?: boolean }) => {
      const { reach } = await import('./reach.ts')
      done(await reach(print, { thing, ...dataOf(), ...options }))
    })

  program
    .command('simulate')
    .description('compute the outages of a change on a bundle, without a store')
    .option('--bundle <file>', 'the estate: a bundle, JSON or NDJSON')
    .option('--change <file>', 'the change: JSON')
    .option('--vectors <dir>', 'every *.json of a folder of test vectors: compare with what each expects')
    .option('--json', 'print outages as JSON; with --vectors one line a file, computed without its expectation')
    .action(async (options: { bundle?: string; change?: string; vectors?: string; json?: boolean }) => {
      const { simulateFiles, simulateVectors } = await import('./simulate.ts')
      const { bundle, change, vectors, json = false } = options
      if (vectors !== undefined && bundle === undefined && change === undefined) {
        return done(simulateVectors(print, { vectors, json }))
      }
      if (bundle === undefined || change === undefined || vectors !== undefined) {
        throw new UsageProblem(
          'simulate takes --bundle and --change together, or --vectors alone',
          'see keyfall simulate --help',
        )
      }
      done(simulateFiles(print, { bundle, change, json }))
    })

  program
    .command('export')
    .description('everything that is known, as a bundle that `keyfall import` takes')
    .addOption(
      new Option('--format <form>', 'bundle: one JSON document; ndjson: one fact a line')
        .choices(['bundle', 'ndjson'])
        .default('ndjson'),
    )
    .option('--out <file>', 'write here instead of to standard output')
    .option('--json', 'the same as --format bundle')
    .action(async (options: { format: 'bundle' | 'ndjson'; out?: string; json?: boolean }) => {
      const { exportBundle } = await import('./export.ts')
      done(await exportBundle(print, { ...dataOf(), ...options, ...(options.json && { format: 'bundle' as const }) }))
    })

  program
    .command('find')
    .description('search credentials, identities, secrets, workloads and systems')
    .argument('<text>', 'name, id or ARN, or a part of one')
    .option('--limit <number>', 'at most so many', wholeNumber, 20)
    .option('--json', 'print the answer as JSON, the shape of GET /api/find')
    .action(async (text: string, options: { limit: number; json?: boolean }) => {
      const { find } = await import('./find.ts')
      done(await find(print, { text, ...dataOf(), ...options }))
    })

  program
    .command('sources')
    .alias('status')
    .description('what has been imported: sources, their age, what they cannot show')
    .option('--json', 'print the answer as JSON, the shape of GET /api/sources')
    .action(async (options: { json?: boolean }) => {
      const { sources } = await import('./sources.ts')
      done(await sources(print, { ...dataOf(), ...options }))
    })

  program
    .command('override')
    .description('set times that you know better than imports and tables do; without a thing: list what is set')
    .argument('[thing]', 'the dependent, or with --lag what is changed')
    .option('--uses <thing>', 'what it depends on: a secret, a credential, an identity, a system')
    .option('--kind <kind>', 'the kind of the link, where it is not the usual one (SYNCED_FROM, HOLDS, ASSUMES, …)')
    .option('--pickup <time>', 'how long until it takes a new value: 5m, 1m-5m, or 1m- for no known end')
    .option('--session <time>', 'how long what is signed in goes on')
    .option('--tolerance <time>', 'how long it does without')
    .option('--cadence <time>', 'how often it uses it')
    .option('--delivery <mode>', 'how the value gets there: env_at_start, volume_refresh, fetch_cached, …')
    .option('--lag <time>', 'how long until a change of the thing is enforced everywhere')
    .option('--note <text>', 'why')
    .option('--remove <id>', 'take one back')
    .option('--json', 'print the answer as JSON, the shape of GET /api/overrides')
    .action(async (thing: string | undefined, options: Omit<OverrideOptions, 'thing'>) => {
      const { override } = await import('./override.ts')
      done(await override(print, { ...dataOf(), ...options, ...(thing !== undefined && { thing }) }))
    })

  program
    .command('inventory')
    .description('every credential with owner, purpose, rule, expiry and verdict, and what is missing in numbers')
    .option('--filter <text>', 'for example "own:unknown tier:1 used:<7d -flag:break-glass"')
    .option('--gap <id>', 'only the credentials with this gap')
    .option('--sort <column>', 'name, kind, owner, age, used or weight; with - before it the other way round')
    .option('--limit <number>', 'at most so many rows', wholeNumber, 30)
    .option('--csv', 'all rows as CSV')
    .option('--json', 'print the answer as JSON, the shape of GET /api/estate')
    .action(async (options: InventoryOptions) => {
      const { inventory } = await import('./inventory.ts')
      done(await inventory(print, { ...dataOf(), ...options }))
    })

  program
    .command('findings')
    .description('what is weak about credentials, with reason, evidence and the control it answers to')
    .option('--only <id>', 'findings of one kind')
    .addOption(new Option('--sarif', 'print SARIF 2.1.0').conflicts('json'))
    .option('--json', 'print the answer as JSON, the shape of GET /api/findings')
    .action(async (options: FindingsOptions) => {
      const { findings } = await import('./findings.ts')
      done(await findings(print, { ...dataOf(), ...options }))
    })

  program
    .command('links')
    .description('links between things that sources name differently: suggested, confirmed, rejected')
    .option('--confirm <id>', 'this link is true')
    .option('--reject <id>', 'this link is not true')
    .option('--forget <id>', 'take a decision back')
    .option('--note <text>', 'why, for whoever reads it later')
    .option('--json', 'print the answer as JSON, the shape of GET /api/connections')
    .action(async (options: LinksOptions) => {
      const { links } = await import('./links.ts')
      done(await links(print, { ...dataOf(), ...options }))
    })

  actCommands(program, print, dataOf, done)
  auditCommands(program, print, dataOf, done)
  peopleCommands(program, print, dataOf, done)

  for (const command of program.commands) command.exitOverride()
  return program
}

export interface ImpactOptions {
  readonly revoke?: boolean
  readonly rotate?: boolean
  readonly disable?: boolean
  readonly expire?: boolean
  readonly do?: string
  readonly overlap?: string
  readonly for?: string
  readonly at?: string
  readonly only?: string
  readonly json?: boolean
  readonly markdown?: boolean
}

/** One or two lines on standard error, and the exit code. Frames of the stack only with KEYFALL_LOG=debug. */
function failed(print: Print, error: unknown): number {
  if (error instanceof CommanderError) {
    // commander has said it already; asking for help is no mistake.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse
  }
  if (error instanceof UsageProblem || error instanceof QuestionError || error instanceof ConfigError) {
    const details = error instanceof QuestionError ? error.details : []
    say(print, error.message, ['hint' in error ? error.hint : '', ...details].filter(Boolean).join('\n'))
    return exitCodes.wrongUse
  }
  const isKnown = error instanceof ServerFailed || error instanceof ReadingFailed || error instanceof NotEnoughMemory
  if (isStoreError(error) || isKnown) {
    say(print, error.message, 'hint' in error ? error.hint : '')
    return exitCodes.ourFailure
  }
  say(print, `something went wrong on our side (${kindOf(error)})`, 'KEYFALL_LOG=debug shows where')
  if (process.env.KEYFALL_LOG === 'debug' && error instanceof Error) print.aside(error.stack ?? '')
  return exitCodes.ourFailure
}

/** Never its message, which may quote what was read: its name, and the system's code where it has one (ENOSPC). */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && /^[A-Z][A-Z0-9_]*$/.test(String(error.code))
    ? `${error.name} ${String(error.code)}`
    : error.name
}

function say(print: Print, message: string, hint: string): void {
  for (const line of message.split('\n')) print.aside(`keyfall: ${clean(line)}`)
  for (const line of hint ? hint.split('\n') : []) print.aside(`  ${clean(line)}`)
}
