import { useEffect, useMemo, useState } from 'preact/hooks'
import { place } from '../../app/place.ts'
import { foldRows, systemRows, type FrontRow } from '../../model/fold.ts'
import { frontFilter, type FrontFilter } from '../../model/front-filter.ts'
import { inOrderOf, withGhosts } from '../../model/whatif-diff.ts'
import { diffOn, grouping, openedFolds } from './blast-queries.ts'
import type { Scenario } from './use-whatif.ts'

interface Rows {
  /** As drawn, with outlines while the diff is on. */
  readonly rows: readonly FrontRow[]
  readonly plain: readonly FrontRow[]
  readonly resort: (() => void) | null
  readonly filter: FrontFilter
}

/** Rows keep the order of the answer without steps, or that in which a person last had them sorted. */
export function useRows({ base, shown, ticked }: Scenario): Rows {
  const [chosen, choose] = useState<readonly string[] | null>(null)
  useEffect(() => choose(null), [base])
  const folds = openedFolds.value
  const diff = diffOn.value && ticked.length > 0 && shown !== base
  const first = useMemo(() => systemRows(base), [base])
  const ideal = useMemo(() => (shown === base ? first : systemRows(shown)), [base, shown])
  const { filter: text, onlyFits } = place.value
  const by = grouping.value
  return useMemo(() => {
    const filter = frontFilter(base, first, text)
    const kept = <R extends { id: string }>(rows: readonly R[]): readonly R[] =>
      onlyFits && filter.rows ? rows.filter(({ id }) => filter.rows!.has(id)) : rows
    const order = chosen ?? first.map(({ id }) => id)
    const opened = folds.split(',').filter(Boolean)
    const plain = foldRows(kept(inOrderOf(order, ideal)), opened, by)
    const isIdeal = ideal.every(({ id }, i) => order[i] === id)
    const resort = isIdeal ? null : () => choose(ideal.map(({ id }) => id))
    if (!diff) return { rows: plain, plain, resort, filter }
    const before = foldRows(kept(inOrderOf(order, sameBands(base, shown, first))), opened, by)
    return { rows: withGhosts(before, plain), plain, resort, filter }
  }, [first, ideal, chosen, folds, diff, text, onlyFits, by])
}

/** Rows of the first answer, with the columns of the one shown. */
function sameBands(base: Scenario['base'], shown: Scenario['base'], rows: ReturnType<typeof systemRows>): typeof rows {
  if (base.bands.length === shown.bands.length) return rows
  const from = shown.bands.map(({ id }) => base.bands.findIndex((band) => band.id === id))
  return rows.map((row) => ({ ...row, cells: from.map((band) => (band < 0 ? null : (row.cells[band] ?? null))) }))
}
