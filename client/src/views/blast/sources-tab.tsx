import type { BlastReply } from '../../../../graph/wire.ts'
import { at } from '../../app/place.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { BlindTo } from '../../ui/blind-to.tsx'
import { Name } from '../../ui/name.tsx'

/** What the answer stands on, and what it needs and has not got. */
export function SourcesTab({ reply }: { reply: BlastReply }) {
  const { sentence, missing, sources } = reply.coverage
  return (
    <>
      <h2>What we can see</h2>
      <p class="mut">
        <Name value={sentence} />
      </p>
      {missing.length > 0 && (
        <ul class="unknowns">
          {missing.map((gap) => (
            <li key={gap.source}>
              <Glyph verdict="unknown" />
              <span class="grow">
                <strong>
                  <Name value={gap.source} /> is missing
                </strong>
                <span class="mut sub">
                  <Name value={gap.why} />
                </span>
                {gap.collect !== undefined && (
                  <code class="sub">
                    <Name value={gap.collect} />
                  </code>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      <ul class="unknowns">
        {sources.map((source) => (
          <li key={source.id}>
            <Glyph verdict={source.complete ? 'keeps' : 'steps'} />
            <span class="grow">
              <strong>
                <Name value={source.title} />
              </strong>
              <span class="mut sub">
                <Moment at={source.at} /> · <Name value={source.nature} /> ·{' '}
                {source.complete ? 'whole scope' : 'part of its scope'}
              </span>
              <BlindTo what={source.blindTo} />
            </span>
          </li>
        ))}
      </ul>
      <p class="acts">
        <Link to={at('import')} class="button">
          Import more
        </Link>
      </p>
    </>
  )
}
