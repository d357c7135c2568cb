import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { BlastReply } from '../../../../graph/wire.ts'
import { standsOn } from '../../api/live.ts'
import type { Failure } from '../../api/ask.ts'
import { useReply } from '../../api/use-reply.ts'
import { redoable, undoable } from '../../app/undo.ts'
import { setOfView } from '../../app/commands.ts'
import { here, lastBlast } from '../../app/crumbs.ts'
import { place, settled } from '../../app/place.ts'
import { remember } from '../../app/recent.ts'
import { Bars, Failed, Region } from '../../ui/region.tsx'
import { blastCommands } from './blast-commands.ts'
import { BlastHeader } from './blast-header.tsx'
import { BlastPanel } from './blast-panel.tsx'
import { Announced } from './announced.tsx'
import { blastUrl, shows } from './blast-queries.ts'
import { EmptyFront } from './empty-front.tsx'
import { ExportMenu, exportOpen } from './export-menu.tsx'
import { FrontGrid } from './front-grid.tsx'
import { Legend } from './legend.tsx'
import { NarrowFront } from './narrow-front.tsx'
import { Notes } from './notes.tsx'
import { NumbersTable } from './numbers-table.tsx'
import { PathStrip } from './path-strip.tsx'
import { MadeAgainst } from '../../ui/made-against.tsx'
import { RowsBar } from './rows-bar.tsx'
import { useHold } from './use-hold.ts'
import { useRows } from './use-rows.ts'
import { useWhatIf, type Scenario } from './use-whatif.ts'

/** Blast: the answer, the picture, the proof. */
export function BlastView({ id }: { id: string }) {
  const reply = useReply(BlastReply, blastUrl(id), id)
  useEffect(() => {
    if (!reply.data) return
    standsOn(reply.data.snapshot)
    remember(id)
    lastBlast.value = id
    const { subject, headline } = reply.data
    here([...(subject.where ? [subject.where] : []), subject.name], `${headline.title}: ${subject.name}`)
    settled()
  }, [reply.data])
  if (reply.data)
    return <Answer reply={reply.data} recomputing={reply.asking} failure={reply.failure} retry={reply.retry} />
  return (
    <main class="main" id="main" data-scroller>
      <Region reply={reply} skeleton={<Bars rows={12} height={40} />}>
        {() => null}
      </Region>
    </main>
  )
}

interface AnswerProps {
  readonly reply: BlastReply
  readonly recomputing: boolean
  readonly failure: Failure | null
  readonly retry: () => void
}

function Answer({ reply, recomputing, failure, retry }: AnswerProps) {
  const misread = place.value.misread
  const scenario = useWhatIf(reply)
  const { shown, note, by } = scenario
  const undoTitles = `${undoable.value} ${redoable.value}`
  // With the render: what a key does is what stands beside it, also for the very next key.
  useLayoutEffect(() => setOfView(blastCommands(scenario)), [shown, scenario.moves, scenario.ticked, undoTitles])
  useHold()
  return (
    <>
      <main class="main blast" id="main">
        <div class="blast-scroll" data-scroller>
          <BlastHeader scenario={scenario} recomputing={recomputing || by === 'waiting'} />
          <Announced reply={shown} />
          <MadeAgainst />
          {failure && <Failed failure={{ ...failure, hint: 'What is shown is the answer before.' }} retry={retry} />}
          {misread.length > 0 && (
            <p class="mut misread">Not understood in this link, and left out: {misread.join(', ')}.</p>
          )}
          {note !== null && <p class="mut whatif-note">{note}</p>}
          <Notes reply={reply} loud />
          <div class={recomputing ? 'recomputing' : ''}>
            <Picture scenario={scenario} />
          </div>
          <Notes reply={reply} />
        </div>
        <PathStrip reply={shown} />
      </main>
      <BlastPanel scenario={scenario} />
      {exportOpen.value && <ExportMenu scenario={scenario} />}
    </>
  )
}

function Picture({ scenario }: { scenario: Scenario }) {
  const { base, shown, ticked } = scenario
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const { rows, plain, resort, filter } = useRows(scenario)
  if (base.counts.dependents === 0) return <EmptyFront reply={base} />
  const narrow = width > 0 && width < 640
  return (
    <div ref={frame} class="picture">
      <RowsBar filter={filter} />
      {shows.value === 'table' ? (
        <NumbersTable scenario={scenario} rows={rows} fitting={filter.rows} />
      ) : narrow ? (
        <NarrowFront reply={shown} rows={rows} fitting={filter.rows} />
      ) : (
        width > 0 && (
          <FrontGrid
            reply={shown}
            rows={rows}
            fitting={filter.rows}
            width={width}
            resort={resort}
            glideKey={ticked.join()}
          />
        )
      )}
      <Legend reply={shown} rows={plain} diff={rows !== plain} />
    </div>
  )
}

/** Width of the element, px; 0 before it is laid out. */
function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const node = element.current
    if (!node) return
    setWidth(node.clientWidth)
    const observer = new ResizeObserver(() => setWidth(node.clientWidth))
    observer.observe(node)
    return () => observer.disconnect()
  }, [])
  return width
}
