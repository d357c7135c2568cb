import { useEffect, useState } from 'preact/hooks'
import * as z from 'zod/mini'
import { FindReply, HomeReply, type Hit } from '../../../../graph/wire.ts'
import { ask, type Failure } from '../../api/ask.ts'
import { edition, refresh, standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { here } from '../../app/crumbs.ts'
import { at, place, replaceHere, settled } from '../../app/place.ts'
import { say } from '../../app/say.ts'
import { recentIds } from '../../app/recent.ts'
import { exact, plural } from '../../model/verdict.ts'
import { FindField } from '../../ui/find-field.tsx'
import { HitHead, HitRow, mostOf } from '../../ui/hit-row.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { useSettled } from '../../ui/use-settled.ts'
import { Bars, Failed, Region } from '../../ui/region.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { ChangedList } from './changed-list.tsx'
import { RecentList } from './recent-list.tsx'

/** Home: a find box, then what is worth a look before anything is typed. */
export function FindView() {
  const q = place.value.q
  const [masked, mask] = useState<string | null>(null)
  const query = useSettled(q.trim(), 120)
  const home = useReply(HomeReply, '/api/home', `home ${edition.value}`)
  useEffect(() => here(['Find'], q === '' ? 'Find' : 'Find: results'), [q === ''])
  useEffect(() => {
    if (!home.data) return
    standsOn(home.data.snapshot)
    settled()
  }, [home.data])
  return (
    <main class="main find" id="main" data-scroller>
      <div class="column">
        <h1 tabIndex={-1}>What breaks if this credential goes?</h1>
        <FindField id="find" value={q} search={(text) => replaceHere({ q: text })} masked={masked} mask={mask} />
        {query === '' ? (
          <Region reply={home} skeleton={<Bars rows={10} height={44} />}>
            {(reply) => (reply.snapshot.entities === 0 ? <FirstRun /> : <Home reply={reply} />)}
          </Region>
        ) : (
          <Results query={query} />
        )}
      </div>
    </main>
  )
}

function Results({ query }: { query: string }) {
  const reply = useReply(FindReply, `/api/find?q=${encodeURIComponent(query)}&limit=50`, 'find')
  return (
    <Region reply={reply} skeleton={<Bars rows={6} height={44} />}>
      {(found) => (
        <section class={reply.asking ? 'recomputing' : ''} aria-labelledby="results">
          <h2 id="results" aria-live="polite">
            {found.total === 0 ? `Nothing is called “${found.query}”` : plural(found.total, 'result')}
            {found.total > found.hits.length && <span class="mut"> · the best {found.hits.length} are shown</span>}
          </h2>
          {found.total === 0 ? (
            <p class="mut">
              Names, ids, ARNs and paths of everything that was imported are searched. If it should be here, the export
              that holds it has not been read: <Link to={at('import')}>import it</Link>.
            </p>
          ) : (
            <Hits hits={found.hits} prefix="hit" />
          )}
        </section>
      )}
    </Region>
  )
}

function Hits({ hits, prefix }: { hits: readonly Hit[]; prefix: string }) {
  const most = mostOf(hits)
  return (
    <div class="hits">
      <HitHead />
      <ul>
        {hits.map((hit) => (
          <HitRow key={hit.id} hit={hit} most={most} idPrefix={prefix} />
        ))}
      </ul>
    </div>
  )
}

function Home({ reply }: { reply: HomeReply }) {
  return (
    <>
      <p class="mut known">
        {reply.counts
          .filter((entry) => entry.count > 0)
          .map((entry) => `${exact(entry.count)} ${entry.title.toLowerCase()}`)
          .join(' · ')}
      </p>
      {recentIds().length > 0 && <RecentList ids={recentIds()} />}
      <ChangedList reply={reply} />
      <section aria-labelledby="worst">
        <h2 id="worst">Worst ten</h2>
        <p class="mut">Credentials whose revocation would break most, now.</p>
        {reply.worst.length === 0 ? (
          <p>No credential was found in what was imported.</p>
        ) : (
          <Hits hits={reply.worst.slice(0, 10)} prefix="worst" />
        )}
      </section>
      {reply.unknowns.length > 0 && (
        <section aria-labelledby="caps">
          <h2 id="caps">Unknowns that block a cutover</h2>
          <p class="mut">
            While these are open, the best that can be said is “cannot say yet”.{' '}
            <Link to={at('sources')}>What answers stand on</Link>
          </p>
          <ul class="caps">
            {reply.unknowns.map((unknown) => (
              <li key={unknown.reason}>
                <Glyph verdict="unknown" />
                <span class="grow">
                  <strong>
                    <Name value={unknown.reason} />
                  </strong>
                  <span class="mut sub">
                    Would settle it: <Name value={unknown.settles} />
                  </span>
                </span>
                <span>{plural(unknown.count, 'credential')}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** Nothing imported: what would be here, why it is not, the one next act. */
function FirstRun() {
  const [loading, wait] = useState(false)
  const [failure, fail] = useState<Failure | null>(null)
  const load = async (): Promise<void> => {
    fail(null)
    wait(true)
    const outcome = await ask(z.object({ loaded: z.boolean() }), '/api/sample', { method: 'POST' })
    wait(false)
    if (!outcome.ok) return fail(outcome.failure)
    say('The sample is loaded')
    refresh()
    // The act is gone with the empty page: reading goes on at the heading.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('main h1')?.focus())
  }
  return (
    <section class="first-run">
      <h2>Nothing is imported yet</h2>
      <p>
        Keyfall reads exports you already have, and tells for any credential which systems break, when, and why. Nothing
        is changed anywhere, and secret values are dropped before anything is stored.
      </p>
      <p class="acts">
        <Link to={at('import')} class="button primary" id="first-import">
          Import exports
        </Link>
        <button type="button" id="load-sample" disabled={loading} onClick={() => void load()}>
          {loading ? 'Loading the sample' : 'Load a sample'}
        </button>
      </p>
      {failure && <Failed failure={failure} retry={() => void load()} />}
      <p class="mut" role="status">
        {loading
          ? 'Reading the exports of a company that does not exist; this takes a few seconds.'
          : 'The sample is a company that does not exist, to look around first. It says so at the top, and your first import takes its place.'}
      </p>
    </section>
  )
}
