import type { Overall } from '../../graph/wire.ts'

/** One thing that a plan or a workflow would change. Names come out of files: they are hostile until they are shown. */
export interface GateRow {
  readonly verdict: Overall
  /** What is changed, as its file calls it. */
  readonly what: string
  /** "destroyed", "replaced, the old one goes first". */
  readonly change: string
  readonly words: string
  /** Business systems with something that breaks or may break. */
  readonly systems: readonly string[]
  /** Thing.id, where the estate knows it. */
  readonly thing: string | null
}

export interface GateReply {
  readonly verdict: Overall
  readonly sentence: string
  /** Worst first. */
  readonly rows: readonly GateRow[]
  /** Changes that are none of a credential, an identity or a secret, as far as their type says. */
  readonly others: number
  readonly notes: readonly string[]
  readonly snapshot: { readonly id: string; readonly sample: boolean }
}

const worst: readonly Overall[] = ['not-safe', 'cannot-say', 'safe-after-steps', 'safe']

/** The worst row decides. What nobody could judge is never safe. */
export function gateOf(
  rows: readonly GateRow[],
  { others, notes, snapshot }: Pick<GateReply, 'others' | 'notes' | 'snapshot'>,
): GateReply {
  const sorted = [...rows].sort((a, b) => worst.indexOf(a.verdict) - worst.indexOf(b.verdict))
  const count = (verdict: Overall): number => rows.filter((row) => row.verdict === verdict).length
  return {
    verdict: sorted[0]?.verdict ?? 'safe',
    sentence:
      rows.length === 0
        ? 'No credential, identity or secret is changed, as far as this shows.'
        : `${count('not-safe')} would break something, ${count('cannot-say')} cannot be judged yet, ${count('safe-after-steps')} are safe after steps, ${count('safe')} are safe.`,
    rows: sorted,
    ...{ others, notes, snapshot: { id: snapshot.id, sample: snapshot.sample } },
  }
}
