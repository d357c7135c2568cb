import type { ImportReply } from '../../../../graph/wire.ts'
import { say } from '../../app/say.ts'
import { csv } from '../../model/csv.ts'
import { exportName } from '../../model/export-name.ts'
import { bytes, utc } from '../../model/moments.ts'
import { save } from '../../model/save.ts'
import { markdownText } from '../../model/summary.ts'
import { exact, overallRows } from '../../model/verdict.ts'

/** The report as a table: a row a file and reason, so that a spreadsheet can sum them. */
export function reportCsv(reply: ImportReply): void {
  const head = ['file', 'recognised as', 'bytes', 'read', 'understood', 'said again', 'not understood', 'why', 'where']
  const rows = reply.files.flatMap((file) => {
    const own = [file.name, file.importer?.title ?? 'not recognised', file.bytes, file.read, file.mapped, file.merged]
    const start = own.map(String)
    if (file.skipped.length === 0) return [[...start, '0', file.error ?? '', '']]
    return file.skipped.map(({ count, words, where }) => [...start, String(count), words, where.join('; ')])
  })
  const foot = [
    ['batch', reply.startedAt],
    ['state', reply.state],
    ['link', location.href],
  ]
  save(csv([head, ...rows, [], ...foot]), exportName('import', '', reply.startedAt, 'csv'), 'text/csv')
  say('Report exported as CSV')
}

/** The report for a ticket: files, what was not understood, what it changed. */
export function reportMarkdown(reply: ImportReply): void {
  const text = markdownOf(reply, location.href)
  save(text, exportName('import', '', reply.startedAt, 'md'), 'text/markdown')
  say('Report exported as Markdown')
}

function markdownOf(reply: ImportReply, link: string): string {
  const lines = [
    `## Import of ${utc(reply.startedAt)}: ${reply.state}`,
    '',
    '| File | Recognised as | Understood | Not |',
    '|---|---|---|---|',
  ]
  for (const file of reply.files) {
    const missed = file.read - file.mapped - file.merged
    lines.push(
      `| ${markdownText(file.name)} (${bytes(file.bytes)}) | ${markdownText(file.importer?.title ?? 'not recognised')} | ${exact(file.mapped)} of ${exact(file.read)} | ${exact(Math.max(0, missed))} |`,
    )
  }
  const missed = reply.files.filter((file) => file.skipped.length > 0 || file.error !== undefined)
  if (missed.length > 0) lines.push('', '### Not understood', '')
  for (const file of missed) {
    if (file.error !== undefined) lines.push(`- ${markdownText(file.name)}: ${markdownText(file.error)}`)
    for (const { count, words, where } of file.skipped)
      lines.push(
        `- ${markdownText(file.name)}: ${exact(count)}: ${markdownText(words)}, first at ${markdownText(where.slice(0, 3).join(', '))}`,
      )
  }
  if (reply.scopes.length > 0) lines.push('', '### What it changes', '')
  for (const { title, entities, relationships } of reply.scopes)
    lines.push(
      `- ${markdownText(title)}: things +${entities.added} ~${entities.changed} -${entities.retired}, relations +${relationships.added} ~${relationships.changed} -${relationships.retired}`,
    )
  const moved = reply.moved?.items ?? []
  if (moved.length > 0) lines.push('', '### Verdicts that moved', '')
  for (const { thing, before, after } of moved)
    lines.push(`- ${markdownText(thing.name)}: ${wordOf(before)} to ${wordOf(after)}`)
  lines.push('', `<${link}>`, '')
  return lines.join('\n')
}

const wordOf = (verdict: keyof typeof overallRows | null): string =>
  verdict === null ? 'not there' : overallRows[verdict].word
