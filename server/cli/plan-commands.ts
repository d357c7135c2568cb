import type { Command } from 'commander'
import { afterCommands } from './after-commands.ts'
import type { EditWords, PlanAsked, SavePlan } from './kept-plan.ts'
import type { Print } from './print.ts'
import type { Form } from './report.ts'
import type { SignOffCommand } from './signoff.ts'
import { UsageProblem } from './usage-problem.ts'
import { wholeNumber } from './whole-number.ts'

type DataOf = () => { dataDir?: string }

const exits = '\nExit code: 0 ready, 30 not ready yet, 2 wrong use, 1 our failure.'
const forms = (command: Command, shape: string): Command =>
  command
    .option('--json', `print the answer as JSON, the shape of ${shape}`)
    .option('--markdown', 'print it as Markdown, for a ticket')

/** `keyfall plan`, with what is kept below it, `keyfall runbook`, `keyfall signoff`. */
export function planCommands(program: Command, print: Print, dataOf: DataOf, done: (code: number) => void): void {
  const plan = forms(chosen(program.command('plan')), 'GET /api/plan')
    .description('a cutover: readiness, who answers for it, waves with dates, their combined outage, every conflict')
    .option('--csv', 'one row a credential')
    .option('--ics', 'a calendar: each wave and each dated step')
    .addHelpText('after', `${exits}\nWithout a word of the commands above nothing is kept.`)
    .action(async (credentials: string[], options: Form & Record<string, never>) => {
      const { plan: show } = await import('./plan.ts')
      done(await show(print, { credentials, ...dataOf(), ...options }))
    })
  keptCommands(plan, print, dataOf, done)
  editCommands(plan, print, dataOf, done)
  afterCommands(plan, print, dataOf, done)

  forms(program.command('runbook'), 'GET /api/runbook/{id}')
    .description('the change of one credential step by step: commands, who, when, check, undo, checked rollback')
    .argument('<credential>', 'its id, key, name or another word for it')
    .option('--do <operation>', 'what is done to it (default: rotate, with two values or users where there can be two)')
    .option('--at <time>', 'T, the moment of the cut, ISO 8601: then each step has a date')
    .addHelpText('after', exits)
    .action(async (credential: string, options: Form & { do?: string; at?: string }) => {
      const { runbook } = await import('./runbook.ts')
      done(await runbook(print, { credential, ...dataOf(), ...options }))
    })

  program
    .command('signoff')
    .description('who signed what of a plan, and whether it still stands; with --give: sign it as it is now')
    .argument('<plan>', 'its id or name')
    .argument('[credential]', 'one of the plan')
    .option('--give', 'sign the change of the credential for exactly what is shown')
    .option('--decline <reason>', 'say no to it: it holds the plan up until somebody signs after it')
    .option('--system <name>', 'with --give or --decline: for this business system alone')
    .option('--note <text>', 'with --give')
    .option('--break-glass <reason>', 'with --give: an admin alone, for --hours; somebody else reviews it')
    .option('--hours <number>', 'with --break-glass: at most 24', wholeNumber, 4)
    .option('--withdraw <id>', 'take a sign-off back, with --reason')
    .option('--reason <text>', 'why')
    .option('--review <id>', 'review a break-glass sign-off of somebody else, with --words')
    .option('--words <text>', 'what the review found')
    .option('--json', 'print the answer as JSON, the shape of GET /api/plans/{id}/signoffs')
    .addHelpText(
      'after',
      '\nExit code: 0 every signature needed stands, 30 one is missing or lapsed, 2 wrong use, 1 our failure.',
    ) // prettier-ignore
    .action(async (of: string, credential: string | undefined, options: Omit<SignOffCommand, 'plan'>) => {
      const { signoff } = await import('./signoff.ts')
      done(await signoff(print, { plan: of, ...(credential !== undefined && { credential }), ...dataOf(), ...options }))
    })
}

/** What was given to a command, also where the one above it has an option of the same name and took it. */
function given<T extends object>(command: Command): T {
  return command.optsWithGlobals<T>()
}

/** Which credentials, and in which waves. */
function chosen(command: Command): Command {
  return command
    .argument('[credential...]', 'their ids, keys or names; without any: all that the filter leaves')
    .option('--filter <text>', 'as in inventory, for example "tier:1 flag:never-rotated"')
    .option('--gap <id>', 'only the credentials with this gap')
    .option(
      '--do <operation>',
      'what is done to each (default: rotate, with two values or users where there can be two)',
    )
    .option('--waves <number>', 'at most so many waves', wholeNumber)
    .option('--from <day>', 'first day, for example 2026-12-01')
    .option('--freeze <days...>', 'no changes then, for example 2026-12-18..2027-01-04')
    .option('--exposed <thing>', 'in an incident: order by what whoever holds this can read')
}

