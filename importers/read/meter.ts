import type { Limits } from './limits.ts'
import type { RawFile } from './raw-file.ts'
import { ReadError } from './read-error.ts'

/** Counts what comes out of all files of a run. */
export interface Meter {
  /** `count` more uncompressed bytes. @throws ReadError over the total. */
  out(count: number): void
}

export function runMeter(limits: Limits): Meter {
  let total = 0
  return {
    out(count) {
      total += count
      if (total > limits.totalBytes) {
        throw new ReadError('too-large', `The files hold more than ${limits.totalBytes} bytes in all: import in parts.`)
      }
    },
  }
}

/** @throws ReadError where `out` bytes from `packed` bytes can only be a bomb. */
export function checkRatio(packed: number, out: number, limits: Limits): void {
  if (out > limits.ratioFloorBytes && out > packed * limits.ratio) {
    throw new ReadError('too-large', `Unpacks to more than ${limits.ratio} times its size: refused as a bomb.`)
  }
}

/** The file, with its bytes counted: each once, however often the file is read. */
export function metered(file: RawFile, meter: Meter): RawFile {
  let counted = 0
  return {
    ...file,
    async *stream() {
      let at = 0
      for await (const chunk of file.stream()) {
        at += chunk.length
        if (at > counted) {
          meter.out(at - counted)
          counted = at
        }
        yield chunk
      }
    },
  }
}
