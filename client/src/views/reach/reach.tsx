import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks'
import { ReachReply } from '../../../../graph/wire.ts'
import type { Failure } from '../../api/ask.ts'
import { standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { setOfView } from '../../app/commands.ts'
import { here, lastBlast } from '../../app/crumbs.ts'
import { at, place, replaceHere, settled } from '../../app/place.ts'
import { remember } from '../../app/recent.ts'
import { redoable, undoable, undoCommands } from '../../app/undo.ts'
import { Link } from '../../ui/link.tsx'
import { MadeAgainst } from '../../ui/made-against.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Failed, Region } from '../../ui/region.tsx'
import { reachGraph, removedBy, routesOn } from '../../viz/reach-graph.ts'
import { CostCurve } from './cost-curve.tsx'
import { openNotes } from './notes.ts'
import { PinnedBanner } from './pinned-banner.tsx'
import { reachCommands } from './reach-commands.ts'
import { exportOpen, ReachExport } from './reach-export.tsx'
import { ReachHeader } from './reach-header.tsx'
import { ReachPanel } from './reach-panel.tsx'
import { ReachPicture } from './reach-picture.tsx'
import { reachUrl, tickedIds } from './reach-queries.ts'
import { useTogether } from './together.ts'

/** Reach: what is within reach of whoever holds this, and how to contain it. */
export function ReachView() {
  const { id } = place.value
  return <OfThing key={id} id={id} url={reachUrl(id, place.value)} />
}

function OfThing({ id, url }: { id: string; url: string }) {
  const reply = useReply(ReachReply, url, id)
  useEffect(() => {
    if (!reply.data) return
    const { subject, snapshot, headline } = reply.data
    standsOn(snapshot)
    remember(id)
    if (subject.role === 'credential') lastBlast.value = id
    here(['Reach', subject.name], `${headline.title}: ${subject.name}`)
    openNotes(id)
    // An incident is pinned to the graph it was opened on.
    if (place.peek().snap === '' && snapshot.id !== 'empty') replaceHere({ snap: snapshot.id })
    settled()
  }, [reply.data])
  if (reply.data)
    return <Answer reply={reply.data} recomputing={reply.asking} failure={reply.failure} retry={reply.retry} />
  return (
    <main class="main" id="main" data-scroller>
      <Region reply={reply} skeleton={<Bars rows={8} height={52} />}>
        {() => null}
      </Region>
    </main>
  )
}

interface AnswerProps {
  readonly reply: ReachReply
  readonly recomputing: boolean
  readonly failure: Failure | null
  readonly retry: () => void
}

function Answer({ reply, recomputing, failure, retry }: AnswerProps) {
  const { misread } = place.value
  const graph = useMemo(() => reachGraph(reply), [reply])
  const removed = useMemo(() => removedBy(reply, tickedIds.value.split(',')), [reply, tickedIds.value])
  const routes = useMemo(() => routesOn(graph, removed), [graph, removed])
  const together = useTogether(reply, routes)
  const shown = { reply, graph, removed, routes, together }
  // With the render: the very next key does what stands beside it.
  useLayoutEffect(
    () => setOfView([...reachCommands({ reply, together }), ...undoCommands()]),
    [reply, together, undoable.value, redoable.value],
  )
  return (
    <>
      <main class="main reach" id="main" data-scroller>
        <PinnedBanner reply={reply} />
        <MadeAgainst />
        <ReachHeader reply={reply} recomputing={recomputing} />
        {failure && <Failed failure={{ ...failure, hint: 'What is shown is the answer before.' }} retry={retry} />}
        {misread.length > 0 && (
          <p class="mut misread">Not understood in this link, and left out: {misread.join(', ')}.</p>
        )}
        <div class={recomputing ? 'recomputing' : ''}>
          {reply.counts.things === 0 ? (
            <Nothing reply={reply} />
          ) : (
            <>
              <ReachPicture reply={reply} graph={graph} removed={removed} routes={routes} />
              <CostCurve reply={reply} together={together} />
            </>
          )}
        </div>
      </main>
      <ReachPanel reply={reply} graph={graph} routes={routes} together={together} />
      {exportOpen.value && <ReachExport shown={shown} />}
    </>
  )
}

function Nothing({ reply }: { reply: ReachReply }) {
  return (
    <section class="empty">
      <h2>Nothing we can see lies beyond it</h2>
      <p>
        Here would stand whom it may act as, which secrets that opens, and which crown jewels. That nothing is drawn
        does not mean that nothing is there.
      </p>
      {reply.coverage.missing.length > 0 && (
        <ul>
          {reply.coverage.missing.slice(0, 3).map((one) => (
            <li key={one.source}>
              <Name value={`${one.source}: ${one.why}`} />
            </li>
          ))}
        </ul>
      )}
      <p class="acts">
        <Link to={at('import')} class="button primary">
          Import exports
        </Link>
        <Link to={at('node', reply.subject.id)} class="button">
          Its page
        </Link>
      </p>
    </section>
  )
}
