import { useEffect, useState } from 'preact/hooks'
import type { ReachReply } from '../../../../graph/wire.ts'
import { place, pushHere } from '../../app/place.ts'
import { asOf } from '../../model/moments.ts'
import { plural } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'

/** What is assumed of the intruder: since when, and from where. In the URL; changing it asks again. */
export function AssumptionBar({ reply }: { reply: ReachReply }) {
  const { since, networks } = place.value
  const [open, setOpen] = useState(false)
  const said = [
    since === '' ? 'held since any time' : `held since ${asOf(since, Date.now())}`,
    networks === '' ? 'any address' : `from ${networks}`,
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

/** `2026-11-13T21:40` of the field is UTC. */
const toField = (iso: string): string => {
  const at = Date.parse(iso)
  return Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 16)
}

function Form({ reply }: { reply: ReachReply }) {
  const { since, networks } = place.value
  const [from, setFrom] = useState(networks)
  useEffect(() => setFrom(networks), [networks])
  const chosen = networks.split(',').filter(Boolean)
  const toggle = (one: string): void => {
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]
    pushHere({ networks: next.join(',') })
  }
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
      {reply.seenFrom.length > 0 && (
        <fieldset>
          <legend>Seen from {plural(reply.seenFrom.length, 'network')}</legend>
          {reply.seenFrom.slice(0, 8).map((network) => (
            <label class="check" key={network}>
              <input type="checkbox" checked={chosen.includes(network)} onChange={() => toggle(network)} />{' '}
              <Name value={network} />
            </label>
          ))}
        </fieldset>
      )}
      {(since !== '' || networks !== '') && (
        <button type="button" class="quiet" onClick={() => pushHere({ since: '', networks: '' })}>
          Assume nothing
        </button>
      )}
    </div>
  )
}
