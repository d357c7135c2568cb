import type { EffectCode, Ttl } from '../kinds/change-kinds.ts'
import type { Span } from '../kinds/delivery.ts'
import type { EntityKind } from '../kinds/entity-kinds.ts'
import type { Mark } from '../kinds/marks.ts'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import { changeRow, effectOf } from './operations.ts'

export interface Session {
  readonly span: Span
  readonly mark: Mark
}

/**
 * How long what was already authenticated lives on after a credential of this kind is refused, when its issue time is
 * not known. Source: change-semantics.md 13.8, "`session` by effect code". An effect nobody verified is open-ended.
 */
export function sessionOf(kind: EntityKind, op: Operation): Session {
  const known = knownSessions[kind]
  const [code] = effectOf(kind, op).codes
  return code === 'mint' && known ? known : sessionByEffect[code](changeRow(kind)?.defaultTtl)
}

const none = (): Session => ({ span: [0, 0], mark: 'D' })
const openEnded = (mark: Mark) => (): Session => ({ span: [0, null], mark })
const tokenLife = (ttl: Ttl | undefined): Session => ({ span: [0, typeof ttl === 'number' ? ttl : null], mark: 'D' })

/** By effect code (13.8). What fetches fail, what is decided elsewhere and what nobody verified is open-ended. */
const sessionByEffect: Readonly<Record<EffectCode, (ttl: Ttl | undefined) => Session>> = {
  use: none,
  cut: none,
  perm: none,
  mint: tokenLife,
  claim: tokenLife,
  conn: openEnded('D'),
  copy: openEnded('A'),
  target: openEnded('A'),
  none: openEnded('A'),
  na: openEnded('A'),
  unk: openEnded('A'),
}

/** Clients whose refresh behaviour is documented (13.8, rows `mint`). */
const knownSessions: Partial<Record<EntityKind, Session>> = {
  'entra.client_secret': { span: [0, 4200], mark: 'D' },
  'entra.client_certificate': { span: [0, 4200], mark: 'D' },
  'gcp.service_account_key': { span: [0, 3375], mark: 'D' },
  'github.app_private_key': { span: [0, 3600], mark: 'D' },
  'aws.irsa_oidc_token': { span: [300, 3000], mark: 'D' },
}

/**
 * The session of a place: what any of the credentials that stand in it leaves behind, for every secret at once.
 * Credentials flow to places over `HOLDS`, then over `SYNCED_FROM`.
 */
export function sessionsOfPlaces(estate: Estate, op: Operation): ReadonlyMap<number, Session> {
  const sessions = new Map<number, Session>()
  const queue: number[] = []
  const give = (place: number, session: Session): void => {
    const before = sessions.get(place)
    const after = before ? hull(before, session) : session
    if (before && after.span[0] === before.span[0] && after.span[1] === before.span[1]) return
    sessions.set(place, after)
    queue.push(place)
  }
  for (const relationship of estate.relationships) {
    if (relationship.kind !== 'HOLDS') continue
    const { from, to } = ends(estate, relationship)
    give(from, sessionOf(estate.entities[to]!.kind, op))
  }
  for (let head = 0; head < queue.length; head++) {
    const place = queue[head]!
    for (const number of along(estate.in, place)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind === 'SYNCED_FROM') give(ends(estate, relationship).from, sessions.get(place)!)
    }
  }
  return sessions
}

function hull(a: Session, b: Session): Session {
  const end = a.span[1] === null || b.span[1] === null ? null : Math.max(a.span[1], b.span[1])
  return { span: [Math.min(a.span[0], b.span[0]), end], mark: a.mark === 'A' || b.mark === 'A' ? 'A' : a.mark }
}
