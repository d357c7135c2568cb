import { save, saveBlob } from './save.ts'

/** A drawing as SVG text with its size, px. */
export interface Picture {
  readonly text: string
  readonly width: number
  readonly height: number
}

export const saveSvg = ({ text }: Picture, name: string): void => save(text, name, 'image/svg+xml')

/** Sides that browsers can paint; a longer picture is painted smaller rather than cut. */
const LONGEST_SIDE = 16_000

/** The same marks, painted twice the size. */
export async function savePng({ text, width, height }: Picture, name: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }))
  try {
    const image = new Image(width, height)
    image.src = url
    await image.decode()
    const times = Math.min(2, LONGEST_SIDE / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(width * times)
    canvas.height = Math.round(height * times)
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    if (!blob) throw new Error('no picture')
    saveBlob(blob, name)
  } finally {
    URL.revokeObjectURL(url)
  }
}
