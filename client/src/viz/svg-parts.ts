import { cleanText } from '../model/clean-name.ts'
import { xmlText } from '../model/front-svg.ts'
import type { Picture } from '../model/save-picture.ts'

/** Ink of exports: always on white, whatever the theme of the screen. */
export const inks = {
  fg: '#15181e',
  mut: '#5b6270',
  line: '#cdd2db',
  faint: '#e4e7ec',
  breaks: '#8f1237',
  keeps: '#0b5cad',
  line3: '#7a7f8a',
} as const

interface TextStyle {
  readonly size?: number
  readonly bold?: boolean
  readonly fill?: string
  readonly anchor?: 'start' | 'middle' | 'end'
}

/** Text as text; it can be selected, and cannot be markup. */
export function svgText(x: number, y: number, words: string, style: TextStyle = {}): string {
  const { size = 12, bold = false, fill = inks.fg, anchor = 'start' } = style
  const more = `${bold ? ' font-weight="600"' : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${more}>${xmlText(words)}</text>`
}

/** At most so many signs, so that no name runs over its neighbour. */
export function cutTo(words: string, most: number): string {
  const signs = [...cleanText(words)]
  return signs.length <= most ? signs.join('') : `${signs.slice(0, most - 1).join('')}…`
}

/** Signs of this size that a width has room for, in a font of unknown widths: never too many. */
export const signsIn = (width: number, size = 12): number => Math.max(4, Math.floor(width / (size * 0.56)))

/** A drawing of its own: white ground, title, no script, nothing from elsewhere. */
export function svgOf(title: string, width: number, height: number, parts: readonly string[]): Picture {
  const [w, h] = [Math.ceil(width), Math.ceil(height)]
  return {
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="system-ui, sans-serif" fill="${inks.fg}">
<title>${xmlText(title)}</title>
<rect width="${w}" height="${h}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`,
    width: w,
    height: h,
  }
}
