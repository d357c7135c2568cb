import { place, pushHere, replaceHere } from '../../app/place.ts'
import { frontGroupings, type FrontGrouping } from '../../model/fold.ts'
import { frontKeys, type FrontFilter } from '../../model/front-filter.ts'
import { exact } from '../../model/verdict.ts'
import { FilterField } from '../../ui/filter-field.tsx'
import { KeyCap } from '../../ui/key-cap.tsx'
import { grouping } from './blast-queries.ts'

const titles: Readonly<Record<FrontGrouping, string>> = { system: 'System', owner: 'Owner', tier: 'Tier' }

/** The next grouping, as the key does it. */
export function regroup(): void {
  const now = frontGroupings.indexOf(grouping.peek())
  pushHere({ group: frontGroupings[(now + 1) % frontGroupings.length]!, opened: [], cell: '' })
}

export const focusFilter = (): void => document.getElementById('front-filter')?.focus()

/** Over the picture: what rows stand for, and which of them are meant. A filter dims; hiding is a second act. */
export function RowsBar({ filter }: { filter: FrontFilter }) {
  const { filter: text, onlyFits } = place.value
  const on = text.trim() !== '' && filter.problem === null
  return (
    <div class="rows-bar">
      <label>
        Rows{' '}
        <select
          id="front-group"
          value={grouping.value}
          onChange={(event) => pushHere({ group: event.currentTarget.value as FrontGrouping, opened: [], cell: '' })}
        >
          {frontGroupings.map((name) => (
            <option key={name} value={name}>
              {titles[name]}
            </option>
          ))}
        </select>{' '}
        <KeyCap keys="o" />
      </label>
      <FilterField
        id="front-filter"
        keys={frontKeys}
        value={text}
        change={(next) => replaceHere({ filter: next })}
        example="own:unknown tier:1"
        says={
          filter.problem
            ? `At character ${filter.problem.at + 1}: ${filter.problem.message}. Nothing is filtered.`
            : on
              ? `${exact(filter.matched)} of ${exact(filter.of)}`
              : ''
        }
        wrong={filter.problem !== null}
      />
      {on && (
        <>
          <button
            type="button"
            id="hide-others"
            aria-pressed={onlyFits}
            onClick={() => pushHere({ onlyFits: !onlyFits })}
          >
            {onlyFits ? 'Show others' : 'Hide others'}
          </button>
          <button type="button" class="quiet" onClick={() => pushHere({ filter: '', onlyFits: false })}>
            Show all
          </button>
        </>
      )}
    </div>
  )
}
