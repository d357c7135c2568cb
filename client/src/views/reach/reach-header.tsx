import type { ReachReply } from '../../../../graph/wire.ts'
import { at, place, pushHere } from '../../app/place.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { DrawerButton } from '../../ui/panel.tsx'
import { AssumptionBar } from './assumption-bar.tsx'
import { exportOpen } from './reach-export.tsx'

const modes = [
  ['can', 'Can reach'],
  ['used', 'Was used'],
  ['both', 'Both'],
] as const

export function ReachHeader({ reply, recomputing }: { reply: ReachReply; recomputing: boolean }) {
  return (
    <header class="blast-header reach-header">
      <section class="subject" aria-label="Thing and assumptions">
        <h1>
          From{' '}
          <Link to={at('node', reply.subject.id)} id="subject">
            <Name value={reply.subject.name} tip />
          </Link>
        </h1>
        <p class="mut facts-line">
          <Name value={[reply.subject.title, reply.subject.where ?? ''].filter(Boolean).join(' · ')} tip />
        </p>
        <div class="switch" role="group" aria-label="What is drawn">
          {modes.map(([mode, title]) => (
            <button
              type="button"
              key={mode}
              id={`mode-${mode}`}
              aria-pressed={place.value.mode === mode}
              onClick={() => pushHere({ mode })}
            >
              {title}
            </button>
          ))}
        </div>
        <AssumptionBar reply={reply} />
      </section>
      <section class="answer" aria-label="Answer">
        <div role="status">
          <h2 class="headline">
            <span data-headline>
              <Name value={reply.headline.title} />
            </span>
            {recomputing && <span class="mut busy">recomputing</span>}
          </h2>
          <p class="sentence">
            <Name value={reply.headline.sentence} />
          </p>
        </div>
        <Counts reply={reply} />
        <LowerBound reasons={reply.lowerBound} />
      </section>
    </header>
  )
}

function Counts({ reply: { counts } }: { reply: ReachReply }) {
  const rest = [
    [counts.identities, 'identity', 'identities'],
    [counts.secrets, 'secret', 'secrets'],
    [counts.workloads, 'workload', 'workloads'],
    [counts.resources, 'resource', 'resources'],
  ] as const
  return (
    <div class="chips counts">
      <span class="chip">{plural(counts.jewels, 'crown jewel')}</span>
      <span class="chip">{plural(counts.credentials, 'credential')}</span>
      {rest
        .filter(([count]) => count > 0)
        .map(([count, one, many]) => (
          <span class="chip" key={one}>
            {plural(count, one, many)}
          </span>
        ))}
      <DrawerButton>Contain now</DrawerButton>
      <button type="button" id="export" onClick={() => void (exportOpen.value = true)}>
        Export
      </button>
    </div>
  )
}

/** Reach is never all there is: why, in one line; the rest behind it. */
function LowerBound({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length < 2)
    return (
      <p class="coverage">
        <strong>Lower bound.</strong> <Name value={reasons[0] ?? ''} />
      </p>
    )
  return (
    <details class="coverage lower-bound">
      <summary>
        <strong>Lower bound.</strong> There may be more, for {exact(reasons.length)} reasons
      </summary>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>
            <Name value={reason} />
          </li>
        ))}
      </ul>
    </details>
  )
}
