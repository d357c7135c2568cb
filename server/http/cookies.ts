import type { IncomingMessage } from 'node:http'

/**
 * Over TLS the name begins with `__Host-`: no neighbour of a shared domain can set it. Over plain loopback browsers
 * refuse that name.
 */
const nameOf = (name: string, origin: string): string => (origin.startsWith('https:') ? `__Host-${name}` : name)

export const SESSION_COOKIE = 'keyfall'
/** Binds a sign-in at the identity provider to the browser that began it. Lax: it has to come back from there. */
export const SIGN_IN_COOKIE = 'keyfall-sign-in'

export function cookieOf({ headers }: IncomingMessage, name: string, origin: string): string | undefined {
  const own = nameOf(name, origin)
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === own) return pair.slice(at + 1).trim()
  }
  return undefined
}

/** A `Set-Cookie` value. `seconds` 0 takes the cookie away. */
export function cookie(
  name: string,
  value: string,
  { origin, seconds, sameSite = 'Strict' }: { origin: string; seconds: number; sameSite?: 'Strict' | 'Lax' },
): string {
  const secure = origin.startsWith('https:') ? '; Secure' : ''
  return `${nameOf(name, origin)}=${value}; HttpOnly; SameSite=${sameSite}; Path=/; Max-Age=${seconds}${secure}`
}
