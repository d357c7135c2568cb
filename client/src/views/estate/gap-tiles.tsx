import { useState } from 'preact/hooks'
import type { EstateReply } from '../../../../graph/wire-estate.ts'
import { pushHere } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'

const SHOWN = 7

/** Gaps as filters with counts; each says what to do next. Those with nothing in them are behind "more". */
export function GapTiles({ gaps, chosen }: { gaps: EstateReply['gaps']; chosen: string }) {
  const [all, showAll] = useState(false)
  const found = gaps.filter(({ count, id }) => count > 0 || id === chosen)
  const first = found.slice(0, SHOWN)
  const shown = all
    ? found
    : [...first, ...found.filter(({ id }) => id === chosen && !first.some((one) => one.id === id))]
  if (found.length === 0) return null
  return (
    <>
      <div class="tiles" role="group" aria-label="What is missing">
        {shown.map(({ id, title, todo, count }) => (
          <button
            type="button"
            key={id}
            id={`gap-${id}`}
            class="tile"
            aria-pressed={id === chosen}
            onClick={() => pushHere({ id: id === chosen ? '' : id })}
          >
            <span class="tile-count">{exact(count)}</span>
            <strong>{title}</strong>
            <span class="mut sub">{todo}</span>
          </button>
        ))}
      </div>
      {(found.length > shown.length || all) && (
        <button type="button" class="quiet more-gaps" onClick={() => showAll(!all)} aria-expanded={all}>
          {all ? 'Fewer gaps' : `${found.length - shown.length} more gaps`}
        </button>
      )}
    </>
  )
}
