import type { BlastReply, Dependent } from '../../../../graph/wire.ts'
import { pushHere } from '../../app/place.ts'
import { systemRows } from '../../model/fold.ts'
import { exact, rowOf } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { drawerOpen } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { cellId, itemsUrl, whyOf } from './blast-queries.ts'
import { bandTitle, More, usePages } from './dependants-table.tsx'
import { strengthWords } from './strength.ts'

/** Members of the chosen cell, from the server, 200 a page. */
export function SelectionTab({ reply }: { reply: BlastReply }) {
  const cell = cellId.value
  const dot = cell.indexOf('.')
  const row = cell.slice(0, dot)
  const band = cell.slice(dot + 1)
  const known = reply.bands.some((candidate) => candidate.id === band)
  const system = systemRows(reply).find((candidate) => candidate.id === row)
  if (cell === '' || !known) return <p class="mut">Choose a cell or a glyph in the picture to see who is in it.</p>
  if (system) {
    return (
      <Members
        reply={reply}
        title={system.system.name}
        band={band}
        url={itemsUrl(reply, { sys: String(system.sys), band })}
        key={cell}
      />
    )
  }
  const tier = row.startsWith('tier-') ? row.slice('tier-'.length) : null
  if (tier === null) return <p class="mut">The chosen cell is not in this answer any more.</p>
  const inTier = (item: Dependent): boolean => String(reply.systems[item.sys]?.tier ?? 'none') === tier
  const title = tier === 'none' ? 'Systems without a tier' : `Systems of tier ${tier}`
  return <Members reply={reply} title={title} band={band} url={itemsUrl(reply, { band })} keep={inTier} key={cell} />
}

interface MembersProps {
  readonly reply: BlastReply
  readonly title: string
  readonly band: string
  readonly url: string
  readonly keep?: (item: Dependent) => boolean
}

function Members({ reply, title, band, url, keep }: MembersProps) {
  const { first, items, total, more } = usePages(url)
  const shown = keep ? items.filter(keep) : items
  const chosen = whyOf(reply)
  return (
    <>
      <h2>
        <Name value={title} />
      </h2>
      <p class="mut" data-cell-total={total}>
        {bandTitle(reply, band)}
        {!keep && first.data && ` · ${exact(total)}`}
      </p>
      <Region reply={first} skeleton={<Bars rows={5} height={44} />}>
        {() => (
          <>
            <ul class="members">
              {shown.map((item) => (
                <li key={item.id}>
                  <button
                    type="button"
                    aria-pressed={item.id === chosen}
                    onClick={() => {
                      drawerOpen.value = false
                      pushHere({ why: item.id, whyPath: 0 })
                    }}
                  >
                    <Glyph verdict={item.verdict} alone />
                    <span class="grow">
                      <strong>
                        <Name value={item.name} tip />
                      </strong>
                      <span class="mut sub">
                        <Name value={item.why} />
                      </span>
                      <span class="mut sub">
                        {rowOf(item.verdict).word} · {strengthWords[item.strength].word} ·{' '}
                        {item.owner === null ? 'owner unknown' : <Name value={item.owner} />}
                        {item.degraded && ' · degraded'}
                      </span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            <More shown={items.length} total={total} more={more} />
          </>
        )}
      </Region>
    </>
  )
}
