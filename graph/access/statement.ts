/** One statement of a policy, taken apart. Everything not watched by `graph/access` is gone. */
export interface Statement {
  readonly allows: boolean
  /** Patterns, as written; with `notActions` it speaks of all but these. */
  readonly actions: readonly string[]
  readonly notActions: boolean
  readonly resources: readonly string[]
  readonly notResources: boolean
  /** `AWS`, `Service`, `Federated` and whom it names; absent in a policy that belongs to a principal. */
  readonly principals?: readonly (readonly [type: string, id: string])[]
  readonly notPrincipals: boolean
  readonly tests: readonly Test[]
}

/** One line of a condition. Values of keys that nothing here can decide (an external id) are not kept. */
export interface Test {
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string
  readonly key: string
  /** Absent: not kept, so it can't be decided. */
  readonly values?: readonly string[]
}

/** Names of tags whose values are kept, and so can be compared; the same names as `importers/read/aws-tags`. */
export const readTags: ReadonlySet<string> = new Set([
  'name',
  'owner',
  'team',
  'system',
  'application',
  'service',
  'environment',
  'env',
  'cost-center',
  'tier',
  'vendor',
])

const decidable: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalorgid',
  'aws:principalisawsservice',
  'aws:username',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:securetransport',
  'aws:requestedregion',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'iam:passedtoservice',
  'kms:viaservice',
  'kms:calleraccount',
  'secretsmanager:versionstage',
  'secretsmanager:secretid',
])

/** Name of the tag that a key is about: `aws:PrincipalTag/team`, `secretsmanager:ResourceTag/team`. */
export function tagIn(key: string): { readonly of: 'principal' | 'resource'; readonly name: string } | undefined {
  const lower = key.toLowerCase()
  const slash = lower.indexOf('/')
  if (slash < 0) return undefined
  const [before, name] = [lower.slice(0, slash), lower.slice(slash + 1)]
  if (before === 'aws:principaltag') return { of: 'principal', name }
  return before.endsWith(':resourcetag') ? { of: 'resource', name } : undefined
}

/** May the values of this condition key be kept? Only where an estate can decide it, and never those of an external id. */
export function isDecidable(key: string): boolean {
  const lower = key.toLowerCase()
  const tag = tagIn(key)
  if (tag !== undefined) return readTags.has(tag.name)
  return decidable.has(lower) || lower.endsWith(':sub') || lower.endsWith(':aud')
}
