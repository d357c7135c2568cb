import type { Estate } from '../estate/estate.ts'
import type { SourcesReply } from '../wire.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { isStale, momentOf } from './coverage.ts'
import { capsOf } from './source-caps.ts'
import { sourceReach } from './source-reach.ts'

/** Names of files of one source: a listing of an organization has thousands, and no screen shows them all. */
const MOST_FILES = 20

/** What the estate stands on: every scope with its age, what it is blind to, what it caps, and what is missing most. */
export function answerSources(estate: Estate, now: string): SourcesReply {
  const at = momentOfAnswer(estate, now)
  const { bySource, blindSpots } = capsOf(estate, at)
  return {
    snapshot: snapshotOf(estate),
    sources: estate.sources.map((source) => {
      const cap = bySource.get(source.scope)
      return {
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
        files: source.files.slice(0, MOST_FILES),
        moreFiles: Math.max(0, source.files.length - MOST_FILES),
        blindTo: [...source.blindTo],
        ...(source.loss && { loss: { ...source.loss } }),
        since: source.since,
        until: source.until,
        caps: cap?.count ?? 0,
        ...(cap && { capsWhy: cap.why }),
      }
    }),
    reach: sourceReach(estate),
    blindSpots: [...blindSpots],
  }
}
