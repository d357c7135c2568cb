import type { SkipReason } from '../../graph/facts.ts'

/**
 * A file that can't be read any further, for a reason we know. The text is ours alone: it may be shown, because it
 * quotes nothing of the file.
 */
export class ReadError extends Error {
  readonly reason: SkipReason
  /** Byte, line or entry; empty where the whole file is meant. */
  readonly where: string
  constructor(reason: SkipReason, message: string, where = '') {
    super(message)
    this.name = 'ReadError'
    this.reason = reason
    this.where = where
  }
}

/** What may be said of any error: our own text, or no more than its class and code. Never the words of a parser, which quote the file. */
export function safeWords(error: unknown): string {
  if (error instanceof ReadError) return error.message
  if (error instanceof RangeError) return 'The reader ran out of room in this file (RangeError).'
  const name = error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'unknown error'
  return `The importer failed on this file (${name}). This is a mistake of ours: please report it with the kind of file.`
}
