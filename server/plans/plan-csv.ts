import type { CutoverItem, CutoverWave, KeptPlanReply, KeptRunbookReply } from '../../graph/wire-cutover.ts'
import { csvRow, type Cell } from '../cli/csv.ts'
import { overallWords } from '../cli/verdict-words.ts'

type Runbooks = ReadonlyMap<string, KeptRunbookReply>

const duties = ['approver', 'revoker', 'business-owner', 'vendor-contact', 'on-call'] as const

const nameOf = ({ named }: CutoverItem, duty: (typeof duties)[number]): string | null =>
  named.find((one) => one.duty === duty)?.name ?? null

const pairs = ({ waves }: KeptPlanReply): { wave: CutoverWave; item: CutoverItem }[] =>
  waves.flatMap((wave) => wave.items.map((item) => ({ wave, item })))

/** One row a credential, in the product's own columns. */
export function csvOfPlan(plan: KeptPlanReply): string {
  const gates = plan.waves[0]?.items[0]?.gates.map(({ id }) => id) ?? []
  const head = ['wave', 'start', 'end', 'credential', 'id', 'kind', 'where', 'operation', 'owner', 'verdict', 'ready']
  const rows = pairs(plan).map(({ wave, item }) => [
    ...[wave.number, wave.start, wave.end, item.credential.name, item.credential.id, item.credential.title],
    ...[item.credential.where, item.op, item.owner, item.verdict, item.ready ? 'yes' : 'no'],
    ...duties.map((duty) => nameOf(item, duty)),
    ...gates.map((id) => {
      const gate = item.gates.find((one) => one.id === id)!
      return gate.excepted === null ? gate.state : `${gate.state} (excepted)`
    }),
    ...[item.signOffs.filter(({ state }) => state === 'valid').length, item.signOffs.length],
    ...[item.steps.done, item.steps.of, item.breaks, item.unknown, item.risk],
    item.gates.flatMap(({ todo }) => (todo === '' ? [] : [todo])).join('; '),
  ])
  const tail = ['signed', 'signaturesNeeded', 'stepsDone', 'steps', 'breaks', 'unknown', 'risk', 'todo']
  return table([...head, ...duties, ...gates, ...tail], rows)
}

/** Fields of ServiceNow's `change_request`, as an import set maps them by name; times are UTC. */
export const serviceNowColumns = [
  ...[
    'correlation_id',
    'correlation_display',
    'short_description',
    'description',
    'type',
    'category',
    'risk',
    'impact',
  ],
  ...['requested_by', 'assigned_to', 'assignment_group', 'start_date', 'end_date'],
  ...['justification', 'implementation_plan', 'risk_impact_analysis', 'backout_plan', 'test_plan'],
]

/** One change request a credential, with its runbook as the plan. */
export function serviceNowOfPlan(plan: KeptPlanReply, runbooks: Runbooks): string {
  const rows = pairs(plan).map(({ wave, item }) => {
    const book = runbooks.get(item.credential.id)
    return [
      ...[`${plan.id}.${item.credential.id}`, plan.name],
      `Wave ${wave.number}: ${item.op} ${item.credential.title} ${item.credential.name}`,
      `${overallWords[item.verdict]}. ${book?.sentence ?? ''} Snapshot ${plan.snapshot.id}, plan version ${plan.version}.`,
      ...['normal', 'Security', riskOf(item), impactOf(item)],
      ...[plan.created.by.name, nameOf(item, 'revoker'), item.owner],
      ...[serviceNowTime(wave.start), serviceNowTime(wave.end)],
      item.findings.join(', '),
      stepsText(book),
      item.gates.map(({ title, state, why, excepted }) => `${title}: ${state}${excepted === null ? '' : ' (excepted)'}. ${why}`), // prettier-ignore
      book ? rollbackText(book) : '',
      book ? testText(book) : '',
    ]
  })
  return table(serviceNowColumns, rows)
}

/** ServiceNow's choices: 2 high, 3 moderate, 4 low. */
const riskOf = ({ verdict }: CutoverItem): number => (verdict === 'not-safe' ? 2 : verdict === 'cannot-say' ? 3 : 4)
/** 1 high, 2 medium, 3 low. */
const impactOf = ({ breaks }: CutoverItem): number => (breaks >= 10 ? 1 : breaks > 0 ? 2 : 3)
/** Its import format: 2026-12-01 09:00:00. */
const serviceNowTime = (iso: string): string => new Date(iso).toISOString().slice(0, 19).replace('T', ' ')

/** Fields of Jira's CSV import: a task a wave, a sub-task a credential; `Issue ID` and `Parent ID` tie them together. */
export const jiraColumns = [
  ...['Issue ID', 'Parent ID', 'Issue Type', 'Summary', 'Description', 'Priority', 'Assignee', 'Reporter'],
  ...['Due Date', 'Labels', 'Labels'],
]

export function jiraOfPlan(plan: KeptPlanReply, runbooks: Runbooks): string {
  let id = 0
  const rows = plan.waves.flatMap((wave) => {
    const parent = ++id
    const title = wave.title === '' ? '' : ` (${wave.title})`
    const words = [
      `${wave.start} to ${wave.end} UTC`,
      `All at once, unprepared: ${wave.unprepared.breaks} break, ${wave.unprepared.unknown} not known`,
      ...wave.conflicts.map((one) => `Conflict: ${one.words}`),
    ]
    return [
      [parent, '', 'Task', `${plan.name}: wave ${wave.number}${title}`, words, 'Medium', '', plan.created.by.name, jiraTime(wave.start), 'keyfall', `plan-${plan.id}`], // prettier-ignore
      ...wave.items.map((item) => {
        const book = runbooks.get(item.credential.id)
        const steps = stepsText(book)
        const text = [`${overallWords[item.verdict]}. ${book?.sentence ?? ''}`, '', ...steps, '', ...(book ? ['Rollback', ...rollbackText(book)] : [])] // prettier-ignore
        return [
          ...[++id, parent, 'Sub-task', `${item.op} ${item.credential.title} ${item.credential.name}`],
          ...[text, item.verdict === 'not-safe' ? 'High' : 'Medium', nameOf(item, 'revoker')],
          ...[plan.created.by.name, jiraTime(wave.start), 'keyfall', `plan-${plan.id}`],
        ]
      }),
    ]
  })
  return table(jiraColumns, rows)
}

/** In the import's settings: yyyy-MM-dd HH:mm. */
const jiraTime = (iso: string): string => new Date(iso).toISOString().slice(0, 16).replace('T', ' ')

function stepsText(book: KeptRunbookReply | undefined): string[] {
  return (book?.steps ?? []).flatMap(({ number, when, title, who, run, done }) => [
    `${done ? '[done] ' : ''}${number}. ${when}: ${title} (${who ?? 'nobody named'})`,
    ...run.map((line) => `   ${line}`),
  ])
}

function rollbackText({ rollback, rollbackSteps }: KeptRunbookReply): string[] {
  return [
    `${rollback.verdict}: ${rollback.why}`,
    ...rollbackSteps.flatMap(({ title, run }, at) => [`${at + 1}. ${title}`, ...run.map((line) => `   ${line}`)]),
  ]
}

function testText({ steps, watch }: KeptRunbookReply): string[] {
  const checks = steps.map(({ number, check }) => `${number}. ${check}`)
  return [...checks, `Watch: ${watch.why}`, ...watch.signals.map(({ where, signal }) => `${where}: ${signal}`)]
}

/** RFC 4180 with CRLF, as both importers take it. */
function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${csvRow(row)}\r\n`).join('')
}
