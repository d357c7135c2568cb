import type { Verdict } from '../../../graph/wire.ts'
import { rowOf } from '../model/verdict.ts'

/** The four shapes, once in the page; everything else points at them. */
export function GlyphShapes() {
  return (
    <svg class="shapes" aria-hidden="true">
      <symbol id="g-breaks" viewBox="0 0 14 14">
        <rect class="solid" x="0.75" y="0.75" width="12.5" height="12.5" rx="2.6" />
        <path class="cut" d="M4.4 4.4l5.2 5.2M9.6 4.4l-5.2 5.2" />
      </symbol>
      <symbol id="g-steps" viewBox="0 0 14 14">
        <circle class="ring" cx="7" cy="7" r="5.9" />
        <path class="solid" d="M7 1.1a5.9 5.9 0 0 0 0 11.8z" />
      </symbol>
      <symbol id="g-unknown" viewBox="0 0 14 14">
        <circle class="ring dashed" cx="7" cy="7" r="5.9" />
        <path class="stroke" d="M5.3 5.6c0-1 .7-1.7 1.8-1.7s1.7.6 1.7 1.5c0 1.2-1.7 1.3-1.7 2.5" />
        <circle class="solid" cx="7.1" cy="10" r="0.85" />
      </symbol>
      <symbol id="g-keeps" viewBox="0 0 14 14">
        <circle class="ring" cx="7" cy="7" r="5.9" />
        <path class="stroke" d="M4.2 7.2l2 2 3.6-4" />
      </symbol>
    </svg>
  )
}

/** A verdict as its shape. Beside its word it is decoration; alone it carries its word. */
export function Glyph({ verdict, size = 14, alone = false }: { verdict: Verdict; size?: number; alone?: boolean }) {
  return (
    <svg
      class={`glyph ${verdict}`}
      width={size}
      height={size}
      {...(alone ? { role: 'img', 'aria-label': rowOf(verdict).word } : { 'aria-hidden': 'true' })}
    >
      <use href={`#g-${verdict}`} />
    </svg>
  )
}
