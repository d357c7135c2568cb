import { pushHere } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import type { FoldRow } from '../../model/fold.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { openedFolds } from './blast-queries.ts'

const othersThan = (id: string): string[] =>
  openedFolds
    .peek()
    .split(',')
    .filter((entry) => entry !== '' && entry !== id && !entry.startsWith(`${id}*`))

/** Head of systems that stand as one row: how many, their worst verdict, the first three. Opens in place. */
export function FoldButton({ row }: { row: FoldRow }) {
  const others = othersThan(row.id)
  return (
    <button
      type="button"
      class="fold-button"
      aria-expanded={row.opened}
      onClick={() => pushHere({ opened: row.opened ? others : [...others, row.id] })}
    >
      <strong>
        <Glyph verdict={row.worst} size={12} /> {row.title}
      </strong>
      <span class="mut" title={row.top.map(cleanText).join(', ')}>
        <Name value={row.top.join(', ')} />
      </span>
    </button>
  )
}

/** The next rows of an opened fold. */
export function MoreButton({ id, left }: { id: string; left: number }) {
  const fold = id.slice(0, id.lastIndexOf('*'))
  return (
    <button type="button" class="quiet" onClick={() => pushHere({ opened: [...othersThan(fold), id] })}>
      {left.toLocaleString('en-US')} more systems
    </button>
  )
}
