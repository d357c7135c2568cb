import { useEffect, useLayoutEffect } from 'preact/hooks'
import { AroundReply } from '../../../../graph/wire-map.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView, type Command } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { at, place, push, pushHere, settled } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { placeOf } from '../../ui/hit-row.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { DrawerButton, drawerOpen, Panel } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { AroundTable } from './around-table.tsx'
import { Columns } from './columns.tsx'
import { HideKinds } from './hide-kinds.tsx'
import { Lists } from './lists.tsx'
import { AroundExport, exportOpen } from './map-export.tsx'
import { aroundUrl, foldAll, hopTo, toggleKind } from './map-place.ts'
import { headWords } from './map-words.ts'
import { useNarrow } from './use-narrow.ts'

/** What stands around one thing: upstream, focus, downstream, one hop at a time. */
export function Explore({ id }: { id: string }) {
  const reply = useReply(AroundReply, aroundUrl(place.value), `around ${edition.value} ${id}`)
  const { data } = reply
  useEffect(() => {
    if (!data) return
    standsOn(data.snapshot)
    here(['Map', data.focus.name], `Map: ${data.focus.name}`)
    settled()
    keepFocus()
  }, [data])
  useLayoutEffect(() => (data ? setOfView(commandsOf(data)) : undefined), [data])
  return (
    <>
      <main class="main map" id="main" data-scroller>
        <Region reply={reply} skeleton={<Bars rows={8} height={42} />}>
          {(answer) => (
            <>
              <Head answer={answer} />
              <Picture answer={answer} asking={reply.asking} />
            </>
          )}
        </Region>
        <DrawerButton>Kinds and legend</DrawerButton>
      </main>
      <Panel label="Kinds and legend">{data && <HideKinds answer={data} />}</Panel>
      {data && exportOpen.value && <AroundExport answer={data} />}
    </>
  )
}

/** What was acted on may be gone with the old focus: then the new one has the focus of the keyboard. */
function keepFocus(): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.getElementById('map-focus')?.focus({ preventScroll: true })
  })
}

function Head({ answer }: { answer: AroundReply }) {
  const { focus, trail } = answer
  const onTable = place.value.shows === 'table'
  return (
    <header class="map-head">
      <nav class="map-trail" aria-label="Trail">
        <Link to={at('map')}>All systems</Link>
        {trail.map((thing) => (
          <Link key={thing.id} to={hopTo(place.value, thing.id)}>
            <Name value={thing.name} tip />
          </Link>
        ))}
      </nav>
      <h1>
        <Name value={focus.name} />
      </h1>
      <p class="mut grow" role="status">
        {headWords(answer)}
      </p>
      <p class="acts">
        <button type="button" aria-pressed={onTable} onClick={toggleTable}>
          Table
        </button>
        <button type="button" onClick={foldAll}>
          Fold all
        </button>
        <button type="button" id="export" onClick={() => void (exportOpen.value = true)}>
          Export
        </button>
      </p>
    </header>
  )
}

function fit(): void {
  document.querySelector('[data-scroller]')?.scrollTo({ top: 0 })
  document.getElementById('map-focus')?.focus({ preventScroll: true })
}

const toggleTable = (): void => pushHere({ shows: place.peek().shows === 'table' ? 'picture' : 'table' })

function Picture({ answer, asking }: { answer: AroundReply; asking: boolean }) {
  const narrow = useNarrow()
  const form = place.value.shows === 'table' ? 'table' : narrow ? 'lists' : 'columns'
  return (
    <div class={asking ? 'recomputing' : undefined}>
      {form === 'table' && <AroundTable answer={answer} />}
      {form === 'lists' && <Lists answer={answer} />}
      {form === 'columns' && <Columns answer={answer} />}
    </div>
  )
}

function commandsOf(answer: AroundReply): Command[] {
  const { focus, trail } = answer
  const last = trail.at(-1)
  return [
    { id: 'table', title: 'Picture or table', key: 't', run: toggleTable },
    { id: 'map-fold', title: 'Fold all groups', run: foldAll },
    { id: 'map-page', title: `Open the page of ${cleanText(focus.name)}`, run: () => push(placeOf(focus)) },
    { id: 'export', title: 'Export', key: 'e', run: () => void (exportOpen.value = true) },
    { id: 'fit', title: 'Fit: the focus into view', key: 'f', run: fit },
    { id: 'show-kinds', title: 'Show all kinds', run: () => pushHere({ hidden: [] }) },
    ...answer.kinds.slice(0, 12).map(({ kind, title, hidden }) => ({
      id: `kind-${kind}`,
      title: `${hidden ? 'Show' : 'Look through'}: ${title}`,
      run: () => toggleKind(kind),
    })),
    {
      id: 'map-up',
      title: last ? `Back up to ${cleanText(last.name)}` : 'Back up to all systems',
      key: 'Escape',
      run: () => {
        if (drawerOpen.peek()) drawerOpen.value = false
        else push(last ? hopTo(place.peek(), last.id) : at('map'))
      },
    },
  ]
}
