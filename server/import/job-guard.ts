/** The most an import may retire of one scope without a yes. */
const GUARD_SHARE = 0.2
const GUARD_ENTITIES = 500

export interface RetireCount {
  readonly title: string
  /** Entities that would be retired. */
  readonly retired: number
  /** Entities the scope has now. */
  readonly of: number
}

export interface Guard {
  readonly retired: number
  readonly of: number
  readonly words: string
}

/** What waits for a yes, or `null`. A yes is the number that was shown, so that nobody agrees to another import. */
export function retireGuard(scopes: readonly RetireCount[]): Guard | null {
  const over = scopes.filter(
    ({ retired, of }) => retired > 0 && (retired > of * GUARD_SHARE || retired > GUARD_ENTITIES),
  )
  if (over.length === 0) return null
  const retired = over.reduce((sum, scope) => sum + scope.retired, 0)
  const of = over.reduce((sum, scope) => sum + scope.of, 0)
  const where = over.map(({ title }) => title).join(', ')
  return {
    retired,
    of,
    words:
      `${retired} of ${of} known things would be retired in ${where}, because this export does not have them. ` +
      'If it is the right and whole export, accept that number; if not, nothing was changed.',
  }
}
