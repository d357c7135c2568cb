import { useMemo } from 'preact/hooks'
import type { HomeReply } from '../../../../graph/wire.ts'
import { verdictsBefore } from '../../app/last-visit.ts'
import { overallRows } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { placeOf } from '../../ui/hit-row.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'

/** Of the worst credentials, those that are answered differently than when this tab last showed another graph. */
export function ChangedList({ reply }: { reply: HomeReply }) {
  const { worst, snapshot } = reply
  const before = useMemo(() => {
    const now = worst.flatMap(({ id, front }) => (front ? [[id, front.verdict] as const] : []))
    return verdictsBefore(snapshot.id, now)
  }, [snapshot.id])
  if (Object.keys(before).length === 0) return null
  const moved = worst.filter(({ id, front }) => front && before[id] !== front.verdict)
  return (
    <section aria-labelledby="changed">
      <h2 id="changed">Changed since you were last here</h2>
      {moved.length === 0 ? (
        <p class="mut">The worst credentials are the same, with the same verdicts.</p>
      ) : (
        <ul class="caps">
          {moved.map((hit) => {
            const was = before[hit.id]
            return (
              <li key={hit.id}>
                <Glyph verdict={overallRows[hit.front!.verdict].glyph} />
                <span class="grow">
                  <Link to={placeOf(hit)} id={`changed-${hit.id}`}>
                    <Name value={hit.name} tip />
                  </Link>
                  <span class="mut sub">
                    {was === undefined ? 'newly among the worst' : `was ${overallRows[was].word}`}, now{' '}
                    {overallRows[hit.front!.verdict].word}
                  </span>
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
