import type { SetChange, SignOffDifference } from '../../../../graph/wire-cutover.ts'
import { rowOf } from '../../model/verdict.ts'
import { exact } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'

const NAMED = 6
const parts = [
  ['added', 'new'],
  ['gone', 'gone'],
  ['worse', 'worse'],
  ['better', 'better'],
] as const

/** What is different from what a sign-off was given for, by name. `said`: the sentence stands above it already. */
export function Difference({ difference, said = false }: { difference: SignOffDifference; said?: boolean }) {
  return (
    <div class="difference">
      {!said && (
        <p class="sub">
          <Name value={difference.words} />
        </p>
      )}
      {parts.map(([key, word]) => difference[key].length > 0 && <Changes key={key} word={word} of={difference[key]} />)}
    </div>
  )
}

function Changes({ word, of }: { word: string; of: readonly SetChange[] }) {
  return (
    <ul>
      {of.slice(0, NAMED).map((change) => (
        <li key={change.id} class="sub">
          <span class="mut">{word}</span> <Name value={change.name} /> <span class="mut">{turned(change)}</span>
        </li>
      ))}
      {of.length > NAMED && (
        <li class="mut sub">
          {word}: {exact(of.length - NAMED)} more
        </li>
      )}
    </ul>
  )
}

function turned({ before, after }: SetChange): string {
  if (before === null) return after === null ? '' : rowOf(after).word
  return after === null ? '' : `${rowOf(before).word} → ${rowOf(after).word}`
}