function keptCommands(plan: Command, print: Print, dataOf: DataOf, done: (code: number) => void): void {
  const kept = (name: string, shape = 'GET /api/plans/{id}'): Command => forms(plan.command(name), shape)
  forms(chosen(plan.command('save').argument('<name>', 'what it is called')), 'GET /api/plans/{id}')
    .description('keep a plan: what `keyfall plan` shows, or with --copy the credentials, waves and names of another')
    .option('--copy <plan>', 'id or name of another plan')
    .action(async (name: string, credentials: string[], _: object, command: Command) => {
      const { savePlan } = await import('./kept-plan.ts')
      const options = given<Omit<SavePlan, 'name' | 'credentials'>>(command)
      done(await savePlan(print, { name, credentials, ...dataOf(), ...options }))
    })
  plan
    .command('list')
    .description('kept plans, each as it stands now')
    .option('--json', 'print the answer as JSON, the shape of GET /api/plans')
    .action(async (_: object, command: Command) => {
      const { listPlans } = await import('./kept-plan.ts')
      done(await listPlans(print, { ...dataOf(), ...given<PlanAsked>(command) }))
    })
  kept('show <plan>')
    .description('a kept plan, recomputed against what is known now')
    .action(async (id: string, _: object, command: Command) => {
      const { showPlan } = await import('./kept-plan.ts')
      done(await showPlan(print, id, { ...dataOf(), ...given<PlanAsked>(command) }))
    })
  plan
    .command('export <plan>')
    .description('a kept plan with its runbooks, for other tools')
    .requiredOption('--format <form>', 'markdown, csv, ics, json, servicenow (change_request), jira')
    .option('--out <file>', 'write here instead of to standard output')
    .action(async (id: string, options: { format: string; out?: string }) => {
      const { exportPlan } = await import('./kept-plan.ts')
      done(await exportPlan(print, id, { ...dataOf(), ...options }))
    })
  kept('runbook <plan> <credential>', 'GET /api/plans/{id}/runbook/{credential}')
    .description('a runbook as the plan has it: its window, its names, what is done')
    .action(async (id: string, credential: string, _: object, command: Command) => {
      const { planRunbook } = await import('./kept-plan.ts')
      done(await planRunbook(print, id, credential, { ...dataOf(), ...given<PlanAsked>(command) }))
    })
  plan
    .command('delete <plan>')
    .description('delete a draft that nobody has signed')
    .action(async (id: string) => {
      const { deletePlan } = await import('./kept-plan.ts')
      done(await deletePlan(print, id, dataOf()))
    })
}

interface EditOptions extends PlanAsked {
  readonly preview?: boolean
  readonly [name: string]: unknown
}
type MakeEdit = (words: EditWords, args: readonly string[], options: EditOptions) => Promise<unknown>

interface EditRow {
  readonly usage: string
  readonly description: string
  readonly options?: readonly (readonly [string, string])[]
  readonly edit: MakeEdit
}

