import { signal } from '@preact/signals'
import { say } from '../../app/say.ts'
import { plural } from '../../model/verdict.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { exportCsv } from './export-csv.ts'
import type { Scenario } from './use-whatif.ts'

export const exportOpen = signal(false)

/** How an answer leaves the screen; each form is loaded when it is asked for. */
const forms = [
  { id: 'csv', title: 'CSV', what: 'every dependant, one a row', run: ({ base }: Scenario) => exportCsv(base) },
  {
    id: 'json',
    title: 'JSON',
    what: 'the whole answer, for programs',
    run: async (scenario: Scenario) => (await files()).exportJson(scenario),
  },
  {
    id: 'md',
    title: 'Markdown',
    what: 'the summary, for a ticket',
    run: async (scenario: Scenario) => (await files()).exportMarkdown(scenario),
  },
  {
    id: 'svg',
    title: 'SVG',
    what: 'the picture, text as text',
    run: async (scenario: Scenario) => (await files()).exportSvg(scenario),
  },
  {
    id: 'png',
    title: 'PNG',
    what: 'the picture, twice the size',
    run: async (scenario: Scenario) => (await files()).exportPng(scenario),
  },
] as const

const files = () => import('./export-files.ts')

export function ExportMenu({ scenario }: { scenario: Scenario }) {
  const close = (): void => void (exportOpen.value = false)
  const { ticked, base } = scenario
  return (
    <Dialog label="Export" class="export" close={close}>
      <h2>Export</h2>
      <p class="mut">
        {plural(base.counts.dependents, 'dependant')}, all of them, not only those drawn.
        {ticked.length > 0 && ` With ${plural(ticked.length, 'step')} simulated; CSV lists them as they stand without.`}
      </p>
      <ul>
        {forms.map((form) => (
          <li key={form.id}>
            <button
              type="button"
              id={`export-${form.id}`}
              onClick={() => {
                close()
                Promise.resolve(form.run(scenario)).catch(() => say(`The ${form.title} could not be made`))
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
