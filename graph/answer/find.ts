import { entityKinds } from '../kinds/entity-kinds.ts'
import { along, type Estate } from '../estate/estate.ts'
import { giveWay } from '../give-way.ts'
import { QuestionError } from '../errors.ts'
import type { FindReply, Hit, HomeReply, Operation, Overall, Thing } from '../wire.ts'
import { subjectOf } from './subject.ts'
import { bands } from './bands.ts'
import { fallRanking } from './fall-ranking.ts'
import { keepDay } from './inventory.ts'
import { frontOf } from './front.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { coverageOf } from './coverage.ts'
import { appliesTo, operationRow } from './operations.ts'
import { ownerOf, textProp, thingOf } from './things.ts'

/** Roles a person looks for first, when a word matches many things. */
const roleOrder = ['credential', 'identity', 'secret', 'workload', 'system', 'resource', 'other'] as const
const DEFAULT_LIMIT = 20
const MOST = 100
/** Credentials with the largest fall that are asked for their verdict. */
const FRONTED = 30
/** Of those, the ones with the worst verdict. */
const WORST = 10

interface Words {
  readonly name: string
  readonly key: string
  readonly aliases: readonly string[]
}

const cache = new WeakMap<Estate, readonly Words[]>()

function wordsOf(estate: Estate): readonly Words[] {
  let words = cache.get(estate)
  if (!words) {
    words = estate.entities.map((entity) => ({
      name: entity.name.toLowerCase(),
      key: entity.key.toLowerCase(),
      aliases: (entity.aliases ?? []).map((alias) => alias.toLowerCase()),
    }))
    cache.set(estate, words)
  }
  return words
}

/** How well a text matches: 0 not at all; exact name or id above a start, above a part, above a match of every word. */
function score(words: Words, id: string, query: string, parts: readonly string[]): number {
  if (id === query || words.name === query || words.key === query || words.aliases.includes(query)) return 100
  if (words.name.startsWith(query)) return 80
  if (words.name.includes(query)) return 60
  if (words.aliases.some((alias) => alias.includes(query))) return 50
  if (words.key.includes(query)) return 40
  return parts.every((part) => words.name.includes(part) || words.key.includes(part)) ? 30 : 0
}

/** Entity numbers that match a text, best first. */
function matches(estate: Estate, text: string): number[] {
  const query = text.trim().toLowerCase()
  if (query === '') return []
  const parts = query.split(/\s+/)
  const words = wordsOf(estate)
  const found: { index: number; score: number }[] = []
  estate.entities.forEach((entity, index) => {
    const points = score(words[index]!, entity.id, query, parts)
    if (points > 0) found.push({ index, score: points })
  })
  const role = (index: number): number => roleOrder.indexOf(entityKinds[estate.entities[index]!.kind].role)
  return found
    .sort(
      (a, b) =>
        b.score - a.score ||
        role(a.index) - role(b.index) ||
        words[a.index]!.name.length - words[b.index]!.name.length ||
        a.index - b.index,
    )
    .map(({ index }) => index)
}

/** Everything that matches a name, an id, an ARN, a path; credentials carry their verdict and mini-front. */
export function answerFind(estate: Estate, query: { q: string; limit?: number | undefined }, now: string): FindReply {
  const found = matches(estate, query.q)
  const limit = Math.min(Math.max(1, Math.floor(query.limit ?? DEFAULT_LIMIT)), MOST)
  const hits = found.slice(0, limit).map((index) => hitOf(estate, index, now, query.q))
  return { snapshot: snapshotOf(estate), query: query.q, total: found.length, hits }
}

/** A thing as lists show it; credentials carry their verdict and mini-front. */
export function hitOf(estate: Estate, index: number, now: string, query?: string): Hit {
  const entity = estate.entities[index]!
  const owner = ownerOf(estate, index)
  const lastUsedAt = textProp(entity, 'lastUsedAt')
  const front = entityKinds[entity.kind].role === 'credential' ? frontOf(estate, index, now) : undefined
  const asked = query?.trim().toLowerCase()
  const matched =
    asked && !entity.name.toLowerCase().includes(asked)
      ? (entity.aliases ?? []).find((alias) => alias.toLowerCase().includes(asked))
      : undefined
  return {
    ...thingOf(estate, index),
    ...(owner !== null && { owner }),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    ...(matched !== undefined && { matched }),
    ...(front && { front }),
  }
}

const roleTitles = {
  credential: 'Credentials',
  identity: 'Identities',
  secret: 'Secrets',
  workload: 'Workloads',
  system: 'Systems',
} as const

const overallOrder = { 'not-safe': 0, 'cannot-say': 1, 'safe-after-steps': 2, safe: 3 } as const satisfies Record<
  Overall,
  number
>

/** What Find shows before anything is typed: how much is known, the worst credentials, what caps the most verdicts. */
export function answerHome(estate: Estate, now: string): HomeReply {
  const credentials = numbersOf(estate, 'credential')
  return {
    snapshot: snapshotOf(estate),
    counts: Object.entries(roleTitles).map(([role, title]) => ({ role, title, count: numbersOf(estate, role).length })),
    worst: worstHits(estate, now),
    unknowns: missingOf(estate, credentials, momentOfAnswer(estate, now)),
    bands: bands.map(({ id, title }) => ({ id, title })),
  }
}

