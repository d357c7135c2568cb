import { copy } from '../../app/say.ts'
import { cleanText } from '../../model/clean-name.ts'
import { plural } from '../../model/verdict.ts'

/** Commands for a person to run; nothing here runs them. */
export function Commands({ run }: { run: readonly string[] }) {
  if (run.length === 0) return null
  const text = run.map(cleanText).join('\n')
  return (
    <details class="commands">
      <summary>{plural(run.length, 'command')}, not run by Keyfall</summary>
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <button type="button" class="quiet" onClick={() => void copy(run.join('\n'), 'Commands')}>
        Copy
      </button>
    </details>
  )
}
