import type { Response } from 'express'
import { QuestionError } from '../../graph/errors.ts'
import type { Problem } from '../../graph/wire.ts'
import { PeopleProblem } from '../auth/people.ts'
import { NotEnoughMemory } from '../estate/not-enough-memory.ts'
import { JobError } from '../import/job-error.ts'
import { ReadingFailed } from '../import/reading.ts'
import { isStoreError, type StoreErrorName } from '../store/errors.ts'

/** What can go wrong with a request that is not a question about the graph. Status, message and remedy in one row. */
export const problems = {
  'not-found': [404, 'there is nothing here', 'see /api/openapi.json for what there is'],
  'no-session': [401, 'not signed in', 'open the link that `keyfall serve` prints'],
  'no-permission': [403, 'your roles do not include this', 'ask an admin of this server for the role'],
  'in-person': [403, 'a token may not do this', 'sign in, or use the command line on the server’s machine'],
  'sign-in-refused': [403, 'the identity provider’s answer was not accepted', 'begin again at the sign-in page'],
  'provider-away': [503, 'the identity provider does not answer', 'try again soon; the server’s log has more'],
  'not-possible': [409, 'this cannot be done to that person', 'see GET /api/people'],
  'link-used': [401, 'this link is used up or too old', 'run `keyfall serve` again: it prints a new one'],
  'wrong-host': [421, 'this server does not answer to that name', 'use http://localhost or http://127.0.0.1'],
  'foreign-origin': [403, 'the request comes from another page', 'only this server’s own pages may change anything'],
  'not-json': [415, 'the body has to be JSON', 'send Content-Type: application/json'],
  'no-upload-header': [415, 'an upload needs its own header', 'send X-Keyfall-Upload: 1'],
  'bad-json': [400, 'the body is not valid JSON', 'check it with a JSON parser'],
  'bad-request': [400, 'the request is not as described', 'see /api/openapi.json'],
  'too-large': [413, 'the body is larger than allowed', 'send less, or use `keyfall import` on the server’s machine'],
  'too-many': [429, 'too many requests', 'wait a minute'],
  'wrong-state': [409, 'the import is not at that point', 'ask GET /api/imports/{id} where it is'],
  'needs-yes': [
    409,
    'the import would retire more than the guard lets through',
    'look at the preview, then commit with acceptRetire set to the number it shows',
  ],
  'reading-failed': [422, 'the files could not be read', 'import them in smaller parts'],
  'scope-moved': [409, 'somebody else imported the same source meanwhile', 'read the files again'],
  'audit-unavailable': [503, 'the audit cannot be written, so nothing was done', 'see the server’s log'],
  'store-unavailable': [503, 'the store does not answer', 'see GET /api/health and the server’s log'],
  'store-damaged': [500, 'what is stored is damaged', 'run `keyfall verify`'],
  'store-full': [503, 'the disk of the data directory is full', 'make room, then try again'],
  'not-enough-memory': [503, 'the estate does not fit into the memory of this server', 'see docs/scale.md'],
  sealed: [503, 'the store is sealed', 'run `keyfall unseal` on this machine'],
  'wrong-secret': [403, 'this does not unseal the store', 'check the passphrase'],
  'our-failure': [500, 'something went wrong on our side', 'the server’s log has it under this requestId'],
} as const satisfies Record<string, readonly [number, string, string]>

export type ProblemCode = keyof typeof problems

/** A request that is refused. `message` and `hint` replace the row’s words; they never hold a value. */
export class RequestProblem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly hint: string

  constructor(code: ProblemCode, message: string = problems[code][1], hint: string = problems[code][2]) {
    super(message)
    this.name = 'RequestProblem'
    this.code = code
    this.status = problems[code][0]
    this.hint = hint
  }
}

/** The hint is the store's own; its words may name a path, so they stay in the log. */
const storeCodes = {
  ScopeMoved: 'scope-moved',
  VersionConflict: 'scope-moved',
  CorruptSegment: 'store-damaged',
  StoreFull: 'store-full',
  StoreReadOnly: 'store-unavailable',
  StoreUnavailable: 'store-unavailable',
  StoreLocked: 'store-unavailable',
  SchemaTooNew: 'store-unavailable',
} as const satisfies Record<StoreErrorName, ProblemCode>

/** What the outside may know of an error: a code, words of ours, an id to find it in the log. */
export function problemOf(error: unknown, requestId: string): { status: number; problem: Problem } {
  if (error instanceof QuestionError || error instanceof RequestProblem) {
    const { status, code, message, hint } = error
    const details = error instanceof QuestionError && error.details.length > 0 ? [...error.details] : undefined
    return { status, problem: { code, message, hint, ...(details && { details }), requestId } }
  }
  if (error instanceof PeopleProblem) return problem(error.code, requestId, error.message, error.hint)
  if (error instanceof JobError) return problem(error.code, requestId, error.message)
  if (error instanceof NotEnoughMemory) return problem('not-enough-memory', requestId, error.message, error.hint)
  if (error instanceof ReadingFailed) return problem('reading-failed', requestId, error.message)
  if (isStoreError(error)) return problem(storeCodes[error.name], requestId, undefined, error.hint)
  return problem((error instanceof Error && fromExpress(error)) || 'our-failure', requestId)
}

function problem(
  code: ProblemCode,
  requestId: string,
  message?: string,
  hint?: string,
): { status: number; problem: Problem } {
  const [status, words, remedy] = problems[code]
  return { status, problem: { code, message: message ?? words, hint: hint ?? remedy, requestId } }
}

/** Errors of the body parser and of the router carry a status. */
function fromExpress(error: Error): ProblemCode | undefined {
  const status = 'status' in error ? error.status : undefined
  if (status === 413) return 'too-large'
  if (status === 415) return 'not-json'
  if (status === 400) return error instanceof URIError ? 'not-found' : 'bad-json'
  return undefined
}

export function sendProblem(response: Response, error: unknown, requestId: string): void {
  const { status, problem } = problemOf(error, requestId)
  response
    .status(status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(JSON.stringify(problem))
}
