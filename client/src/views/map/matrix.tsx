import { signal } from '@preact/signals'
import { useEffect, useLayoutEffect } from 'preact/hooks'
import { MapReply } from '../../../../graph/wire-map.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here } from '../../app/crumbs.ts'
import { at, place, push, pushHere, settled } from '../../app/place.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { DrawerButton, drawerOpen, Panel } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { MOST_IN_FLOW } from '../../viz/systems-flow.ts'
import { CellPanel } from './cell-panel.tsx'
import { exportOpen, MatrixExport } from './map-export.tsx'
import { mapGroups, mapUrl } from './map-place.ts'
import { MatrixGrid } from './matrix-grid.tsx'
import { PairsTable } from './pairs-table.tsx'
import { SystemsFlowView } from './systems-flow-view.tsx'
import { useNarrow } from './use-narrow.ts'

/** Systems by systems: what they share, and which needs which. */
export function Matrix() {
  const url = mapUrl(place.value)
  const reply = useReply(MapReply, url, `map ${edition.value} ${url}`)
  const { data } = reply
  useEffect(() => {
    if (!data) return
    standsOn(data.snapshot)
    here(['Map', ...data.within.map(({ name }) => name)], 'Map')
    settled()
  }, [data])
  useLayoutEffect(() => {
    if (!data) return
    return setOfView([
      { id: 'table', title: 'Picture or table', key: 't', run: toggleTable },
      { id: 'export', title: 'Export', key: 'e', run: () => void (exportOpen.value = true) },
      { id: 'fit', title: 'Fit the matrix to the screen, and back', key: 'f', run: toggleFit },
      { id: 'regroup', title: 'Regroup: the next grouping', key: 'o', run: nextGroup },
      ...mapGroups.map(([group, title]) => ({
        id: `group-${group}`,
        title: `Rows by ${title.toLowerCase()}`,
        run: () => groupBy(group),
      })),
      ...(canFlow(data) ? [{ id: 'flow', title: 'Matrix or flow', run: toggleFlow }] : []),
      { id: 'map-up', title: 'Clear the selection, or back up', key: 'Escape', run: up },
    ])
  }, [data])
  return (
    <>
      <main class="main map" id="main" data-scroller>
        <Region reply={reply} skeleton={<Bars rows={10} height={28} />}>
          {(answer) => (answer.systems === 0 ? <Nothing /> : <Whole answer={answer} />)}
        </Region>
        {data !== null && data.systems > 0 && <DrawerButton>What stands behind a cell</DrawerButton>}
      </main>
      {data !== null && data.systems > 0 && <CellPanel answer={data} />}
      {data !== null && exportOpen.value && <MatrixExport answer={data} flow={showsFlow(data)} />}
      {data === null && <Panel label="What stands behind a cell">{null}</Panel>}
    </>
  )
}

function up(): void {
  if (drawerOpen.peek()) {
    drawerOpen.value = false
    return
  }
  const { cell, within, group } = place.peek()
  if (cell !== '') pushHere({ cell: '' })
  else if (within.length > 0) push({ ...at('map'), group, within: within.slice(0, -1) })
}

/** Cells as small as a target may be, so that more of the matrix is in view. */
const fitted = signal(false)
const toggleFit = (): void => void (fitted.value = !fitted.peek())

const groupBy = (group: (typeof mapGroups)[number][0]): void => push({ ...at('map'), group, shows: place.peek().shows })
function nextGroup(): void {
  const now = mapGroups.findIndex(([group]) => group === place.peek().group)
  groupBy(mapGroups[(now + 1) % mapGroups.length]![0])
}

const canFlow = ({ rows }: MapReply): boolean => rows.length > 1 && rows.length <= MOST_IN_FLOW
const showsFlow = (answer: MapReply): boolean =>
  canFlow(answer) && place.value.tab === 'flow' && place.value.shows === 'picture'
const toggleFlow = (): void => pushHere({ tab: place.peek().tab === 'flow' ? '' : 'flow', shows: 'picture' })

const toggleTable = (): void => pushHere({ shows: place.peek().shows === 'table' ? 'picture' : 'table' })

function Whole({ answer }: { answer: MapReply }) {
  const narrow = useNarrow()
  const onTable = place.value.shows === 'table'
  const flow = showsFlow(answer)
  return (
    <>
      <header class="map-head">
        {answer.within.length > 0 && (
          <nav class="map-trail" aria-label="Trail">
            <Link to={at('map')}>All systems</Link>
            {answer.within.slice(0, -1).map(({ id, name }, i) => (
              <Link
                key={id}
                to={{ ...at('map'), group: place.value.group, within: place.value.within.slice(0, i + 1) }}
              >
                <Name value={name} tip />
              </Link>
            ))}
          </nav>
        )}
        <h1>
          <Name value={answer.within.at(-1)?.name ?? 'Map'} />
        </h1>
        <p class="mut grow" role="status">
          {sentence(answer)}
        </p>
        <div class="acts">
          <div class="switch" role="group" aria-label="Rows by">
            {mapGroups.map(([group, title]) => (
              <button
                type="button"
                key={group}
                id={`by-${group}`}
                aria-pressed={place.value.group === group}
                onClick={() => groupBy(group)}
              >
                {title}
              </button>
            ))}
          </div>
          <div class="switch" role="group" aria-label="Shown as">
            <button
              type="button"
              id="as-matrix"
              aria-pressed={!onTable && !flow}
              onClick={() => pushHere({ shows: 'picture', tab: '' })}
            >
              Matrix
            </button>
            {canFlow(answer) && (
              <button
                type="button"
                id="as-flow"
                aria-pressed={flow}
                onClick={() => pushHere({ shows: 'picture', tab: 'flow' })}
              >
                Flow
              </button>
            )}
            <button type="button" id="as-table" aria-pressed={onTable} onClick={toggleTable}>
              Table <kbd>T</kbd>
            </button>
          </div>
          <button type="button" id="export" onClick={() => void (exportOpen.value = true)}>
            Export
          </button>
        </div>
      </header>
      {answer.folded !== null && (
        <p class="map-folded">
          <Name value={answer.folded} />
        </p>
      )}
      {onTable || narrow ? (
        <PairsTable answer={answer} />
      ) : flow ? (
        <SystemsFlowView answer={answer} />
      ) : (
        <MatrixGrid answer={answer} fitted={fitted.value} />
      )}
    </>
  )
}

/** "12 systems; 9 pairs share credentials, 4 need one another". */
function sentence({ systems, cells }: MapReply): string {
  const sharing = cells.filter(([row, column, shared]) => row <= column && shared > 0).length
  const needing = cells.filter(([, , , needs]) => needs > 0).length
  return [
    plural(systems, 'system'),
    `${sharing === 0 ? 'no' : exact(sharing)} ${sharing === 1 ? 'pair shares' : 'pairs share'} credentials`,
    `${needing === 0 ? 'no' : exact(needing)} ${needing === 1 ? 'depends' : 'depend'} on another`,
  ].join(' · ')
}

function Nothing() {
  return (
    <section class="first-run">
      <h1>No system is known yet</h1>
      <p>
        Here will stand your business systems by each other: which share credentials, and which need which. A service
        catalog or a CMDB export names them. Until then the map can be walked from any thing: open its page and choose
        “Open in the map”.
      </p>
      <p class="acts">
        <Link to={at('import')} class="button primary">
          Import exports
        </Link>
        <Link to={at('estate')} class="button">
          All credentials
        </Link>
      </p>
    </section>
  )
}
