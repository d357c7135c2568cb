import type { Estate } from '../estate/estate.ts'
import type { SourcesReply } from '../wire.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { isStale, momentOf } from './coverage.ts'

/** What the estate stands on: every scope with its age, and what it is blind to. */
export function answerSources(estate: Estate, now: string): SourcesReply {
  const at = momentOfAnswer(estate, now)
  return {
    snapshot: snapshotOf(estate),
    sources: estate.sources.map((source) => ({
      scope: source.scope,
      title: source.title,
      importer: source.importer,
      importerTitle: source.importerTitle,
      nature: source.nature,
      complete: source.complete,
      at: momentOf(source),
      stale: isStale(source, at),
      entities: source.entities,
      relationships: source.relationships,
      files: [...source.files],
      blindTo: [...source.blindTo],
      ...(source.loss && { loss: { ...source.loss } }),
    })),
  }
}
