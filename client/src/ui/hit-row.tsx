import type { Hit } from '../../../graph/wire.ts'
import { at } from '../app/place.ts'
import type { Place } from '../app/url.ts'
import { overallRows } from '../model/verdict.ts'
import { Glyph } from './glyph.tsx'
import { Link } from './link.tsx'
import { MiniFront } from './mini-front.tsx'
import { Moment } from './moment.tsx'
import { Name } from './name.tsx'

/** Where a thing opens: credentials in Blast, all else on its own page. */
export const placeOf = (thing: { id: string; role: string }): Place =>
  at(thing.role === 'credential' ? 'blast' : 'node', thing.id)

/** One result: kind, name, where it lives, last use, mini-front, verdict. */
export function HitRow({ hit, most, idPrefix }: { hit: Hit; most?: number; idPrefix: string }) {
  return (
    <li class="hit">
      <div class="hit-name">
        <Link to={placeOf(hit)} id={`${idPrefix}-${hit.id}`} class="cover">
          <Name value={hit.name} tip />
        </Link>
        <span class="mut sub">
          {hit.title}
          {hit.where !== undefined && (
            <>
              {' · '}
              <Name value={hit.where} tip />
            </>
          )}
          {hit.matched !== undefined && <> · matched by {hit.matched}</>}
        </span>
      </div>
      <span class="mut hit-used">{hit.lastUsedAt ? <Moment at={hit.lastUsedAt} /> : ''}</span>
      <span class="hit-front">{hit.front && <MiniFront cells={hit.front.cells} {...(most ? { most } : {})} />}</span>
      <span class="hit-verdict">
        {hit.front && (
          <>
            <Glyph verdict={overallRows[hit.front.verdict].glyph} /> {overallRows[hit.front.verdict].word}
          </>
        )}
      </span>
    </li>
  )
}

/** Dependants of the fullest band of a list, so that its mini-fronts share one scale. */
export const mostOf = (hits: readonly Hit[]): number =>
  Math.max(1, ...hits.flatMap((hit) => hit.front?.cells.map((cell) => cell[0] + cell[1] + cell[2] + cell[3]) ?? []))

/** Words over the columns of a list of results. */
export function HitHead() {
  return (
    <div class="hit hit-head" aria-hidden="true">
      <span>Name</span>
      <span class="hit-used">Last used</span>
      <span class="hit-front">Now → later</span>
      <span class="hit-verdict">Verdict</span>
    </div>
  )
}
