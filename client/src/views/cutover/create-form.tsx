import { useState } from 'preact/hooks'
import { EstateReply } from '../../../../graph/wire-estate.ts'
import { edition } from '../../api/live.ts'
import { forget, type Failure } from '../../api/ask.ts'
import { useReply } from '../../api/use-reply.ts'
import { chosenForPlan } from '../../app/for-plan.ts'
import { at, place, push, pushHere, replaceHere } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { useSettled } from '../../ui/use-settled.ts'
import { createPlan } from './plan-calls.ts'
import { credentialsWords, sentence } from './cutover-words.ts'

const MOST = 200

/** A new plan: of the credentials of the link (`in`), or of a filter; with a first day and freezes. */
export function CreateForm() {
  const { within, filter, op } = place.value
  const ids = within.length > 0 ? within : chosenForPlan.value
  const [name, setName] = useState('')
  const [from, setFrom] = useState('')
  const [freeze, setFreeze] = useState('')
  const [failure, setFailure] = useState<Failure | null>(null)
  const [busy, setBusy] = useState(false)
  const asked = useSettled(filter.trim(), 200)
  const chosen = ids.length > 0
  const reply = useReply(
    EstateReply,
    chosen ? null : `/api/estate?limit=1${asked === '' ? '' : `&f=${encodeURIComponent(asked)}`}`,
    `create ${edition.value}`,
  )
  const matched = chosen ? ids.length : (reply.data?.matched ?? 0)
  const problem = reply.data?.problem ?? null
  const create = async (): Promise<void> => {
    setBusy(true)
    const outcome = await createPlan({
      name: name.trim(),
      ...(chosen ? { credentials: ids.join(',') } : asked !== '' && { f: asked }),
      ...(op !== null && { op }),
      ...(from !== '' && { from }),
      ...(freeze.trim() !== '' && { freeze: freeze.trim().replaceAll(/\s+/g, ',') }),
    })
    setBusy(false)
    if (!outcome.ok) return setFailure(outcome.failure)
    forget()
    chosenForPlan.value = []
    push(at('cutover', outcome.reply.id))
  }
  return (
    <form
      class="create-plan"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '' && matched > 0 && problem === null) void create()
      }}
    >
      <h2>New plan</h2>
      <label>
        Name
        <input
          id="plan-name"
          type="text"
          required
          maxLength={120}
          placeholder="Q4 static-key removal"
          ref={(input) => {
            if (input && document.activeElement === document.body) input.focus()
          }}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      {!chosen && (
        <label>
          Which credentials
          <input
            id="plan-filter"
            type="text"
            maxLength={500}
            autocomplete="off"
            spellcheck={false}
            placeholder="All, or a filter: own:Payments flag:no-expiry"
            value={filter}
            aria-invalid={problem !== null}
            aria-describedby="plan-matched"
            onInput={(event) => replaceHere({ filter: event.currentTarget.value })}
          />
        </label>
      )}
      <p class="mut sub wide" id="plan-matched" role="status">
        {problem
          ? `At character ${problem.at + 1}: ${problem.message}.`
          : `${credentialsWords(matched)}${chosen ? ' chosen' : ''}${
              matched > MOST ? `; a plan holds ${exact(MOST)}, the rest is left out` : ''
            }`}
      </p>
      <label>
        First day
        <input type="date" value={from} onInput={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        Freezes, both days inclusive
        <input
          type="text"
          spellcheck={false}
          placeholder="2026-12-18..2027-01-04"
          value={freeze}
          onInput={(event) => setFreeze(event.currentTarget.value)}
        />
      </label>
      {failure && (
        <p class="wide" role="alert">
          <strong>{sentence(failure.message)}.</strong> {sentence(failure.hint ?? '')}
        </p>
      )}
      <p class="acts wide">
        <button
          type="submit"
          class="primary"
          disabled={busy || name.trim() === '' || matched === 0 || problem !== null}
        >
          {busy ? 'Planning' : 'Plan the waves'}
        </button>
        <button
          type="button"
          onClick={() => {
            chosenForPlan.value = []
            pushHere({ tab: '', within: [], filter: '', op: null })
          }}
        >
          Cancel
        </button>
      </p>
    </form>
  )
}
