import type { ImportReply } from '../../../../graph/wire.ts'
import type { Command } from '../../app/commands.ts'
import { reportCsv, reportMarkdown } from './report-files.ts'

const press = (id: string) => (): void => document.getElementById(id)?.click()

/** What can be done on Import, by name. */
export function importCommands(reply: ImportReply | null, undo: () => Promise<void>): Command[] {
  const drop: Command[] = [
    { id: 'choose-files', title: 'Choose files to import', run: press('choose-files') },
    { id: 'paste', title: 'Paste an export', run: press('paste') },
  ]
  if (!reply) return drop
  return [
    ...drop,
    ...(reply.state === 'done' ? [{ id: 'undo-batch', title: 'Undo this batch', run: () => void undo() }] : []),
    { id: 'report-md', title: 'Report as Markdown', key: 'e', run: () => reportMarkdown(reply) },
    { id: 'report-csv', title: 'Report as CSV', run: () => reportCsv(reply) },
  ]
}
