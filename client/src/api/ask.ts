import type * as z from 'zod/mini'
import { Problem } from '../../../graph/wire.ts'
import { presenting } from '../app/choices.ts'
import type * as Masks from '../app/masks.ts'
import { lock } from '../app/session.ts'

/** What went wrong, for the region that asked. `status` 0: no answer came at all. */
export type Failure = Problem & { readonly status: number }
export type Outcome<T> = { readonly ok: true; readonly reply: T } | { readonly ok: false; readonly failure: Failure }

const TIMEOUT_MS = 60_000
const kept = new Map<string, unknown>()
const KEPT_LIMIT = 24

/** Forgets every kept answer; the next questions go to the server. */
export const forget = (): void => kept.clear()

/**
 * Answer of the server in the shape it must have. Answers to GET are kept, so that Back shows what was there; they
 * are forgotten by `forget`, when a person asks for newer data. Never throws, but for an abort by `signal`.
 */
export async function ask<Shape extends z.core.$ZodType>(
  shape: Shape,
  url: string,
  init: { method?: string; body?: unknown; signal?: AbortSignal; fresh?: boolean } = {},
): Promise<Outcome<z.core.output<Shape>>> {
  const { method = 'GET', body, signal, fresh = false } = init
  const remembered = method === 'GET' && !fresh ? kept.get(url) : undefined
  if (remembered !== undefined) return { ok: true, reply: remembered as z.core.output<Shape> }
  const outcome = presented(await request(shape, url, method, body, signal))
  if (outcome.ok && method === 'GET') {
    kept.set(url, outcome.reply)
    if (kept.size > KEPT_LIMIT) kept.delete(kept.keys().next().value!)
  }
  return outcome
}

/** Loaded where names have to be hidden, and there before the first answer is shown. */
let masks: typeof Masks | undefined
export async function readyToPresent(): Promise<void> {
  masks ??= await import('../app/masks.ts')
}

/** In present mode nothing but pseudonyms reaches a view: without the masks there is no answer at all. */
function presented<T>(outcome: Outcome<T>): Outcome<T> {
  if (presenting.peek() === 'off') return outcome
  if (masks === undefined) return failed(0, 'no-masks', 'Names could not be hidden, so nothing is shown.', 'Reload.')
  return outcome.ok ? { ok: true, reply: masks.masked(outcome.reply) } : outcome
}

async function request<Shape extends z.core.$ZodType>(
  shape: Shape,
  url: string,
  method: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Outcome<z.core.output<Shape>>> {
  let response: Response
  let json: unknown
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    response = await fetch(url, {
      method,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
    json = response.status === 204 ? {} : await response.json()
  } catch (error) {
    if (signal?.aborted) throw error
    return failed(
      0,
      'no-answer',
      'The server did not answer.',
      'Is keyfall serve still running? What is shown stays; try again.',
    )
  }
  if (response.status === 401) lock()
  if (!response.ok) return { ok: false, failure: problemOf(json, response.status) }
  const parsed = (shape as unknown as { safeParse(v: unknown): { success: boolean; data?: unknown } }).safeParse(json)
  return parsed.success
    ? { ok: true, reply: parsed.data as z.core.output<Shape> }
    : failed(
        response.status,
        'bad-reply',
        'The answer does not have the shape this page knows.',
        'Page and server may be of different versions: reload.',
      )
}

export function problemOf(json: unknown, status: number): Failure {
  const problem = Problem.safeParse(json)
  if (problem.success) return { ...problem.data, status }
  return {
    code: `http-${status}`,
    message: `The server answered ${status}.`,
    hint: 'Try again.',
    requestId: '',
    status,
  }
}

const failed = (status: number, code: string, message: string, hint: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { code, message, hint, requestId: '', status },
})
