import { useState } from 'preact/hooks'
import { at, place } from '../../app/place.ts'
import { copyLink } from '../../app/share.ts'
import { Link } from '../../ui/link.tsx'

const KEY = 'keyfall.filters'
const MOST = 12

interface Saved {
  readonly gap: string
  readonly filter: string
}

function read(): Saved[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept
      .filter((one): one is Saved => typeof one?.gap === 'string' && typeof one?.filter === 'string')
      .slice(0, MOST)
  } catch {
    return []
  }
}

/** Questions without names: a gap, and terms whose values are words of ours. A filter by name is a link to copy. */
const mayBeKept = (filter: string): boolean =>
  filter
    .split(/\s+/)
    .filter(Boolean)
    .every(
      (term) =>
        /^-?(tier|used|age|exp|flag|kind|plane):[<>]?[\w.,-]+$/.test(term) || /^-?\w+:(unknown|none)$/.test(term),
    )

/** Filters as links: the address is the filter. This browser keeps those that hold no name. */
export function SavedFilters() {
  const [saved, set] = useState(read)
  const { id: gap, filter } = place.value
  const now = filter.trim()
  const isOne = saved.some((one) => one.gap === gap && one.filter === now)
  const keep = (next: Saved[]): void => {
    set(next)
    try {
      localStorage.setItem(KEY, JSON.stringify(next))
    } catch {
      // Storage may be forbidden: they last for this page.
    }
  }
  if (saved.length === 0 && gap === '' && now === '') return null
  return (
    <div class="saved-filters" role="group" aria-label="Saved filters">
      {saved.map((one) => (
        <span key={`${one.gap} ${one.filter}`} class="chip">
          <Link to={{ ...at('estate', one.gap), filter: one.filter }} current={one.gap === gap && one.filter === now}>
            {[one.gap.replaceAll('-', ' '), one.filter].filter(Boolean).join(' · ')}
          </Link>
          <button
            type="button"
            class="text"
            aria-label={`Forget the filter ${one.gap} ${one.filter}`}
            onClick={() => keep(saved.filter((other) => other !== one))}
          >
            ×
          </button>
        </span>
      ))}
      {(gap !== '' || now !== '') && (
        <>
          {!isOne && mayBeKept(now) && (
            <button type="button" class="quiet" onClick={() => keep([{ gap, filter: now }, ...saved].slice(0, MOST))}>
              Save this filter
            </button>
          )}
          <button type="button" class="quiet" onClick={() => void copyLink()}>
            Copy as link
          </button>
        </>
      )}
    </div>
  )
}
