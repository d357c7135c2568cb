import { useMemo } from 'preact/hooks'
import type { CutoverItem, CutoverWave } from '../../../../graph/wire-cutover.ts'
import { at, hrefOf, place, push } from '../../app/place.ts'
import { cleanText } from '../../model/clean-name.ts'
import { exact, overallRows } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { MiniFront } from '../../ui/mini-front.tsx'
import { Name } from '../../ui/name.tsx'
import { OneLine } from '../../ui/one-line.tsx'
import { dragged, moving, type Board, type Fronts } from './board.ts'
import { conflictNames, conflictsOf, fallWords, signCount } from './cutover-words.ts'

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
  const lapsed = signCount(item.signOffs)?.lapsed ?? 0
  const trouble = [
    ...(lapsed > 0 ? [`${exact(lapsed)} lapsed`] : []),
    ...new Set(conflictsOf(wave, credential.id).map(({ kind }) => conflictNames[kind])),
  ]
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
      <span class="card-line mut sub card-foot">
        <span class="nowrap" title={`If it is refused and nobody prepared: ${fallWords(item)}`}>
          {stays !== null ? 'stays for now' : front ? <MiniFront cells={front} most={fronts.most} /> : fallWords(item)}
        </span>
        <span class="grow clip card-trouble" title={trouble.join(', ')}>
          {trouble.join(' · ')}
        </span>
      </span>
    </li>
  )
}

function CardLink({ board, wave, item }: Omit<CardProps, 'fronts'>) {
  const { credential, verdict, closed, gates } = item
  const beside = useMemo(() => wave.items.map((one) => one.credential), [wave])
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
      <OneLine value={credential.name} beside={beside} />
      <span class="hidden-words">
        , {overallRows[verdict].word}, {exact(closed)} of {exact(gates.length)} gates closed
      </span>
    </a>
  )
}
