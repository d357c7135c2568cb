import { useState } from 'preact/hooks'
import { Dialog } from '../../ui/dialog.tsx'
import { sendAll } from './job.ts'

/** An export as text: from a terminal, a ticket, a console. It is sent like a file and recognised like one. */
export function Paste({ close }: { close: () => void }) {
  const [text, setText] = useState('')
  const [name, setName] = useState('')
  const send = (): void => {
    const ending = /^\s*[[{]/.test(text) ? 'json' : 'txt'
    const called = name.trim() === '' ? `pasted.${ending}` : name.trim()
    close()
    void sendAll([{ name: called, file: new File([text], called) }])
  }
  return (
    <Dialog label="Paste an export" class="paste" close={close}>
      <h2>Paste an export</h2>
      <p class="mut">
        JSON, YAML, CSV or log lines. Secret values in it are dropped before anything is stored; only keyed fingerprints
        are kept.
      </p>
      <label class="set-field">
        Text
        <textarea
          id="paste-text"
          rows={10}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <label class="set-field">
        Name in the report, if you like
        <input
          id="paste-name"
          type="text"
          maxLength={200}
          autocomplete="off"
          placeholder="pasted.json"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <p class="acts">
        <button type="button" class="primary" disabled={text.trim() === ''} onClick={send}>
          Read it
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </p>
    </Dialog>
  )
}
