import type { ReachReply } from '../../../../graph/wire.ts'
import { exact, overallRows, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import type { ReachGraph, Routes } from '../../viz/reach-graph.ts'
import { outageWords } from './price-words.ts'
import { leftWords } from './reach-words.ts'
import type { Together } from './together.ts'

interface SumProps {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly routes: Routes
  readonly together: Together
}

/** What the ticked actions do together: paths cut, what stays within reach by name, what breaks, whose figures these are. */
export function CutSum({ reply, graph, routes, together }: SumProps) {
  const { ticked, by, note } = together
  return (
    <section class="cut-sum" aria-labelledby="cut-sum">
      <h2 id="cut-sum">{ticked.length === 0 ? 'Nothing is ticked' : `With the ${exact(ticked.length)} ticked`}</h2>
      <p role="status" id="cut-says">
        {ticked.length === 0 ? (
          <Before reply={reply} routes={routes} />
        ) : (
          <Says reply={reply} graph={graph} routes={routes} together={together} />
        )}
      </p>
      {ticked.length > 0 && <PriceLine together={together} />}
      {note !== null && (
        <p class="mut sub" id="cut-note">
          {note}
        </p>
      )}
      {by === 'page' && note === null && (
        <p class="mut sub">Counted here, one action at a time; the server is adding them up.</p>
      )}
    </section>
  )
}

function Before({ reply: { containment, web }, routes }: Pick<SumProps, 'reply' | 'routes'>) {
  if (!web.complete)
    return (
      <>
        {plural(containment.routes, 'path')} lead to {targetWords(containment)}. Tick an action to see what it cuts.
      </>
    )
  return (
    <>
      {plural(routes.total, 'path')} {routes.total === 1 ? 'leads' : 'lead'} to {targetWords(containment)}. Tick an
      action to see what it cuts.
    </>
  )
}

function Says({ reply, graph, routes, together }: SumProps) {
  const { containment, web } = reply
  const { cut, routes: all, served, by } = together
  if (!web.complete && by === 'page') return <>There are more links than this page counts on; the server is counting.</>
  const stays = containment.uncuttable[0]
  return (
    <>
      <strong>
        {exact(cut)} of {plural(all, 'path')} cut.
      </strong>{' '}
      <Name
        value={
          served && !web.complete
            ? leftOfServer(
                served.left.map(({ name }) => name),
                served.leftCount,
              )
            : leftWords(graph, routes, containment.targets)
        }
      />
      {stays !== undefined && (
        <>
          {' '}
          No action takes <Name value={stays.name} tip />
          {containment.uncuttable.length > 1 && ` and ${exact(containment.uncuttable.length - 1)} more`} out of reach.
        </>
      )}
    </>
  )
}

const NAMED = 3
function leftOfServer(names: readonly string[], count: number): string {
  if (count === 0) return 'Nothing that was to be protected is within reach over a link that is known.'
  const more = count > NAMED ? ` and ${exact(count - NAMED)} more` : ''
  return `Still within reach: ${names.slice(0, NAMED).join(', ')}${more}.`
}

/** The price of the whole set: the least it can be until the server has said it, then exact. */
function PriceLine({ together: { price, by, served, ticked } }: { together: Together }) {
  const verdict = served?.verdict ?? (price.breaks > 0 ? 'not-safe' : 'cannot-say')
  const words = outageWords(price, verdict === 'safe')
  const names = price.breaks > 0 ? (served?.breaks ?? []).slice(0, NAMED).map(({ name }) => name) : []
  const more = price.breaks - names.length
  return (
    <p class="cut-price" id="cut-price" data-by={by}>
      <Glyph verdict={overallRows[verdict].glyph} />{' '}
      <strong>{by === 'page' && ticked.length > 1 ? `At least: ${words}` : words}</strong>
      {names.length > 0 && (
        <>
          : <Name value={names.join(', ')} />
          {more > 0 && ` and ${exact(more)} more`}
        </>
      )}
      .
      {served !== null && served.onlyTogether > 0 && (
        <span class="mut">
          {' '}
          {exact(served.onlyTogether)} of them only because the actions are done together: one takes away what saved
          them from another.
        </span>
      )}
    </p>
  )
}

const targetWords = ({ targets, count }: ReachReply['containment']): string =>
  targets === 'jewels'
    ? plural(count, 'crown jewel')
    : plural(count, 'secret, workload or resource', 'secrets, workloads and resources')
