import type { Importer, Probe } from '../importer.ts'

/** The importer that is surest that this file is its own; of equals the first. Undefined: none knows it. */
export function detectImporter(probe: Probe, importers: readonly Importer[]): Importer | undefined {
  let best: Importer | undefined
  let highest = 0
  for (const importer of importers) {
    const score = importer.detect(probe)
    if (score > highest) {
      highest = score
      best = importer
    }
  }
  return best
}
