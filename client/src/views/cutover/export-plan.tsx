import { signal } from '@preact/signals'
import type { ExportForm, KeptPlanReply } from '../../../../graph/wire-cutover.ts'
import { problemOf } from '../../api/ask.ts'
import { say } from '../../app/say.ts'
import { saveBlob } from '../../model/save.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { Board } from './board.ts'
import { credentialsWords } from './cutover-words.ts'
import { exportUrl } from './plan-calls.ts'

export const exportPlanOpen = signal(false)

interface Form {
  readonly id: ExportForm
  readonly title: string
  readonly what: string
  readonly ending: string
}

export const exportForms: readonly Form[] = [
  { id: 'ics', title: 'Calendar', what: '.ics: one event a wave and a dated step, in UTC', ending: 'ics' },
  { id: 'markdown', title: 'Markdown', what: 'the runbook, for a ticket or a wiki', ending: 'md' },
  { id: 'csv', title: 'CSV', what: 'every task, one a row', ending: 'csv' },
  { id: 'json', title: 'JSON', what: 'the whole plan, for programs', ending: 'json' },
  { id: 'servicenow', title: 'ServiceNow', what: 'CSV in the shape of its change tasks', ending: 'csv' },
  { id: 'jira', title: 'Jira', what: 'CSV in the shape of its import', ending: 'csv' },
]

/** The server makes the file; here it only gets its name. */
export async function exportPlan(plan: KeptPlanReply, id: ExportForm): Promise<void> {
  const form = exportForms.find((one) => one.id === id)!
  try {
    const response = await fetch(exportUrl(plan.id, id))
    if (!response.ok) {
      const problem = problemOf(await response.json().catch(() => null), response.status)
      return say(problem.message)
    }
    const kind = id === 'servicenow' || id === 'jira' ? `-${id}` : ''
    saveBlob(await response.blob(), `keyfall-plan-${plan.id}-v${plan.version}${kind}.${form.ending}`)
    say(`Plan exported: ${form.title}`)
  } catch {
    say('The server did not answer; nothing was exported')
  }
}

export function ExportPlan({ board: { plan } }: { board: Board }) {
  const close = (): void => void (exportPlanOpen.value = false)
  return (
    <Dialog label="Export" class="export" close={close}>
      <h2>Export</h2>
      <p class="mut">
        Version {plan.version}: {credentialsWords(plan.totals.credentials)}, all of them.
      </p>
      <ul>
        {exportForms.map((form) => (
          <li key={form.id}>
            <button
              type="button"
              id={`export-${form.id}`}
              onClick={() => {
                close()
                void exportPlan(plan, form.id)
              }}
            >
              <strong>{form.title}</strong> <span class="mut">{form.what}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="acts">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </Dialog>
  )
}
