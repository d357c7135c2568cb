import { useState } from 'preact/hooks'
import type { CutoverItem, Exception } from '../../../../graph/wire-cutover.ts'
import { cleanText } from '../../model/clean-name.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Name } from '../../ui/name.tsx'
import type { Board } from './board.ts'

const risks = ['low', 'medium', 'high'] as const
const DAY = 86_400_000

interface FormProps {
  readonly board: Board
  readonly item: CutoverItem
  /** Id of a gate that is not known, or `stays`. */
  readonly what: string
  readonly close: () => void
}

/** A gate that counts although it is not known, or access that stays: with a risk, an owner, a reason and an end. */
export function ExceptionForm({ board, item, what, close }: FormProps) {
  const [risk, setRisk] = useState<Exception['risk']>('medium')
  const [owner, setOwner] = useState(item.owner ?? '')
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState(new Date(Date.now() + 30 * DAY).toISOString().slice(0, 10))
  const ready = owner.trim() !== '' && reason.trim() !== '' && until !== ''
  const title =
    what === 'stays' ? 'Leave its access for now' : (item.gates.find(({ id }) => id === what)?.title ?? what)
  return (
    <Dialog label="Exception" class="ask-words" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!ready) return
          close()
          board.edit(
            [
              {
                ...{ do: 'except', credential: item.credential.id, what: what as Exception['what'], risk },
                ...{ owner: owner.trim(), reason: reason.trim(), until },
              },
            ],
            `make an exception for ${cleanText(item.credential.name)}`,
          )
        }}
      >
        <h2>
          {title}: exception for <Name value={item.credential.name} />
        </h2>
        <p class="mut">It ends by itself on the day given, and stays visible in the plan and in every export.</p>
        <fieldset>
          <legend>Risk</legend>
          {risks.map((one) => (
            <label class="check" key={one}>
              <input type="radio" name="risk" checked={risk === one} onChange={() => setRisk(one)} /> {one}
            </label>
          ))}
        </fieldset>
        <label>
          Who answers for it
          <input
            type="text"
            required
            maxLength={120}
            value={owner}
            onInput={(event) => setOwner(event.currentTarget.value)}
          />
        </label>
        <label>
          Why
          <textarea
            rows={3}
            required
            maxLength={1000}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <label>
          Last day
          <input type="date" required value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
        </label>
        <p class="acts">
          <button type="submit" class="primary" disabled={!ready}>
            Make the exception
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  )
}
