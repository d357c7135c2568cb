import { canonical } from '../../graph/canonical.ts'
import type { Evidence } from '../../graph/facts.ts'
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

function witnesses(then: readonly Evidence[], now: readonly Evidence[], filesRead: ReadonlySet<string>): Evidence[] {
  const kept = then.filter(({ file }) => file === undefined || !filesRead.has(file))
  const said = new Set(now.map(who))
  // Of a sum of "further records" the newer one stands: adding them would count the same records twice.
  return [...now, ...kept.filter((one) => !said.has(who(one)))].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))
}

function who({ source, kind, file, record, note }: Evidence): string {
  return canonical([source, kind, file, record, note])
}
