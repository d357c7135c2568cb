import type { ImportReply, Overall, SourcesReply } from '../../../../graph/wire.ts'
import { at } from '../../app/place.ts'
import { exact, overallRows, plural } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Moment } from '../../ui/moment.tsx'
import { BlindTo } from '../../ui/blind-to.tsx'
import { Name } from '../../ui/name.tsx'

/** Graph before and after, then what each scope adds, changes and retires. */
export function WhatChanged({ reply }: { reply: ImportReply | null }) {
  if (!reply) return <p class="mut">After files are read, this says what they would add, change and retire.</p>
  return (
    <>
      {reply.before && reply.after && (
        <BeforeAfter before={reply.before} after={reply.after} totals={reply.totals ?? []} />
      )}
      {reply.moved && <Moved moved={reply.moved} />}
      <h2>By scope</h2>
      {reply.scopes.length === 0 && <p class="mut">No scope is known yet.</p>}
      <ul class="scopes">
        {reply.scopes.map((scope) => (
          <li key={scope.scope}>
            <strong>
              <Name value={scope.title} />
            </strong>
            <span class="mut sub">
              <Name value={scope.nature} /> ·{' '}
              {scope.complete ? 'whole scope: what has vanished is retired' : 'part of its scope: nothing is retired'}
            </span>
            {scope.changed && isSame(scope) ? (
              <span class="sub">the same facts, as of now</span>
            ) : scope.changed ? (
              <table class="changes">
                <thead>
                  <tr>
                    <th scope="col">
                      <span class="hidden-words">What</span>
                    </th>
                    <th scope="col">added</th>
                    <th scope="col">changed</th>
                    <th scope="col">retired</th>
                  </tr>
                </thead>
                <tbody>
                  <Changes title="Things" counts={scope.entities} />
                  <Changes title="Relations" counts={scope.relationships} />
                </tbody>
              </table>
            ) : (
              <span class="sub">nothing changes</span>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

type Scope = ImportReply['scopes'][number]

const isSame = ({ entities, relationships }: Scope): boolean =>
  [entities, relationships].every(({ added, changed, retired }) => added + changed + retired === 0)

function Changes({ title, counts }: { title: string; counts: { added: number; changed: number; retired: number } }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td class="number">{signed(counts.added, '+')}</td>
      <td class="number">{counts.changed === 0 ? '–' : exact(counts.changed)}</td>
      <td class="number">{signed(counts.retired, '−')}</td>
    </tr>
  )
}

const signed = (n: number, sign: string): string => (n === 0 ? '–' : `${sign}${exact(n)}`)

type Snapshot = NonNullable<ImportReply['before']>

function BeforeAfter(props: { before: Snapshot; after: Snapshot; totals: NonNullable<ImportReply['totals']> }) {
  const { before, after, totals } = props
  const rows = [
    ...totals.map((one) => [one.title, one.before, one.after, one.share ? ' %' : ''] as const),
    ['All things', before.entities, after.entities, ''] as const,
    ['All relations', before.relationships, after.relationships, ''] as const,
    ['Sources', before.sources, after.sources, ''] as const,
  ]
  return (
    <>
      <h2>Graph before → after</h2>
      <table class="before-after">
        <tbody>
          {rows.map(([title, was, is, unit]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td class="number mut">
                {exact(was)}
                {unit}
              </td>
              <td class="number">
                <strong>
                  {exact(is)}
                  {unit}
                </strong>
              </td>
              <td class="number">{is === was ? '±0' : signed(Math.abs(is - was), is > was ? '+' : '−')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

const MOVED_SHOWN = 20

/** Credentials whose answer is another one since this batch. */
function Moved({ moved: { compared, items } }: { moved: NonNullable<ImportReply['moved']> }) {
  return (
    <>
      <h2>Verdicts that moved</h2>
      {items.length === 0 && (
        <p class="mut">None of the {plural(compared, 'credential')} with the heaviest fall is answered differently.</p>
      )}
      <ul class="moved">
        {items.slice(0, MOVED_SHOWN).map(({ thing, before, after }) => (
          <li key={thing.id}>
            {after === null ? (
              <Name value={thing.name} tip />
            ) : (
              <Link to={at('blast', thing.id)} id={`moved-${thing.id}`}>
                <Name value={thing.name} tip />
              </Link>
            )}
            <span class="moved-verdicts">
              <VerdictMark verdict={before} /> → <VerdictMark verdict={after} />
            </span>
            <span class="mut">{after === null ? 'gone' : overallRows[after].word}</span>
          </li>
        ))}
      </ul>
      {items.length > MOVED_SHOWN && <p class="mut">and {exact(items.length - MOVED_SHOWN)} more</p>}
      {items.length > 0 && (
        <p class="mut">
          Compared: the {plural(compared, 'credential')} with the heaviest fall. A sign-off lapses by itself where its
          set of dependants changed: <Link to={at('cutover')}>Cutover</Link> shows it.
        </p>
      )}
    </>
  )
}

function VerdictMark({ verdict }: { verdict: Overall | null }) {
  if (verdict === null) return <span class="mut">none</span>
  return (
    <>
      <Glyph verdict={overallRows[verdict].glyph} />
      <span class="hidden-words">{overallRows[verdict].word}</span>
    </>
  )
}

/** What the graph stands on now. */
export function SourceList({ reply }: { reply: SourcesReply | null }) {
  if (!reply) return <p class="mut">Loading</p>
  if (reply.sources.length === 0) return <p class="mut">No source was imported yet.</p>
  return (
    <>
      <h2>Sources</h2>
      <p class="mut">A verdict never says safe past what is seen.</p>
      <ul class="unknowns">
        {reply.sources.map((source) => (
          <li key={source.scope}>
            <Glyph verdict={source.stale ? 'unknown' : source.complete ? 'keeps' : 'steps'} />
            <span class="grow">
              <strong>
                <Name value={source.title} tip />
              </strong>
              <span class="mut sub">
                {source.importerTitle} · <Moment at={source.at} />
                {source.stale && ' · stale'} · {source.complete ? 'whole scope' : 'part of its scope'}
              </span>
              <span class="mut sub">
                {plural(source.entities, 'thing')}, {plural(source.relationships, 'relation')}
              </span>
              <BlindTo what={source.blindTo} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
