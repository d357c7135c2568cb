import type { BlastReply } from '../../../../graph/wire.ts'
import { at } from '../../app/place.ts'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'

/** No dependant is known. That is not "safe": it says what was seen and what would tell. */
export function EmptyFront({ reply }: { reply: BlastReply }) {
  const { subject, coverage } = reply
  const next = coverage.missing[0]
  return (
    <section class="empty">
      <h2>Nothing we can see uses it</h2>
      <p>
        {subject.lastUsedAt === null ? (
          'No source has seen it used either.'
        ) : (
          <>
            And yet it was used <Moment at={subject.lastUsedAt} />: somebody depends on it who is not in the graph.
          </>
        )}{' '}
        {next ? (
          <>
            <Name value={next.source} /> would tell: <Name value={next.why} />
          </>
        ) : (
          'Logs of its use would tell more than configuration does.'
        )}
      </p>
      <p class="acts">
        <Link to={at('import')} class="button">
          Import more
        </Link>
      </p>
    </section>
  )
}
