import { SHORTEST_LOG_DAYS, STALE_AFTER_DAYS } from '../kinds/coverage.ts'
import type { Estate, Source } from '../estate/estate.ts'
import { dateOf, joinDays, MS_A_DAY, silencesOf, type DayRange } from '../log-days.ts'
import type { Coverage } from '../wire.ts'
import { needsOf, type Need } from './needs.ts'

/**
 * What an answer about this credential stands on and what it lacks. While something is missing or stale, the best
 * verdict is "cannot say yet".
 */
export function coverageOf(estate: Estate, subject: number, now: string): Coverage {
  const missing: { source: string; why: string; collect: string }[] = []
  let stale = false
  for (const need of needsOf(estate, subject)) {
    const have = sourcesFor(estate, need)
    const reach = reachOf(have)
    if (have.length === 0) missing.push({ source: need.what, why: need.why, collect: need.collect })
    else if (have.every((source) => isStale(source, now))) {
      stale = true
      missing.push({ source: need.what, why: `the newest is of ${day(newest(have))}`, collect: need.collect })
    } else if (reach !== undefined && reach.days < SHORTEST_LOG_DAYS)
      missing.push({ source: need.what, why: shortWords(reach), collect: need.collect })
    else missing.push(...have.flatMap((source) => losses(source, need.what)))
  }
  return {
    state: missing.length === 0 ? 'complete' : stale && missing.length === 1 ? 'stale' : 'partial',
    sentence: sentenceOf(
      missing.map((one) => one.source),
      stale,
      estate.sources.length,
    ),
    missing,
    sources: namedSources(estate),
  }
}

const byImporter = new WeakMap<Estate, Map<string, readonly Source[]>>()

/** The sources that would do for a need, in the estate's order. */
export function sourcesFor(estate: Estate, { importers, fits }: Need): Source[] {
  const kept = byImporter.get(estate) ?? new Map<string, readonly Source[]>()
  byImporter.set(estate, kept)
  const names = importers.join(' ')
  let sources = kept.get(names)
  if (!sources) kept.set(names, (sources = estate.sources.filter(({ importer }) => importers.includes(importer))))
  return sources.filter(fits)
}

const named = new WeakMap<Estate, Coverage['sources']>()

/** What every answer of an estate stands on: one list, which all its answers share (`withSharedText` looks for it). */
export function namedSources(estate: Estate): Coverage['sources'] {
  const known = named.get(estate)
  if (known) return known
  const list = estate.sources.map((source) => ({
    id: source.scope,
    title: source.title,
    at: momentOf(source),
    nature: source.nature,
    complete: source.complete,
    blindTo: [...source.blindTo],
  }))
  named.set(estate, list)
  return list
}

/**
 * A file that ends in the middle lost nobody knows what; so did a source of which more than one record in a hundred
 * could not be understood. Fewer are named in the sources and cap nothing.
 */
export function losses({ loss, title }: Source, what: string): { source: string; why: string; collect: string }[] {
  if (loss === undefined || (loss.files === 0 && loss.records * 100 < loss.of)) return []
  if (loss.files === 0 && loss.records === 0) return []
  const files = loss.files > 0 ? `${loss.files} of its files could not be read to the end` : ''
  const records = loss.records > 0 ? `${loss.records} of ${loss.of} records were not understood` : ''
  return [
    {
      source: what,
      why: `${title}: ${[files, records].filter(Boolean).join(', ')}`,
      collect: 'see the report of the import (keyfall sources), mend or export these files again',
    },
  ]
}

/** How far back a log speaks without a gap. */
export interface LogReach {
  readonly days: number
  /** The gap that ends it. */
  readonly silence: DayRange | undefined
}

/**
 * Days that logs speak of, from the first event of any, or the end of the last gap in all of them, to the last event;
 * undefined where a source is no log.
 */
export function reachOf(sources: readonly Source[]): LogReach | undefined {
  if (sources.length === 0 || sources.some((source) => source.nature !== 'log')) return undefined
  const from = sources.map((source) => source.since ?? source.at).sort()[0]!
  const to = sources
    .map((source) => source.until ?? source.at)
    .sort()
    .at(-1)!
  // Where one of them did not note its days, nothing is known of gaps in it.
  const isNoted = sources.every(({ days }) => days !== undefined)
  const silence = isNoted ? silencesOf(joinDays(...sources.map(({ days = [] }) => days))).at(-1) : undefined
  const since = Math.max(Date.parse(from), silence === undefined ? -Infinity : (silence[1] + 1) * MS_A_DAY)
  return { days: (Date.parse(to) - since) / MS_A_DAY, silence }
}

/** "it reaches back 12 days only: it has no event at all from 2026-10-03 to 2026-10-05, and …" */
export function shortWords({ days, silence }: LogReach): string {
  const reach = `it reaches back ${Math.floor(days)} days only`
  if (silence === undefined) return reach
  const [from, to] = silence.map(dateOf)
  const when = from === to ? `on ${from}` : `from ${from} to ${to}`
  return `${reach}: it has no event at all ${when}, and what was used then is not known`
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
