import { useState } from 'preact/hooks'
import type { CutoverNamed } from '../../../../graph/wire-cutover.ts'
import type { RaciRow } from '../../../../graph/wire-plan.ts'
import { cleanText } from '../../model/clean-name.ts'
import { plural } from '../../model/verdict.ts'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import type { Board, Found } from './board.ts'
import { dutyTitles } from './cutover-words.ts'

/** Who answers for it: each duty with its name or what is missing, to be stated; and the RACI by control plane. */
export function NamesTab({ board, found }: { board: Board; found: Found }) {
  const { item } = found
  const missing = item.named.filter(({ needed, name }) => needed && name === null).length
  return (
    <>
      <h2>{missing === 0 ? 'Every name is there' : `${plural(missing, 'name')} missing`}</h2>
      <p class="mut">A plan cannot be ready while a name is missing. What is proposed counts only once it is stated.</p>
      <ul class="duties">
        {item.named.map((named) => (
          <DutyRow key={`${named.duty} ${named.name ?? ''}`} board={board} found={found} named={named} />
        ))}
      </ul>
      <h2>By control plane</h2>
      <Raci rows={item.raci} />
    </>
  )
}

function DutyRow({ board, found, named }: { board: Board; found: Found; named: CutoverNamed }) {
  const { duty, name, why, proposed, needed, stated } = named
  const [editing, edit] = useState(false)
  const title = dutyTitles[duty]
  const state = (value: string | null, ofAll: boolean): void =>
    board.edit(
      [{ do: 'name', duty, name: value, ...(!ofAll && { credential: found.item.credential.id }) }],
      value === null ? `take back the ${title.toLowerCase()}` : `name ${cleanText(value)} as ${title.toLowerCase()}`,
    )
  return (
    <li class={needed && name === null ? 'missing' : undefined}>
      <span class="duty">{title}</span>
      <div class="grow">
        {name === null ? (
          <strong>{needed ? 'missing' : 'not needed'}</strong>
        ) : (
          <strong>
            <Name value={name} />
          </strong>
        )}
        <span class="mut sub">
          {stated ? (
            <>
              stated by <Name value={stated.by.name} />, <Moment at={stated.at} />
            </>
          ) : (
            <Name value={why} />
          )}
        </span>
        {board.mayWrite && !editing && (
          <span class="duty-acts">
            {name === null && proposed !== undefined && (
              <button type="button" class="quiet" onClick={() => state(proposed, false)}>
                Confirm {cleanText(proposed)}
              </button>
            )}
            <button type="button" class="quiet" id={`name-${duty}`} onClick={() => edit(true)}>
              {name === null ? 'State a name' : 'Change'}
            </button>
            {stated && (
              <button type="button" class="quiet" onClick={() => state(null, false)}>
                Take back
              </button>
            )}
          </span>
        )}
        {editing && <NameForm title={title} start={name ?? proposed ?? ''} save={state} close={() => edit(false)} />}
      </div>
    </li>
  )
}

interface NameFormProps {
  readonly title: string
  readonly start: string
  readonly save: (name: string, ofAll: boolean) => void
  readonly close: () => void
}

function NameForm({ title, start, save, close }: NameFormProps) {
  const [value, setValue] = useState(start)
  const [ofAll, setOfAll] = useState(false)
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim() === '') return
        close()
        save(value.trim(), ofAll)
      }}
    >
      <label>
        <span class="hidden-words">{title}</span>
        <input
          type="text"
          ref={(input) => input?.focus()}
          maxLength={120}
          required
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && close()}
        />
      </label>
      <label class="check">
        <input type="checkbox" checked={ofAll} onChange={(event) => setOfAll(event.currentTarget.checked)} /> for all of
        this plan
      </label>
      <span>
        <button type="submit" class="primary" disabled={value.trim() === ''}>
          Save
        </button>{' '}
        <button type="button" onClick={close}>
          Cancel
        </button>
      </span>
    </form>
  )
}

const roles = ['responsible', 'accountable', 'consulted', 'informed'] as const
const does = {
  responsible: 'does it',
  accountable: 'answers for it',
  consulted: 'is asked',
  informed: 'is told',
} as const

function Raci({ rows }: { rows: readonly RaciRow[] }) {
  return (
    <ul class="raci">
      {rows.map((row) => (
        <li key={row.plane}>
          <strong>{row.title}</strong>
          <dl>
            {roles.map((role) => (
              <div key={role}>
                <dt class="mut">{does[role]}</dt>
                <dd>{row[role] === null ? <em>missing</em> : <Name value={row[role]} tip />}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
