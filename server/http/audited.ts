import type { Request, Response } from 'express'
import { canonical } from '../../graph/canonical.ts'
import type { AuditDetail } from '../../graph/wire-audit.ts'
import { actionRow, failed } from '../audit/actions.ts'
import type { AuditDraft } from '../audit/ledger.ts'
import type { AuditNote } from '../audit/note.ts'
import type { House } from './house.ts'
import { problemOf, RequestProblem } from './problem.ts'
import type { Asked, Route } from './route.ts'

/**
 * Answers with the entry on disk before the first byte leaves. A read is answered first, entered, then sent; a stream
 * is entered, then begun. A change is entered before it is made and again when it ended. Where nothing can be entered,
 * nothing is done and nothing is shown: `audit-unavailable`.
 */
export async function answerAudited(
  house: House,
  one: Route,
  {
    asked,
    request,
    noted,
    answer,
  }: {
    readonly asked: Asked<unknown, unknown>
    readonly request: Request
    readonly noted: () => AuditNote
    readonly answer: () => unknown
  },
): Promise<unknown> {
  if (one.audit === null) return answer()
  const action = one.audit
  const base = draftOf(house, one, asked, request)
  const enter = (how: Pick<AuditDraft, 'action' | 'outcome'>, detail: AuditDetail = {}): Promise<number> => {
    const { plan, more, ...rest } = noted()
    const all = { ...base.detail, ...detail, ...(plan !== undefined && { plan }), ...(more && { more }) }
    return house.ledger.append({ ...base, ...rest, ...how, detail: all })
  }
  const isChange = actionRow(action).kind === 'change'
  const isEnteredFirst = isChange || typeof one.reply === 'string'
  const of = isEnteredFirst
    ? await orUnavailable(house, asked, enter({ action, outcome: isChange ? 'begun' : 'done' }))
    : undefined
  const before: AuditDetail = of === undefined ? {} : { of }
  try {
    const reply = await answer()
    if (isChange || of === undefined)
      await orUnavailable(house, asked, enter({ action, outcome: 'done' }, before), isChange)
    return reply
  } catch (error) {
    if (isUnavailable(error)) throw error
    const { problem } = problemOf(error, asked.requestId)
    const how = { action: failed(action), outcome: 'failed' as const }
    await orUnavailable(house, asked, enter(how, { ...before, problem: problem.code }))
    throw error
  }
}

const isUnavailable = (error: unknown): boolean => error instanceof RequestProblem && error.code === 'audit-unavailable'

/** Nothing of an answer leaves without its entry: not its cookie either. */
async function orUnavailable<T>(
  { log }: House,
  { requestId, response }: { readonly requestId: string; readonly response: Response },
  entered: Promise<T>,
  isDone = false,
): Promise<T> {
  try {
    return await entered
  } catch (error) {
    log.error({ requestId, error }, 'audit failed')
    if (!response.headersSent)
      for (const name of response.getHeaderNames()) if (carries.has(name)) response.removeHeader(name)
    throw isDone
      ? new RequestProblem('audit-unavailable', 'the audit cannot be written; what was begun may have been done')
      : new RequestProblem('audit-unavailable')
  }
}

const carries = new Set(['set-cookie', 'content-disposition', 'location'])

function draftOf(
  { ledger, keeper }: House,
  one: Route,
  { params, query, body, person, requestId }: Asked<unknown, unknown>,
  { method, originalUrl }: Request,
): Omit<AuditDraft, 'action' | 'outcome'> & { detail: AuditDetail } {
  const kept = keptOf(params)
  const asked = keptOf((query ?? {}) as Record<string, unknown>)
  return {
    actor: person.id,
    role: person.roles.join(' ') || null,
    via: person.via,
    object: kept['id'] ?? null,
    requestHash: ledger.keys.requestHash(`${method}\n${originalUrl}\n${body === undefined ? '' : canonical(body)}`),
    detail: {
      route: `${one.method} ${one.path}`,
      ...(Object.keys(kept).length > 0 && { params: kept }),
      ...(Object.keys(asked).length > 0 && { query: asked }),
      snapshot: keeper.snapshot().id,
      requestId,
    },
  }
}

/** Fields that people type into: what they hold is not kept, however harmless it looks. */
const typed = new Set(['q', 'f', 'text', 'name', 'note', 'token', 'scope', 'who'])
/** Ids of ours (alone, in lists, in pairs), numbers, moments and spans, words of an enumeration. */
const harmless = [
  /^[a-z2-7]{16}(?:[,>][a-z2-7]{16}){0,99}$/,
  /^[0-9]{1,13}(?:\.[0-9]{1,6})?$/,
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{4,16}Z?)?$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^[0-9a-f]{12,64}$/,
  /^-?[a-z]+(?:-[a-z]+){0,3}$/,
]

function keptOf(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept = Object.entries(given).flatMap(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : value
    if (typed.has(name) || typeof text !== 'string' || text.length > 2_000) return []
    return harmless.some((shape) => shape.test(text)) ? [[name, text] as const] : []
  })
  return Object.fromEntries(kept)
}
