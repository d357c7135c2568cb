import { useEffect } from 'preact/hooks'
import { NodeReply } from '../../../../graph/wire.ts'
import { standsOn } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { here } from '../../app/crumbs.ts'
import { at, place, settled } from '../../app/place.ts'
import { remember } from '../../app/recent.ts'
import { copy } from '../../app/say.ts'
import { exact } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { placeOf } from '../../ui/hit-row.tsx'
import { strengthWords } from '../blast/strength.ts'

/** One thing of any kind: its facts, and its neighbours grouped by relation as counted lists. */
export function NodeView() {
  const id = place.value.id
  const reply = useReply(NodeReply, `/api/nodes/${id}`, id)
  useEffect(() => {
    if (!reply.data) return
    const { thing, snapshot } = reply.data
    standsOn(snapshot)
    remember(id)
    here([thing.title, thing.name], thing.name)
    settled()
  }, [reply.data])
  return (
    <main class="main" id="main" data-scroller>
      <Region reply={reply} skeleton={<Bars rows={10} height={32} />}>
        {(answer) => <Thing answer={answer} />}
      </Region>
    </main>
  )
}

function Thing({ answer }: { answer: NodeReply }) {
  const { thing, relations, credentials } = answer
  return (
    <div class="node">
      <header>
        <h1>
          <Name value={thing.name} />
        </h1>
        <p class="mut">
          {thing.title}
          {thing.where !== undefined && (
            <>
              {' · '}
              <Name value={thing.where} />
            </>
          )}
        </p>
        <p class="acts">
          {thing.role === 'credential' && (
            <Link to={at('blast', thing.id)} class="button primary">
              What breaks if it goes
            </Link>
          )}
          <Link to={at('reach', thing.id)} class="button">
            Open reach
          </Link>
          <Link to={at('map', thing.id)} class="button">
            Open in the map
          </Link>
        </p>
      </header>
      <div class="node-columns">
        <Facts answer={answer} />
        <div>
          {credentials.length > 0 && (
            <section>
              <h2>
                Credentials a change would act on <span class="count">{exact(credentials.length)}</span>
              </h2>
              <ThingList things={credentials.map((credential) => ({ ...credential, note: undefined }))} />
            </section>
          )}
          {relations.length === 0 && (
            <section>
              <h2>Nothing is known to touch it</h2>
              <p class="mut">No source that was imported names a relation of this thing.</p>
            </section>
          )}
          {relations.map((relation) => (
            <details key={relation.kind + relation.direction} open={relation.count <= 12}>
              <summary>
                <h2>
                  {relation.words} <span class="count">{exact(relation.count)}</span>
                </h2>
              </summary>
              <ThingList
                things={relation.things.map((other) => ({
                  ...other,
                  note: `${strengthWords[other.strength].word}${other.fact === undefined ? '' : `: ${other.fact}`}`,
                }))}
              />
              {relation.count > relation.things.length && (
                <p class="mut">
                  The first {exact(relation.things.length)} of {exact(relation.count)} are listed.
                </p>
              )}
            </details>
          ))}
        </div>
      </div>
    </div>
  )
}

function Facts({ answer }: { answer: NodeReply }) {
  return (
    <section class="facts" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl>
        {answer.facts.map((fact) => (
          <div key={fact.label + fact.value}>
            <dt>{fact.label}</dt>
            <dd>{fact.at === undefined ? <Name value={fact.value} /> : <Moment at={fact.at} />}</dd>
          </div>
        ))}
        <div>
          <dt>Key</dt>
          <dd class="code">
            <Name value={answer.key} />{' '}
            <button type="button" class="quiet" onClick={() => void copy(answer.key, 'Key')}>
              Copy
            </button>
          </dd>
        </div>
        {answer.aliases.length > 0 && (
          <div>
            <dt>Also known as</dt>
            <dd class="code">
              {answer.aliases.slice(0, 12).map((alias) => (
                <span key={alias} class="sub">
                  <Name value={alias} />
                </span>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <h2>Known from</h2>
      <dl>
        {answer.evidence.slice(0, 12).map((item, i) => (
          <div key={i}>
            <dt>{strengthWords[item.kind].word}</dt>
            <dd>
              <Name value={item.source} />
              {item.file !== undefined && (
                <span class="mut sub code">
                  <Name value={item.record === undefined ? item.file : `${item.file} ${item.record}`} />
                </span>
              )}
              {item.lastSeen !== undefined && (
                <span class="mut sub">
                  last seen <Moment at={item.lastSeen} />
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

interface Listed {
  readonly id: string
  readonly role: string
  readonly name: string
  readonly title: string
  readonly where?: string | undefined
  readonly note: string | undefined
}

function ThingList({ things }: { things: readonly Listed[] }) {
  return (
    <ul class="things">
      {things.map((thing) => (
        <li key={thing.id}>
          <span class="grow">
            <Link to={placeOf(thing)}>
              <Name value={thing.name} tip />
            </Link>
            <span class="mut sub">
              {thing.title}
              {thing.where !== undefined && (
                <>
                  {' · '}
                  <Name value={thing.where} tip />
                </>
              )}
            </span>
          </span>
          {thing.note !== undefined && (
            <span class="mut">
              <Name value={thing.note} tip />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
