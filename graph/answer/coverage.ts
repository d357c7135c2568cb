import { neededSources, STALE_AFTER_DAYS, type NeededSource } from '../kinds/coverage.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, ends, type Estate, type Source } from '../estate/estate.ts'
import type { Coverage } from '../wire.ts'

/**
 * What an answer about this credential stands on and what it lacks. While something is missing or stale, the best
 * verdict is "cannot say yet".
 */
export function coverageOf(estate: Estate, subject: number, now: string): Coverage {
  const entity = estate.entities[subject]!
  const needed: readonly NeededSource[] = neededSources[entityKinds[entity.kind].plane]
  const account = awsAccountOf(estate, subject)
  const missing: { source: string; why: string; collect: string }[] = []
  let stale = false
  for (const need of needed) {
    const have = estate.sources.filter(
      (source) => need.importers.includes(source.importer) && !isOfAnother(source, account),
    )
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

/** What an AWS account says of itself says nothing of the keys of another one. */
function isOfAnother({ scope }: Source, account: string | undefined): boolean {
  const named = accountId(scope.split('aws/')[1])
  return account !== undefined && named !== undefined && named !== account
}

/** The account in which the credential's identity is, by its ARN; undefined where no source gives it. */
function awsAccountOf(estate: Estate, subject: number): string | undefined {
  const keys = [estate.entities[subject]!.key]
  for (const number of along(estate.out, subject)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'AUTHENTICATES_AS') keys.push(estate.entities[ends(estate, relationship).to]!.key)
  }
  return keys.map((key) => accountId(key.split('arn:aws')[1]?.split(':')[3])).find((found) => found !== undefined)
}

function accountId(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{12}$/.test(text) ? text : undefined
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
