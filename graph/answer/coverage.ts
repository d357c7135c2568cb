import { neededSources, STALE_AFTER_DAYS, type NeededSource } from '../kinds/coverage.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Estate, Source } from '../estate/estate.ts'
import type { Coverage } from '../wire.ts'

/**
 * What an answer about this credential stands on and what it lacks. While something is missing or stale, the best
 * verdict is "cannot say yet".
 */
export function coverageOf(estate: Estate, subject: number, now: string): Coverage {
  const entity = estate.entities[subject]!
  const needed: readonly NeededSource[] = neededSources[entityKinds[entity.kind].plane]
  const missing: { source: string; why: string; collect: string }[] = []
  let stale = false
  for (const need of needed) {
    const have = estate.sources.filter((source) => need.importers.includes(source.importer))
    if (have.length === 0) missing.push({ source: need.what, why: need.why, collect: need.collect })
    else if (have.every((source) => isStale(source, now))) {
      stale = true
      missing.push({ source: need.what, why: `the newest is of ${day(newest(have))}`, collect: need.collect })
    }
  }
  return {
    state: missing.length === 0 ? 'complete' : stale && missing.length === 1 ? 'stale' : 'partial',
    sentence: sentenceOf(
      missing.map((one) => one.source),
      stale,
      estate.sources.length,
    ),
    missing,
    sources: estate.sources.map((source) => ({
      id: source.scope,
      title: source.title,
      at: momentOf(source),
      nature: source.nature,
      complete: source.complete,
      blindTo: [...source.blindTo],
    })),
  }
}

/** A log speaks until its last event, everything else of the moment it was imported. */
export function momentOf(source: Source): string {
  return source.nature === 'log' ? (source.until ?? source.at) : source.at
}

export function isStale(source: Source, now: string): boolean {
  return Date.parse(now) - Date.parse(momentOf(source)) > STALE_AFTER_DAYS * 86_400_000
}

function newest(sources: readonly Source[]): string {
  return sources.map(momentOf).sort().at(-1)!
}

function day(at: string): string {
  return at.slice(0, 10)
}

function sentenceOf(missing: readonly string[], stale: boolean, sources: number): string {
  if (sources === 0) return 'Nothing was imported yet.'
  if (missing.length === 0) return 'Every source that this kind of credential needs is here and fresh.'
  return `${stale ? 'Missing or stale' : 'Missing'}: ${missing.join('; ')}. Until then the best answer is “cannot say yet”.`
}
