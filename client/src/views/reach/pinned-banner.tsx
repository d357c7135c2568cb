import { newest, refresh } from '../../api/live.ts'
import { replaceHere } from '../../app/place.ts'
import type { ReachReply } from '../../../../graph/wire.ts'
import { asOf } from '../../model/moments.ts'

/** An incident stays on the graph it was opened on; a newer one is offered and never swapped in. */
export function PinnedBanner({ reply: { snapshot } }: { reply: ReachReply }) {
  if (newest.value === null || newest.value === snapshot.id) return null
  return (
    <p class="pinned-banner" role="status">
      <span>
        This page is pinned to the graph{' '}
        {snapshot.at === null ? 'it was opened on' : `as of ${asOf(snapshot.at, Date.now())}`}. A newer one is there:
        paths, prices and what survives may differ.
      </span>
      <button
        type="button"
        onClick={() => {
          replaceHere({ snap: '' })
          refresh()
        }}
      >
        Use the newer graph
      </button>
    </p>
  )
}
