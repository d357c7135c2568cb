import type { ReachReply } from '../../../../graph/wire.ts'
import { exact, plural } from '../../model/verdict.ts'
import { utc } from '../../model/moments.ts'
import { Link } from '../../ui/link.tsx'
import { placeOf } from '../../ui/hit-row.tsx'
import { Name } from '../../ui/name.tsx'

const SHOWN = 60

/** What has to be rotated and in which order, and what lives on after it. */
export function RotateTab({ reply }: { reply: ReachReply }) {
  const { steps, cycles } = reply.rotation
  return (
    <>
      <h2>In this order</h2>
      <p class="mut">
        {steps.length === 0
          ? 'No credential is known to be exposed.'
          : 'A new value given earlier would be read again by who holds the old one.'}
      </p>
      <ol class="rotate-list">
        {steps.slice(0, SHOWN).map((step, at) => (
          <li key={`${step.action}${step.thing.id}`}>
            <span class="mut number">{at + 1}</span>
            <span class="grow">
              <Link to={placeOf(step.thing)}>
                <Name value={step.words} />
              </Link>
              <span class="mut sub">
                {step.thing.title}
                {step.cycle !== null && ` · ring ${step.cycle + 1}`}
              </span>
            </span>
          </li>
        ))}
      </ol>
      {steps.length > SHOWN && <p class="mut">{exact(steps.length - SHOWN)} more are in the export.</p>}
      {cycles.length > 0 && (
        <p class="mut">
          {plural(cycles.length, 'ring')} in which each can read the next one’s new value: stop what the list says
          first.
        </p>
      )}
      {reply.survivors.length > 0 && (
        <>
          <h2>Survives it</h2>
          <ul class="survivors">
            {reply.survivors.slice(0, SHOWN).map((one, at) => (
              <li key={at}>
                <strong>
                  <Name value={one.what} />
                </strong>
                <span class="mut sub">
                  of <Name value={one.credential.name} tip />,{' '}
                  {one.until === null ? 'no known end' : `until ${one.exact ? '' : 'at the latest '}${utc(one.until)}`}
                </span>
                <span class="mut sub">
                  <Name value={one.cut} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