const number = (text: string): number => {
  if (!/^[0-9]{1,3}$/.test(text)) throw new UsageProblem('a wave is a whole number', 'for example 2')
  return Number(text)
}
const only = (name: string, value: unknown): object => (value === undefined ? {} : { [name]: value })
/** One row a kind of edit; the plan is the first word of each. */
const edits: readonly EditRow[] = [
  {
    usage: 'rename <plan> <name>',
    description: 'call it something else',
    edit: async (_, [name]) => ({ do: 'rename', name }),
  },
  {
    usage: 'add <plan> <credential>',
    description: 'add a credential, to --wave or a new last one',
    options: [
      ['--wave <number>', 'to the end of this wave'],
      ['--do <operation>', 'what is done to it'],
    ],
    edit: async (words, [credential], { wave, do: op }) => ({
      ...{ do: 'add', credential: await words.credential(credential!) },
      ...only('wave', wave === undefined ? undefined : number(String(wave))),
      ...only('op', op),
    }),
  },
  {
    usage: 'remove <plan> <credential>',
    description: 'take a credential out',
    edit: async (words, [credential]) => ({ do: 'remove', credential: await words.credential(credential!) }),
  },
  {
    usage: 'move <plan> <credential> <wave>',
    description: 'to another wave; one more than there are makes a new one',
    edit: async (words, [credential, wave]) => ({
      ...{ do: 'move', credential: await words.credential(credential!), wave: number(wave!) },
    }),
  },
  {
    usage: 'window <plan> <wave> <start> <end>',
    description: 'when a wave goes, UTC: 2026-12-01T09:00:00Z',
    edit: async (_, [wave, start, end]) => ({ do: 'window', wave: number(wave!), start, end }),
  },
  {
    usage: 'title <plan> <wave> <title>',
    description: 'what a wave is called',
    edit: async (_, [wave, title]) => ({ do: 'title', wave: number(wave!), title }),
  },
  {
    usage: 'pilot <plan> <wave> <yes|no>',
    description: 'whether a wave is the pilot',
    edit: async (_, [wave, pilot]) => ({ do: 'pilot', wave: number(wave!), pilot: pilot === 'yes' }),
  },
  {
    usage: 'freeze <plan> [days...]',
    description: 'all freezes: 2026-12-18..2027-01-04; none: no freeze',
    edit: async (_, days) => ({ do: 'freezes', freezes: days }),
  },
  {
    usage: 'operation <plan> <credential> <operation>',
    description: 'what is done to it; “usual”: what its kind takes',
    edit: async (words, [credential, op]) => ({
      ...{ do: 'operation', credential: await words.credential(credential!), op: op === 'usual' ? null : op },
    }),
  },
  {
    usage: 'name <plan> <duty> [name]',
    description: 'who is approver, revoker, business-owner, vendor-contact, on-call; without a name: as imports say',
    options: [
      ['--of <credential>', 'for this credential alone'],
      ['--plane <plane>', 'issuance, elevation, inventory, offboarding or rollback alone'],
    ],
    edit: async (words, [duty, name], { of, plane }) => ({
      ...{ do: 'name', duty, name: name ?? null },
      ...only('credential', of === undefined ? undefined : await words.credential(String(of))),
      ...only('plane', plane),
    }),
  },
  {
    usage: 'except <plan> <credential> <what>',
    description: 'a risk that somebody takes until a day: stays, or a gate that counts as closed',
    options: [
      ['--risk <level>', 'low, medium, high'],
      ['--owner <name>', 'who answers for it'],
      ['--reason <text>', 'why'],
      ['--until <day>', 'last day, for example 2026-12-31'],
    ],
    edit: async (words, [credential, what], { risk, owner, reason, until }) => ({
      ...{ do: 'except', credential: await words.credential(credential!), what },
      ...{ risk, owner, reason, until },
    }),
  },
  {
    usage: 'unexcept <plan> <exception>',
    description: 'take an exception back',
    edit: async (_, [exception]) => ({ do: 'unexcept', exception }),
  },
  {
    usage: 'rollback <plan> <credential> <way>',
    description: 'usual, or hours after the cut; what it leaves open the engine says',
    options: [
      ['--keep-new', 'the new value stays'],
      ['--leave-old', 'the old value stays shut'],
    ],
    async edit(words, [credential, way], { keepNew, leaveOld }) {
      const proposal =
        way === 'usual'
          ? null
          : { restores: leaveOld !== true, removesNew: keepNew !== true, after: number(way!) * 3600 }
      return { do: 'rollback', credential: await words.credential(credential!), proposal }
    },
  },
  {
    usage: 'ask <plan> <credential> <whom>',
    description: 'ask somebody to sign',
    options: [['--system <name>', 'for this business system']],
    edit: async (words, [credential, of], { system }) => ({
      ...{ do: 'ask', credential: await words.credential(credential!), of },
      ...only('system', system === undefined ? undefined : await words.system(String(system))),
    }),
  },
  {
    usage: 'done <plan> <credential> <step>',
    description: 'a step of the runbook is done, by its number, with the proof on the workload’s own path',
    options: [['--proof <text>', 'how one saw that it worked']],
    async edit(words, [text, step], { proof }) {
      const credential = await words.credential(text!)
      return { do: 'done', credential, step: await words.step(credential, step!), proof }
    },
  },
  {
    usage: 'undone <plan> <credential> <step>',
    description: 'it is not done after all',
    async edit(words, [text, step]) {
      const credential = await words.credential(text!)
      return { do: 'undone', credential, step: await words.step(credential, step!) }
    },
  },
  {
    usage: 'status <plan> <status>',
    description: 'draft, ready, running, closed, rolled-back',
    edit: async (_, [status]) => ({ do: 'status', status }),
  },
  {
    usage: 'replan <plan>',
    description: 'the product’s own waves again',
    options: [
      ['--waves <number>', 'at most so many'],
      ['--from <day>', 'first day'],
    ],
    edit: async (_, __, { waves, from }) => ({
      ...{ do: 'replan', ...only('waves', waves === undefined ? undefined : number(String(waves))) },
      ...only('from', from),
    }),
  },
  {
    usage: 'undo <plan> <version>',
    description: 'put back what the edit that made this version did; it is an edit like any other',
    edit: async (_, [version]) => ({ do: 'undo', edit: Number(version) }),
  },
]

function editCommands(plan: Command, print: Print, dataOf: DataOf, done: (code: number) => void): void {
  for (const { usage, description, options = [], edit } of edits) {
    const command = forms(plan.command(usage), 'GET /api/plans/{id}')
      .description(description)
      .option('--preview', 'show what it would come to, and keep nothing')
    for (const [flags, words] of options) command.option(flags, words)
    command.action(async (...all: unknown[]) => {
      const { editPlan } = await import('./kept-plan.ts')
      // commander hands over the arguments, then the options, then itself.
      const own = given<EditOptions>(all.at(-1) as Command)
      const [id, ...rest] = all.slice(0, -2).flat().filter((one) => one !== undefined) as string[] // prettier-ignore
      done(await editPlan(print, id!, { ...dataOf(), ...own }, (words) => edit(words, rest, own)))
    })
  }
}
