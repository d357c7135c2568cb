import type { Overall, Verdict } from '../../../graph/wire.ts'

/** One row a verdict of a dependant, in glyph order. Words of client.md section 2, used on every screen and in exports. */
export const verdictRows = [
  {
    verdict: 'breaks',
    letter: 'b',
    mark: '✕',
    word: 'breaks',
    many: 'break',
    means: 'fails, and nothing known prevents it',
  },
  {
    verdict: 'steps',
    letter: 's',
    mark: '◐',
    word: 'safe after steps',
    many: 'safe after steps',
    means: 'fails unless the steps are done first',
  },
  {
    verdict: 'unknown',
    letter: 'u',
    mark: '?',
    word: 'unknown',
    many: 'unknown',
    means: 'cannot be told; the reason is named',
  },
  {
    verdict: 'keeps',
    letter: 'k',
    mark: '✓',
    word: 'keeps working',
    many: 'keep working',
    means: 'does not need it, or has another way',
  },
] as const satisfies readonly {
  verdict: Verdict
  letter: string
  mark: string
  word: string
  many: string
  means: string
}[]

export type VerdictRow = (typeof verdictRows)[number]
const byVerdict = new Map<Verdict, VerdictRow>(verdictRows.map((row) => [row.verdict, row]))
export const rowOf = (verdict: Verdict): VerdictRow => byVerdict.get(verdict)!

/** Roll-up order: a group shows its worst member. */
export const worstFirst: readonly Verdict[] = ['breaks', 'unknown', 'steps', 'keeps']

export interface Counts {
  readonly breaks: number
  readonly unknown: number
  readonly steps: number
  readonly keeps: number
}

export const total = (counts: Counts): number => counts.breaks + counts.unknown + counts.steps + counts.keeps
export const worstOf = (counts: Counts): Verdict => worstFirst.find((verdict) => counts[verdict] > 0) ?? 'keeps'

/** The whole change: its words and the glyph that stands for it. */
export const overallRows: Readonly<Record<Overall, { glyph: Verdict; word: string }>> = {
  'not-safe': { glyph: 'breaks', word: 'not safe' },
  'cannot-say': { glyph: 'unknown', word: 'cannot say yet' },
  'safe-after-steps': { glyph: 'steps', word: 'safe after steps' },
  safe: { glyph: 'keeps', word: 'safe' },
}

/** "1 breaks, 2 safe after steps": zero counts are left out. */
export function countsInWords(counts: Counts): string {
  const said = verdictRows.filter((row) => counts[row.verdict] > 0)
  return said
    .map((row) => `${exact(counts[row.verdict])} ${counts[row.verdict] === 1 ? row.word : row.many}`)
    .join(', ')
}

const grouped = new Intl.NumberFormat('en-US')
/** Every digit, grouped: "12,408". */
export const exact = (n: number): string => grouped.format(n)
/** Exact to 9,999, then "12.4 k" (client.md section 9); the exact number belongs in the tip. */
export function short(n: number): string {
  if (n < 10_000) return exact(n)
  return n < 1_000_000 ? `${trim(n / 1_000)} k` : `${trim(n / 1_000_000)} M`
}
const trim = (n: number): string => (n < 100 ? n.toFixed(1).replace('.0', '') : String(Math.round(n)))

/** "1 dependant", "12 dependants". */
export const plural = (n: number, one: string, many = `${one}s`): string => `${exact(n)} ${n === 1 ? one : many}`
