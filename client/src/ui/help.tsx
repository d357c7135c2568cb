import { signal } from '@preact/signals'
import { commands } from '../app/commands.ts'
import { singleKeys, toggleSingleKeys } from '../app/keys.ts'
import { Dialog } from './dialog.tsx'
import { KeyCap } from './key-cap.tsx'

export const helpOpen = signal(false)

/** The keys that are valid where it was opened. */
export function Help() {
  const close = (): void => void (helpOpen.value = false)
  return (
    <Dialog label="Keys" class="help" close={close}>
      <h2>Keys</h2>
      <dl>
        {commands.value
          .filter((command) => command.key !== undefined)
          .map((command) => (
            <div key={command.id}>
              <dt>
                <KeyCap keys={command.key!} />
              </dt>
              <dd>{command.title}</dd>
            </div>
          ))}
        <div>
          <dt>
            <kbd>↑ ↓ ← →</kbd>
          </dt>
          <dd>Move in the picture, in lists and tabs</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>Close the top layer, then clear the selection</dd>
        </div>
      </dl>
      <label class="check">
        <input type="checkbox" checked={singleKeys.value} onChange={toggleSingleKeys} /> Shortcuts of a single key
      </label>
      <p class="acts">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </Dialog>
  )
}
