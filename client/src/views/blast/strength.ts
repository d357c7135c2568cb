import type { EvidenceItem } from '../../../../graph/wire.ts'

/** How well a hop is known: its word, its line (client.md section 2) and what it means. */
export const strengthWords: Readonly<Record<EvidenceItem['kind'], { word: string; line: string }>> = {
  observed: { word: 'observed', line: 'a log shows use' },
  declared: { word: 'declared', line: 'configuration says so' },
  asserted: { word: 'stated', line: 'a person said so' },
  inferred: { word: 'inferred', line: 'deduced' },
}
