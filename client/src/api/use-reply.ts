import { useEffect, useReducer, useRef } from 'preact/hooks'
import type * as z from 'zod/mini'
import { ask, type Failure } from './ask.ts'

/** What a region has: nothing yet, an answer, an answer while a newer one is computed, or a reason. */
export interface Reply<T> {
  readonly data: T | null
  readonly failure: Failure | null
  /** A question is under way; `data`, if any, answers the one before. */
  readonly asking: boolean
  readonly retry: () => void
  /** Asks the server, whatever was kept: after something of this answer was changed. */
  readonly again: () => void
}

interface Slot {
  data: unknown
  failure: Failure | null
  asking: boolean
}

/**
 * Asks and keeps the old answer on screen until the next is there (client.md 5.8). `subject` names what the answer is
 * about: an answer about another subject is never shown while waiting.
 */
export function useReply<Shape extends z.core.$ZodType>(
  shape: Shape,
  url: string | null,
  subject: string = url ?? '',
): Reply<z.core.output<Shape>> {
  const [, redraw] = useReducer((n: number) => n + 1, 0)
  const [attempt, retry] = useReducer((n: number) => n + 1, 0)
  const slot = useRef<Slot & { subject: string }>({ data: null, failure: null, asking: false, subject: '' })
  const wantsFresh = useRef(false)
  if (slot.current.subject !== subject) slot.current = { data: null, failure: null, asking: url !== null, subject }

  useEffect(() => {
    const mine = slot.current
    if (url === null) return
    const abort = new AbortController()
    mine.asking = true
    redraw(0)
    const fresh = wantsFresh.current
    wantsFresh.current = false
    ask(shape, url, { signal: abort.signal, fresh }).then(
      (outcome) => {
        if (abort.signal.aborted) return
        mine.asking = false
        mine.failure = outcome.ok ? null : outcome.failure
        if (outcome.ok) mine.data = outcome.reply
        redraw(0)
      },
      () => undefined,
    )
    return () => abort.abort()
  }, [url, subject, attempt])

  const { data, failure, asking } = slot.current
  const again = (): void => {
    wantsFresh.current = true
    retry(0)
  }
  return { data: data as z.core.output<Shape> | null, failure, asking, retry: () => retry(0), again }
}
