import { useMemo } from 'preact/hooks'
import { TogetherReply } from '../../../../graph/wire-contain.ts'
import type { ReachReply } from '../../../../graph/wire.ts'
import { useReply } from '../../api/use-reply.ts'
import { exact, plural } from '../../model/verdict.ts'
import { useSettled } from '../../ui/use-settled.ts'
import type { Routes } from '../../viz/reach-graph.ts'
import { tickedIds, tickedOptions, type Option } from './reach-queries.ts'

/** After the last tick, before the server is asked. */
const SETTLE_MS = 250

/** What the ticked actions do together, and whose figures these are. */
export interface Together {
  readonly ticked: readonly Option[]
  /** `page`: counted here at once, prices are the least they can be; `server`: exact. */
  readonly by: 'nobody' | 'page' | 'server'
  readonly price: { readonly breaks: number; readonly unknown: number }
  readonly cut: number
  readonly routes: number
  /** One line on what the server said differently from what was shown. */
  readonly note: string | null
  readonly served: TogetherReply | null
}

/** Counted on this page first; 250 ms after the last tick the server's exact answer takes its place. */
export function useTogether(reply: ReachReply, routes: Routes): Together {
  const list = tickedIds.value
  const ticked = useMemo(() => tickedOptions(reply), [reply, list])
  const wanted = ticked.length === 0 ? '' : togetherUrl(reply.subject.id, ticked)
  const url = useSettled(wanted, SETTLE_MS)
  const said = useReply(TogetherReply, url === '' ? null : url, url)
  const isCurrent = url === wanted && said.data?.snapshot.id === reply.snapshot.id
  const served = isCurrent ? said.data : null
  const failure = url === wanted ? said.failure : null
  return useMemo(() => {
    const together = settle(reply, routes, ticked, served)
    if (together.by !== 'page' || failure === null) return together
    return {
      ...together,
      note: `The exact price could not be had: ${failure.message} What is shown is the least it can be.`,
    }
  }, [reply, routes, ticked, served, failure])
}

const togetherUrl = (id: string, ticked: readonly Option[]): string =>
  `/api/reach/${id}/together?actions=${encodeURIComponent(ticked.map((option) => option.id).join(','))}`

export function settle(
  reply: ReachReply,
  routes: Pick<Routes, 'total' | 'whole'>,
  ticked: readonly Option[],
  served: TogetherReply | null,
): Together {
  const counted = { cut: routes.total - routes.whole, routes: routes.total }
  if (ticked.length === 0)
    return { ticked, by: 'nobody', price: { breaks: 0, unknown: 0 }, ...counted, note: null, served: null }
  if (served === null) return { ticked, by: 'page', price: leastOf(ticked), ...counted, note: null, served: null }
  return {
    ...{ ticked, by: 'server', price: served.price, cut: served.cut, routes: served.routes, served },
    note: noteOf(reply, counted, served),
  }
}

/** No set breaks less than its worst action, nor leaves less in doubt than what that action breaks or may break. */
function leastOf(ticked: readonly Option[]): { breaks: number; unknown: number } {
  const breaks = Math.max(...ticked.map(({ price }) => price.breaks))
  const either = Math.max(...ticked.map(({ price }) => price.breaks + price.unknown))
  return { breaks, unknown: Math.max(0, either - breaks) }
}

function noteOf(
  reply: ReachReply,
  counted: { readonly cut: number; readonly routes: number },
  served: TogetherReply,
): string | null {
  const parts: string[] = []
  if (reply.web.complete && (counted.cut !== served.cut || counted.routes !== served.routes))
    parts.push(
      `This page counted ${exact(counted.cut)} of ${exact(counted.routes)} paths cut, the server ${exact(served.cut)} of ${exact(served.routes)}: the server’s count is shown.`,
    )
  if (served.unknownActions.length > 0)
    parts.push(`${plural(served.unknownActions.length, 'ticked action')} the server does not offer any more.`)
  return parts.length === 0 ? null : parts.join(' ')
}
