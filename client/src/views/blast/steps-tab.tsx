import type { BlastReply } from '../../../../graph/wire.ts'
import { copyLink } from '../../app/share.ts'
import { plural } from '../../model/verdict.ts'
import { stepRows, type StepRow } from '../../model/whatif-steps.ts'
import { KeyCap } from '../../ui/key-cap.tsx'
import { Name } from '../../ui/name.tsx'
import { copySummary } from './blast-commands.ts'
import { diffOn } from './blast-queries.ts'
import { exportOpen } from './export-menu.tsx'
import { neededIds } from './needed.ts'
import { tickOnly, toggleDiff, toggleStep } from './tick.ts'
import type { Scenario } from './use-whatif.ts'

/** What would make it safe: each step with what it would add now; a tick simulates it. */
export function StepList({ scenario }: { scenario: Scenario }) {
  const { base, moves, ticked } = scenario
  if (base.steps.length === 0) {
    return (
      <>
        <h2>What would make it safe</h2>
        <p class="mut">
          {base.counts.breaks + base.counts.steps === 0
            ? 'No step is needed for what is seen.'
            : 'No standard step is known for this.'}
        </p>
        <Acts scenario={scenario} />
      </>
    )
  }
  return (
    <>
      <h2 id="steps-title">What would make it safe</h2>
      <p class="mut">Most effect first. Tick to simulate; nothing is changed.</p>
      <ol class="step-list" aria-labelledby="steps-title">
        {stepRows(base, moves, ticked).map((row) => (
          <StepItem key={row.step.id} row={row} base={base} />
        ))}
      </ol>
      {moves && !moves.exact && (
        <p class="mut small">Not every set of steps was simulated; the others are shown no better than one that was.</p>
      )}
      <Acts scenario={scenario} />
    </>
  )
}

function StepItem({ row, base }: { row: StepRow; base: BlastReply }) {
  const { step } = row
  const id = `step-${step.id}`
  return (
    <li class={row.ticked ? 'ticked' : ''}>
      <label for={id}>
        <input
          type="checkbox"
          id={id}
          checked={row.ticked}
          aria-describedby={`${id}-more`}
          onChange={() => toggleStep(base, step.id)}
        />
        <strong class="grow">
          <Name value={step.title} />
          {row.key !== null && <KeyCap keys={row.key} />}
        </strong>
        <span class={row.conditional || row.effect.startsWith('±0') ? 'effect mut' : 'effect'} data-effect={step.id}>
          {row.effect}
        </span>
      </label>
      <p class="mut sub step-more" id={`${id}-more`}>
        <Name value={step.detail} />
        {row.buysTimeTo !== null && <> · to {row.buysTimeTo.toLowerCase()}</>}
        {' · '}
        {step.who === undefined ? 'nobody named' : <Name value={step.who} />}
        {!step.confirmed && (
          <span class="assumed-mark" title="Assumed: nobody has confirmed that it works for what it touches">
            {' · '}
            <Pencil /> assumed
          </span>
        )}
        {row.needs.length > 0 && (
          <span class="needs">
            Needs first: <Name value={row.needs.join('; ')} />
          </span>
        )}
        {step.needed === false && row.effect.startsWith('±0') && (
          <span class="needs">Has to be built or found out first.</span>
        )}
      </p>
    </li>
  )
}

export function Pencil() {
  return (
    <svg class="pencil" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d="M2 10l.6-2.4L8.3 2l1.8 1.8-5.7 5.6z" />
    </svg>
  )
}

function Acts({ scenario }: { scenario: Scenario }) {
  const { base, shown, ticked } = scenario
  const needed = neededIds(scenario)
  const allTicked = needed.length > 0 && needed.every((id) => ticked.includes(id))
  return (
    <p class="acts">
      {needed.length > 0 && !allTicked && (
        <button
          type="button"
          class="primary"
          title="The smallest set the server found"
          onClick={() => tickOnly(needed, `tick all ${needed.length} needed`)}
        >
          {needed.length === 1 ? 'Tick the one needed' : `Tick all ${needed.length} needed`}
        </button>
      )}
      {ticked.length > 0 && (
        <>
          <button type="button" aria-pressed={diffOn.value} onClick={toggleDiff}>
            Before / after <KeyCap keys="d" />
          </button>
          <button type="button" onClick={() => tickOnly([], `untick ${plural(ticked.length, 'step')}`)}>
            Untick all
          </button>
        </>
      )}
      <button type="button" onClick={() => copySummary(base, shown, ticked)}>
        Copy summary
      </button>
      <button type="button" onClick={() => void copyLink()}>
        Copy link
      </button>
      <button type="button" aria-haspopup="dialog" onClick={() => void (exportOpen.value = true)}>
        Export <KeyCap keys="e" />
      </button>
    </p>
  )
}
