import { z } from 'zod'
import type { Store } from '../store/contract.ts'
import { isStoreError } from '../store/errors.ts'
import { OWNER_ID } from './person.ts'
import type { Session, SessionKeep } from './sessions.ts'

const KIND = 'session'
/** Before there were people, every session was the owner's. */
const Kept = z.object({
  id: z.string(),
  user: z.string().default(OWNER_ID),
  startedAt: z.number(),
  lastUsedAt: z.number(),
})
const FORGOTTEN_MS = 2 * 24 * 3600_000
const TRIES = 3

/** Sessions as documents of the store: a restart signs nobody out, and servers on one Neo4j know each other's. */
export function sessionDocs({ docs }: Store, now: () => number = Date.now): SessionKeep {
  const seen = new Map<string, number>()
  return {
    async load() {
      const sessions: Session[] = []
      for (const { id, version } of await docs.list(KIND)) {
        if (seen.get(id) === version) continue
        const doc = await docs.get(KIND, id)
        if (!doc) continue
        const session = Kept.parse(JSON.parse(new TextDecoder().decode(doc.bytes)))
        if (now() - session.startedAt > FORGOTTEN_MS) await docs.remove(KIND, id, version)
        else sessions.push(session)
        seen.set(id, doc.version)
      }
      return sessions
    },
    async save(session) {
      for (let left = TRIES; ; left--)
        try {
          const known = await docs.get(KIND, session.id)
          // Over stays over: a use that was written late does not bring it back.
          if (known && session.lastUsedAt !== 0) {
            const stored = Kept.parse(JSON.parse(new TextDecoder().decode(known.bytes)))
            if (stored.lastUsedAt === 0) return
          }
          await docs.put(KIND, session.id, known?.version ?? 0, new TextEncoder().encode(JSON.stringify(session)))
          return
        } catch (error) {
          if (left === 1 || !isStoreError(error, 'VersionConflict')) throw error
        }
    },
  }
}
