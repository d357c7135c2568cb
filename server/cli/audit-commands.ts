import type { Command } from 'commander'
import type { AuditQuery } from '../../graph/wire-audit.ts'
import type { Print } from './print.ts'
import { wholeNumber } from './whole-number.ts'

/** `keyfall audit …`, `verify`, `prune`, `backup`, `seal`, `unseal`. */
export function auditCommands(
  program: Command,
  print: Print,
  dataOf: () => { dataDir?: string },
  done: (code: number) => void,
): void {
  const audit = program.command('audit').description('who did or asked what; does the record of it verify')
  const json = (command: Command, shape: string): Command =>
    command.option('--json', `print the answer as JSON, the shape of ${shape}`).exitOverride()
  json(audit.command('verify'), 'GET /api/audit/verify')
    .description('every entry against the one before it, every checkpoint here and outside')
    .addHelpText('after', '\nExit code: 0 it verifies, 1 it does not: the first wrong entry is named.')
    .action(async (options: { json?: boolean }) =>
      done(await (await import('./audit.ts')).verifyCommand(print, { ...dataOf(), ...options })),
    )
  json(audit.command('list'), 'GET /api/audit')
    .description('entries, newest first')
    .option('--who <id>', 'of this person or token')
    .option('--action <code>', 'of this action, or all that begin so: import, blast.read')
    .option('--object <id>', 'about this thing')
    .option('--from <time>', 'from this day or moment on')
    .option('--to <time>', 'to this day or moment')
    .option('--limit <number>', 'at most so many', wholeNumber, 50)
    .option('--cursor <entry>', 'older than this entry', wholeNumber)
    .action(async (options: AuditQuery & { json?: boolean }) =>
      done(await (await import('./audit.ts')).listCommand(print, { ...dataOf(), ...options })),
    )
  audit
    .command('export')
    .description('the whole chain, oldest first; NDJSON carries macs and checkpoints')
    .option('--csv', 'CSV, for reading')
    .option('--from <time>', 'from this day or moment on')
    .option('--to <time>', 'to this day or moment')
    .option('--out <file>', 'write here instead of to standard output')
    .exitOverride()
    .action(async ({ csv, ...options }: { csv?: boolean; from?: string; to?: string; out?: string }) =>
      done(
        await (
          await import('./audit.ts')
        ).exportCommand(print, { ...dataOf(), ...options, form: csv ? 'csv' : 'ndjson' }),
      ),
    )
  json(audit.command('key'), 'GET /api/audit/key')
    .description('the public key of checkpoints and evidence: keep it outside')
    .action(async (options: { json?: boolean }) =>
      done(await (await import('./audit.ts')).keyCommand(print, { ...dataOf(), ...options })),
    )
  program
    .command('verify')
    .description('everything that is stored against its hash, also while a server has it: is anything damaged')
    .option('--json', 'print what was found as JSON')
    .addHelpText('after', '\nExit code: 0 all is as it was stored, 1 something is not: each is named.')
    .action(async (options: { json?: boolean }) =>
      done(await (await import('./verify.ts')).verify(print, { ...dataOf(), ...options })),
    )
  program
    .command('prune')
    .description('let imports go that are too old to be kept; a server does it once a day')
    .option('--dry-run', 'say what would go and what stays, and why; nothing goes')
    .option('--json', 'print the answer as JSON, the shape of GET /api/store/prune')
    .addHelpText(
      'after',
      '\nKept of each source: the newest 30 imports (KEYFALL_KEEP_IMPORTS) and all younger than 400 days (KEYFALL_KEEP_DAYS).\nAlways kept: what is believed now, and what plans, sign-offs and saved pages stand on.',
    )
    .action(async (options: { dryRun?: boolean; json?: boolean }) =>
      done(await (await import('./prune.ts')).pruneCommand(print, { ...dataOf(), ...options })),
    )
  program
    .command('backup')
    .description('copy the store at one moment into a new file, also while a server has it')
    .argument('<file>', 'where to; must not be there yet')
    .option('--json', 'print its path and size as JSON')
    .action(async (file: string, options: { json?: boolean }) =>
      done(await (await import('./backup.ts')).backup(print, { file, ...dataOf(), ...options })),
    )
  program
    .command('seal')
    .description('seal a new data directory: a passphrase on standard input, or KEYFALL_SEAL=keyfile|command')
    .action(async () => done(await (await import('./seal.ts')).seal(print, dataOf())))
  program
    .command('unseal')
    .description('give the passphrase, on standard input, to the server that waits for it')
    .action(async () => done(await (await import('./seal.ts')).unseal(print, dataOf())))
}
