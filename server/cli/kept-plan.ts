import { writeFileSync } from 'node:fs'
import type { ExportForm, KeptPlanReply, PlanEdit } from '../../graph/wire-cutover.ts'
import { ExportForm as ExportForms, PlanEdit as PlanEdits } from '../../graph/wire-cutover.ts'
import { reportOfPlan } from '../plans/plan-report.ts'
import { clean } from './clean.ts'
import type { Desk } from './desk.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { say, type Form } from './report.ts'
import { reportOfRunbook } from './runbook-report.ts'
import { printTable } from './table.ts'
import { UsageProblem } from './usage-problem.ts'

export interface PlanAsked extends Form {
  readonly dataDir?: string
}

async function atDesk(asked: PlanAsked, work: (desk: Desk) => Promise<number>): Promise<number> {
  const desk = await openDesk(asked.dataDir === undefined ? {} : { dataDir: asked.dataDir })
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}

/** A plan by its id or its name. @throws UsageProblem where none or several have it. */
export async function planCalled(desk: Desk, text: string): Promise<{ id: string; name: string; version: number }> {
  const { plans } = await desk.plans.list()
  const byId = plans.find(({ id }) => id === text)
  if (byId) return byId
  const named = plans.filter(({ name }) => name.toLowerCase() === text.toLowerCase())
  if (named.length === 1) return named[0]!
  throw new UsageProblem(
    named.length === 0 ? 'there is no plan of that id or name' : `${named.length} plans have that name`,
    plans.length === 0
      ? 'keyfall plan save NAME CREDENTIAL… makes one'
      : `there are:\n${plans.map(({ id, name }) => `${id}  ${name}`).join('\n')}`,
  )
}

const shown = (print: Print, asked: Form, reply: KeptPlanReply, desk: Desk): number => {
  say(print, asked, reply, () => reportOfPlan(reply, desk.server))
  return reply.ready || reply.status === 'closed' || reply.status === 'rolled-back'
    ? exitCodes.done
    : exitCodes.notReady
}

export interface SavePlan extends PlanAsked {
  readonly name: string
  readonly credentials: readonly string[]
  readonly filter?: string
  readonly gap?: string
  readonly do?: string
  readonly waves?: number
  readonly from?: string
  readonly freeze?: readonly string[]
  readonly exposed?: string
  readonly copy?: string
}

/** Keeps a plan of what `keyfall plan` would show, or a copy of another. */
export function savePlan(print: Print, { name, copy, ...asked }: SavePlan): Promise<number> {
  return atDesk(asked, async (desk) => {
    const { queryOf } = await import('./plan.ts')
    const query = copy === undefined ? await queryOf(desk, asked) : { copyOf: (await planCalled(desk, copy)).id }
    return shown(print, asked, await desk.plans.create({ name, ...query }), desk)
  })
}

export function listPlans(print: Print, asked: PlanAsked): Promise<number> {
  return atDesk(asked, async (desk) => {
    const reply = await desk.plans.list()
    if (asked.json) print.line(jsonText(reply))
    else if (reply.plans.length === 0) print.line('No plan is kept: keyfall plan save NAME CREDENTIAL…')
    else
      printTable(
        print,
        ['id', 'name', 'status', 'credentials', 'waves', 'next', 'open', 'signed', 'lapsed', 'changed by'],
        reply.plans.map((one) => [
          ...[one.id, one.name, one.ready ? `${one.status}, ready` : one.status, String(one.credentials)],
          ...[String(one.waves), one.next?.slice(0, 16).replace('T', ' ') ?? '', String(one.blockers)],
          ...[`${one.signed}/${one.needs}`, String(one.lapsed), one.changed.by.name],
        ]),
      )
    return exitCodes.done
  })
}

export function showPlan(print: Print, plan: string, asked: PlanAsked): Promise<number> {
  return atDesk(asked, async (desk) => {
    const { id } = await planCalled(desk, plan)
    return shown(print, asked, await desk.plans.show(id), desk)
  })
}

export function exportPlan(
  print: Print,
  plan: string,
  { format, out, ...asked }: PlanAsked & { format: string; out?: string },
): Promise<number> {
  const form = ExportForms.safeParse(format)
  if (!form.success) throw new UsageProblem('--format is none', `one of ${ExportForms.options.join(', ')}`)
  return atDesk(asked, async (desk) => {
    const { id } = await planCalled(desk, plan)
    const text = await desk.plans.export(id, form.data satisfies ExportForm)
    if (out === undefined) print.write(text)
    else writeFileSync(out, text, { mode: 0o600 })
    return exitCodes.done
  })
}

export function planRunbook(print: Print, plan: string, credential: string, asked: PlanAsked): Promise<number> {
  return atDesk(asked, async (desk) => {
    const { id } = await planCalled(desk, plan)
    const book = await desk.plans.runbook(id, await credentialIn(desk, id, credential))
    say(print, asked, book, () => reportOfRunbook(book, desk.server))
    return book.ready ? exitCodes.done : exitCodes.notReady
  })
}

export function deletePlan(print: Print, plan: string, asked: PlanAsked): Promise<number> {
  return atDesk(asked, async (desk) => {
    const { id, name, version } = await planCalled(desk, plan)
    await desk.plans.remove(id, version)
    print.line(`“${clean(name)}” is deleted.`)
    return exitCodes.done
  })
}

/** Id of a credential: as the plan calls it first, so that one that no source shows any more can still be named. */
export async function credentialIn(desk: Desk, plan: string, text: string): Promise<string> {
  const { waves, conflicts } = await desk.plans.show(plan)
  const items = waves.flatMap((wave) => wave.items.map(({ credential }) => credential))
  const known = items.filter(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase())
  if (known.length === 1) return known[0]!.id
  const gone = conflicts.some(({ kind, credentials }) => kind === 'gone' && credentials.includes(text))
  return gone ? text : (await desk.credential(text)).id
}

/** What an edit needs to find out: names become ids, numbers of steps become their keys. */
export interface EditWords {
  credential(text: string): Promise<string>
  system(text: string): Promise<string>
  step(credential: string, text: string): Promise<string>
}

/** Changes a plan over its present version and shows what it comes to. */
export function editPlan(
  print: Print,
  plan: string,
  asked: PlanAsked & { preview?: boolean },
  edit: (words: EditWords) => Promise<unknown>,
): Promise<number> {
  return atDesk(asked, async (desk) => {
    const { id, version } = await planCalled(desk, plan)
    const made = PlanEdits.safeParse(
      await edit({
        credential: (text) => credentialIn(desk, id, text),
        system: async (text) => (await desk.thing(text)).id,
        step: (credential, text) => stepIn(desk, id, credential, text),
      }),
    )
    if (!made.success)
      throw new UsageProblem(
        [...new Set(made.error.issues.map(({ path, message }) => `${path.join('.') || 'edit'}: ${message}`))].join(
          '; ',
        ),
        'keyfall plan --help',
      )
    const edits: PlanEdit[] = [made.data]
    const reply = await desk.plans.change(id, { version, edits, ...(asked.preview && { preview: true }) })
    return shown(print, asked, reply, desk)
  })
}

async function stepIn(desk: Desk, plan: string, credential: string, text: string): Promise<string> {
  const { steps, orphans } = await desk.plans.runbook(plan, credential)
  const step = steps.find(({ number, key }) => String(number) === text || key === text)
  const orphan = orphans.find(({ step: key }) => key === text)
  if (!step && !orphan)
    throw new UsageProblem(
      'the runbook has no such step',
      steps.map(({ number, key }) => `${number}  ${clean(key)}`).join('\n'),
    )
  return step?.key ?? orphan!.step
}
