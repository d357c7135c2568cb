import { idOf } from '../ids.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { KnownEntity, KnownFacts } from '../known.ts'

/** A thing under two names, as `join.ts` takes it. */
export interface Pair {
  readonly alias: KnownEntity
  readonly into: KnownEntity
}

/** The Vault that an entity is of: `vault:vault.example.com/…`. */
export function addressOf(key: string): string | undefined {
  if (!key.startsWith('vault:')) return undefined
  const end = key.indexOf('/')
  return key.slice('vault:'.length, end < 0 ? undefined : end)
}

/** What a Vault is called whose address nobody gave (`--scope`). */
export const unnamed = 'vault'

/**
 * An audit log names no Vault, its configuration does. The accessor of a mount is random and given once: where a log
 * without an address and one Vault have the same one at the same path, they are one, and what both name alike there is
 * one thing. Two addresses with the same accessors may be a Vault and another that was restored from its snapshot.
 */
export function* sameVaults(facts: KnownFacts): Generator<Pair & { readonly note: string }> {
  const meant = new Set<string>()
  for (const addresses of sharedAccessors(facts))
    if (addresses.includes(unnamed)) for (const address of addresses) if (address !== unnamed) meant.add(address)
  const [address, ...others] = meant
  if (address === undefined || others.length > 0) return
  for (const pair of calledAlike(facts, new Map([[unnamed, address]])))
    yield { ...pair, note: 'the same Vault: mounts with the same accessors' }
}

/** Addresses of Vaults that have a mount with the same accessor at the same path, sorted, each combination once. */
export function sharedAccessors(facts: KnownFacts): string[][] {
  const addresses = new Map<string, Set<string>>()
  for (const { kind, key, props } of facts.entities.values()) {
    const accessor = props?.['accessor']
    const address = addressOf(key)
    if (kind !== 'vault.mount' || typeof accessor !== 'string' || accessor === '' || address === undefined) continue
    const mark = `${accessor} ${key.slice(`vault:${address}`.length)}`
    const known = addresses.get(mark)
    if (known) known.add(address)
    else addresses.set(mark, new Set([address]))
  }
  const shared = [...addresses.values()].filter(({ size }) => size > 1).map((set) => [...set].sort())
  return [...new Map(shared.map((set) => [set.join(' '), set])).values()].sort((x, y) => (x.join() < y.join() ? -1 : 1))
}

/** Entities of one Vault and those called alike in another. */
export function* calledAlike(facts: KnownFacts, into: ReadonlyMap<string, string>): Generator<Pair> {
  if (into.size === 0) return
  for (const alias of facts.entities.values()) {
    const address = addressOf(alias.key)
    const target = address === undefined ? undefined : into.get(address)
    if (target === undefined) continue
    const same = facts.entities.get(idOf(`vault:${target}${alias.key.slice(`vault:${address!}`.length)}`))
    if (same && entityKinds[same.kind].role === entityKinds[alias.kind].role) yield { alias, into: same }
  }
}
