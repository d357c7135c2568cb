import { useState } from 'preact/hooks'
import { plural } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'

interface OwnProps {
  readonly words: string
  readonly dependents: number
  readonly withdraw: (reason: string) => void
}

/** What this person signed and still stands; it can be withdrawn, with a reason, and stays visible. */
export function OwnSignOff({ words, dependents, withdraw }: OwnProps) {
  const [asking, ask] = useState(false)
  const [reason, setReason] = useState('')
  return (
    <div class="sign-own">
      <p>
        You signed for <strong>{<Name value={words} />}</strong>, {plural(dependents, 'dependant')}.{' '}
        {!asking && (
          <button type="button" class="quiet" onClick={() => ask(true)}>
            Withdraw
          </button>
        )}
      </p>
      {asking && (
        <form
          class="sign-words"
          onSubmit={(event) => {
            event.preventDefault()
            if (reason.trim() !== '') withdraw(reason.trim())
          }}
        >
          <label>
            Why
            <textarea
              rows={2}
              required
              maxLength={1000}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
          <p class="sign-answers">
            <button type="submit" class="primary" disabled={reason.trim() === ''}>
              Withdraw it
            </button>
            <button type="button" onClick={() => ask(false)}>
              Back
            </button>
          </p>
        </form>
      )}
    </div>
  )
}
