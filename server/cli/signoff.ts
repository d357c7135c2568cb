import type { SignOff, SignOffPage, SignOffsReply } from '../../graph/wire-cutover.ts'
import { clean } from './clean.ts'
import type { Desk } from './desk.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonText } from './json-text.ts'
import { credentialIn, planCalled } from './kept-plan.ts'
import { openDesk } from './open-desk.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'
import { UsageProblem } from './usage-problem.ts'
import { overallWords } from './verdict-words.ts'

export interface SignOffCommand {
  readonly dataDir?: string
  readonly plan: string
  readonly credential?: string
  readonly give?: boolean
  readonly decline?: string
  readonly system?: string
  readonly note?: string
  readonly breakGlass?: string
  readonly hours: number
  readonly withdraw?: string
  readonly reason?: string
  readonly review?: string
  readonly words?: string
  readonly json?: boolean
}

/** Lists the sign-offs of a plan, shows what one would sign, signs it, withdraws, reviews. */
export async function signoff(print: Print, command: SignOffCommand): Promise<number> {
  const desk = await openDesk(command)
  try {
    const { id } = await planCalled(desk, command.plan)
    const reply = await answer(desk, id, command)
    if (command.json) print.line(jsonText(reply))
    else show(print, reply)
    const needs = reply.page?.needs ?? (await desk.plans.show(id)).waves.flatMap(({ items }) => items.flatMap((item) => item.signOffs)) // prettier-ignore
    return needs.every(({ state }) => state === 'valid') ? exitCodes.done : exitCodes.notReady
  } finally {
    await desk.close()
  }
}

async function answer(desk: Desk, id: string, command: SignOffCommand): Promise<SignOffsReply> {
  const { credential, give, decline, withdraw, review, reason, words } = command
  if (withdraw !== undefined) return desk.plans.withdraw(id, withdraw, said(reason, '--reason'))
  if (review !== undefined) return desk.plans.review(id, review, said(words, '--words'))
  const one = credential === undefined ? undefined : await credentialIn(desk, id, credential)
  const reply = await desk.plans.signOffs(id, one)
  if (!give && decline === undefined) return reply
  if (!reply.page || one === undefined)
    throw new UsageProblem('a sign-off is given for one credential', 'keyfall signoff PLAN CREDENTIAL --give')
  return desk.plans.sign(id, {
    credential: one,
    snapshot: reply.page.snapshot.id,
    set: reply.page.set,
    ...(command.system !== undefined && { system: systemOf(reply.page, command.system) }),
    ...(command.note !== undefined && { note: command.note }),
    ...(decline !== undefined && { decline: { reason: decline } }),
    ...(command.breakGlass !== undefined && { breakGlass: { reason: command.breakGlass, hours: command.hours } }),
  })
}

function said(text: string | undefined, option: string): string {
  if (text === undefined) throw new UsageProblem(`${option} is missing`, 'it stays to be seen')
  return text
}

function systemOf({ needs }: SignOffPage, text: string): string {
  const found = needs.find(
    ({ system }) => system && (system.id === text || system.name.toLowerCase() === text.toLowerCase()),
  )
  if (found?.system) return found.system.id
  const names = needs.flatMap(({ system }) => system?.name ?? [])
  throw new UsageProblem(
    'no dependant of that business system is in the set',
    names.length > 0 ? `there are ${names.join(', ')}` : 'leave --system out: the whole change is signed',
  )
}

const MEMBERS = 40
const moment = (iso: string): string => iso.slice(0, 16).replace('T', ' ')

function show(print: Print, { page, signOffs }: SignOffsReply): void {
  if (page) {
    print.line(print.paint.bold(clean(page.title)))
    print.line(`${overallWords[page.verdict]}. ${clean(page.sentence)}`)
    print.line(`${page.op}, wave ${page.wave}, ${moment(page.window.start)} to ${moment(page.window.end)} UTC, snapshot ${page.snapshot.id}`) // prettier-ignore
    print.line(`Rollback ${clean(page.rollback)}`)
    if (page.may.why !== '') print.line(`You may not sign it: ${page.may.why}.`)
    print.line()
    printTable(
      print,
      ['verdict', 'dependant', 'kind', 'business system'],
      page.members.slice(0, MEMBERS).map((one) => [one.verdict, one.name, one.title, one.system?.name ?? '']),
    )
    if (page.members.length > MEMBERS) print.line(`and ${page.members.length - MEMBERS} more: --json`)
    print.line()
    printTable(
      print,
      ['who has to agree', 'owner', 'state', 'what'],
      page.needs.map((one) => [one.system?.name ?? 'the whole change', one.owner ?? 'unknown', one.state, one.words]),
    )
    print.line()
  }
  if (signOffs.length === 0) return print.line('Nobody has signed.')
  printTable(print, ['id', 'for', 'by', 'at', 'state', 'what is different'], signOffs.map(rowOf))
}

function rowOf(one: SignOff): string[] {
  const { id, system, by, at, state, difference, withdrawn, declined, breakGlass } = one
  const glass = breakGlass ? ` (break-glass, ${breakGlass.review ? 'reviewed' : 'review due'})` : ''
  return [
    ...[id, system?.name ?? 'the whole change', `${by.name}${glass}`, moment(at), state],
    withdrawn?.reason ?? (state === 'declined' ? declined?.reason : undefined) ?? difference.words,
  ]
}
