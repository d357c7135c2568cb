import type { Effect, EffectCode } from '../kinds/change-kinds.ts'
import { aliveFor, isClient, type Client } from '../kinds/clients.ts'
import type { Span } from '../kinds/delivery.ts'
import type { EntityKind } from '../kinds/entity-kinds.ts'
import { isAssumed, type Mark } from '../kinds/marks.ts'
import { mintedSessions } from '../kinds/minted-sessions.ts'
import { along, type Estate, type EstateRelationship } from '../estate/estate.ts'
import type { Operation } from '../wire.ts'
import { changeRow, effectOf } from './operations.ts'
import { headOf, numberProp } from './things.ts'

/** A span of time that the tables give, and how well it is known. */
export interface Session {
  readonly span: Span
  readonly mark: Mark
}

/** What a source read of the sessions that a workload holds; seconds. */
export interface ReadClocks {
  /** The library that renews, see `clients`. */
  readonly client?: Client | undefined
  /** Life of what was minted. */
  readonly token?: number | undefined
  /** A pool closes its connections after so long. */
  readonly pool?: number | undefined
  /** The longest that the platform lets a session of this credential live. */
  readonly longest?: number | undefined
  /** Database engine, where effects differ: "postgresql", "mysql". */
  readonly engine?: string | undefined
}

/** What a relationship itself says of its sessions. */
export function readClocks({ props }: Pick<EstateRelationship, 'props'>): ReadClocks {
  const { client, tokenSeconds, poolSeconds } = props ?? {}
  return {
    ...(isClient(client) && { client }),
    ...(typeof tokenSeconds === 'number' && { token: tokenSeconds }),
    ...(typeof poolSeconds === 'number' && { pool: poolSeconds }),
  }
}

/**
 * How long what was already authenticated lives on after a credential of this kind is refused, when its issue time is
 * not known. Source: change-semantics.md 13.8, "`session` by effect code". Where the effect differs by case and nothing
 * says which case it is, all of them count. An effect nobody verified is open-ended.
 */
export function sessionOf(kind: EntityKind, op: Operation, read: ReadClocks = {}): Session {
  return effectCodes(kind, op, read)
    .map((code) => sessionByEffect[code](kind, read))
    .reduce(hull)
}

function effectCodes(kind: EntityKind, op: Operation, { engine }: ReadClocks): readonly EffectCode[] {
  const { codes } = acted(kind, op)
  if (codes.length > 1 && codes.includes('perm') && codes.includes('conn') && engine !== undefined)
    // Observed: PostgreSQL looks at grants at each statement, MariaDB keeps those of a session (8.1, 8.2).
    return engine.startsWith('postgres') ? ['perm'] : ['conn']
  return codes
}

/**
 * What the operation does to the sessions of this kind. One that cannot be acted on itself is lost with what it was
 * issued by, or is a session that ends itself.
 */
function acted(kind: EntityKind, op: Operation): Pick<Effect, 'codes'> {
  const own = effectOf(kind, op)
  const { effects } = changeRow(kind) ?? {}
  if (own.codes[0] !== 'na' || !effects) return own
  return effects.revoke_issuer.codes[0] === 'na' ? effects.expire : effects.revoke_issuer
}

const none = (): Session => ({ span: [0, 0], mark: 'D' })
const openEnded = (mark: Mark) => (): Session => ({ span: [0, null], mark })

/** By effect code (13.8). What fetches fail, what is decided elsewhere and what nobody verified is open-ended. */
const sessionByEffect: Readonly<Record<EffectCode, (kind: EntityKind, read: ReadClocks) => Session>> = {
  use: none,
  cut: none,
  perm: none,
  mint: mintedLife,
  claim: (kind, read) => (mintedSessions[kind] ? mintedLife(kind, read) : { span: [0, 86_400], mark: 'S' }),
  conn: (_kind, { pool }) => (pool === undefined ? openEnded('D')() : { span: [0, pool], mark: 'D' }),
  copy: openEnded('A'),
  target: openEnded('A'),
  none: openEnded('A'),
  na: openEnded('A'),
  unk: openEnded('A'),
}

/** The life of what was minted: as it was read, else as the table has it for the kind. */
export function mintedLife(kind: EntityKind, { client, token, longest }: ReadClocks): Session {
  const row = mintedSessions[kind]
  const renews = client ?? row?.client
  if (token !== undefined) return { span: aliveFor(renews, token), mark: 'D' }
  if (!row) return { span: [0, longest ?? null], mark: 'A' }
  // A named client asks for the usual life; one that nobody named may have asked for the longest.
  const most = longest ?? row.most
  if (renews === undefined) return { span: [0, most], mark: row.mark === 'S' ? 'D' : row.mark }
  const [least, usual] = aliveFor(renews, row.usual)
  return { span: [least, most === null ? null : Math.max(usual ?? 0, aliveFor(renews, most)[1] ?? 0)], mark: 'D' }
}

export function hull(a: Session, b: Session): Session {
  const end = a.span[1] === null || b.span[1] === null ? null : Math.max(a.span[1], b.span[1])
  return { span: [Math.min(a.span[0], b.span[0]), end], mark: isAssumed(a.mark) && a.mark === 'A' ? 'A' : b.mark }
}

const longestLives = new WeakMap<Estate, Map<number, number | undefined>>()

/** The longest life of a session that a source read of this credential, or of the identity it proves; seconds. */
export function longestOf(estate: Estate, credential: number): number | undefined {
  const known = longestLives.get(estate) ?? new Map<number, number | undefined>()
  longestLives.set(estate, known)
  if (known.has(credential)) return known.get(credential)
  const entity = estate.entities[credential]!
  const identity = headOf(estate, credential, 'AUTHENTICATES_AS')
  const names = [mintedSessions[entity.kind]?.said, 'tokenSeconds'].filter((name) => name !== undefined)
  const said = [entity, ...(identity === undefined ? [] : [estate.entities[identity]!])]
    .flatMap((one) => names.map((name) => numberProp(one, name)))
    .find((value) => value !== undefined && value > 0)
  known.set(credential, said)
  return said
}

const stored = new WeakMap<Estate, ReadonlyMap<number, readonly number[]>>()

/** Takes over what `storedIn` made of this very estate in another process. */
export function keepStoredIn(estate: Estate, found: ReadonlyMap<number, readonly number[]>): void {
  stored.set(estate, found)
}

/** The credentials whose values stand in each place: over `HOLDS`, then over `SYNCED_FROM`. */
export function storedIn(estate: Estate): ReadonlyMap<number, readonly number[]> {
  const known = stored.get(estate)
  if (known) return known
  const places = new Map<number, Set<number>>()
  const queue: { place: number; credential: number }[] = []
  const give = (place: number, credential: number): void => {
    const held = places.get(place) ?? new Set<number>()
    if (held.has(credential)) return
    places.set(place, held.add(credential))
    queue.push({ place, credential })
  }
  estate.relationships.forEach(({ kind, confidence }, number) => {
    if (kind === 'HOLDS' && confidence !== 'none') give(estate.tails[number]!, estate.heads[number]!)
  })
  for (const { place, credential } of queue)
    for (const number of along(estate.in, place)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind === 'SYNCED_FROM' && relationship.confidence !== 'none')
        give(estate.tails[number]!, credential)
    }
  const found = new Map([...places].map(([place, held]) => [place, [...held]]))
  stored.set(estate, found)
  return found
}
