import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { cleanText } from '../model/clean-name.ts'
import { cutName } from '../model/cut-name.ts'
import { Name } from './name.tsx'

const measures = new Map<Element, () => void>()
const observer =
  'ResizeObserver' in globalThis
    ? new ResizeObserver((entries) => entries.forEach(({ target }) => measures.get(target)?.()))
    : null
let pen: OffscreenCanvasRenderingContext2D | null = null
/** Room a cut name leaves, px: text on a canvas may be a hair narrower than in a line. */
const SLACK = 1

interface OneLineProps {
  readonly value: string
  /** Names it stands beside: cut, it must not read like one of them. */
  readonly beside?: readonly { readonly name: string }[]
}

/** A name in one line, cut in its middle where it does not fit. The whole is its tip, and what is read out. */
export function OneLine({ value, beside }: OneLineProps) {
  const element = useRef<HTMLSpanElement>(null)
  const whole = cleanText(value)
  const [cut, setCut] = useState(whole)
  useLayoutEffect(() => {
    const node = element.current
    pen ??= 'OffscreenCanvas' in globalThis ? new OffscreenCanvas(1, 1).getContext('2d') : null
    const on = pen
    if (!node || !on || !observer) return
    const measure = (): void =>
      setCut(
        cutName(
          whole,
          fitsIn(node, whole, on),
          beside?.map(({ name }) => cleanText(name)),
        ),
      )
    measure()
    measures.set(node, measure)
    observer.observe(node)
    return () => {
      observer.unobserve(node)
      measures.delete(node)
    }
  }, [whole, beside])
  return (
    <span ref={element} class="one-line" title={whole} data-cut={cut === whole ? undefined : cut}>
      <Name value={value} />
    </span>
  )
}

function fitsIn(node: HTMLElement, whole: string, on: OffscreenCanvasRenderingContext2D): (text: string) => boolean {
  const { fontStyle, fontWeight, fontSize, fontFamily, writingMode } = getComputedStyle(node)
  const { width, height } = node.getBoundingClientRect()
  const room = writingMode.startsWith('vertical') ? height : width
  // Not `font`: it is empty where figures are tabular.
  on.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`
  // Not laid out: nothing is cut. A box that is as wide as its name has room for just that.
  return room === 0 ? () => true : (text) => on.measureText(text).width <= (text === whole ? room + 0.1 : room - SLACK)
}
