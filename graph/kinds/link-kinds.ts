/** `SAME`: the two are one thing, and the first goes by the second's name. All others are kinds of relationship. */
export const linkKinds = [
  'SAME',
  'HOLDS',
  'SYNCED_FROM',
  'USES_SECRET',
  'USES_CREDENTIAL',
  'RUNS_AS',
  'DEPENDS_ON',
  'OWNED_BY',
  'SUPPLIED_BY',
  'CONTAINED_IN',
] as const
export type LinkKind = (typeof linkKinds)[number]
