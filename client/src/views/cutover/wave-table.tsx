import type { CutoverItem, CutoverWave } from '../../../../graph/wire-cutover.ts'
import { at, place } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, overallRows } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { move, type Board } from './board.ts'
import { conflictNames, conflictsOf, fallWords, signCount, waveTitle, windowWords } from './cutover-words.ts'

/** The board as a table: the same waves, order and acts. */
export function WaveTable({ board }: { board: Board }) {
  return (
    <div
      class={['table-scroll', place.value.part !== '' && 'with-runbook', board.busy && 'recomputing']
        .filter(Boolean)
        .join(' ')}
      role="region"
      aria-label="Waves"
      tabIndex={0}
    >
      <table class="wave-table">
        <thead>
          <tr>
            <th scope="col">Credential</th>
            <th scope="col">Owner</th>
            <th scope="col">Verdict</th>
            <th scope="col">Unprepared</th>
            <th scope="col" class="number">
              Gates
            </th>
            <th scope="col">Sign-offs</th>
            <th scope="col">Conflicts</th>
            {board.mayWrite && <th scope="col">Wave</th>}
          </tr>
        </thead>
        {board.plan.waves.map((wave) => (
          <tbody key={wave.number}>
            <tr class="wave-row">
              <th scope="rowgroup" colSpan={board.mayWrite ? 8 : 7}>
                {waveTitle(wave)} <span class="mut">{windowWords(wave.start, wave.end)}</span>
              </th>
            </tr>
            {wave.items.map((item) => (
              <Row key={item.credential.id} board={board} wave={wave} item={item} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function Row({ board, wave, item }: { board: Board; wave: CutoverWave; item: CutoverItem }) {
  const { credential, owner, verdict, closed, gates } = item
  const row = overallRows[verdict]
  return (
    <tr class={place.value.part === credential.id ? 'chosen' : undefined}>
      <th scope="row">
        <Link to={{ ...at('cutover', board.plan.id, credential.id), shows: 'table' }} id={`row-${credential.id}`}>
          <Name value={credential.name} tip />
        </Link>
      </th>
      <td>{owner === null ? <em class="mut">unknown</em> : <Name value={owner} tip />}</td>
      <td class="nowrap">
        <Glyph verdict={row.glyph} /> {row.word}
      </td>
      <td>{fallWords(item)}</td>
      <td class="number">
        {exact(closed)}/{exact(gates.length)}
      </td>
      <td class="nowrap">{signCount(item.signOffs)?.words ?? <span class="mut">nobody has to</span>}</td>
      <td>
        {[...new Set(conflictsOf(wave, credential.id).map(({ kind }) => conflictNames[kind]))].join(', ') || (
          <span class="mut">none</span>
        )}
      </td>
      {board.mayWrite && (
        <td>
          <select
            aria-label={`Wave of ${cleanText(credential.name)}`}
            value={String(wave.number)}
            onChange={(event) => move(board, credential.id, Number(event.currentTarget.value))}
          >
            {board.plan.waves.map(({ number }) => (
              <option key={number} value={String(number)}>
                {number}
              </option>
            ))}
            <option value={String(board.plan.waves.length + 1)}>new</option>
          </select>
        </td>
      )}
    </tr>
  )
}
