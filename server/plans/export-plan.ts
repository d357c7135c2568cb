import { icsOf, type CalendarEvent } from '../../graph/plan/ics.ts'
import { answerKept } from '../../graph/plan/answer-kept.ts'
import { answerKeptRunbook } from '../../graph/plan/kept-runbook.ts'
import type { ExportForm, KeptPlanReply, KeptRunbookReply } from '../../graph/wire-cutover.ts'
import { markdownOf } from '../cli/report.ts'
import { reportOfRunbook } from '../cli/runbook-report.ts'
import { readPlan } from './kept-plans.ts'
import { csvOfPlan, jiraOfPlan, serviceNowOfPlan } from './plan-csv.ts'
import { reportOfPlan } from './plan-report.ts'
import type { PlanRoom } from './plan-room.ts'

/** A plan with the runbook of each credential, as a file. */
export interface Exported {
  readonly text: string
  /** Media type. */
  readonly type: string
  readonly name: string
}

type Runbooks = ReadonlyMap<string, KeptRunbookReply>

const forms = {
  markdown: ['text/markdown', 'md', (plan, books) => markdownOfPlan(plan, books)],
  csv: ['text/csv', 'csv', (plan) => csvOfPlan(plan)],
  ics: ['text/calendar', 'ics', (plan, books) => icsOf(eventsOf(plan, books), plan.changed.at)],
  json: ['application/json', 'json', (plan, books) => JSON.stringify({ plan, runbooks: [...books.values()] })],
  servicenow: ['text/csv', 'servicenow.csv', (plan, books) => serviceNowOfPlan(plan, books)],
  jira: ['text/csv', 'jira.csv', (plan, books) => jiraOfPlan(plan, books)],
} as const satisfies Record<ExportForm, readonly [string, string, (plan: KeptPlanReply, books: Runbooks) => string]>

/** @throws QuestionError where there is no such plan. */
export async function exportPlan(room: PlanRoom, id: string, form: ExportForm): Promise<Exported> {
  const estate = room.keeper.estate()
  const state = await readPlan(room.store, id)
  const now = room.now()
  const plan = answerKept(estate, state, now)
  const credentials = plan.waves.flatMap(({ items }) => items.map(({ credential }) => credential.id))
  const needsBooks = form !== 'csv'
  const books: Runbooks = new Map(
    needsBooks ? credentials.map((one) => [one, answerKeptRunbook(estate, state, one, now)]) : [],
  )
  const [type, ending, write] = forms[form]
  return { text: write(plan, books), type, name: `keyfall-plan-${id}.${ending}` }
}

function markdownOfPlan(plan: KeptPlanReply, books: Runbooks): string {
  return [markdownOf(reportOfPlan(plan, undefined)), ...[...books.values()].map((book) => markdownOf(reportOfRunbook(book, undefined)))].join('\n') // prettier-ignore
}

/** Each wave and each dated step; ids are those of the plan, so that a calendar updates and does not double. */
export function eventsOf(plan: KeptPlanReply, books: Runbooks): CalendarEvent[] {
  return plan.waves.flatMap((wave) => {
    const title = wave.title === '' ? '' : ` · ${wave.title}`
    const names = wave.items.map(({ credential, owner }) => `${credential.name} (${owner ?? 'owner unknown'})`)
    return [
      {
        uid: `wave-${wave.number}-${plan.id}@keyfall`,
        start: wave.start,
        end: wave.end,
        summary: `${plan.name}: wave ${wave.number}${title}, ${wave.items.length} credentials`,
        description: [...names, ...wave.conflicts.map(({ words }) => `Conflict: ${words}`)].join('\n'),
      },
      ...wave.items.flatMap(({ credential }) => stepEvents(plan, books.get(credential.id))),
    ]
  })
}

/** Half an hour each; what lasts is said in the words. */
function stepEvents(plan: KeptPlanReply, book: KeptRunbookReply | undefined): CalendarEvent[] {
  return (book?.steps ?? []).flatMap(({ number, date, title, detail, who, run, check, undo, when }) =>
    date === null
      ? []
      : [
          {
            uid: `step-${number}-${book!.credential.id}-${plan.id}@keyfall`,
            start: date,
            end: new Date(Date.parse(date) + 1_800_000).toISOString(),
            summary: `${when}: ${title}`,
            description: [detail, `Who: ${who ?? 'nobody named'}`, ...run, `Check: ${check}`, `Undo: ${undo}`].join(
              '\n',
            ),
          },
        ],
  )
}
