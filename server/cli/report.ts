import { clean } from './clean.ts'
import { jsonText } from './json-text.ts'
import type { Print } from './print.ts'
import { printTable } from './table.ts'

/** What a command has to say, once: printed for a terminal, or written as Markdown for a ticket. */
export interface Report {
  readonly title: string
  readonly lines: readonly string[]
  readonly sections: readonly Section[]
  /** Small print: coverage, snapshot. */
  readonly footer: readonly string[]
}

export interface Section {
  readonly title: string
  readonly lines?: readonly string[]
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** Text that people copy as it is: a query, a command. */
  readonly code?: readonly { readonly title: string; readonly language: string; readonly text: string }[]
}

export function printReport(print: Print, { title, lines, sections, footer }: Report): void {
  const { bold, dim } = print.paint
  print.line(bold(clean(title)))
  for (const line of lines) print.line(clean(line))
  for (const section of sections) {
    print.line(bold(`\n${clean(section.title)}`))
    for (const line of section.lines ?? []) print.line(`  ${clean(line)}`)
    if (section.table) printTable(print, section.table.head, section.table.rows, '  ')
    for (const { title: of, text } of section.code ?? []) {
      print.line(`  ${clean(of)}`)
      for (const line of text.split('\n')) print.line(`    ${clean(line)}`)
    }
  }
  if (footer.length > 0) print.line(dim(`\n${footer.map(clean).join('\n')}`))
}

/** Names are inert in it: what Markdown or HTML would act on is escaped, what a terminal would is shown. */
export function markdownOf({ title, lines, sections, footer }: Report): string {
  const parts = [`# ${inert(title)}`, ...lines.map(inert)]
  for (const section of sections) {
    parts.push(`## ${inert(section.title)}`)
    if (section.lines?.length) parts.push(section.lines.map((line) => `- ${inert(line)}`).join('\n'))
    if (section.table && section.table.rows.length > 0) parts.push(markdownTable(section.table))
    for (const { title: of, language, text } of section.code ?? []) parts.push(inert(of), fenced(language, text))
  }
  if (footer.length > 0) parts.push('---', ...footer.map((line) => `_${inert(line)}_`))
  return `${parts.join('\n\n')}\n`
}

function markdownTable({ head, rows }: NonNullable<Section['table']>): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(inert).join(' | ')} |`
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n')
}

/** A fence longer than any run of backticks in the text. */
function fenced(language: string, text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language}\n${text.split('\n').map(clean).join('\n')}\n${fence}`
}

/** Text that neither Markdown nor HTML acts on, in one line; bare addresses make no links. */
export function inert(text: string): string {
  return clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|~!#]/g, '\\$&')
    .replace(/^(\s*)([-+]|\d+[.)])(?=\s)/, '$1\\$2')
    .replaceAll('://', ':&#8203;//')
    .replaceAll('@', '&#64;')
}

export interface Form {
  readonly json?: boolean
  readonly markdown?: boolean
}

/** Prints an answer in the form that was asked for. */
export function say(print: Print, { json, markdown }: Form, reply: unknown, report: () => Report): void {
  if (json) print.line(jsonText(reply))
  else if (markdown) print.write(markdownOf(report()))
  else printReport(print, report())
}

/** What every report ends with. */
export function smallPrint(
  { id, sample }: { readonly id: string; readonly sample: boolean },
  server: string | undefined,
): string {
  return `Snapshot ${id}${sample ? ', a sample' : ''}${server ? `, answered by ${server}` : ''}`
}
