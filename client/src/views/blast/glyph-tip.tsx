import { useEffect, useState } from 'preact/hooks'
import { Name } from '../../ui/name.tsx'

interface Tip {
  readonly x: number
  readonly y: number
  readonly member: string
  readonly row: string
}

const DELAY_MS = 80

/** What is under the pointer, beside it. Can be hovered, leaves with Esc, moves nothing (WCAG 1.4.13). */
export function GlyphTip({ grid }: { grid: { readonly current: HTMLTableElement | null } }) {
  const [tip, setTip] = useState<Tip | null>(null)
  useEffect(() => {
    const table = grid.current
    if (!table) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const over = (event: PointerEvent): void => {
      const glyph = (event.target as Element).closest<SVGUseElement>('use[data-member]')
      clearTimeout(timer)
      timer = setTimeout(() => setTip(glyph ? tipOf(glyph) : null), glyph ? DELAY_MS : 250)
    }
    const leave = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => setTip(null), 250)
    }
    const escape = (event: KeyboardEvent): void => void (event.key === 'Escape' && setTip(null))
    table.addEventListener('pointerover', over)
    table.addEventListener('pointerleave', leave)
    addEventListener('keydown', escape)
    return () => {
      clearTimeout(timer)
      table.removeEventListener('pointerover', over)
      table.removeEventListener('pointerleave', leave)
      removeEventListener('keydown', escape)
    }
  }, [])
  if (!tip) return null
  return (
    <div class="tip" role="tooltip" style={{ left: `${tip.x}px`, top: `${tip.y}px` }}>
      <strong>
        <Name value={tip.member} />
      </strong>
      <span>{tip.row}</span>
    </div>
  )
}

function tipOf(glyph: SVGUseElement): Tip | null {
  const cell = glyph.closest('button.cell')
  const frame = glyph.closest('.front-body')?.getBoundingClientRect()
  if (!cell || !frame) return null
  const box = glyph.getBoundingClientRect()
  const words = cell.querySelector('.hidden-words')?.textContent ?? ''
  return {
    x: Math.min(box.left - frame.left, frame.width - 260),
    y: box.bottom - frame.top + 6,
    member: glyph.getAttribute('data-name') ?? '',
    row: `${glyph.getAttribute('data-verdict') ?? ''} · ${words.slice(0, words.lastIndexOf(':'))}`,
  }
}
