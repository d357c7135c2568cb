import { plural } from '../../model/verdict.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Name } from '../../ui/name.tsx'
import { findItem, move, moving, type Board } from './board.ts'
import { credentialsWords, waveTitle, windowWords } from './cutover-words.ts'

/** The menu of a card: every wave with its date and load. The same act as dragging. */
export function MoveDialog({ board }: { board: Board }) {
  const of = moving.value
  const close = (): void => void (moving.value = null)
  const found = of === null ? null : findItem(board.plan, of.credential)
  if (!of || !found) return null
  const to = (wave: number): void => {
    close()
    move(board, of.credential, wave)
  }
  const { waves } = board.plan
  return (
    <Dialog label="Move to wave" class="export" close={close}>
      <h2>
        Move <Name value={found.item.credential.name} /> to
      </h2>
      <ul>
        {waves.map((wave) => (
          <li key={wave.number}>
            <button
              type="button"
              id={`move-to-${wave.number}`}
              disabled={wave.number === found.wave.number}
              onClick={() => to(wave.number)}
            >
              <strong>{waveTitle(wave)}</strong>{' '}
              <span class="mut">
                {wave.number === found.wave.number
                  ? 'it is here'
                  : `${windowWords(wave.start, wave.end)} · ${credentialsWords(wave.items.length)}${
                      wave.conflicts.length > 0 ? `, ${plural(wave.conflicts.length, 'conflict')}` : ''
                    }`}
              </span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" id="move-to-new" onClick={() => to(waves.length + 1)}>
            <strong>A new wave</strong> <span class="mut">a week after the last</span>
          </button>
        </li>
      </ul>
      <p class="acts">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </Dialog>
  )
}
