import { randomToken, tokenHash } from './random-token.ts'

const LIFE_MS = 12 * 3600_000
const OPEN_LINKS = 20

/** One-time tokens that are traded for a session. Kept as hashes, in memory: they end with the process. */
export interface Links {
  /** A fresh token. The oldest open one is given up when there are too many. */
  make(): string
  /** True once for each token that was made and has not run out. */
  trade(token: string): boolean
}

/** `clock` gives milliseconds that never go back. */
export function openLinks(clock: () => number = () => performance.now()): Links {
  const open = new Map<string, number>()
  return {
    make() {
      const token = randomToken()
      open.set(tokenHash(token), clock() + LIFE_MS)
      if (open.size > OPEN_LINKS) open.delete(open.keys().next().value!)
      return token
    },
    trade(token) {
      const hash = tokenHash(token)
      const until = open.get(hash)
      open.delete(hash)
      return until !== undefined && clock() < until
    },
  }
}
