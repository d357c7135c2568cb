import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { roleNames, type ChangePerson, type InvitePerson, type PersonRow, type Role } from '../../graph/wire-people.ts'
import type { Store } from '../store/contract.ts'
import { openKeptDocs } from './kept-docs.ts'
import { OWNER_ID, ownerRoles, ownerVia, type Person } from './person.ts'
import { randomToken, tokenHash } from './random-token.ts'

const INVITATION_MS = 24 * 3600_000

const Kept = z.object({
  id: z.string(),
  name: z.string(),
  from: z.enum(['local', 'oidc']),
  state: z.enum(['invited', 'active', 'disabled']),
  roles: z.array(z.enum(roleNames)),
  scopes: z.array(z.string()).nullable(),
  createdAt: z.string(),
  by: z.string().nullable(),
  lastSignInAt: z.string().nullable(),
  /** Sessions that began before this moment (milliseconds) are over, on every server. */
  sessionsSince: z.number(),
  /** SHA-256 of the token of the open link. */
  invitation: z.object({ hash: z.string(), until: z.string() }).nullable(),
})
type KeptPerson = z.infer<typeof Kept>

/** Why somebody can't be changed as asked; the codes of `http/problem.ts`. */
export class PeopleProblem extends Error {
  readonly code: 'not-found' | 'not-possible'
  readonly hint: string

  constructor(code: 'not-found' | 'not-possible', message: string, hint: string) {
    super(message)
    this.name = 'PeopleProblem'
    this.code = code
    this.hint = hint
  }
}

export interface Invited {
  readonly id: string
  /** Shown once: the store has its hash. */
  readonly token: string
  readonly until: string
}

/** People of this server. All in memory; what changes is on disk before a method resolves. */
export interface People {
  /** The owner first, then by name. `sessions` counts live ones of an id. */
  rows(sessions: (id: string) => number): PersonRow[]
  /** Somebody who may ask now. With `since` (milliseconds) only if his sessions of that time count still. */
  person(id: string, via: 'session' | 'token', since?: number): Person | undefined
  invite(by: string, asked: InvitePerson): Promise<Invited>
  /** A new link for somebody who lost his, or whose session is over. The one before stops working. */
  inviteAgain(id: string): Promise<Invited>
  /** Trades the token of an invitation: the person, once. */
  redeem(token: string): Promise<string | undefined>
  change(id: string, asked: ChangePerson): Promise<void>
  /** All his sessions are over, on every server of the store. */
  endSessions(id: string): Promise<void>
  /** Somebody whom the identity provider vouched for. Undefined: he is disabled here. */
  vouched(said: Vouched): Promise<string | undefined>
  signedIn(id: string): Promise<void>
  /** When he last signed in at his identity provider; undefined where none is asked. */
  lastVouched(id: string): string | undefined
  reload(): Promise<void>
}

export interface Vouched {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly roles: readonly Role[]
}

