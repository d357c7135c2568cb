import { signal } from '@preact/signals'
import { plural } from '../../model/verdict.ts'
import { ExportChoice } from '../../ui/export-dialog.tsx'
import { exportCsv } from './export-csv.ts'
import type { Scenario } from './use-whatif.ts'

export const exportOpen = signal(false)

type Mask = <T>(reply: T) => T
const exportAll = ({ base }: Scenario, mask?: Mask): Promise<void> => exportCsv(base, mask)

/** Every name replaced by its pseudonym, the same as in present mode and in every other export of this browser. */
async function masksFor(scenario: Scenario): Promise<{ scenario: Scenario; mask: Mask }> {
  const { masked } = await import('../../app/masks.ts')
  const base = masked(scenario.base)
  const shown = scenario.shown === scenario.base ? base : masked(scenario.shown)
  return { scenario: { ...scenario, base, shown }, mask: masked }
}

/** How an answer leaves the screen; each form is loaded when it is asked for. */
const forms = [
  { id: 'csv', title: 'CSV', what: 'every dependant, one a row', run: exportAll },
  {
    id: 'json',
    title: 'JSON',
    what: 'the whole answer, for programs',
    run: async (scenario: Scenario, _mask?: Mask) => (await files()).exportJson(scenario),
  },
  {
    id: 'md',
    title: 'Markdown',
    what: 'the summary, for a ticket',
    run: async (scenario: Scenario, _mask?: Mask) => (await files()).exportMarkdown(scenario),
  },
  {
    id: 'svg',
    title: 'SVG',
    what: 'the picture, text as text',
    run: async (scenario: Scenario, _mask?: Mask) => (await files()).exportSvg(scenario),
  },
  {
    id: 'png',
    title: 'PNG',
    what: 'the picture, twice the size',
    run: async (scenario: Scenario, _mask?: Mask) => (await files()).exportPng(scenario),
  },
] as const

const files = () => import('./export-files.ts')

export function ExportMenu({ scenario }: { scenario: Scenario }) {
  const { ticked, base } = scenario
  const run = async (form: (typeof forms)[number], hidden: boolean): Promise<void> => {
    if (!hidden) return form.run(scenario)
    const { scenario: safe, mask } = await masksFor(scenario)
    return form.run(safe, mask)
  }
  const steps =
    ticked.length === 0 ? '' : ` With ${plural(ticked.length, 'step')} simulated; CSV lists them as they stand without.`
  return (
    <ExportChoice
      sentence={`${plural(base.counts.dependents, 'dependant')}, all of them, not only those drawn.${steps}`}
      forms={forms}
      close={() => void (exportOpen.value = false)}
      run={run}
    />
  )
}
