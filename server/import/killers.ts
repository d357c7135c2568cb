import type { ReadingChild } from './child-process.ts'
import type { Feeder } from './feed-child.ts'
import type { ChildLimits } from './reading.ts'

export interface Killers {
  /** It is there: from now on it answers for its silence. */
  started(): void
  /** Runs while a word of the child is awaited. */
  await<T>(word: Promise<T>): Promise<T>
  kill(why: string): void
  why(): string | undefined
  fatal(): boolean
  stop(): void
}

/** Ends a child that takes too long, says nothing, or is not wanted any more. */
export function killersOf(
  child: Pick<ReadingChild, 'kill'>,
  feeder: Pick<Feeder, 'waiting'>,
  limits: Pick<ChildLimits, 'wallMs' | 'startMs' | 'silenceMs'>,
  signal: AbortSignal | undefined,
): Killers {
  let why: string | undefined
  let fatal = false
  let isThere = false
  const kill = (reason: string) => {
    why ??= reason
    child.kill('SIGKILL')
  }
  const wall = setTimeout(() => {
    fatal = true
    kill(
      `The files took longer than ${limits.wallMs / 1000} s to read: import in parts, or set KEYFALL_IMPORT_MINUTES.`,
    )
  }, limits.wallMs)
  const onAbort = () => kill('it was cancelled.')
  signal?.addEventListener('abort', onAbort)
  return {
    started: () => void (isThere = true),
    async await(word) {
      const patience = isThere ? limits.silenceMs : limits.startMs
      const silence = setInterval(() => {
        if (!feeder.waiting() || !isThere) kill(`it said nothing for ${patience / 1000} s.`)
      }, patience)
      try {
        return await word
      } finally {
        clearInterval(silence)
      }
    },
    kill,
    why: () => why,
    fatal: () => fatal,
    stop() {
      clearTimeout(wall)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
