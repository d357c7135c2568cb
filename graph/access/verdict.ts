/** Where a verdict comes from: the policy and the action that decided. */
export interface Witness {
  readonly policy: string
  readonly action: string
  /** The entity whose evidence shows the policy. */
  readonly entity: string
}

/**
 * Is it allowed? `no`; `possible`, under conditions that nothing here decides; `yes`, as far as all that was read says.
 * An unknown condition never becomes a `yes`.
 */
export interface Verdict {
  readonly level: 'no' | 'possible' | 'yes'
  /** Sorted; empty unless `possible`. */
  readonly conditions: readonly string[]
  readonly by?: Witness
}

export const no: Verdict = { level: 'no', conditions: [] }
export const yes: Verdict = { level: 'yes', conditions: [] }

const ranks = { no: 0, possible: 1, yes: 2 } as const

export function possible(conditions: Iterable<string>, by?: Witness): Verdict {
  const unique = [...new Set(conditions)].sort()
  return { level: 'possible', conditions: unique, ...(by && { by }) }
}

/** The surer of two; of two that are as sure the one with fewer conditions, then by their words. */
export function either(a: Verdict, b: Verdict): Verdict {
  if (ranks[a.level] !== ranks[b.level]) return ranks[a.level] > ranks[b.level] ? a : b
  if (a.conditions.length !== b.conditions.length) return a.conditions.length < b.conditions.length ? a : b
  const [x, y] = [wordsOf(a), wordsOf(b)]
  return x <= y ? a : b
}

function wordsOf({ conditions, by }: Verdict): string {
  return `${conditions.join('\0')}\0${by?.policy ?? ''}\0${by?.entity ?? ''}`
}

/** Both have to hold: the less sure counts, with the conditions of both. */
export function both(a: Verdict, b: Verdict): Verdict {
  if (a.level === 'no' || b.level === 'no') return no
  const by = a.by ?? b.by
  if (a.level === 'yes' && b.level === 'yes') return by ? { ...yes, by } : yes
  return possible([...a.conditions, ...b.conditions], by)
}

/** What is left when `denied` (a verdict on the denial) may take it away. */
export function unless(allowed: Verdict, denied: Verdict): Verdict {
  if (allowed.level === 'no' || denied.level === 'yes') return no
  if (denied.level === 'no') return allowed
  return possible([...allowed.conditions, ...denied.conditions.map((one) => `not denied: ${one}`)], allowed.by)
}

/** Holds under these conditions only; unchanged where there is none. */
export function under(verdict: Verdict, conditions: readonly string[]): Verdict {
  return conditions.length === 0 ? verdict : both(verdict, possible(conditions))
}
