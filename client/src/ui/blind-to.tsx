import { plural } from '../model/verdict.ts'
import { Name } from './name.tsx'

/** What a source cannot see, folded: every source has some, and all of them at once are read by nobody. */
export function BlindTo({ what }: { what: readonly string[] }) {
  if (what.length === 0) return null
  return (
    <details class="blind-to mut">
      <summary>Cannot see {plural(what.length, 'thing')}</summary>
      <ul>
        {what.map((one) => (
          <li key={one}>
            <Name value={one} />
          </li>
        ))}
      </ul>
    </details>
  )
}
