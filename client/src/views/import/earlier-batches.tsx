import { useEffect, useState } from 'preact/hooks'
import type { ImportsReply } from '../../../../graph/wire.ts'
import { importNews } from '../../api/live.ts'
import { recentImports } from '../../api/upload.ts'
import { at } from '../../app/place.ts'
import { bytes } from '../../model/moments.ts'
import { plural } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'

const stateWords: Readonly<Record<string, string>> = {
  collecting: 'waiting for its files',
  reading: 'reading',
  preview: 'read, waits for a word',
  committing: 'being added',
  done: 'in the graph',
  failed: 'failed',
  cancelled: 'given up',
  undone: 'undone',
}
const SHOWN = 8

/** Batches since the server was started: to look at a report again, or to undo one. */
export function EarlierBatches() {
  const [batches, show] = useState<ImportsReply['imports']>([])
  const news = importNews.value
  useEffect(() => {
    let gone = false
    void recentImports().then((outcome) => {
      if (!gone && outcome.ok) show(outcome.reply.imports)
    })
    return () => void (gone = true)
  }, [news])
  const told = batches.filter(({ files, state }) => files > 0 && state !== 'cancelled')
  if (told.length === 0) return null
  return (
    <section aria-labelledby="earlier">
      <h2 id="earlier">Earlier batches</h2>
      <p class="mut">Since the server was started. Older imports stay in the graph; their reports are gone.</p>
      <ul class="earlier">
        {told.slice(0, SHOWN).map((batch) => (
          <li key={batch.id}>
            <Link to={at('import', batch.id)} id={`batch-${batch.id}`}>
              <Moment at={batch.startedAt} />
            </Link>{' '}
            <span class="mut">
              {plural(batch.files, 'file')}, {bytes(batch.bytes)} · {stateWords[batch.state]}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
