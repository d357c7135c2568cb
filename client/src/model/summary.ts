import type { BlastReply } from '../../../graph/wire.ts'
import { cleanText } from './clean-name.ts'
import { utc } from './moments.ts'
import { countsInWords, exact, plural } from './verdict.ts'

/** Names in Markdown: every character that could mean something is escaped. */
export const markdownText = (name: string): string => cleanText(name).replace(/[\\`*_{}[\]()<>#+\-!|~&@:/]/g, '\\$&')

/** The answer as Markdown for a ticket: verdict, counts, steps, what is not known, what it stands on, the link. */
export function summaryMarkdown(
  reply: BlastReply,
  link: string,
  ticked: readonly string[] = [],
  before: BlastReply = reply,
): string {
  const { subject, headline, counts, coverage } = reply
  const lines = [
    `## ${markdownText(headline.title)}: ${markdownText(subject.name)}`,
    '',
    markdownText(headline.sentence),
    '',
    `- Subject: ${markdownText(subject.title)} ${markdownText(subject.name)}${subject.where ? ` in ${markdownText(subject.where)}` : ''}`,
    `- Owner: ${subject.owner ? markdownText(subject.owner) : 'unknown'}`,
    `- Change: ${markdownText(reply.change.words)}`,
    `- Undo: ${markdownText(reply.change.undo)}`,
    `- ${plural(counts.dependents, 'dependant')} in ${plural(counts.systems, 'system')}: ${countsInWords(counts) || 'none seen'}`,
    ...(ticked.length === 0
      ? []
      : [
          `- Simulated: as if ${plural(ticked.length, 'step')} marked below had been done. Without: ${markdownText(before.headline.title)}, ${countsInWords(before.counts) || 'none seen'}`,
        ]),
    `- Coverage: ${markdownText(coverage.sentence)}`,
  ]
  for (const note of reply.notes) lines.push(`- Note: ${markdownText(note.text)}`)
  if (reply.steps.length > 0) lines.push('', '### Steps', '')
  for (const step of reply.steps) {
    const who = step.who ? markdownText(step.who) : 'nobody named'
    lines.push(
      `1. ${ticked.includes(step.id) ? '**simulated as done:** ' : ''}${markdownText(step.title)} (${exact(step.settles)} settled; ${who}; ${step.confirmed ? 'confirmed' : 'assumed'})`,
    )
  }
  if (reply.unknowns.length > 0) lines.push('', '### Not known', '')
  for (const unknown of reply.unknowns) {
    lines.push(
      `- ${exact(unknown.count)}: ${markdownText(unknown.reason)}. Would settle it: ${markdownText(unknown.settles)}`,
    )
  }
  const at = reply.snapshot.at ? utc(reply.snapshot.at) : 'no import yet'
  lines.push(
    '',
    `Graph as of ${at}${reply.snapshot.sample ? ' (sample data)' : ''}, snapshot ${markdownText(reply.snapshot.id)}. <${link}>`,
    '',
  )
  return lines.join('\n')
}
