import { useEffect, useState } from 'preact/hooks'
import { EstateReply, type EstateRow } from '../../../../graph/wire-estate.ts'
import { ask } from '../../api/ask.ts'
import { at, place, pushHere } from '../../app/place.ts'
import { say } from '../../app/say.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, overallRows } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { mostOf } from '../../ui/hit-row.tsx'
import { Link } from '../../ui/link.tsx'
import { MiniFront } from '../../ui/mini-front.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'
import { choose, chosenRows } from './chosen-rows.ts'
import { withCursor } from './estate-queries.ts'

const columns = [
  { id: 'name', title: 'Credential', sort: 'name' },
  { id: 'kind', title: 'Kind', sort: 'kind' },
  { id: 'owner', title: 'Owner', sort: 'owner' },
  { id: 'age', title: 'Age', sort: '-age', number: true },
  { id: 'used', title: 'Last used', sort: 'used', number: true },
  { id: 'gaps', title: 'Gaps' },
  { id: 'front', title: 'Now → later' },
  { id: 'verdict', title: 'Verdict' },
] as const

/** One row a credential, by pages; a click on a row shows what was found about it. */
export function EstateTable({ url, reply, asking }: { url: string; reply: EstateReply; asking: boolean }) {
  const [later, setLater] = useState<{ url: string; rows: readonly EstateRow[]; next: number | undefined } | null>(null)
  useEffect(() => setLater(null), [url])
  const mine = later?.url === url ? later : null
  const rows = [...reply.rows, ...(mine?.rows ?? [])]
  const next = mine ? mine.next : reply.next
  const more = async (cursor: number): Promise<void> => {
    const outcome = await ask(EstateReply, withCursor(url, cursor))
    if (!outcome.ok) return say(outcome.failure.message)
    setLater({ url, rows: [...(mine?.rows ?? []), ...outcome.reply.rows], next: outcome.reply.next })
  }
  if (rows.length === 0) return <p>No credential fits this filter.</p>
  const most = mostOf(rows)
  return (
    <div
      class={asking ? 'table-scroll estate-scroll recomputing' : 'table-scroll estate-scroll'}
      role="region"
      aria-label="Credentials"
      tabIndex={0}
    >
      <table class="estate-table">
        <thead>
          <tr>
            <th scope="col" class="pick">
              <input
                type="checkbox"
                id="choose-all"
                aria-label="Choose the rows shown"
                checked={rows.every(({ id }) => chosenRows.value.has(id))}
                onChange={(event) =>
                  choose(
                    rows.map(({ id }) => id),
                    event.currentTarget.checked,
                  )
                }
              />
            </th>
            {columns.map((column) => (
              <th
                scope="col"
                key={column.id}
                class={'number' in column ? 'number' : undefined}
                aria-sort={'sort' in column ? sortOf(column.sort) : undefined}
              >
                {'sort' in column ? <SortButton title={column.title} sort={column.sort} /> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} most={most} titles={reply.gaps} />
          ))}
        </tbody>
      </table>
      {next !== undefined && (
        <p class="more">
          <button type="button" onClick={() => void more(next)}>
            Show more
          </button>{' '}
          <span class="mut">
            {exact(rows.length)} of {exact(reply.matched)}
          </span>
        </p>
      )}
    </div>
  )
}

const turned = (sort: string): string => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`)

function sortOf(sort: string): 'ascending' | 'descending' | 'none' {
  const now = place.value.sort
  if (now !== sort && now !== turned(sort)) return 'none'
  return now.startsWith('-') ? 'descending' : 'ascending'
}

function SortButton({ title, sort }: { title: string; sort: string }) {
  const now = place.value.sort
  const is = now === sort || now === turned(sort)
  return (
    <button
      type="button"
      class="sort"
      onClick={() => pushHere({ sort: now === sort ? turned(sort) : now === turned(sort) ? '' : sort })}
    >
      {title}
      <span aria-hidden="true" class="arrow">
        {is ? (now.startsWith('-') ? '↓' : '↑') : ''}
      </span>
    </button>
  )
}

const NAMED_GAPS = 1

function Row({ row, most, titles }: { row: EstateRow; most: number; titles: EstateReply['gaps'] }) {
  const words = row.flags.map((id) => titles.find((gap) => gap.id === id)?.title.toLowerCase() ?? id)
  const chosen = place.value.selected === row.id
  return (
    <tr class={chosen ? 'chosen' : undefined}>
      <td class="pick">
        <input
          type="checkbox"
          id={`choose-${row.id}`}
          aria-label={`Choose ${cleanText(row.name)}`}
          checked={chosenRows.value.has(row.id)}
          onChange={(event) => choose([row.id], event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <Link to={at('blast', row.id)} id={`row-${row.id}`}>
          <Name value={row.name} tip />
        </Link>
        <span class="mut sub">
          <span class="kind">
            {row.title}
            {row.where !== undefined && ' · '}
          </span>
          {row.where !== undefined && <Name value={row.where} tip />}
        </span>
      </th>
      <td>{row.title}</td>
      <td>
        {row.owner === undefined ? <em class="mut">unknown</em> : <Name value={row.owner} tip />}
        {row.stated?.includes('owner') && <Stated />}
      </td>
      <td class="number nowrap">{row.ageDays === null ? '' : ageWords(row.ageDays)}</td>
      <td class="number nowrap">{row.lastUsedAt === undefined ? '' : <Moment at={row.lastUsedAt} />}</td>
      <td>
        {words.length > 0 && (
          <button
            type="button"
            class="text gaps"
            aria-pressed={chosen}
            title={words.join(', ')}
            onClick={() => pushHere({ selected: chosen ? '' : row.id, tab: chosen ? '' : 'found' })}
          >
            {words.slice(0, NAMED_GAPS).join(' · ')}
            {words.length > NAMED_GAPS && <span class="mut"> +{words.length - NAMED_GAPS}</span>}
          </button>
        )}
      </td>
      <td>{row.front && <MiniFront cells={row.front.cells} most={most} />}</td>
      <td class="nowrap">
        {row.front && (
          <>
            <Glyph verdict={overallRows[row.front.verdict].glyph} /> {overallRows[row.front.verdict].word}
          </>
        )}
      </td>
    </tr>
  )
}

/** A person said so. */
function Stated() {
  return (
    <span class="stated" title="Stated by a person">
      <svg class="pencil" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M2 10l.6-2.4L8.3 2l1.8 1.8-5.7 5.6z" />
      </svg>
      <span class="hidden-words">stated</span>
    </span>
  )
}

const YEAR = 365

export const ageWords = (days: number): string => {
  if (days < 0) return ''
  return days < 2 * YEAR ? `${exact(days)} d` : `${(days / YEAR).toFixed(1)} y`
}
