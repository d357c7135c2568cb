import type { ReachReply } from '../../../../graph/wire.ts'
import { cleanText } from '../../model/clean-name.ts'
import { utc } from '../../model/moments.ts'
import { overallRows } from '../../model/verdict.ts'
import { priceOf } from './price-words.ts'
import type { Option } from './reach-queries.ts'

/** A commented block for a person to read and run: each action with what it breaks and how it is taken back. */
export function commandsText(reply: ReachReply, options: readonly Option[], link: string): string {
  const { snapshot, subject } = reply
  const lines = [
    `# Containment of ${cleanText(subject.name)}`,
    `# Graph as of ${snapshot.at === null ? 'no import yet' : utc(snapshot.at)}, snapshot ${cleanText(snapshot.id)}`,
    `# ${cleanText(link)}`,
    '# Nothing of this was run. Read each line first; words in capitals are for you to fill in.',
  ]
  options.forEach((option, at) => {
    lines.push('', `# ${at + 1}. ${cleanText(option.title)}`)
    lines.push(`#    ${overallRows[option.verdict].word}: ${cleanText(priceOf(option))}`)
    if (option.run.length === 0) lines.push('#    No command is known for this; do it where it is managed.')
    lines.push(...option.run.map(asLine))
    lines.push(`#    Undo: ${cleanText(option.undoRun ?? option.undo)}`)
  })
  return lines.join('\n') + '\n'
}

/** A line that would show other signs than it runs is not handed over to a shell. */
const asLine = (line: string): string =>
  cleanText(line) === line
    ? line
    : `#    Not printed as a command, it holds signs that cannot be seen: ${cleanText(line)}`
