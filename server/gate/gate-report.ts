import { markdownOf, smallPrint, type Report } from '../cli/report.ts'
import { overallWords } from '../cli/verdict-words.ts'
import type { GateReply, GateRow } from './gate-answer.ts'

/** What GitHub takes as the body of a comment, in characters. */
export const COMMENT_LIMIT = 65_536
const CELL = 300
const titles = {
  'not-safe': 'Not safe to merge: something breaks',
  'cannot-say': 'Cannot say yet whether something breaks',
  'safe-after-steps': 'Safe after steps',
  safe: 'Nothing breaks',
} as const satisfies Record<GateReply['verdict'], string>
const marks = { 'not-safe': '✕', 'cannot-say': '?', 'safe-after-steps': '◐', safe: '✓' } as const

const short = (text: string): string => (text.length > CELL ? `${text.slice(0, CELL - 1)}…` : text)

export function gateReport(reply: GateReply, rows: readonly GateRow[], server: string | undefined): Report {
  const left = reply.rows.length - rows.length
  return {
    title: `${marks[reply.verdict]} ${titles[reply.verdict]}`,
    lines: [reply.sentence],
    sections: [
      {
        title: 'Changes',
        table: {
          head: ['verdict', 'what', 'change', 'why', 'systems'],
          rows: rows.map(({ verdict, what, change, words, systems }) =>
            [`${marks[verdict]} ${overallWords[verdict]}`, what, change, words, systems.join(', ')].map(short),
          ),
        },
        lines: [
          ...(left > 0 ? [`${left} more`] : []),
          ...(reply.others > 0 ? [`${reply.others} changes of other things, which hold no credential as far as their type says`] : []), // prettier-ignore
        ],
      },
    ],
    footer: [...reply.notes, smallPrint(reply.snapshot, server)],
  }
}

/** For a comment: worst rows first, as many as fit, and how many more there are. */
export function gateComment(reply: GateReply, server: string | undefined): string {
  for (let count = reply.rows.length; ; count = Math.floor(count * 0.9)) {
    const text = markdownOf(gateReport(reply, reply.rows.slice(0, count), server))
    if (text.length <= COMMENT_LIMIT || count === 0) return text
  }
}
