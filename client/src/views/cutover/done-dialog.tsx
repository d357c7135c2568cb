import { useState } from 'preact/hooks'
import type { KeptStep } from '../../../../graph/wire-cutover.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Name } from '../../ui/name.tsx'

interface DoneProps {
  readonly step: KeptStep
  readonly done: (proof: string) => void
  readonly close: () => void
}

/** A step counts as done when somebody says what he saw. */
export function DoneDialog({ step, done, close }: DoneProps) {
  const [proof, setProof] = useState('')
  const ready = proof.trim() !== ''
  return (
    <Dialog label={`Step ${step.number} is done`} class="ask-words" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!ready) return
          close()
          done(proof.trim())
        }}
      >
        <h2>
          Step {step.number} is done: <Name value={step.title} />
        </h2>
        <p class="mut">
          The proof asked for: <Name value={step.check} />
        </p>
        <label>
          What was seen
          <textarea
            id="done-proof"
            rows={3}
            required
            maxLength={1000}
            value={proof}
            onInput={(event) => setProof(event.currentTarget.value)}
          />
        </label>
        <p class="acts">
          <button type="submit" class="primary" disabled={!ready}>
            Mark as done
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  )
}
