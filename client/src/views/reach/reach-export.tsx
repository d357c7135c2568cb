import { signal } from '@preact/signals'
import { ExportDialog, type ExportForm, type Mask } from '../../ui/export-dialog.tsx'
import { plural } from '../../model/verdict.ts'
import { exportReachCsv, exportReachJson, exportReachMarkdown } from './export-reach.ts'
import { notes } from './notes.ts'
import type { ShownReach } from './shown-reach.ts'

export const exportOpen = signal(false)

const pictures = () => import('./export-picture.ts')

const forms: readonly (Omit<ExportForm, 'run'> & { run: (shown: ShownReach, mask: Mask) => void | Promise<void> })[] = [
  { id: 'csv', title: 'CSV', what: 'every thing and action, one a row', run: exportReachCsv },
  { id: 'json', title: 'JSON', what: 'the whole answer, for programs', run: exportReachJson },
  { id: 'md', title: 'Markdown', what: 'the incident with its timeline', run: exportReachMarkdown },
  {
    id: 'svg',
    title: 'SVG',
    what: 'the picture, text as text',
    run: async (s, mask) => (await pictures()).exportReachSvg(s, mask),
  },
  {
    id: 'png',
    title: 'PNG',
    what: 'the picture, twice the size',
    run: async (s, mask) => (await pictures()).exportReachPng(s, mask),
  },
]

export function ReachExport({ shown }: { shown: ShownReach }) {
  const { reply, together } = shown
  const sentence = [
    `${plural(reply.counts.things, 'thing')} within reach, all that are listed, not only those drawn.`,
    together.ticked.length > 0 ? `With ${plural(together.ticked.length, 'action')} ticked.` : '',
    notes.value.length > 0 ? `${plural(notes.value.length, 'note')} in the timeline.` : '',
  ]
  return (
    <ExportDialog
      sentence={sentence.filter(Boolean).join(' ')}
      forms={forms.map((form) => ({ ...form, run: (mask) => form.run(shown, mask) }))}
      close={() => void (exportOpen.value = false)}
    />
  )
}
