import { keptViews } from '../../graph/answer/kept-parts.ts'
import { modelOf } from '../../graph/answer/model.ts'
import type { Estate } from '../../graph/estate/estate.ts'
import { flatOf, keepFlat } from '../../graph/outage/flat-of.ts'
import { openIndexFile, writeIndexFile } from '../store/index-file.ts'

/** Views whose flat index lies beside the kept estate: every question of a loss for good runs over both. */
const indexed = ['bare', 'revoke'] as const
type Indexed = (typeof indexed)[number]

const pathOf = (path: string, view: Indexed): string => `${path}.${view}.index`
const nameOf = (name: string, view: Indexed): string => `${name} ${view}`

export const indexPaths = (path: string): string[] => indexed.map((view) => pathOf(path, view))

/**
 * Lets answers open the indexes of an estate that was just opened, when they want them. One that is missing, stale or
 * damaged is as if it was not there: it is made anew.
 */
export function openIndexesFor(estate: Estate, { path, name }: { readonly path: string; readonly name: string }): void {
  for (const view of indexed)
    keepFlat(modelOf(estate, keptViews[view]), () => {
      const index = openIndexFile(pathOf(path, view), nameOf(name, view))
      return typeof index === 'string' ? undefined : index
    })
}

/** Each writes one index. What cannot be written is not there, and nobody is told. */
export function indexWriters(
  { path, name }: { readonly path: string; readonly name: string },
  estate: Estate,
): (() => void)[] {
  return indexed.map((view) => () => {
    try {
      writeIndexFile(pathOf(path, view), flatOf(modelOf(estate, keptViews[view])).index, nameOf(name, view))
    } catch {
      // Made anew by whoever opens the estate.
    }
  })
}
