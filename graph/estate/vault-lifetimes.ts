import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Span } from '../kinds/delivery.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../known.ts'

/**
 * How long whoever takes something from Vault goes on without it: a lease lives to its end when its role is deleted, or
 * when the entity behind it is disabled (its tokens are refused, not revoked: change-semantics.md 6.1, 6.4), and what
 * was read of a KV secret stays with the reader. What a source stated is never changed.
 */
export function withVaultLifetimes(facts: KnownFacts): KnownFacts {
  const uses = usesOfVault(facts)
  const leases = issuedLeases(facts)
  if (uses.length === 0 && leases.length === 0) return facts
  const relationships = new Map(facts.relationships)
  const takersOf = new Map<string, KnownRelationship[]>()
  if (leases.length > 0)
    for (const one of facts.relationships.values()) if (takes.has(one.kind)) append(takersOf, one.to, one)
  for (const { issued, life, place } of leases) {
    const takers = takersOf.get(place ?? '') ?? []
    const least = takers.length > 0 ? Math.min(...takers.map(({ delivery }) => leftAtLeast(life ?? 0, delivery))) : 0
    relationships.set(issued.id, stated(issued, [least, life], 'leases that are out live to their end'))
  }
  const lives = new Map<string, Life[]>()
  for (const { use, place } of uses) {
    const life = lifeOf(place, use)
    append(lives, use.from, life)
    if (life.isLease && use.tolerance === undefined)
      relationships.set(use.id, stated(use, life.span, `its lease lives up to ${life.span[1]} s`))
  }
  for (const relationship of facts.relationships.values()) {
    const { kind, from, to, tolerance } = relationship
    if (kind !== 'RUNS_AS' || tolerance !== undefined) continue
    const taken = lives.get(from)
    const identity = facts.entities.get(to)?.kind
    if (taken === undefined || (identity !== 'vault.entity' && identity !== 'vault.role')) continue
    const span = identity === 'vault.entity' ? hull(taken.map((one) => one.span)) : withToken(taken, relationship)
    if (span) relationships.set(relationship.id, stated(relationship, span, 'leases and values already taken live on'))
  }
  return { entities: facts.entities, relationships }
}

const takes = new Set<string>(['USES_SECRET', 'SYNCED_FROM'])

/** What ties leases to what makes them: the role that they are read from, the credential that Vault makes them with. */
function issuedLeases(
  facts: KnownFacts,
): { issued: KnownRelationship; life: number | null; place: string | undefined }[] {
  const found: { issued: KnownRelationship; life: number | null; place: string | undefined }[] = []
  const placeOf = new Map<string, string>()
  for (const { kind, from, to } of facts.relationships.values()) if (kind === 'HOLDS') placeOf.set(to, from)
  for (const issued of facts.relationships.values()) {
    if (issued.kind !== 'ISSUED_BY' || issued.tolerance !== undefined) continue
    const lease = facts.entities.get(issued.from)
    if (lease === undefined || entityKinds[lease.kind].plane !== 'vault' || !lease.key.endsWith('#lease')) continue
    const life = lease.props?.['ttlSeconds']
    found.push({ issued, life: typeof life === 'number' && life > 0 ? life : null, place: placeOf.get(lease.id) })
  }
  return found
}

interface Life {
  readonly span: Span
  readonly isLease: boolean
}

function usesOfVault(facts: KnownFacts): { use: KnownRelationship; place: KnownEntity }[] {
  const found: { use: KnownRelationship; place: KnownEntity }[] = []
  for (const use of facts.relationships.values()) {
    if (use.kind !== 'USES_SECRET' || use.confidence === 'none') continue
    const place = facts.entities.get(use.to)
    if (place && entityKinds[place.kind].plane === 'vault') found.push({ use, place })
  }
  return found
}

/** Agents and operators renew at two thirds of a lease (S: VLT-7, K8S-10), so a third is left at the least. */
const renewers = new Set(['agent_template', 'agent_supervisor', 'operator_sync', 'csi_mount'])

function lifeOf(place: KnownEntity, { delivery }: KnownRelationship): Life {
  const lease = place.props?.['leaseSeconds']
  if (typeof lease !== 'number' || lease <= 0) return { span: [0, null], isLease: false }
  return { span: [leftAtLeast(lease, delivery), lease], isLease: true }
}

const leftAtLeast = (life: number, delivery: string | undefined): number =>
  delivery !== undefined && renewers.has(delivery) ? Math.floor(life / 3) : 0

/**
 * A role that is gone renews no token, and a lease ends with the token that took it: the shorter of the two lives
 * counts. Of a token of unknown life nothing is said here.
 */
function withToken(taken: readonly Life[], { props, delivery }: KnownRelationship): Span | undefined {
  const token = props?.['tokenSeconds']
  if (typeof token !== 'number' || token <= 0) return undefined
  const least = leftAtLeast(token, props?.['client'] === 'vault-agent' ? 'agent_template' : delivery)
  return hull(
    taken.map(({ span, isLease }): Span =>
      isLease ? [Math.min(span[0], least), Math.min(span[1] ?? token, token)] : [least, null],
    ),
  )
}

function hull(spans: readonly Span[]): Span {
  const ends = spans.map(([, end]) => end)
  return [
    Math.min(...spans.map(([start]) => start)),
    ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0)),
  ]
}

function stated(relationship: KnownRelationship, tolerance: Span, note: string): KnownRelationship {
  return {
    ...relationship,
    tolerance,
    evidence: [...(relationship.evidence ?? []), { source: 'keyfall', kind: 'inferred', note }],
  }
}

function append<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key)
  if (list) list.push(one)
  else lists.set(key, [one])
}
