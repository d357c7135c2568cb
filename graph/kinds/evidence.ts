/**
 * Where a relationship is known from. `strength` orders them when one path is as strong as its weakest hop
 * (client.md 2); `words` is what a person reads.
 */
export const evidenceKinds = {
  observed: { strength: 3, words: 'observed', means: 'a log shows use' },
  declared: { strength: 2, words: 'declared', means: 'configuration says so' },
  asserted: { strength: 1, words: 'stated', means: 'a person said so' },
  inferred: { strength: 0, words: 'inferred', means: 'we deduced it' },
} as const satisfies Record<string, { strength: number; words: string; means: string }>

export type EvidenceKind = keyof typeof evidenceKinds
export const evidenceKindNames = Object.keys(evidenceKinds) as readonly EvidenceKind[]

/** How sure a relationship is (engine.md, "What a relationship says"). */
export const confidences = ['confirmed', 'possible', 'none'] as const
export type Confidence = (typeof confidences)[number]
