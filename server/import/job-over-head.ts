import type { Evidence } from '../../graph/facts.ts'
import { REST, witness, WITNESSES_KEPT } from '../../graph/merge.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../graph/known.ts'

/**
 * What is known after a snapshot that did not list its whole scope: what it says replaces what was said of the same
 * thing, what it does not mention stays. The same snapshot twice gives the same facts.
 */
export function overHead(head: KnownFacts, said: KnownFacts, filesRead: ReadonlySet<string>): KnownFacts {
  return {
    entities: renewed(head.entities, said.entities, filesRead),
    relationships: renewed(head.relationships, said.relationships, filesRead),
  }
}

function renewed<T extends KnownEntity | KnownRelationship>(
  head: ReadonlyMap<string, T>,
  said: ReadonlyMap<string, T>,
  filesRead: ReadonlySet<string>,
): ReadonlyMap<string, T> {
  const known = new Map(head)
  for (const [id, now] of said) {
    const then = head.get(id)
    known.set(id, then ? both(then, now, filesRead) : now)
  }
  return known
}

/** The newer statement wins attribute by attribute; witnesses in files that were read again are replaced by them. */
function both<T extends KnownEntity | KnownRelationship>(then: T, now: T, filesRead: ReadonlySet<string>): T {
  const joined: Record<string, unknown> = { ...then, ...now }
  if (then.props && now.props) joined.props = { ...then.props, ...now.props }
  if ('key' in then && 'key' in now) Object.assign(joined, named(then, now))
  const evidence = witnesses(then.evidence ?? [], now.evidence ?? [], filesRead)
  if (evidence.length) joined.evidence = evidence
  return joined as unknown as T
}

/** A file that only mentions a thing knows its key; one that described it knew its name and kind. */
function named(then: KnownEntity, now: KnownEntity): Partial<KnownEntity> {
  const isMention = now.name === now.key
  return {
    ...(isMention && { name: then.name, kind: then.kind }),
    ...(then.aliases && now.aliases && { aliases: [...new Set([...then.aliases, ...now.aliases])].sort() }),
  }
}

/**
 * In the order of graph/merge and at most as many. Of a sum of further records the greater one stands: adding them up
 * would count the same records twice.
 */
function witnesses(then: readonly Evidence[], now: readonly Evidence[], filesRead: ReadonlySet<string>): Evidence[] {
  const said = new Set(now.map(witness))
  const kept = then.filter((one) => !said.has(witness(one)) && (one.file === undefined || !filesRead.has(one.file)))
  const sums = [...then, ...now].filter(({ source }) => source === REST)
  const ordered = [...now, ...kept].filter(({ source }) => source !== REST).sort(byWitness)
  const beyond = ordered.slice(WITNESSES_KEPT)
  if (beyond.length > 0) {
    const count = beyond.reduce((sum, one) => sum + (one.count ?? 1), 0)
    sums.push({ source: REST, kind: beyond[0]!.kind, note: 'and further records', count })
  }
  const greatest = sums.sort((a, b) => (b.count ?? 0) - (a.count ?? 0))[0]
  return [...ordered.slice(0, WITNESSES_KEPT), ...(greatest ? [greatest] : [])]
}

function byWitness(a: Evidence, b: Evidence): number {
  const [x, y] = [witness(a), witness(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
