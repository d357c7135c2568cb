import { Fragment } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { AuditReply, type AuditRow } from '../../../../graph/wire-audit.ts'
import type { MeReply } from '../../../../graph/wire-people.ts'
import { ask } from '../../api/ask.ts'
import { at } from '../../app/place.ts'
import { say } from '../../app/say.ts'
import { utc } from '../../model/moments.ts'
import { exact } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { auditUrl, PAGE, type AuditFilter } from './audit-filter.ts'
import { aboutOf, changeOf, factsOf, reasonOf, rolesOf, whoOf } from './audit-words.ts'
import { seenPlace } from './seen-place.ts'

interface TableProps {
  readonly url: string
  readonly filter: AuditFilter
  readonly reply: AuditReply
  readonly asking: boolean
  readonly me: MeReply | null
}

/** Entries by day, newest first, by pages. */
export function AuditTable({ url, filter, reply, asking, me }: TableProps) {
  const [later, setLater] = useState<{ of: AuditReply; rows: readonly AuditRow[]; cursor: number | null } | null>(null)
  useEffect(() => setLater(null), [url])
  const mine = later?.of === reply ? later : null
  const rows = [...reply.rows, ...(mine?.rows ?? [])]
  const cursor = mine ? mine.cursor : reply.cursor
  const more = async (from: number): Promise<void> => {
    const outcome = await ask(AuditReply, auditUrl(filter, PAGE, from))
    if (!outcome.ok) return say(outcome.failure.message)
    setLater({ of: reply, rows: [...(mine?.rows ?? []), ...outcome.reply.rows], cursor: outcome.reply.cursor })
  }
  return (
    <>
      {rows.length === 0 ? (
        <p>No entry fits this filter{cursor !== null && ' among the newest; older ones are not looked through yet'}.</p>
      ) : (
        <div
          class={asking ? 'table-scroll recomputing' : 'table-scroll'}
          role="region"
          aria-label="Entries"
          tabIndex={0}
        >
          <table class="audit-table">
            <thead>
              <tr>
                <th scope="col">When, UTC</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">About</th>
                <th scope="col">Before → after, reason</th>
                <th scope="col">Graph</th>
                <th scope="col">
                  <span class="hidden-words">Open</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <Fragment key={`${row.chain} ${row.seq}`}>
                  {row.ts.slice(0, 10) !== rows[i - 1]?.ts.slice(0, 10) && <DayRow ts={row.ts} />}
                  <Row row={row} me={me} />
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {cursor !== null && (
        <p class="more">
          <button type="button" onClick={() => void more(cursor)}>
            Show older
          </button>{' '}
          <span class="mut">{exact(rows.length)} shown</span>
        </p>
      )}
    </>
  )
}

function DayRow({ ts }: { ts: string }) {
  return (
    <tr class="audit-day">
      <th scope="rowgroup" colSpan={7}>
        {ts.slice(0, 10)}
      </th>
    </tr>
  )
}

function Row({ row, me }: { row: AuditRow; me: MeReply | null }) {
  const seen = seenPlace(row, me?.may ?? [])
  const change = changeOf(row)
  const reason = reasonOf(row)
  const facts = factsOf(row)
  const { detail } = row
  return (
    <tr class={row.kind === 'change' ? 'audit-change' : undefined}>
      <td class="nowrap" title={`${utc(row.ts)}, entry ${row.seq}`}>
        {row.ts.slice(11, 19)}
        <span class="mut sub">{exact(row.seq)}</span>
      </td>
      <td>
        <Name value={row.actor === me?.id ? `${me.name} (you)` : whoOf(row.actor)} tip />
        <span class="mut sub">{[rolesOf(row.role), row.via].filter(Boolean).join(' · ')}</span>
      </td>
      <th scope="row">
        {row.outcome === 'failed' && (
          <>
            <Glyph verdict="breaks" />{' '}
          </>
        )}
        {row.words}
        {row.outcome === 'begun' && <span class="mut sub">begun</span>}
        {detail.problem !== undefined && <span class="sub">{detail.problem}</span>}
        {row.checkpoint && <span class="mut sub">checkpoint signed</span>}
        <span class="mut sub code">{row.action}</span>
      </th>
      <td class="audit-about">
        <Name value={aboutOf(row)} tip />
        {detail.plan !== undefined && me?.may.includes('plan.read') && (
          <span class="sub">
            <Link to={at('cutover', detail.plan)}>its plan</Link>
          </span>
        )}
        {facts !== '' && (
          <span class="mut sub">
            <Name value={facts} />
          </span>
        )}
      </td>
      <td>
        {change !== null && <Name value={`${change.before} → ${change.after}`} />}
        {reason !== '' && (
          <span class="sub">
            “<Name value={reason} />”
          </span>
        )}
      </td>
      <td class="nowrap">
        {detail.snapshot === undefined ? '' : <code title={detail.snapshot}>{detail.snapshot.slice(0, 8)}</code>}
      </td>
      <td class="nowrap">{seen && <Link to={seen}>Open as they saw it</Link>}</td>
    </tr>
  )
}
