import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { BlastReply } from '../../../../graph/wire.ts'
import { standsOn } from '../../api/live.ts'
import type { Failure } from '../../api/ask.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here, lastBlast } from '../../app/crumbs.ts'
import { place, settled } from '../../app/place.ts'
import { remember } from '../../app/recent.ts'
import { foldRows, systemRows } from '../../model/fold.ts'
import { Bars, Failed, Region } from '../../ui/region.tsx'
import { blastCommands } from './blast-commands.ts'
import { BlastHeader } from './blast-header.tsx'
import { BlastPanel } from './blast-panel.tsx'
import { blastUrl, openedFolds, shows } from './blast-queries.ts'
import { EmptyFront } from './empty-front.tsx'
import { FrontGrid } from './front-grid.tsx'
import { Legend } from './legend.tsx'
import { NarrowFront } from './narrow-front.tsx'
import { Notes } from './notes.tsx'
import { NumbersTable } from './numbers-table.tsx'
import { PathStrip } from './path-strip.tsx'

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
    return setOfView(blastCommands(reply.data))
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
  return (
    <>
      <main class="main blast" id="main">
        <div class="blast-scroll" data-scroller>
          <BlastHeader reply={reply} recomputing={recomputing} />
          {failure && <Failed failure={{ ...failure, hint: 'What is shown is the answer before.' }} retry={retry} />}
          {misread.length > 0 && (
            <p class="mut misread">Not understood in this link, and left out: {misread.join(', ')}.</p>
          )}
          <Notes reply={reply} loud />
          <div class={recomputing ? 'recomputing' : ''}>
            <Picture reply={reply} />
          </div>
          <Notes reply={reply} />
        </div>
        <PathStrip reply={reply} />
      </main>
      <BlastPanel reply={reply} />
    </>
  )
}

function Picture({ reply }: { reply: BlastReply }) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const systems = useMemo(() => systemRows(reply), [reply])
  const rows = useMemo(
    () => foldRows(systems, openedFolds.value.split(',').filter(Boolean)),
    [systems, openedFolds.value],
  )
  if (reply.counts.dependents === 0) return <EmptyFront reply={reply} />
  const narrow = width > 0 && width < 640
  return (
    <div ref={frame} class="picture">
      {shows.value === 'table' ? (
        <NumbersTable reply={reply} rows={rows} />
      ) : narrow ? (
        <NarrowFront reply={reply} rows={rows} />
      ) : (
        width > 0 && <FrontGrid reply={reply} rows={rows} width={width} />
      )}
      <Legend reply={reply} rows={rows} />
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
