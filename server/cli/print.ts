import pc from 'picocolors'

/** Where a command writes. Colours only on a terminal that wants them. */
export interface Print {
  line(text?: string): void
  /** As it is, without an end of line. */
  write(text: string): void
  /** To standard error: progress and warnings. */
  aside(text: string): void
  readonly paint: ReturnType<typeof pc.createColors>
  readonly isTerminal: boolean
  /** Characters in a line of it; endless where nobody looks. */
  readonly width: number
}

export function openPrint(out: NodeJS.WriteStream = process.stdout, aside: NodeJS.WriteStream = process.stderr): Print {
  const isTerminal = out.isTTY === true
  return {
    line: (text = '') => void out.write(`${text}\n`),
    write: (text) => void out.write(text),
    aside: (text) => void aside.write(`${text}\n`),
    paint: pc.createColors(isTerminal && pc.isColorSupported),
    isTerminal,
    get width() {
      return isTerminal ? out.columns || Infinity : Infinity
    },
  }
}
