import type { CutoverItem, CutoverWave } from '../../../../graph/wire-cutover.ts'
import { at, hrefOf, place, push } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, overallRows } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { MiniFront } from '../../ui/mini-front.tsx'
import { Name } from '../../ui/name.tsx'
import { dragged, moving, type Board } from './board.ts'
import { conflictNames, conflictsOf, fallWords, signCount } from './cutover-words.ts'
import type { Fronts } from './wave-columns.tsx'

interface CardProps {
  readonly board: Board
  readonly wave: CutoverWave
  readonly item: CutoverItem
  readonly fronts: Fronts
}

/** One credential of a wave: verdict, owner, gates, what falls, conflicts by name; dragged, or moved by its menu. */
export function WaveCard({ board, wave, item, fronts }: CardProps) {
  const { credential, gates, closed, owner, stays } = item
  const chosen = place.value.part === credential.id
  const front = fronts.of.get(credential.id)
  const conflicts = [...new Set(conflictsOf(wave, credential.id).map(({ kind }) => conflictNames[kind]))]
  const sign = signCount(item.signOffs)
  const open = gates.filter(({ state, excepted }) => state !== 'met' && excepted === null).map(({ title }) => title)
  return (
    <li
      class={chosen ? 'wave-card chosen' : 'wave-card'}
      draggable={board.mayWrite}
      onDragStart={(event) => {
        dragged.value = { credential: credential.id, from: wave.number }
        event.dataTransfer?.setData('text/plain', cleanText(credential.name))
        if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move'
      }}
      onDragEnd={() => (dragged.value = null)}
    >
      <span class="card-line">
        <Glyph verdict={overallRows[item.verdict].glyph} size={15} />
        <CardLink board={board} wave={wave} item={item} />
        {board.mayWrite && (
          <button
            type="button"
            class="card-menu"
            aria-label={`Move ${cleanText(credential.name)} to another wave`}
            title="Move to wave (M)"
            onClick={() => (moving.value = { credential: credential.id, from: wave.number })}
          >
            <span aria-hidden="true">⋯</span>
          </button>
        )}
      </span>
      <span class="card-line mut sub">
        <span class="grow clip">{owner === null ? 'owner unknown' : <Name value={owner} tip />}</span>
        <span class="nowrap" title={open.length === 0 ? 'Every gate is closed' : `Open: ${open.join(', ')}`}>
          gates {exact(closed)}/{exact(gates.length)}
        </span>
      </span>
      <span class="card-line mut sub">
        <span class="grow clip" title={`If it is refused and nobody prepared: ${fallWords(item)}`}>
          {stays !== null ? 'stays for now' : front ? <MiniFront cells={front} most={fronts.most} /> : fallWords(item)}
        </span>
        {sign !== null && <span class={sign.lapsed > 0 ? 'nowrap card-lapsed' : 'nowrap'}>{sign.words}</span>}
      </span>
      {conflicts.length > 0 && <span class="card-line sub card-conflicts">{conflicts.join(' · ')}</span>}
    </li>
  )
}

function CardLink({ board, wave, item }: Omit<CardProps, 'fronts'>) {
  const { credential, verdict, closed, gates } = item
  const to = { ...at('cutover', board.plan.id, credential.id), shows: place.value.shows }
  return (
    <a
      href={hrefOf(to)}
      id={`card-${credential.id}`}
      class="cover card-name"
      data-spot={wave.number}
      data-credential={credential.id}
      aria-current={place.value.part === credential.id ? 'true' : undefined}
      draggable={false}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        push(to)
      }}
    >
      <Name value={credential.name} tip />
      <span class="hidden-words">
        , {overallRows[verdict].word}, {exact(closed)} of {exact(gates.length)} gates closed
      </span>
    </a>
  )
}
