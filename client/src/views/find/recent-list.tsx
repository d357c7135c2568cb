import { useEffect, useState } from 'preact/hooks'
import { NodeReply, type Thing } from '../../../../graph/wire.ts'
import { ask } from '../../api/ask.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { placeOf } from '../../ui/hit-row.tsx'

/** What was opened in this tab. Only ids are kept; names are asked for. What is gone from the graph is left out. */
export function RecentList({ ids }: { ids: readonly string[] }) {
  const [things, setThings] = useState<readonly Thing[]>([])
  const wanted = ids.slice(0, 5)
  useEffect(() => {
    let gone = false
    void Promise.all(wanted.map((id) => ask(NodeReply, `/api/nodes/${id}`))).then((outcomes) => {
      if (!gone) setThings(outcomes.flatMap((outcome) => (outcome.ok ? [outcome.reply.thing] : [])))
    })
    return () => void (gone = true)
  }, [wanted.join(' ')])
  if (things.length === 0) return null
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">Recent</h2>
      <ul class="recent">
        {things.map((thing) => (
          <li key={thing.id}>
            <Link to={placeOf(thing)} id={`recent-${thing.id}`} class="chip">
              <Name value={thing.name} tip /> <span class="mut">{thing.title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
