import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import type { StateManyReply, Statement } from '../../../../graph/wire-overrides.ts'
import type { Failure } from '../../api/ask.ts'
import { planThese } from '../../app/for-plan.ts'
import { mayI } from '../../app/rights.ts'
import { exact, plural } from '../../model/verdict.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Name } from '../../ui/name.tsx'
import { Failed } from '../../ui/region.tsx'
import { chooseNone, chosenRows } from './chosen-rows.ts'
import { previewOf, stateMany } from './state-many.ts'

export const bulkOpen = signal(false)
const SHOWN = 12

/** What can be done with the chosen rows; absent while none is. */
export function ChosenBar() {
  const count = chosenRows.value.size
  if (count === 0) return null
  return (
    <div class="chosen-bar" role="group" aria-label="Chosen credentials">
      <strong role="status">{plural(count, 'credential')} chosen</strong>
      {mayI('map.annotate') ? (
        <button type="button" class="primary" id="bulk-edit" onClick={() => void (bulkOpen.value = true)}>
          State owner, purpose, rule…
        </button>
      ) : (
        <span class="mut">To state something of them takes the permission map.annotate.</span>
      )}
      {mayI('plan.write') && (
        <button type="button" id="plan-chosen" onClick={() => planThese([...chosenRows.value])}>
          Plan their cutover
        </button>
      )}
      <button type="button" onClick={chooseNone}>
        Choose none
      </button>
    </div>
  )
}

interface Draft {
  readonly owner: string
  readonly purpose: string
  readonly rotation: string
  readonly tier: string
  readonly breakGlass: string
  readonly note: string
}
const blank: Draft = { owner: '', purpose: '', rotation: '', tier: '', breakGlass: '', note: '' }

/** Only what was filled in is stated: a blank field leaves what is known as it is. */
function statementOf(draft: Draft): Statement {
  const { owner, purpose, rotation, tier, breakGlass } = draft
  return {
    ...(owner.trim() !== '' && { owner: owner.trim() }),
    ...(purpose.trim() !== '' && { purpose: purpose.trim() }),
    ...(rotation.trim() !== '' && { rotation: rotation.trim() }),
    ...(tier !== '' && { tier: Number(tier) }),
    ...(breakGlass !== '' && { breakGlass: breakGlass === 'yes' }),
  }
}

const texts = [
  ['owner', 'Owner', 'a person, a role or a team', 120],
  ['purpose', 'Purpose', 'what it is for, in a few words', 200],
  ['rotation', 'Rotation rule', 'every 90 days', 120],
] as const

/** States something of many credentials: form, preview of every change, then one act that can be undone. */
export function BulkEdit() {
  const ids = [...chosenRows.value]
  const [draft, write] = useState<Draft>(blank)
  const [preview, show] = useState<StateManyReply | null>(null)
  const [failure, fail] = useState<Failure | null>(null)
  const [asking, wait] = useState(false)
  const close = (): void => void (bulkOpen.value = false)
  const set = statementOf(draft)
  const words = JSON.stringify(set)
  useEffect(() => show(null), [words])
  const look = async (): Promise<void> => {
    wait(true)
    const outcome = await previewOf(ids, set)
    wait(false)
    fail(outcome.ok ? null : outcome.failure)
    if (outcome.ok) show(outcome.reply)
  }
  const make = async (): Promise<void> => {
    wait(true)
    const failed = await stateMany(ids, set, draft.note.trim())
    wait(false)
    fail(failed)
    if (!failed) close()
  }
  return (
    <Dialog label="State of many" class="bulk" close={close}>
      <h2>State of {plural(ids.length, 'credential')}</h2>
      <p class="mut">
        What people state stands above what sources say, outlives imports and shows a pencil. Blank fields change
        nothing.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void (preview ? make() : look())
        }}
      >
        <div class="set-row">
          {texts.map(([name, title, hint, most]) => (
            <label class="set-field" key={name}>
              {title}
              <input
                id={`bulk-${name}`}
                type="text"
                maxLength={most}
                placeholder={hint}
                autocomplete="off"
                value={draft[name]}
                onInput={(event) => write({ ...draft, [name]: event.currentTarget.value })}
              />
            </label>
          ))}
          <label class="set-field">
            Tier of the systems they serve
            <select
              id="bulk-tier"
              value={draft.tier}
              onChange={(event) => write({ ...draft, tier: event.currentTarget.value })}
            >
              <option value="">as it is</option>
              {[1, 2, 3, 4].map((tier) => (
                <option key={tier} value={String(tier)}>
                  {tier}
                </option>
              ))}
            </select>
          </label>
          <label class="set-field">
            Break-glass
            <select
              id="bulk-break-glass"
              value={draft.breakGlass}
              onChange={(event) => write({ ...draft, breakGlass: event.currentTarget.value })}
            >
              <option value="">as it is</option>
              <option value="yes">yes</option>
              <option value="no">no</option>
            </select>
          </label>
          <label class="set-field">
            Why, for the audit
            <input
              id="bulk-note"
              type="text"
              maxLength={200}
              autocomplete="off"
              value={draft.note}
              onInput={(event) => write({ ...draft, note: event.currentTarget.value })}
            />
          </label>
        </div>
        {failure && <Failed failure={failure} retry={() => fail(null)} />}
        {preview && <Preview preview={preview} />}
        <p class="acts">
          <button
            type="submit"
            class="primary"
            disabled={asking || Object.keys(set).length === 0 || (preview !== null && preview.changes.length === 0)}
          >
            {preview ? `State ${plural(preview.changes.length, 'change')}` : 'Preview'}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  )
}

function Preview({ preview: { changes, same } }: { preview: StateManyReply }) {
  return (
    <section aria-label="Preview">
      <p role="status">
        {changes.length === 0 ? 'Nothing would change.' : `${plural(changes.length, 'change')}`}
        {same > 0 && <span class="mut"> · {exact(same)} already say so</span>}
      </p>
      <ul class="bulk-changes">
        {changes.slice(0, SHOWN).map(({ thing, what, before, after }) => (
          <li key={`${thing.id} ${what}`}>
            <Name value={thing.name} tip />
            <span class="mut">{what}</span>
            <span>
              {before === null ? <em>unknown</em> : <Name value={before} />} →{' '}
              <strong>{after === null ? 'as sources say' : <Name value={after} />}</strong>
            </span>
          </li>
        ))}
      </ul>
      {changes.length > SHOWN && <p class="mut">and {exact(changes.length - SHOWN)} more</p>}
    </section>
  )
}
