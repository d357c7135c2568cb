import type { SourcesReply, Verdict } from '../../../../graph/wire.ts'
import { exact, plural } from '../../model/verdict.ts'
import { BlindTo } from '../../ui/blind-to.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Moment, written } from '../../ui/moment.tsx'
import { Name } from '../../ui/name.tsx'

type Source = SourcesReply['sources'][number]

const glyphOf = (source: Source): Verdict => (source.stale ? 'unknown' : (source.caps ?? 0) > 0 ? 'steps' : 'keeps')

const glyphWords: Readonly<Record<string, string>> = {
  unknown: 'stale',
  steps: 'caps verdicts',
  keeps: 'good',
}

/** A row a source; what it caps first, then the oldest. */
export function SourceTable({ sources }: { sources: readonly Source[] }) {
  const sorted = [...sources].sort((a, b) => (b.caps ?? 0) - (a.caps ?? 0) || (a.at < b.at ? -1 : 1))
  return (
    <div class="table-scroll" role="region" aria-label="Sources" tabIndex={0}>
      <table class="sources-table">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden-words">State</span>
            </th>
            <th scope="col">Source</th>
            <th scope="col">Fresh</th>
            <th scope="col">Lists</th>
            <th scope="col">Window</th>
            <th scope="col" class="number">
              Known from it
            </th>
            <th scope="col">Not understood</th>
            <th scope="col">Caps</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((source) => (
            <Row key={source.scope} source={source} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ source }: { source: Source }) {
  const glyph = glyphOf(source)
  const caps = source.caps ?? 0
  return (
    <tr>
      <td title={glyphWords[glyph]}>
        <Glyph verdict={glyph} />
        <span class="hidden-words">{glyphWords[glyph]}</span>
      </td>
      <th scope="row">
        <Name value={source.title} tip />
        <span class="mut sub">{source.importerTitle}</span>
        <BlindTo what={source.blindTo} />
      </th>
      <td>
        <span class="nowrap">
          <Moment at={source.at} />
        </span>
        {source.stale && <span class="sub">stale</span>}
      </td>
      <td>{source.complete ? 'its whole scope' : source.nature === 'log' ? 'what happened' : 'part of its scope'}</td>
      <td>{windowWords(source)}</td>
      <td class="number">
        <span class="nowrap">{plural(source.entities, 'thing')}</span>
        <span class="mut sub nowrap">{plural(source.relationships, 'relation')}</span>
      </td>
      <td>{missedWords(source)}</td>
      <td>
        {caps === 0 ? (
          <span class="mut">nothing</span>
        ) : (
          <>
            {plural(caps, 'credential')}
            {source.capsWhy !== undefined && (
              <span class="mut sub">
                <Name value={source.capsWhy} />
              </span>
            )}
          </>
        )}
      </td>
    </tr>
  )
}

const DAY = 86_400_000

/** Of a log, from its first to its last event. */
function windowWords({ nature, since, until }: Source) {
  if (nature !== 'log' || !since || !until) return <span class="mut">–</span>
  const days = (Date.parse(until) - Date.parse(since)) / DAY
  return (
    <span title={`${written(since)} to ${written(until)}`}>
      {days < 2 ? plural(Math.max(1, Math.round(days * 24)), 'hour') : plural(Math.floor(days), 'day')}
    </span>
  )
}

function missedWords({ records, loss }: Source) {
  const skipped = records?.skipped ?? loss?.records ?? 0
  const of = records?.read ?? loss?.of ?? 0
  const files = loss?.files ?? 0
  if (skipped === 0 && files === 0) return <span class="mut">none</span>
  return (
    <>
      {skipped > 0 && (
        <>
          {exact(skipped)} of {exact(of)} records
          {loss && loss.records === 0 && <span class="mut sub">none of them a loss</span>}
        </>
      )}
      {files > 0 && <span class="sub">{plural(files, 'file')} not to the end</span>}
    </>
  )
}
