import { useState } from 'preact/hooks'
import { LinksReply } from '../../../../graph/wire-links.ts'
import { ask, forget } from '../../api/ask.ts'
import { edition, refresh } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { at } from '../../app/place.ts'
import { mayI } from '../../app/rights.ts'
import { say } from '../../app/say.ts'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { Bars, Region } from '../../ui/region.tsx'

type Suggested = LinksReply['open'][number]
type Decided = LinksReply['decided'][number]

/** Likely links with their reasons, to confirm or reject; what was decided, to take back. */
export function LinksTab() {
  const reply = useReply(LinksReply, '/api/connections', `links ${edition.value}`)
  const [acting, act] = useState('')
  const send = async (id: string, body: object | null, words: string): Promise<void> => {
    act(id)
    const method = body === null ? 'DELETE' : 'PUT'
    const outcome = await ask(LinksReply, `/api/connections/${id}`, body === null ? { method } : { method, body })
    act('')
    if (!outcome.ok) return say(outcome.failure.message)
    forget()
    say(words)
    refresh()
  }
  return (
    <Region reply={reply} skeleton={<Bars rows={4} height={64} />}>
      {({ open, more, decided }) => (
        <>
          <h2>Likely, not certain</h2>
          <p class="mut">
            Things that sources name differently. Each counts as possible in every answer until somebody decides.
          </p>
          {!mayI('map.annotate') && <p class="mut">To confirm or reject takes the permission map.annotate.</p>}
          {open.length === 0 && <p>No link waits for a word.</p>}
          <ul class="found">
            {open.map((one) => (
              <li key={one.id}>
                <Sentence link={one} />
                <span class="mut sub">
                  <Name value={one.reason} />
                </span>
                <span class="acts" hidden={!mayI('map.annotate')}>
                  <button
                    type="button"
                    disabled={acting !== ''}
                    onClick={() => void send(one.id, { decision: 'confirmed' }, `Confirmed: ${one.sentence}`)}
                  >
                    Confirm
                  </button>
                  <button
                    type="button"
                    class="quiet"
                    disabled={acting !== ''}
                    onClick={() => void send(one.id, { decision: 'rejected' }, `Rejected: ${one.sentence}`)}
                  >
                    Reject
                  </button>
                </span>
              </li>
            ))}
          </ul>
          {more > 0 && <p class="mut">and {more} more</p>}
          {decided.length > 0 && <h2>Decided</h2>}
          <ul class="found">
            {decided.map((one) => (
              <li key={one.id}>
                <Sentence link={one} />
                <span class="mut sub">
                  {one.decision} by <Name value={one.who} />, <Moment at={one.at} />
                  {!one.inForce && ' · not in force: an end is not here, or a source says otherwise'}
                </span>
                <span class="acts" hidden={!mayI('map.annotate')}>
                  <button
                    type="button"
                    class="quiet"
                    disabled={acting !== ''}
                    onClick={() => void send(one.id, null, `Taken back: ${one.sentence}`)}
                  >
                    Take back
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Region>
  )
}

function Sentence({ link: { sentence, from, to } }: { link: Suggested | Decided }) {
  const middle = sentence.slice(from.name.length, sentence.length - to.name.length)
  return (
    <span>
      <End end={from} />
      {middle}
      <End end={to} />
    </span>
  )
}

function End({ end: { name, thing } }: { end: Suggested['from'] }) {
  if (thing === null) return <strong>{<Name value={name} />}</strong>
  return (
    <Link to={at('node', thing.id)}>
      <Name value={name} tip />
    </Link>
  )
}
