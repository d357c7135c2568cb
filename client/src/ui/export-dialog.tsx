import { useState } from 'preact/hooks'
import { say } from '../app/say.ts'
import { Dialog } from './dialog.tsx'

export type Mask = <T>(reply: T) => T

/** One way an answer leaves the screen. `mask` replaces names where that was asked for. */
export interface ExportForm {
  readonly id: string
  readonly title: string
  readonly what: string
  readonly run: (mask: Mask) => void | Promise<void>
}

interface ExportProps {
  readonly sentence: string
  readonly forms: readonly ExportForm[]
  readonly close: () => void
}

/** How an answer leaves the screen: the forms it has, and pseudonyms instead of names where they are wanted. */
export function ExportDialog(props: ExportProps) {
  const run = async (form: ExportForm, hidden: boolean): Promise<void> => {
    const mask: Mask = hidden ? (await import('../app/masks.ts')).masked : (reply) => reply
    await form.run(mask)
  }
  return <ExportChoice {...props} run={run} />
}

interface ChoiceProps<Form> {
  readonly sentence: string
  readonly forms: readonly Form[]
  readonly close: () => void
  readonly run: (form: Form, hidden: boolean) => Promise<void>
}

/** The same for forms that are made in a way of their own. */
export function ExportChoice<Form extends Pick<ExportForm, 'id' | 'title' | 'what'>>({
  sentence,
  forms,
  close,
  run,
}: ChoiceProps<Form>) {
  const [hidden, hide] = useState(false)
  return (
    <Dialog label="Export" class="export" close={close}>
      <h2>Export</h2>
      <p class="mut">{sentence}</p>
      <ul>
        {forms.map((form) => (
          <li key={form.id}>
            <button
              type="button"
              id={`export-${form.id}`}
              onClick={() => {
                close()
                run(form, hidden).catch(() => say(`The ${form.title} could not be made`))
              }}
            >
              <strong>{form.title}</strong> <span class="mut">{form.what}</span>
            </button>
          </li>
        ))}
      </ul>
      <label class="check">
        <input
          type="checkbox"
          id="export-pseudonyms"
          checked={hidden}
          onChange={(event) => hide(event.currentTarget.checked)}
        />{' '}
        Pseudonyms instead of names
      </label>
      <p class="acts">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </Dialog>
  )
}
