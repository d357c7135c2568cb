import { useEffect, useState } from 'preact/hooks'
import type { ReachReply } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'
import { asOf } from '../../model/moments.ts'
import { plural } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'

/** What is assumed of the intruder: since when, and from where. In the URL; changing it asks again. */
export function AssumptionBar({ reply }: { reply: ReachReply }) {
  const { since, networks, callers } = place.value
  const [open, setOpen] = useState(false)
  const said = [
    since === '' ? 'held since any time' : `held since ${asOf(since, Date.now())}`,
    networks === '' && callers.length === 0
      ? 'any address'
      : `from ${reply.networks.join(', ') || 'nobody known here'}`,
  ].join(' · ')
  return (
    <details class="assumed" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span class="mut">Assumed:</span> <Name value={said} />
      </summary>
      {open && <Form reply={reply} />}
    </details>
  )
}

const MOST_SEEN = 8

/** `2026-11-13T21:40` of the field is UTC. */
const toField = (iso: string): string => {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 16)
}

function Form({ reply }: { reply: ReachReply }) {
  const { since, networks, callers } = place.value
  const [from, setFrom] = useState(networks)
  useEffect(() => setFrom(networks), [networks])
  const seen = reply.seenBy ?? []
  const toggle = (id: string): void =>
    pushHere({ callers: callers.includes(id) ? callers.filter((other) => other !== id) : [...callers, id].sort() })
  return (
    <div class="assumption-form">
      <label>
        Held since (UTC)
        <input
          type="datetime-local"
          id="since"
          value={toField(since)}
          onChange={(event) => {
            const { value } = event.currentTarget
            pushHere({ since: value === '' ? '' : `${value.slice(0, 16)}:00Z` })
          }}
        />
      </label>
      <label>
        Addresses of the intruder
        <input
          type="text"
          id="networks"
          placeholder="203.0.113.7, 198.51.100.0/24"
          autocomplete="off"
          spellcheck={false}
          maxLength={2_000}
          value={from}
          onInput={(event) => setFrom(event.currentTarget.value)}
          onChange={() =>
            pushHere({
              networks: from
                .split(/[\s,]+/)
                .filter(Boolean)
                .join(','),
            })
          }
        />
      </label>
      {seen.length > 0 && (
        <fieldset>
          <legend>Seen from {plural(seen.length, 'network')}: which of them count as the intruder</legend>
          {seen.slice(0, MOST_SEEN).map(({ id, network }) => (
            <label class="check" key={id}>
              <input type="checkbox" id={`src-${id}`} checked={callers.includes(id)} onChange={() => toggle(id)} />{' '}
              <Name value={network} />
            </label>
          ))}
          {seen.length > MOST_SEEN && <span class="mut">{seen.length - MOST_SEEN} more: write them above.</span>}
        </fieldset>
      )}
      <p class="mut">
        Where the intruder stands in the network, and whether a second factor is held, is not evaluated: every condition
        counts as met.
      </p>
      {(since !== '' || networks !== '' || callers.length > 0) && (
        <button type="button" class="quiet" onClick={() => pushHere({ since: '', networks: '', callers: [] })}>
          Assume nothing
        </button>
      )}
    </div>
  )
}
