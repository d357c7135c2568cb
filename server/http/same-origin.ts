import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler } from 'express'
import { RequestProblem } from './problem.ts'

const names = ['localhost', '127.0.0.1', '[::1]']

/** Refuses every Host but our own names: a page that rebinds its DNS name to loopback is answered 421. */
export function ownHostOnly(port: () => number): RequestHandler {
  return (request, _response, next) => {
    const host = request.headers.host ?? ''
    next(names.some((name) => host === `${name}:${port()}`) ? undefined : new RequestProblem('wrong-host'))
  }
}

/**
 * May this request change something? Browsers say where it comes from (Fetch Metadata); those that do not, and
 * programs, send an Origin, which has to be ours. Host was checked before.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const own = `http://${headers.host}`
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' && (origin === undefined || origin === own)
  return origin === own
}
