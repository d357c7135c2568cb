import type { KnownEntity, KnownFacts } from '../known.ts'

/** The relationships that permissions depend on, found in one pass: an estate has many others. All by id. */
export interface Links {
  /** Groups of a user. */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>
  /** What encrypts a thing. */
  readonly keyOf: ReadonlyMap<string, string>
  /** What contains an account, a unit, or a thing whose ARN names no account. */
  readonly containerOf: ReadonlyMap<string, string>
  /** Who is vouched for, and by which identity provider. */
  readonly vouched: readonly (readonly [somebody: string, provider: string])[]
}

const nested = new Set(['aws.account', 'aws.organizational_unit', 'aws.s3_bucket', 'aws.sns_topic', 'aws.sqs_queue'])

export function linksOf({ relationships }: KnownFacts, entities: Iterable<KnownEntity>): Links {
  const kinds = new Map<string, string>()
  for (const { id, kind } of entities) kinds.set(id, kind)
  const groupsOf = new Map<string, string[]>()
  const keyOf = new Map<string, string>()
  const containerOf = new Map<string, string>()
  const vouched: (readonly [string, string])[] = []
  for (const { kind, from, to } of relationships.values()) {
    if (kind !== 'MEMBER_OF' && kind !== 'ENCRYPTED_BY' && kind !== 'CONTAINED_IN' && kind !== 'DEPENDS_ON') continue
    const of = kinds.get(from)
    if (of === undefined) continue
    if (kind === 'ENCRYPTED_BY') keyOf.set(from, to)
    else if (kind === 'CONTAINED_IN') {
      if (nested.has(of)) containerOf.set(from, to)
    } else if (kind === 'MEMBER_OF') {
      if (kinds.get(to) === 'aws.iam_group') groupsOf.set(from, [...(groupsOf.get(from) ?? []), to].sort())
    } else if (of === 'aws.federated_principal' && kinds.get(to) === 'aws.identity_provider_or_trust_anchor')
      vouched.push([from, to])
  }
  return { groupsOf, keyOf, containerOf, vouched }
}
