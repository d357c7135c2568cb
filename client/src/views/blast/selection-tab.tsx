import type { BlastReply, Dependent } from '../../../../graph/wire.ts'
import { pushHere } from '../../app/place.ts'
import { groupIdOf, systemRows, type FrontCell } from '../../model/fold.ts'
import { exact, rowOf, total } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { drawerOpen } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { cellId, itemsUrl, whyOf } from './blast-queries.ts'
import { bandTitle, More, usePages } from './dependants-table.tsx'
import { strengthWords } from './strength.ts'
import type { Scenario } from './use-whatif.ts'

/** Members of the chosen cell, from the server, 200 a page. */
export function SelectionTab({ scenario }: { scenario: Scenario }) {
  const { base, shown: reply, ticked } = scenario
  const cell = cellId.value
  const dot = cell.indexOf('.')
  const row = cell.slice(0, dot)
  const band = cell.slice(dot + 1)
  const known = [...base.bands, ...reply.bands].some((candidate) => candidate.id === band)
  const system = systemRows(reply).find((candidate) => candidate.id === row)
  if (cell === '' || !known) return <p class="mut">Choose a cell or a glyph in the picture to see who is in it.</p>
  const cellNow = system?.cells[reply.bands.findIndex((candidate) => candidate.id === band)] ?? null
  if (system && ticked.length > 0 && reply !== base && cellNow && cellNow.members.length >= total(cellNow))
    return <MembersNow reply={reply} base={base} title={system.system.name} band={band} cell={cellNow} />
  if (system) {
    return (
      <Members
        reply={base}
        title={system.system.name}
        band={band}
        url={itemsUrl(base, { sys: String(system.sys), band })}
        key={cell}
      />
    )
  }
  const by = row.startsWith('tier-') ? 'tier' : row.startsWith('owner-') ? 'owner' : null
  if (by === null) return <p class="mut">The chosen cell is not in this answer any more.</p>
  const isIn = (item: Dependent): boolean => {
    const own = base.systems[item.sys]
    return own?.kind === 'system' && groupIdOf(own, by) === row
  }
  const one = base.systems.find((candidate) => candidate.kind === 'system' && groupIdOf(candidate, by) === row)
  const title = by === 'tier' ? tierWords(row) : `Systems of ${one?.owner ?? one?.team ?? 'an unknown owner'}`
  return <Members reply={base} title={title} band={band} url={itemsUrl(base, { band })} keep={isIn} key={cell} />
}

const tierWords = (row: string): string =>
  row === 'tier-none' ? 'Systems without a tier' : `Systems of tier ${row.slice('tier-'.length)}`

interface MembersNowProps {
  readonly reply: BlastReply
  readonly base: BlastReply
  readonly title: string
  readonly band: string
  readonly cell: FrontCell
}

/** Who stands in the cell with the ticked steps done, and where each stood before. */
function MembersNow({ reply, base, title, band, cell }: MembersNowProps) {
  const chosen = whyOf(reply)
  const before = new Map(
    base.cells.flatMap((old) => old.members.map((member) => [member.id, { old, member }] as const)),
  )
  return (
    <>
      <h2>
        <Name value={title} />
      </h2>
      <p class="mut" data-cell-total={total(cell)}>
        {bandTitle(reply, band)} · {exact(total(cell))} · with the ticked steps
      </p>
      <ul class="members">
        {cell.members.map((member) => {
          const was = before.get(member.id)
          const from = was && base.bands[was.old.band]!
          const moved = was && (from!.id !== band || was.member.verdict !== member.verdict)
          return (
            <li key={member.id}>
              <button
                type="button"
                aria-pressed={member.id === chosen}
                onClick={() => {
                  drawerOpen.value = false
                  pushHere({ why: member.id, whyPath: 0 })
                }}
              >
                <Glyph verdict={member.verdict} alone />
                <span class="grow">
                  <strong>
                    <Name value={member.name} tip />
                  </strong>
                  <span class="mut sub">
                    {rowOf(member.verdict).word}
                    {moved && ` · without the steps: ${rowOf(was.member.verdict).word}, ${from!.title.toLowerCase()}`}
                  </span>
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </>
  )
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
