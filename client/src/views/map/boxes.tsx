import type { AroundReply, MapGroup, MapThing } from '../../../../graph/wire-map.ts'
import { at, hrefOf, place, push } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, short } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { OneLine } from '../../ui/one-line.tsx'
import { strengthWords } from '../blast/strength.ts'
import { hopTo, toggleGroup, turnTo } from './map-place.ts'
import { shortVerbsOf, verbsOf } from './map-words.ts'

const PAGE = 25

/** Head of a group: how many, and opens or folds it in place. */
export function GroupButton({ answer, group, column }: { answer: AroundReply; group: MapGroup; column?: number }) {
  return (
    <button
      type="button"
      class="map-group"
      id={`group-${group.id}`}
      data-column={column}
      tabIndex={column === undefined ? 0 : -1}
      aria-expanded={group.page > 0}
      onClick={() => toggleGroup(answer, group.id)}
    >
      <span class="twist" aria-hidden="true">
        {group.page > 0 ? '▾' : '▸'}
      </span>
      <span class="grow">{group.title}</span>
      <span class="mut nowrap" title={exact(group.count)}>
        {group.implied > 0 && `${short(group.implied)} implied of `}
        {short(group.count)}
      </span>
    </button>
  )
}

interface ThingLinkProps {
  readonly thing: MapThing
  /** All of its group. */
  readonly beside: readonly MapThing[]
  readonly column?: number
}

/** One thing; following it makes it the focus. A real link: it can be copied and opened in a new tab. */
export function ThingLink({ thing, beside, column }: ThingLinkProps) {
  const facts = thing.edges.map(({ strength, fact }) => `${strengthWords[strength].word}: ${cleanText(fact)}`)
  const to = hopTo(place.value, thing.id)
  return (
    <a
      class="hop"
      id={`hop-${thing.id}`}
      href={hrefOf(to)}
      title={[verbsOf(thing), ...facts].join('\n')}
      data-column={column}
      tabIndex={column === undefined ? 0 : -1}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        push(to)
      }}
    >
      <span class="grow">
        <OneLine value={thing.name} beside={beside} />
        <span class="mut sub">
          {shortVerbsOf(thing)}
          {thing.where !== undefined && (
            <>
              {' · '}
              <Name value={thing.where} />
            </>
          )}
        </span>
      </span>
      {thing.onward > 0 && (
        <span class="mut onward">
          <span class="hidden-words">leads on to </span>
          {short(thing.onward)}
          <span aria-hidden="true"> ›</span>
        </span>
      )}
    </a>
  )
}

export function Pager({ answer, group, column }: { answer: AroundReply; group: MapGroup; column?: number }) {
  const { id, title, page, pages, count } = group
  const last = Math.min(count, page * PAGE)
  return (
    <span class="map-pager">
      <button
        type="button"
        data-column={column}
        tabIndex={column === undefined ? 0 : -1}
        disabled={page === 1}
        aria-label={`${title}: previous ${PAGE}`}
        onClick={() => turnTo(answer, id, page - 1)}
      >
        ‹
      </button>
      <span class="mut">
        {exact((page - 1) * PAGE + 1)}–{exact(last)} of {exact(count)}
      </span>
      <button
        type="button"
        data-column={column}
        tabIndex={column === undefined ? 0 : -1}
        disabled={page === pages}
        aria-label={`${title}: next ${PAGE}`}
        onClick={() => turnTo(answer, id, page + 1)}
      >
        ›
      </button>
    </span>
  )
}

/** The thing in the middle, and the ways to its other screens. */
export function FocusBox({ answer: { focus } }: { answer: AroundReply }) {
  return (
    <div class="focus-box">
      <span class="mut sub">{focus.title}</span>
      <Link to={at('node', focus.id)} class="focus-name" id="map-focus">
        <Name value={focus.name} tip />
      </Link>
      {focus.where !== undefined && (
        <span class="mut sub where">
          <Name value={focus.where} tip />
        </span>
      )}
      <span class="focus-links">
        {focus.role === 'credential' && <Link to={at('blast', focus.id)}>What breaks if it goes</Link>}
        {focus.role === 'credential' && <Link to={at('reach', focus.id)}>What it reaches</Link>}
      </span>
    </div>
  )
}
