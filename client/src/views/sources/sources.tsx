import { useEffect } from 'preact/hooks'
import { SourcesReply } from '../../../../graph/wire.ts'
import { edition, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { here } from '../../app/crumbs.ts'
import { at, settled } from '../../app/place.ts'
import { asOf } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { exportSources } from './export-sources.ts'
import { SourceTable } from './source-table.tsx'

/** Sources: what every answer stands on, how far it reaches, and what keeps answers from being better. */
export function SourcesView() {
  const reply = useReply(SourcesReply, '/api/sources', `sources ${edition.value}`)
  useEffect(() => here(['Sources'], 'Sources'), [])
  useEffect(() => {
    if (!reply.data) return
    standsOn(reply.data.snapshot)
    settled()
  }, [reply.data])
  return (
    <main class="main sources" id="main" data-scroller>
      <Region reply={reply} skeleton={<Bars rows={8} height={52} />}>
        {(data) => (data.sources.length === 0 ? <Nothing /> : <Whole reply={data} />)}
      </Region>
    </main>
  )
}

function Whole({ reply }: { reply: SourcesReply }) {
  const { snapshot, sources, blindSpots = [], reach = [] } = reply
  const stale = sources.filter((source) => source.stale).length
  return (
    <>
      <header class="sources-head">
        <div class="grow">
          <h1>What answers stand on</h1>
          <p class="mut">
            {plural(sources.length, 'source')}, {stale === 0 ? 'all fresh' : `${exact(stale)} stale`} ·{' '}
            {plural(snapshot.entities, 'thing')}, {plural(snapshot.relationships, 'relation')}
            {snapshot.at !== null && <> · graph as of {asOf(snapshot.at, Date.now())}</>}. A verdict never says safe
            past what is seen.
          </p>
        </div>
        <Link to={at('import')} class="button primary" id="sources-import">
          Import more
        </Link>
        <button type="button" onClick={() => exportSources(reply)}>
          Export CSV
        </button>
      </header>
      <BlindSpots spots={blindSpots} />
      <Reach reach={reach} />
      <SourceTable sources={sources} />
    </>
  )
}

/** What to import next: most credentials first. */
function BlindSpots({ spots }: { spots: NonNullable<SourcesReply['blindSpots']> }) {
  const [first, ...others] = spots
  if (!first)
    return (
      <p class="sources-spot">
        <strong>No blind spot caps an answer.</strong> Every source that the known credentials need is here and fresh.
      </p>
    )
  return (
    <section class="sources-spot" aria-labelledby="blind-spot">
      <h2 id="blind-spot">Biggest blind spot</h2>
      <p>
        <strong>
          <Name value={first.source} />
        </strong>
        : <Name value={first.why} />. {plural(first.count, 'credential waits', 'credentials wait')} for it; until then
        the best that can be said of them is “cannot say yet”.
      </p>
      <p class="mut">
        To settle it: <Name value={first.collect} />
      </p>
      {others.length > 0 && (
        <details>
          <summary>{plural(others.length, 'more blind spot')}</summary>
          <ul class="sources-spots">
            {others.map((spot) => (
              <li key={spot.source}>
                <span class="number">{exact(spot.count)}</span>
                <span>
                  <strong>
                    <Name value={spot.source} />
                  </strong>
                  : <Name value={spot.why} />
                  <span class="mut sub">
                    To settle it: <Name value={spot.collect} />
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function Reach({ reach }: { reach: NonNullable<SourcesReply['reach']> }) {
  if (reach.length === 0) return null
  return (
    <dl class="sources-reach">
      {reach.map(({ what, seen, of, missing }) => (
        <div key={what}>
          <dt>
            {exact(seen)} of {exact(of)}
          </dt>
          <dd>
            {what}
            {missing.length > 0 && (
              <details>
                <summary class="mut">which are not read</summary>
                <ul>
                  {missing.map((name) => (
                    <li key={name}>
                      <Name value={name} />
                    </li>
                  ))}
                  {of - seen > missing.length && <li class="mut">and {exact(of - seen - missing.length)} more</li>}
                </ul>
              </details>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Nothing() {
  return (
    <section class="first-run">
      <h1>No source was imported yet</h1>
      <p>
        Here will stand every export that was read, with its age, how far it reaches and what it cannot show: answers
        are never better than these.
      </p>
      <p class="acts">
        <Link to={at('import')} class="button primary">
          Import exports
        </Link>
      </p>
    </section>
  )
}
