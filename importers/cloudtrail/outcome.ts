import type { Event } from './records.ts'

/**
 * What a call came to. `failed`: it got through and the service had something against it. `denied`: the credential was good, the permission was not. `refused`: the credential itself was
 * not taken (expired, unknown, wrong signature): the caller still holds it, which is no proof that anything works.
 */
export type Outcome = 'done' | 'failed' | 'denied' | 'refused'

/** Error codes without what services put before the last dot; source: the services' lists of common errors. */
const outcomes = new Map<string, Outcome>([
  ['AccessDenied', 'denied'],
  ['AccessDeniedException', 'denied'],
  ['UnauthorizedOperation', 'denied'],
  ['Forbidden', 'denied'],
  ['NotAuthorized', 'denied'],
  ['NotAuthorizedException', 'denied'],
  ['UnauthorizedAccess', 'denied'],
  ['OperationNotPermitted', 'denied'],
  ['ExpiredToken', 'refused'],
  ['ExpiredTokenException', 'refused'],
  ['TokenRefreshRequired', 'refused'],
  ['InvalidToken', 'refused'],
  ['InvalidClientTokenId', 'refused'],
  ['InvalidAccessKeyId', 'refused'],
  ['SignatureDoesNotMatch', 'refused'],
  ['InvalidSignatureException', 'refused'],
  ['IncompleteSignature', 'refused'],
  ['AuthFailure', 'refused'],
  ['MissingAuthenticationToken', 'refused'],
  ['MissingAuthenticationTokenException', 'refused'],
  ['UnrecognizedClientException', 'refused'],
  ['RequestExpired', 'refused'],
  ['RequestTimeTooSkewed', 'refused'],
])

/** `Client.UnauthorizedOperation` and `UnauthorizedOperation` are one thing: services prefix as they like. */
export function outcomeOf(event: Event): Outcome {
  if (event.eventName === 'ConsoleLogin' && event.responseElements.consoleLogin === 'Failure') return 'refused'
  return event.errorCode === undefined ? 'done' : outcomeOfCode(event.errorCode)
}

export function outcomeOfCode(code: string): Outcome {
  return outcomes.get(code.slice(code.lastIndexOf('.') + 1)) ?? 'failed'
}
