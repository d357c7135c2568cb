import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits for a cookie, a link or a file: 43 characters that survive a URL. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a token. Tokens are random, so a plain hash is enough. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
