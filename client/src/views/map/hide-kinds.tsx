import type { AroundReply } from '../../../../graph/wire-map.ts'
import { pushHere } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { toggleKind } from './map-place.ts'

/** Which kinds are shown, and how the lines read. Hiding a kind looks through it: what lies behind stays. */
export function HideKinds({ answer }: { answer: AroundReply }) {
  const hidden = answer.kinds.filter((kind) => kind.hidden).length
  return (
    <div class="map-kinds">
      <fieldset>
        <legend>
          <h2>Kinds shown</h2>
        </legend>
        {answer.kinds.length === 0 && <p class="mut">Nothing is known beside this thing.</p>}
        {answer.kinds.map(({ kind, title, count, hidden: isHidden }) => (
          <label class="check" key={kind}>
            <input type="checkbox" id={`kind-${kind}`} checked={!isHidden} onChange={() => toggleKind(kind)} />
            <span class="grow">{title}</span>
            <span class="mut">{exact(count)}</span>
          </label>
        ))}
        {hidden > 0 && (
          <button type="button" class="quiet" onClick={() => pushHere({ hidden: [] })}>
            Show all kinds
          </button>
        )}
        <p class="mut sub">
          A kind that is not shown is looked through: what lies behind it stays, joined by a dotted line.
        </p>
      </fieldset>
      <h2>Lines</h2>
      <ul class="map-legend">
        {lines.map(([line, words]) => (
          <li key={line}>
            <svg viewBox="0 0 36 8" width="36" height="8" aria-hidden="true">
              <path class={line} d="M1 4h34" />
            </svg>
            {words}
          </li>
        ))}
      </ul>
      <p class="mut sub">A thicker line stands for a folded group: the more it holds, the thicker.</p>
    </div>
  )
}

const lines = [
  ['observed', 'a log shows use'],
  ['declared', 'configuration or a person says so'],
  ['implied', 'deduced, or through what is hidden'],
] as const