/** `now` is wall time in milliseconds: invitations outlive the process. */
export async function openPeople({ docs }: Store, now: () => number = Date.now): Promise<People> {
  const kept = await openKeptDocs(docs, 'user', (json) => Kept.parse(json))
  const at = (ms = now()): string => new Date(ms).toISOString()
  const changed = (id: string, next: (one: KeptPerson) => KeptPerson): Promise<KeptPerson> =>
    kept.change(id, (one) => {
      if (!one) throw new PeopleProblem('not-found', 'there is no such person', 'GET /api/people lists them')
      return next(one)
    })
  const invitation = (): { token: string; kept: { hash: string; until: string } } => {
    const token = randomToken()
    return { token, kept: { hash: tokenHash(token), until: at(now() + INVITATION_MS) } }
  }
  const isOpen = ({ invitation: open }: KeptPerson): boolean => open !== null && Date.parse(open.until) > now()

  return {
    rows: (sessions) => [
      ownerRow(sessions(OWNER_ID)),
      ...[...kept.all()]
        .sort((a, b) => (a.name + a.id < b.name + b.id ? -1 : 1))
        .map(({ invitation: open, sessionsSince: _, ...one }) => ({
          ...one,
          sessions: one.state === 'disabled' ? 0 : sessions(one.id),
          invitedUntil: open && Date.parse(open.until) > now() ? open.until : null,
        })),
    ],
    person(id, via, since = Infinity) {
      if (id === OWNER_ID) return { ...ownerVia('session'), via }
      const one = kept.get(id)
      if (one?.state !== 'active' || since < one.sessionsSince) return undefined
      const { name, roles, scopes } = one
      return { id, name, roles, ...(scopes && { scopes }), via }
    },
    async invite(by, { name, roles, scopes = null }) {
      const id = `person-${randomBytes(8).toString('hex')}`
      const open = invitation()
      await kept.change(id, () => ({
        id,
        name,
        from: 'local',
        state: 'invited',
        roles: [...new Set(roles)],
        scopes,
        createdAt: at(),
        by,
        lastSignInAt: null,
        sessionsSince: 0,
        invitation: open.kept,
      }))
      return { id, token: open.token, until: open.kept.until }
    },
    async inviteAgain(id) {
      const open = invitation()
      await changed(id, (one) => {
        if (one.from === 'oidc') throw notLocal()
        if (one.state === 'disabled')
          throw new PeopleProblem('not-possible', 'this person is disabled', 'enable him first')
        return { ...one, invitation: open.kept }
      })
      return { id, token: open.token, until: open.kept.until }
    },
    async redeem(token) {
      const hash = tokenHash(token)
      const invited = (one: KeptPerson): boolean =>
        one.invitation?.hash === hash && isOpen(one) && one.state !== 'disabled'
      const found = kept.all().find(invited)
      if (!found) return undefined
      let won = false
      await changed(found.id, (one) => {
        // Read anew: of two who open the link at once, one is in.
        won = invited(one)
        return won ? { ...one, state: 'active', invitation: null } : one
      })
      return won ? found.id : undefined
    },
    async change(id, { name, roles, scopes, disabled }) {
      if (id === OWNER_ID) throw ownerStays()
      await changed(id, (one) => {
        if (roles && one.from === 'oidc') throw notLocal()
        const state = disabled === undefined ? one.state : disabled ? 'disabled' : enabled(one)
        return {
          ...one,
          ...(name !== undefined && { name }),
          ...(roles && { roles: [...new Set(roles)] }),
          ...(scopes !== undefined && { scopes }),
          state,
          ...(disabled && { sessionsSince: now(), invitation: null }),
        }
      })
    },
    async endSessions(id) {
      // The owner has no document: his sessions are ended one by one.
      if (id !== OWNER_ID) await changed(id, (one) => ({ ...one, sessionsSince: now() }))
    },
    async vouched({ issuer, subject, name, roles }) {
      const id = `person-${createHash('sha256')
        .update(JSON.stringify([issuer, subject]))
        .digest('hex')
        .slice(0, 16)}`
      const one = await kept.change(id, (before) => ({
        id,
        name,
        from: 'oidc',
        state: before?.state ?? 'active',
        roles: [...new Set(roles)],
        scopes: before?.scopes ?? null,
        createdAt: before?.createdAt ?? at(),
        by: null,
        lastSignInAt: before?.state === 'disabled' ? before.lastSignInAt : at(),
        sessionsSince: before?.sessionsSince ?? 0,
        invitation: null,
      }))
      return one.state === 'disabled' ? undefined : id
    },
    async signedIn(id) {
      if (id !== OWNER_ID) await changed(id, (one) => ({ ...one, lastSignInAt: at() }))
    },
    lastVouched(id) {
      const one = kept.get(id)
      return one?.from === 'oidc' ? (one.lastSignInAt ?? one.createdAt) : undefined
    },
    reload: kept.reload,
  }
}

function enabled({ state, from, lastSignInAt }: KeptPerson): KeptPerson['state'] {
  if (state !== 'disabled') return state
  return from === 'local' && lastSignInAt === null ? 'invited' : 'active'
}

function ownerRow(sessions: number): PersonRow {
  const { id, name } = ownerVia('session')
  const never = { createdAt: null, by: null, lastSignInAt: null, invitedUntil: null }
  return { id, name, from: 'owner', state: 'active', roles: [...ownerRoles], scopes: null, sessions, ...never }
}

const ownerStays = (): PeopleProblem =>
  new PeopleProblem(
    'not-possible',
    'the owner is whoever may read the data directory',
    'change who may read it; his sessions can be ended here',
  )

const notLocal = (): PeopleProblem =>
  new PeopleProblem(
    'not-possible',
    'this person comes from the identity provider',
    'change his groups there; they count at his next sign-in',
  )
