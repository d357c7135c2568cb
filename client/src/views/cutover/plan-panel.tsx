import { useState } from 'preact/hooks'
import type { Blocker } from '../../../../graph/wire-cutover.ts'
import type { Duty } from '../../../../graph/wire-plan.ts'
import { at, place, push, pushHere } from '../../app/place.ts'
import { say } from '../../app/say.ts'
import { forget } from '../../api/ask.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { Board } from './board.ts'
import { dutyTitles, statusWords } from './cutover-words.ts'
import { deletePlan } from './plan-calls.ts'

/** Of the whole plan: what is in the way, whose names are missing, and who changed what. */
export function PlanPanel({ board }: { board: Board }) {
  return (
    <Panel label="What is in the way, names, history">
      <Tabs
        label="Side panel"
        chosen={place.value.tab}
        choose={(tab) => pushHere({ tab: tab === 'way' ? '' : tab })}
        tabs={[
          { id: 'way', title: 'In the way', body: () => <InTheWay board={board} /> },
          { id: 'names', title: 'Names', body: () => <PlanNames board={board} /> },
          { id: 'history', title: 'History', body: () => <History board={board} /> },
        ]}
      />
    </Panel>
  )
}

const BLOCKERS = 12

function InTheWay({ board: { plan } }: { board: Board }) {
  const [all, showAll] = useState(false)
  const shown = all ? plan.blockers : plan.blockers.slice(0, BLOCKERS)
  return (
    <>
      <h2>Gates of all credentials</h2>
      <ul class="gates">
        {plan.gates.map((gate) => (
          <li key={gate.id}>
            <Glyph verdict={gate.notMet > 0 ? 'breaks' : gate.unknown > 0 ? 'unknown' : 'keeps'} size={16} />
            <div>
              <strong>{gate.title}</strong>
              <span class="mut sub">
                {exact(gate.met)} met
                {gate.notMet > 0 && `, ${exact(gate.notMet)} not met`}
                {gate.unknown > 0 && `, ${exact(gate.unknown)} not known`}
              </span>
            </div>
          </li>
        ))}
      </ul>
      <h2>
        {plan.blockersCount === 0 ? 'Nothing is in the way' : `In the way, worst first: ${exact(plan.blockersCount)}`}
      </h2>
      <ul class="found">
        {shown.map((blocker, i) => (
          <li key={i}>
            <span>
              {blocker.credential && (
                <>
                  <Link to={at('cutover', plan.id, blocker.credential.id)}>
                    <Name value={blocker.credential.name} tip />
                  </Link>
                  {': '}
                </>
              )}
              <Name value={withoutName(blocker)} />
            </span>
            <span class="mut sub">
              Next: <Name value={blocker.todo} />
            </span>
          </li>
        ))}
      </ul>
      {plan.blockers.length > BLOCKERS && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Fewer' : `${exact(plan.blockers.length)} of ${exact(plan.blockersCount)}`}
        </button>
      )}
    </>
  )
}

/** The link before it says the name already. */
function withoutName({ credential, words }: Blocker): string {
  const prefix = credential === null ? '' : `${credential.name}: `
  return words.startsWith(prefix) ? words.slice(prefix.length) : words
}

function PlanNames({ board }: { board: Board }) {
  const { plan } = board
  const ofAll = plan.names.filter(({ credential }) => credential === null)
  return (
    <>
      <h2>{plan.missing.length === 0 ? 'Every name is there' : 'Names that are missing'}</h2>
      <p class="mut">A name stated here counts for every credential of the plan, unless a credential has its own.</p>
      <ul class="duties">
        {(Object.keys(dutyTitles) as Duty[]).map((duty) => {
          const stated = ofAll.find((one) => one.duty === duty)
          const lacks = plan.missing.find((one) => one.duty === duty)
          return (
            <li key={`${duty} ${stated?.name ?? ''}`} class={lacks ? 'missing' : undefined}>
              <span class="duty">{dutyTitles[duty]}</span>
              <div class="grow">
                {stated && (
                  <strong>
                    <Name value={stated.name} />
                  </strong>
                )}
                <span class="mut sub">
                  {lacks ? `missing for ${plural(lacks.credentials, 'credential')}` : 'named for all'}
                </span>
                {board.mayWrite && <StateName board={board} duty={duty} stated={stated?.name ?? null} />}
              </div>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function StateName({ board, duty, stated }: { board: Board; duty: Duty; stated: string | null }) {
  const [value, setValue] = useState(stated ?? '')
  const title = dutyTitles[duty].toLowerCase()
  return (
    <form
      class="name-form inline"
      onSubmit={(event) => {
        event.preventDefault()
        const name = value.trim()
        if (name === (stated ?? '')) return
        board.edit(
          [{ do: 'name', duty, name: name === '' ? null : name }],
          name === '' ? `take back the ${title}` : `name ${cleanText(name)} as ${title}`,
        )
      }}
    >
      <label>
        <span class="hidden-words">{dutyTitles[duty]} of the whole plan</span>
        <input
          type="text"
          maxLength={120}
          placeholder="For all"
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={value.trim() === (stated ?? '')}>
        {value.trim() === '' && stated !== null ? 'Take back' : 'Save'}
      </button>
    </form>
  )
}

function History({ board }: { board: Board }) {
  const { plan } = board
  const [sure, ask] = useState(false)
  const remove = async (): Promise<void> => {
    const outcome = await deletePlan(plan.id, plan.version)
    if (!outcome.ok) return say(outcome.failure.message)
    forget()
    say('Plan deleted')
    push(at('cutover'))
  }
  return (
    <>
      <h2>
        Version {exact(plan.version)}, {statusWords[plan.status]}
      </h2>
      <p class="mut">
        Written by {plan.authors.map(({ name }) => cleanText(name)).join(', ')}. None of them can sign it.
      </p>
      <ul class="found">
        {plan.log.map((entry) => (
          <li key={entry.version}>
            {entry.words.map((words) => (
              <span key={words}>
                <Name value={words} />
              </span>
            ))}
            <span class="mut sub">
              {exact(entry.version)} · <Name value={entry.by.name} />, <Moment at={entry.at} />
            </span>
            {board.mayWrite && entry.undoable && (
              <span class="acts">
                <button
                  type="button"
                  class="quiet"
                  onClick={() => board.edit([{ do: 'undo', edit: entry.version }], `undo version ${entry.version}`)}
                >
                  Undo this
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {board.mayWrite && (
        <p class="acts">
          {sure ? (
            <>
              Delete the plan and its sign-offs for good?{' '}
              <button type="button" onClick={() => void remove()}>
                Delete
              </button>
              <button type="button" onClick={() => ask(false)}>
                Keep
              </button>
            </>
          ) : (
            <button type="button" class="quiet" onClick={() => ask(true)}>
              Delete this plan
            </button>
          )}
        </p>
      )}
    </>
  )
}
