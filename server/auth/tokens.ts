import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { tokenRoleNames, type MakeToken, type TokenRow } from '../../graph/wire-people.ts'
import type { Store } from '../store/contract.ts'
import { openKeptDocs } from './kept-docs.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'
import { randomToken, tokenHash } from './random-token.ts'

const DAY_MS = 24 * 3600_000
/** The last use is written at most this often. */
const WRITE_AGAIN_MS = 3600_000
/** A token of somebody whom an identity provider vouches for rests when he has not signed in for so long. */
export const VOUCHED_DAYS = 30

const Kept = z.object({
  id: z.string(),
  hash: z.string(),
  name: z.string(),
  role: z.enum(tokenRoleNames),
  scopes: z.array(z.string()).nullable(),
  createdAt: z.string(),
  until: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
})
type KeptToken = z.infer<typeof Kept>

export interface Bearer {
  readonly person: Person
  /** Id of the token. */
  readonly token: string
  /** ISO 8601. */
  readonly until: string
}

/** Tokens of collectors and of the command line, by the hash of their secret. */
export interface Tokens {
  /** Newest first; `by` keeps those that somebody made. */
  rows(by?: string): TokenRow[]
  /** Who asks with this secret; undefined when it is unknown, over, or whoever made it may no longer do that. */
  find(secret: string): Bearer | undefined
  make(by: Person, asked: MakeToken): Promise<{ token: TokenRow; secret: string }>
  /** False: there is none of that id (that `by` made). */
  revoke(id: string, by?: string): Promise<boolean>
  reload(): Promise<void>
}

/** `now` is wall time in milliseconds. */
export async function openTokens({ docs }: Store, people: People, now: () => number = Date.now): Promise<Tokens> {
  const kept = await openKeptDocs(docs, 'token', (json) => Kept.parse(json))
  const at = (ms = now()): string => new Date(ms).toISOString()
  const stateOf = ({ revokedAt, until }: KeptToken): TokenRow['state'] =>
    revokedAt !== null ? 'revoked' : Date.parse(until) > now() ? 'active' : 'expired'
  const row = (token: KeptToken): TokenRow => {
    const { hash: _hash, revokedAt: _revoked, ...shown } = token
    return { ...shown, state: stateOf(token) }
  }
  const writing = new Set<string>()
  const used = (token: KeptToken): void => {
    if (token.lastUsedAt !== null && now() - Date.parse(token.lastUsedAt) < WRITE_AGAIN_MS) return
    if (writing.has(token.id)) return
    writing.add(token.id)
    // Losing this write loses a date. A token that was revoked meanwhile stays so: the document is read again.
    kept
      .change(token.id, (one) => ({ ...(one ?? token), lastUsedAt: at() }))
      .catch(() => undefined)
      .finally(() => writing.delete(token.id))
  }
  return {
    rows: (by) =>
      [...kept.all()]
        .filter((token) => by === undefined || token.by.id === by)
        .sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1))
        .map(row),
    find(secret) {
      const hash = tokenHash(secret)
      const token = kept.all().find((one) => one.hash === hash)
      if (!token || stateOf(token) !== 'active') return undefined
      const person = token.role === 'collector' ? collector(token) : inNameOf(token, people, now())
      if (!person) return undefined
      used(token)
      return { person, token: token.id, until: token.until }
    },
    async make(by, { name, role, days, scopes = null }) {
      const secret = `kf_${randomToken()}`
      const id = `token-${randomBytes(8).toString('hex')}`
      const token: KeptToken = {
        id,
        hash: tokenHash(secret),
        name,
        role,
        scopes,
        createdAt: at(),
        until: at(now() + days * DAY_MS),
        by: { id: by.id, name: by.name },
        lastUsedAt: null,
        revokedAt: null,
      }
      await kept.change(id, () => token)
      return { token: row(token), secret }
    },
    async revoke(id, by) {
      const token = kept.get(id)
      if (!token || (by !== undefined && token.by.id !== by)) return false
      await kept.change(id, (one) => ({ ...(one ?? token), revokedAt: (one ?? token).revokedAt ?? at() }))
      return true
    },
    reload: kept.reload,
  }
}

function collector({ id, name, scopes }: KeptToken): Person {
  return { id, name, roles: ['collector'], ...(scopes && { scopes }), via: 'token' }
}

/** Whoever made it, with the one role and within both limits: it never does more than he may now. */
function inNameOf({ by, role, scopes }: KeptToken, people: People, now: number): Person | undefined {
  const maker = people.person(by.id, 'token')
  if (!maker?.roles.includes(role)) return undefined
  const vouched = people.lastVouched(by.id)
  if (vouched !== undefined && now - Date.parse(vouched) > VOUCHED_DAYS * DAY_MS) return undefined
  const both = maker.scopes && scopes ? maker.scopes.filter((one) => scopes.includes(one)) : (maker.scopes ?? scopes)
  const { scopes: _wider, ...rest } = maker
  return { ...rest, roles: [role], ...(both && { scopes: both }) }
}
