import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { RequestHandler } from 'express'
import ipaddr from 'ipaddr.js'
import type { Outside } from '../outside.ts'
import { RequestProblem } from './problem.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * The origin of this server as this request has named it, or undefined where the name is not ours (which stops DNS
 * rebinding), where plain HTTP comes from another machine, or where a proxy is not the one that was named.
 */
export type OriginOf = (request: IncomingMessage) => string | undefined

/** @param ports that plain HTTP of this machine may name: the server's, and the one for commands. */
export function originsOf(ports: () => readonly number[], { publicUrl, proxies, tls }: Outside): OriginOf {
  const publicHost = publicUrl === null ? undefined : new URL(publicUrl).host
  const isProxy = within(proxies)
  return (request) => {
    const { host = '' } = request.headers
    const isEncrypted = (request.socket as TLSSocket).encrypted === true
    const from = request.socket.remoteAddress
    if (host === publicHost) {
      const isTold = isProxy(from) && request.headers['x-forwarded-proto'] === 'https'
      return (isEncrypted && tls !== null) || isTold ? publicUrl! : undefined
    }
    if (isEncrypted || !isThisMachine(from)) return undefined
    return ports().some((port) => loopbackNames.some((name) => host === `${name}:${port}`))
      ? `http://${host}`
      : undefined
  }
}

function isThisMachine(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}

function within(prefixes: readonly string[]): (address: string | undefined) => boolean {
  const ranges = prefixes.map((one) => {
    if (one.includes('/')) return ipaddr.parseCIDR(one)
    const address = ipaddr.process(one)
    return [address, address.kind() === 'ipv4' ? 32 : 128] as [ipaddr.IPv4 | ipaddr.IPv6, number]
  })
  return (text) => {
    if (text === undefined || !ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    return ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
  }
}

/** Refuses every Host but our own names: a page that rebinds its DNS name to us is answered 421. */
export function ownHostOnly(originOf: OriginOf): RequestHandler {
  return (request, response, next) => {
    const origin = originOf(request)
    response.locals.origin = origin
    next(origin === undefined ? new RequestProblem('wrong-host') : undefined)
  }
}

/**
 * May this request change something? Browsers say where it comes from (Fetch Metadata); those that do not, and
 * programs, send an Origin, which has to be ours: `own`, by the Host that was checked before.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, own: string): boolean {
  const { origin } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' && (origin === undefined || origin === own)
  return origin === own
}
