import { randomToken, tokenHash } from './random-token.ts'

const IDLE_MS = 8 * 3600_000
export const SESSION_MS = 24 * 3600_000
/** A session is written again when its last use is this much older than what was written. */
const WRITE_AGAIN_MS = 5 * 60_000

export interface Session {
  /** SHA-256 of the cookie; names the session in the audit. */
  readonly id: string
  /** Id of the person. */
  readonly user: string
  readonly startedAt: number
  lastUsedAt: number
}

/** Where sessions outlive a restart: the documents of the store. */
export interface SessionKeep {
  /** All of them; from the second time on, those that were written since. */
  load(): Promise<Session[]>
  save(session: Session): Promise<void>
}

export interface Sessions {
  /** Returns the cookie's value. Always a new one: nobody signs in with a cookie that he was given before. */
  start(user: string): Promise<string>
  /** The live session of this cookie, its idle time starting anew; undefined when unknown or over. */
  find(cookie: string): Session | undefined
  /** Is it live still? Does not renew it. */
  isLive(session: Session): boolean
  end(cookie: string): Promise<void>
  /** Ends all of somebody. Resolves to how many there were. */
  endAll(user: string): Promise<number>
  /** How many of somebody are live. */
  count(user: string): number
  /** What other servers on the same store wrote. */
  reload(): Promise<void>
}

/**
 * Sessions by the hash of their cookie: 8 h idle, 24 h in all. `now` is wall time in milliseconds, because sessions
 * outlive the process; a clock set back ends them (`lastUsedAt` in the future), which is the safe side.
 */
export async function openSessions(keep: SessionKeep | null, now: () => number = Date.now): Promise<Sessions> {
  const live = new Map<string, Session & { writtenAt: number }>()
  const isLive = (session: Session): boolean => {
    const at = now()
    return at - session.startedAt < SESSION_MS && at - session.lastUsedAt < IDLE_MS && session.lastUsedAt <= at + 60_000
  }
  /** Ended here: over stays over, also while that is being written. */
  const ended = new Set<string>()
  const reload = async (): Promise<void> => {
    for (const session of (await keep?.load()) ?? []) {
      const known = live.get(session.id)
      if (session.lastUsedAt === 0 || ended.has(session.id)) live.delete(session.id)
      else if (known) known.lastUsedAt = Math.max(known.lastUsedAt, session.lastUsedAt)
      else if (isLive(session)) live.set(session.id, { ...session, writtenAt: session.lastUsedAt })
    }
  }
  await reload()
  const written = async (session: Session & { writtenAt: number }): Promise<void> => {
    session.writtenAt = session.lastUsedAt
    const { id, user, startedAt, lastUsedAt } = session
    await keep?.save({ id, user, startedAt, lastUsedAt })
  }
  /** It is over here before it is written; a write that fails is reported, and the session stays over. */
  const over = async ({ id, user, startedAt }: Session): Promise<void> => {
    live.delete(id)
    ended.add(id)
    await keep?.save({ id, user, startedAt, lastUsedAt: 0 })
  }
  const of = (user: string): Session[] => [...live.values()].filter((one) => one.user === user && isLive(one))
  return {
    async start(user) {
      const cookie = randomToken()
      const session = { id: tokenHash(cookie), user, startedAt: now(), lastUsedAt: now(), writtenAt: now() }
      await written(session)
      live.set(session.id, session)
      return cookie
    },
    find(cookie) {
      const id = tokenHash(cookie)
      const session = live.get(id)
      if (!session) return undefined
      if (!isLive(session)) {
        live.delete(id)
        return undefined
      }
      session.lastUsedAt = now()
      // Losing this write only ends the session earlier.
      if (session.lastUsedAt - session.writtenAt > WRITE_AGAIN_MS) written(session).catch(() => undefined)
      return session
    },
    isLive: (session) => live.has(session.id) && isLive(session),
    async end(cookie) {
      const session = live.get(tokenHash(cookie))
      if (session) await over(session)
    },
    async endAll(user) {
      const sessions = of(user)
      for (const one of sessions) {
        live.delete(one.id)
        ended.add(one.id)
      }
      for (const one of sessions) await over(one)
      return sessions.length
    },
    count: (user) => of(user).length,
    reload,
  }
}
