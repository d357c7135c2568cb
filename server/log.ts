import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from './config.ts'
import { isStoreError } from './store/errors.ts'

export type Log = Logger

/**
 * One JSON line an event, on standard error. Lines hold route patterns, ids of ours, codes and durations: no query
 * text (somebody may paste a secret into the search), no header, no name out of a file.
 */
export function openLog(
  level: Config['logLevel'],
  to: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorForLog, error: errorForLog },
    },
    to,
  )
}

/** Name, code and our own frames; not the message, which may quote what was read, unless it is of the way to the store. */
function errorForLog(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const words = isStoreError(error, 'StoreUnavailable') ? error.message : undefined
  return { name: error.name, code, words, at: frames.slice(0, 8).map((line) => line.trim()) }
}
