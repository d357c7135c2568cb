import { useEffect, useMemo, useState } from 'preact/hooks'
import { foldRows, systemRows, type FrontRow } from '../../model/fold.ts'
import { inOrderOf, withGhosts } from '../../model/whatif-diff.ts'
import { diffOn, openedFolds } from './blast-queries.ts'
import type { Scenario } from './use-whatif.ts'

interface Rows {
  /** As drawn, with outlines while the diff is on. */
  readonly rows: readonly FrontRow[]
  readonly plain: readonly FrontRow[]
  readonly resort: (() => void) | null
}

/** Rows keep the order of the answer without steps, or that in which a person last had them sorted. */
export function useRows({ base, shown, ticked }: Scenario): Rows {
  const [chosen, choose] = useState<readonly string[] | null>(null)
  useEffect(() => choose(null), [base])
  const folds = openedFolds.value
  const diff = diffOn.value && ticked.length > 0 && shown !== base
  const first = useMemo(() => systemRows(base), [base])
  const ideal = useMemo(() => (shown === base ? first : systemRows(shown)), [base, shown])
  return useMemo(() => {
    const order = chosen ?? first.map(({ id }) => id)
    const opened = folds.split(',').filter(Boolean)
    const plain = foldRows(inOrderOf(order, ideal), opened)
    const isIdeal = ideal.every(({ id }, i) => order[i] === id)
    const resort = isIdeal ? null : () => choose(ideal.map(({ id }) => id))
    if (!diff) return { rows: plain, plain, resort }
    const before = foldRows(inOrderOf(order, sameBands(base, shown, first)), opened)
    return { rows: withGhosts(before, plain), plain, resort }
  }, [first, ideal, chosen, folds, diff])
}

/** Rows of the first answer, with the columns of the one shown. */
function sameBands(base: Scenario['base'], shown: Scenario['base'], rows: ReturnType<typeof systemRows>): typeof rows {
  if (base.bands.length === shown.bands.length) return rows
  const from = shown.bands.map(({ id }) => base.bands.findIndex((band) => band.id === id))
  return rows.map((row) => ({ ...row, cells: from.map((band) => (band < 0 ? null : (row.cells[band] ?? null))) }))
}
