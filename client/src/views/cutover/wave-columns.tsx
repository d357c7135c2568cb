import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { CutoverWave } from '../../../../graph/wire-cutover.ts'
import { place, pushHere } from '../../app/place.ts'
import { exact, plural } from '../../model/verdict.ts'
import { dragged, move, type Board, type Fronts } from './board.ts'
import { boardKeys } from './board-keys.ts'
import { WaveCard } from './card.tsx'
import { credentialsWords, outageWords, waveTitle, windowWords } from './cutover-words.ts'

const MARGIN = 24

/** Waves as columns, credentials as cards. One tab stop: arrows move between columns and cards. */
export function WaveColumns({ board, fronts, chosen }: { board: Board; fronts: Fronts; chosen: number }) {
  const { part } = place.value
  const scroller = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => showChosen(scroller.current), [part, chosen])
  return (
    <div
      ref={scroller}
      class={['waves-scroll', part !== '' && 'with-runbook', board.busy && 'recomputing'].filter(Boolean).join(' ')}
      role="group"
      aria-label="Waves"
      onKeyDown={boardKeys}
    >
      <ol class="waves">
        {board.plan.waves.map((wave) => (
          <Column key={wave.number} board={board} fronts={fronts} wave={wave} chosen={wave.number === chosen} />
        ))}
        {board.mayWrite && <NewWave board={board} />}
      </ol>
    </div>
  )
}

/** Brings the chosen wave and card into sight, inside the board only: the page stays where it is. */
function showChosen(board: HTMLElement | null): void {
  const wave = board?.querySelector<HTMLElement>('.wave.chosen')
  if (!board || !wave) return
  const right = wave.offsetLeft + wave.offsetWidth + MARGIN
  if (wave.offsetLeft - MARGIN < board.scrollLeft) board.scrollLeft = wave.offsetLeft - MARGIN
  else if (right > board.scrollLeft + board.clientWidth) board.scrollLeft = right - board.clientWidth
  const card = wave.querySelector<HTMLElement>('.wave-card.chosen')
  const list = card?.parentElement
  if (card && list) list.scrollTop = card.offsetTop
}

/** Takes a dragged card; tells whether one is over it. */
function useDrop(board: Board, number: number) {
  const [over, setOver] = useState(false)
  const takes = (): boolean => dragged.value !== null && dragged.value.from !== number
  return {
    over,
    onDragOver(event: DragEvent) {
      if (!takes()) return
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop(event: DragEvent) {
      setOver(false)
      if (!takes()) return
      event.preventDefault()
      move(board, dragged.value!.credential, number)
      dragged.value = null
    },
  }
}

interface ColumnProps {
  readonly board: Board
  readonly fronts: Fronts
  readonly wave: CutoverWave
  readonly chosen: boolean
}

function Column({ board, fronts, wave, chosen }: ColumnProps) {
  const { over, ...drop } = useDrop(board, wave.number)
  return (
    <li class={['wave', chosen && 'chosen', over && 'over'].filter(Boolean).join(' ')} {...drop}>
      <WaveHead wave={wave} chosen={chosen} />
      {wave.items.length === 0 ? (
        <p class="mut wave-empty">No credential is in this wave.</p>
      ) : (
        <ul class="wave-cards" aria-label={`Credentials of wave ${wave.number}`}>
          {wave.items.map((item) => (
            <WaveCard key={item.credential.id} board={board} wave={wave} item={item} fronts={fronts} />
          ))}
        </ul>
      )}
    </li>
  )
}

/** Only while a card is dragged: a place for a wave of its own. */
function NewWave({ board }: { board: Board }) {
  const { over, ...drop } = useDrop(board, board.plan.waves.length + 1)
  if (dragged.value === null) return null
  return (
    <li class={over ? 'wave wave-new over' : 'wave wave-new'} {...drop}>
      <p class="mut">A new wave, a week after the last</p>
    </li>
  )
}

/** Date, load, progress and outage of the wave as one change; pressed, its details stand under the board. */
function WaveHead({ wave, chosen }: { wave: CutoverWave; chosen: boolean }) {
  const gates = wave.items.reduce((sum, item) => sum + item.gates.length, 0)
  const closed = wave.items.reduce((sum, item) => sum + item.closed, 0)
  const ready = wave.items.filter((item) => item.ready).length
  const blocking = wave.conflicts.filter(({ blocks }) => blocks).length
  return (
    <div class="wave-head">
      <h2>
        <button
          type="button"
          id={`wave-${wave.number}`}
          class="wave-title"
          data-spot={wave.number}
          aria-pressed={chosen}
          onClick={() => pushHere({ selected: `w${wave.number}`, part: '', tab: '' })}
        >
          {waveTitle(wave)}
        </button>
      </h2>
      <p class="mut sub">{windowWords(wave.start, wave.end)}</p>
      <p class="mut sub">
        {credentialsWords(wave.items.length)} ·{' '}
        {wave.steps.done > 0
          ? `${exact(wave.steps.done)} of ${plural(wave.steps.of, 'step')}`
          : wave.ready
            ? 'ready'
            : `${exact(ready)} ready`}
      </p>
      <Progress closed={closed} all={gates} />
      <p
        class="sub wave-outage"
        title="All old values of the wave refused at once: one change, not the sum of its members"
      >
        {outageWords(wave)}
      </p>
      <p class="mut sub">
        {wave.conflicts.length === 0
          ? 'no conflict'
          : `${plural(wave.conflicts.length, 'conflict')}${blocking > 0 ? `, ${exact(blocking)} in the way` : ''}`}
      </p>
    </div>
  )
}

export function Progress({ closed, all }: { closed: number; all: number }) {
  return (
    <svg
      class="gates-bar"
      width="100%"
      height="4"
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${exact(closed)} of ${plural(all, 'gate')} closed`}
    >
      <rect class="ground" width="100" height="4" />
      <rect class="done" width={all === 0 ? 0 : (100 * closed) / all} height="4" />
    </svg>
  )
}
