import { snapshot } from '../api/live.ts'
import { place, replaceHere } from '../app/place.ts'

/** A link that was made on another state of the graph says so; what is shown is the newest. */
export function MadeAgainst() {
  const { snap } = place.value
  const now = snapshot.value
  if (snap === '' || now === null || now.id === snap) return null
  return (
    <p class="made-against" role="status">
      This link was made against another state of the graph ({snap}). What is shown is the graph as it is now:
      dependants may have come or gone since. Earlier states are not kept for showing, so the difference cannot be
      listed.{' '}
      <button type="button" class="quiet" onClick={() => replaceHere({ snap: '' })}>
        Understood
      </button>
    </p>
  )
}
