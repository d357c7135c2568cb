import { useState } from 'preact/hooks'
import type { CutoverConflict, CutoverWave, KeptPlanReply } from '../../../../graph/wire-cutover.ts'
import { at } from '../../app/place.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import type { Board } from './board.ts'
import { findItem } from './board.ts'
import { conflictNames, waveTitle, windowWords } from './cutover-words.ts'
import { After } from './wave-after.tsx'
import { WindowForm } from './window-form.tsx'

/** The chosen wave: what is out if all of it is cut, as one change, and every conflict by name. */
export function WaveDetail({ board, wave }: { board: Board; wave: CutoverWave }) {
  const { plan } = board
  return (
    <section class="wave-detail" aria-labelledby="wave-detail">
      <h2 id="wave-detail">
        {waveTitle(wave)} <span class="mut">{windowWords(wave.start, wave.end)}</span>
      </h2>
      {board.mayWrite && <WindowForm key={`${wave.number} ${wave.start}`} board={board} wave={wave} />}
      <div class="wave-parts">
        <Outage wave={wave} />
        <section aria-labelledby="wave-conflicts">
          <h3 id="wave-conflicts">
            {wave.conflicts.length === 0 ? 'No conflict' : plural(wave.conflicts.length, 'conflict')}
          </h3>
          <Conflicts plan={plan} conflicts={wave.conflicts} />
        </section>
      </div>
      {wave.after && <After after={wave.after} />}
      {plan.conflicts.length > 0 && (
        <section aria-labelledby="plan-conflicts">
          <h3 id="plan-conflicts">{plural(plan.conflicts.length, 'conflict')} of the whole plan</h3>
          <Conflicts plan={plan} conflicts={plan.conflicts} />
        </section>
      )}
    </section>
  )
}

function Outage({ wave: { unprepared, prepared, sum } }: { wave: CutoverWave }) {
  const less =
    sum.breaks > unprepared.breaks ? `Each alone would add up to ${exact(sum.breaks)}: several hit the same.` : ''
  const more =
    sum.breaks < unprepared.breaks
      ? `Each alone would add up to ${exact(sum.breaks)}: some are each other’s fallback.`
      : ''
  return (
    <section aria-labelledby="wave-outage">
      <h3 id="wave-outage">Out, if the whole wave is cut at once</h3>
      <table class="outage">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden-words">State</span>
            </th>
            <th scope="col" class="number">
              Break
            </th>
            <th scope="col" class="number">
              Unknown
            </th>
            <th scope="col">Systems</th>
          </tr>
        </thead>
        <tbody>
          <OutageRow title="Nobody prepared" of={unprepared} />
          <OutageRow title="As prepared" of={prepared} />
        </tbody>
      </table>
      <p class="mut sub">One change, not the sum of its members. {less || more}</p>
    </section>
  )
}

const SYSTEMS = 3

function OutageRow({ title, of }: { title: string; of: CutoverWave['unprepared'] }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td class="number">{exact(of.breaks)}</td>
      <td class="number">{exact(of.unknown)}</td>
      <td title={of.first.length > 0 ? `First: ${of.first.join(', ')}` : undefined}>
        {of.systems.length === 0 ? (
          <span class="mut">none</span>
        ) : (
          <Name
            value={`${of.systems.slice(0, SYSTEMS).join(', ')}${of.systems.length > SYSTEMS ? ` +${of.systems.length - SYSTEMS}` : ''}`}
            tip
          />
        )}
      </td>
    </tr>
  )
}

const SHOWN = 5

export function Conflicts({ plan, conflicts }: { plan: KeptPlanReply; conflicts: readonly CutoverConflict[] }) {
  const [all, showAll] = useState(false)
  const sorted = [...conflicts].sort((a, b) => Number(b.blocks) - Number(a.blocks))
  if (conflicts.length === 0)
    return <p class="mut">Freeze windows, jobs in the window, one owner’s load, order and lead time were looked at.</p>
  return (
    <>
      <ul class="conflicts">
        {(all ? sorted : sorted.slice(0, SHOWN)).map((conflict) => (
          <li key={`${conflict.kind} ${conflict.words}`}>
            <Glyph verdict={conflict.blocks ? 'breaks' : 'steps'} />
            <div>
              <p>
                <strong>{conflictNames[conflict.kind]}</strong>: <Name value={conflict.words} />
              </p>
              <p class="mut sub">
                Next: <Name value={conflict.todo} />
                <About plan={plan} credentials={conflict.credentials} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      {sorted.length > SHOWN && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Fewer' : `All ${exact(sorted.length)} conflicts`}
        </button>
      )}
    </>
  )
}

const ABOUT = 3

function About({ plan, credentials }: { plan: KeptPlanReply; credentials: readonly string[] }) {
  const things = credentials.flatMap((id) => findItem(plan, id)?.item.credential ?? [])
  if (things.length === 0) return null
  return (
    <>
      {' · '}
      {things.slice(0, ABOUT).map((thing, i) => (
        <span key={thing.id}>
          {i > 0 && ', '}
          <Link to={at('cutover', plan.id, thing.id)}>
            <Name value={thing.name} tip />
          </Link>
        </span>
      ))}
      {things.length > ABOUT && ` +${things.length - ABOUT}`}
    </>
  )
}
