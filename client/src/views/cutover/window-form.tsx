import { useState } from 'preact/hooks'
import type { CutoverWave } from '../../../../graph/wire-cutover.ts'
import type { Board } from './board.ts'

const asInput = (iso: string): string => iso.slice(0, 16)
const asMoment = (text: string): string => `${text.slice(0, 16)}:00Z`

/** The window of a wave, in UTC. Sign-offs are bound to it: moving it lapses them, and the form says so. */
export function WindowForm({ board, wave }: { board: Board; wave: CutoverWave }) {
  const [open, setOpen] = useState(false)
  const [start, setStart] = useState(asInput(wave.start))
  const [end, setEnd] = useState(asInput(wave.end))
  const signed = wave.items.reduce(
    (sum, { signOffs }) => sum + signOffs.filter(({ state }) => state === 'valid').length,
    0,
  )
  if (!open)
    return (
      <p class="wave-acts">
        <button type="button" class="quiet" onClick={() => setOpen(true)}>
          Change the window
        </button>
      </p>
    )
  const wrong = start >= end
  return (
    <form
      class="wave-window"
      onSubmit={(event) => {
        event.preventDefault()
        if (wrong) return
        setOpen(false)
        board.edit(
          [{ do: 'window', wave: wave.number, start: asMoment(start), end: asMoment(end) }],
          `change the window of wave ${wave.number}`,
        )
      }}
    >
      <label>
        From (UTC){' '}
        <input type="datetime-local" required value={start} onInput={(event) => setStart(event.currentTarget.value)} />
      </label>
      <label>
        to <input type="datetime-local" required value={end} onInput={(event) => setEnd(event.currentTarget.value)} />
      </label>
      <button type="submit" class="primary" disabled={wrong}>
        Save
      </button>
      <button type="button" onClick={() => setOpen(false)}>
        Cancel
      </button>
      <span class="mut sub" role="status">
        {wrong
          ? 'It ends before it begins.'
          : signed > 0
            ? `${signed} sign-offs lapse: they were given for this window.`
            : ''}
      </span>
    </form>
  )
}