/** The worst verdicts among the heaviest falls; of the same verdict as the ranking has them. */
function worstHits(estate: Estate, now: string): Hit[] {
  const byVerdict: Hit[][] = [[], [], [], []]
  for (const { credential } of fallRanking(estate).falls.slice(0, FRONTED)) {
    const hit = hitOf(estate, credential, now)
    byVerdict[overallOrder[hit.front!.verdict]]!.push(hit)
    // None that comes later goes before these.
    if (byVerdict[0]!.length === WORST) break
  }
  return byVerdict.flat().slice(0, WORST)
}

const byRole = new WeakMap<Estate, ReadonlyMap<string, readonly number[]>>()

function numbersOf(estate: Estate, role: string): readonly number[] {
  const known = byRole.get(estate)
  if (known) return known.get(role) ?? []
  const numbers = new Map<string, number[]>(Object.keys(roleTitles).map((one) => [one, []]))
  estate.entities.forEach(({ kind }, index) => numbers.get(entityKinds[kind].role)?.push(index))
  byRole.set(estate, numbers)
  return numbers.get(role) ?? []
}

const MOST_MISSED = 10
const missed = new WeakMap<Estate, Map<string, HomeReply['unknowns']>>()

/**
 * The missing sources that keep most credentials from a better answer. Each credential needs those of its own account,
 * cluster, Vault and repository, so all are asked: once a snapshot and day, as only the age of sources changes.
 */
function missingOf(estate: Estate, credentials: readonly number[], now: string): HomeReply['unknowns'] {
  const day = now.slice(0, 10)
  const days = missed.get(estate) ?? new Map<string, HomeReply['unknowns']>()
  missed.set(estate, days)
  const known = days.get(day)
  if (known) return known
  const reasons = new Map<string, { reason: string; settles: string; count: number }>()
  for (const index of credentials) {
    giveWay()
    for (const { source, why, collect } of coverageOf(estate, index, now).missing) {
      const reason = reasons.get(source) ?? { reason: `${source}: ${why}`, settles: collect ?? source, count: 0 }
      reason.count++
      reasons.set(source, reason)
    }
  }
  const unknowns = [...reasons.values()].sort((a, b) => b.count - a.count).slice(0, MOST_MISSED)
  keepDay(days, day, unknowns)
  return unknowns
}

/**
 * The things a person means by a text, for the command line: exact matches alone where there are any, else all
 * others, best first: of a few of them one would look like the only one. Empty: nothing matches.
 */
export function resolve(estate: Estate, text: string): Thing[] {
  const query = text.trim().toLowerCase()
  const words = wordsOf(estate)
  const found = matches(estate, text)
  const exact = found.filter((index) => score(words[index]!, estate.entities[index]!.id, query, [query]) === 100)
  return (exact.length ? exact : found).map((index) => thingOf(estate, index))
}

/** The credential that a person means: itself, or the only one that a secret or identity leads to. */
export function oneCredential(estate: Estate, text: string): Thing {
  const things = resolve(estate, text)
  if (things.length === 0)
    throw new QuestionError(
      'not-found',
      `nothing here is called ${JSON.stringify(text.slice(0, 80))}`,
      'try a part of its name, its ARN or its id: keyfall find TEXT',
    )
  const credentials = things.filter((thing) => thing.role === 'credential')
  if (credentials.length === 1) return credentials[0]!
  const led = credentials.length ? credentials : things.flatMap((thing) => leadsTo(estate, thing))
  const distinct = [...new Map(led.map((thing) => [thing.id, thing])).values()]
  if (distinct.length === 1) return distinct[0]!
  const names = (distinct.length ? distinct : things)
    .slice(0, 8)
    .map((thing) => `${thing.id}  ${thing.name} (${thing.title})`)
  throw new QuestionError(
    'wrong-kind',
    distinct.length ? `${distinct.length} credentials match` : 'no credential matches; these do',
    `name one of them by its id:\n  ${names.join('\n  ')}`,
  )
}

/**
 * What a person means by a text who wants to do something to it: the thing itself where that can be done to it, else
 * the only credential that it leads to where it can be done to a credential.
 */
export function oneSubject(estate: Estate, text: string, op: Operation): Thing {
  const things = resolve(estate, text)
  const fitting = things.filter((thing) => appliesTo(estate.entities[estate.indexOf.get(thing.id)!]!.kind, op))
  if (fitting.length === 1) return fitting[0]!
  const forCredentials = operationRow(op).roles.includes('credential')
  if (forCredentials && fitting.every(({ role }) => role === 'credential')) return oneCredential(estate, text)
  if (things.length === 1) subjectOf(estate, things[0]!.id, op)
  const names = (fitting.length ? fitting : things).slice(0, 8)
  throw new QuestionError(
    things.length ? 'wrong-kind' : 'not-found',
    things.length
      ? `${fitting.length || 'none'} of what matches is ${operationRow(op).of}`
      : `nothing here is called ${JSON.stringify(text.slice(0, 80))}`,
    things.length
      ? `name one of them by its id:\n  ${names.map((thing) => `${thing.id}  ${thing.name} (${thing.title})`).join('\n  ')}`
      : 'try a part of its name, its ARN or its id: keyfall find TEXT',
  )
}

function leadsTo(estate: Estate, thing: Thing): Thing[] {
  const index = estate.indexOf.get(thing.id)!
  const found: Thing[] = []
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'HOLDS' || relationship.kind === 'USES_CREDENTIAL')
      found.push(thingOf(estate, estate.heads[number]!))
  }
  for (const number of along(estate.in, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'AUTHENTICATES_AS') found.push(thingOf(estate, estate.tails[number]!))
  }
  return found
}
