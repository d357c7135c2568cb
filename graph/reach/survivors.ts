import { changeRow, effectOf } from '../answer/operations.ts'
import { textProp } from '../answer/things.ts'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { Mark } from '../kinds/marks.ts'
import type { Operation } from '../wire.ts'
import { minted } from './minted.ts'

/** Residual access after a credential was stopped (engine.md, "Beside the outages"). */
export interface Survivor {
  readonly credential: number
  readonly what: string
  /** The session itself where the estate knows it. */
  readonly session?: number
  /** The latest end, ISO 8601; `null`: none is known. */
  readonly until: string | null
  /** Read from the session itself, not from what sessions of this kind may last. */
  readonly exact: boolean
  readonly cut: string
  readonly mark: Mark
  /** Section of change-semantics.md. */
  readonly section: string
}

/**
 * What lives on after `op` on a credential at `now`, until when at the latest, and what cuts it. Empty only where the
 * platform ends everything with it; what nobody verified survives.
 */
export function survivorsOf(estate: Estate, credential: number, op: Operation, now: string): Survivor[] {
  const entity = estate.entities[credential]!
  const row = changeRow(entity.kind)
  const [code] = effectOf(entity.kind, op).codes
  const section = row?.section ?? '13.8'
  if (code === 'none' || code === 'na') {
    const until = textProp(entity, 'expiresAt') ?? null
    const cut = 'take away the permissions of whom it proves: it cannot be stopped itself'
    return [{ credential, what: 'the credential itself', until, exact: until !== null, cut, mark: 'S', section }]
  }
  // `cut` ends what is alive too; a second code says that some servers do less.
  if (code === 'cut' && effectOf(entity.kind, op).codes.length === 1) return []
  const known = sessionsOf(estate, credential, now)
  if (row?.survives === 'false') return known
  const ways = minted[entity.kind] ?? [unverified(row === undefined || row.survives === 'unk', section)]
  return [
    ...known,
    ...ways.map(({ longest, ...way }) => ({ credential, until: after(now, longest), exact: false, ...way })),
  ]
}

function unverified(isUnknown: boolean, section: string) {
  const what = isUnknown
    ? 'sessions made from it, if the platform has any (not verified)'
    : 'sessions and connections made from it'
  return { what, longest: null, cut: 'end its sessions at the service that accepts it', mark: 'A' as const, section }
}

/** Sessions in the estate that were issued by the credential and have not run out. */
function sessionsOf(estate: Estate, credential: number, now: string): Survivor[] {
  const found: Survivor[] = []
  for (const number of along(estate.in, credential)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind !== 'ISSUED_BY') continue
    const session = ends(estate, relationship).from
    const entity = estate.entities[session]!
    const until = textProp(entity, 'expiresAt') ?? null
    if (until !== null && Date.parse(until) <= Date.parse(now)) continue
    const isAws = entity.kind.startsWith('aws.sts_')
    found.push({
      credential,
      session,
      what: entity.name,
      until,
      exact: until !== null,
      cut: isAws
        ? 'the deny-older-sessions policy (AWSRevokeOlderSessions) on the role or user that it acts as'
        : 'revoke it by itself, where its kind can be revoked',
      mark: isAws ? 'S' : 'D',
      section: isAws ? '2.2' : '13.8',
    })
  }
  return found.sort((a, b) => a.session! - b.session!)
}

function after(now: string, seconds: number | null): string | null {
  return seconds === null ? null : new Date(Date.parse(now) + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}
