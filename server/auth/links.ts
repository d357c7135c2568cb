import { OWNER_ID } from './person.ts'
import { randomToken, tokenHash } from './random-token.ts'

const LIFE_MS = 12 * 3600_000
const OPEN_LINKS = 20

/** One-time tokens that are traded for a session. Kept as hashes, in memory: they end with the process. */
export interface Links {
  /** A fresh token for this person; his oldest open one is given up when he has too many. */
  make(user?: string): string
  /** The person, once for each token that was made and has not run out. */
  trade(token: string): string | undefined
}

/** `clock` gives milliseconds that never go back. */
export function openLinks(clock: () => number = () => performance.now()): Links {
  const open = new Map<string, { readonly user: string; readonly until: number }>()
  return {
    make(user = OWNER_ID) {
      const token = randomToken()
      open.set(tokenHash(token), { user, until: clock() + LIFE_MS })
      const own = [...open].filter(([, link]) => link.user === user)
      if (own.length > OPEN_LINKS) open.delete(own[0]![0])
      return token
    },
    trade(token) {
      const hash = tokenHash(token)
      const link = open.get(hash)
      open.delete(hash)
      return link && clock() < link.until ? link.user : undefined
    },
  }
}
