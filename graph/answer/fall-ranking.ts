import type { Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { flatOf } from '../outage/flat-of.ts'
import { FALL_WIDTH, fallColumns } from '../reach/fall-ledger.ts'
import { fallTask, workOnFalls, type FallCrew, type FallTask } from './fall-task.ts'
import { changeRow, lagOf } from './operations.ts'
import { primarySystems } from './systems.ts'
import { numberProp } from './things.ts'
import { bareModel, dependentsIn, weightsIn } from './victims.ts'

/** What falls with one credential if it stops working now and for good, and nobody does anything. */
export interface CredentialFall {
  readonly credential: number
  /** Each dependent by its tier, ten times where it breaks for certain. */
  readonly weight: number
  readonly breaks: number
  readonly unknown: number
  /** Business systems among or behind what breaks for certain. */
  readonly systems: number
  readonly tier1: number
}

export interface FallRanking {
  /** Heaviest first; ties by entity number, which is the order of keys. */
  readonly falls: readonly CredentialFall[]
  /** Tokens that each job is given anew: nobody rotates them, so they are not ranked. */
  readonly jobTokens: number
}

const cache = new WeakMap<Estate, FallRanking>()

/** Every credential of the estate by what falls with it, exact: once per snapshot. */
export function fallRanking(estate: Estate): FallRanking {
  const known = cache.get(estate)
  if (known) return known
  const task = rankingTask(estate)
  workOnFalls(task)
  return keepRanking(estate, task)
}

const byCredential = new WeakMap<FallRanking, ReadonlyMap<number, CredentialFall>>()

/** What falls with one credential, where the ranking was made and has it: what is made for all of them is not made again. */
export function rankedFall(estate: Estate, credential: number): CredentialFall | undefined {
  const ranking = cache.get(estate)
  if (!ranking) return undefined
  let falls = byCredential.get(ranking)
  if (!falls) byCredential.set(ranking, (falls = new Map(ranking.falls.map((fall) => [fall.credential, fall]))))
  return falls.get(credential)
}

/** Takes over a ranking that was made of this very estate in another process. */
export function keepFallRanking(estate: Estate, ranking: FallRanking): void {
  cache.set(estate, ranking)
}

/** Is it there, or would asking for it make it? */
export function isRanked(estate: Estate): boolean {
  return cache.has(estate)
}

/** How many credentials there are to rank; job tokens are none of them. */
export function rankedCredentials(estate: Estate): Int32Array {
  return Int32Array.from(estate.entities.keys()).filter(
    (index) => isCredential(estate, index) && !isJobToken(estate, index),
  )
}

/** The work of a ranking, for several threads (`workOnFalls`); what they made of it, `keepRanking` takes. */
export function rankingTask(estate: Estate, crew?: FallCrew): FallTask {
  const credentials = rankedCredentials(estate)
  const { index } = flatOf(bareModel(estate))
  const subject = {
    credentials,
    unsure: Uint8Array.from(credentials, (one) => (lagOf(estate.entities[one]!.kind).span[1] === null ? 1 : 0)),
    counted: dependentsIn(estate),
    weights: weightsIn(estate),
    systems: primarySystems(estate),
    tier1: Uint8Array.from(estate.entities, (entity) => (numberProp(entity, 'tier') === 1 ? 1 : 0)),
  }
  return fallTask(index, subject, undefined, crew)
}

/** The ranking that the columns of a finished task say; `fallRanking` answers with it from now on. */
export function keepRanking(estate: Estate, { credentials, falls: columns }: FallTask): FallRanking {
  const falls = Array.from(credentials, (credential, at): CredentialFall => {
    const row = at * FALL_WIDTH
    return {
      credential,
      weight: columns[row + fallColumns.weight]!,
      breaks: columns[row + fallColumns.breaks]!,
      unknown: columns[row + fallColumns.unknown]!,
      systems: columns[row + fallColumns.systems]!,
      tier1: columns[row + fallColumns.tier1]!,
    }
  })
  falls.sort((a, b) => b.weight - a.weight || a.credential - b.credential)
  const jobTokens = estate.entities.filter(
    (_, index) => isCredential(estate, index) && isJobToken(estate, index),
  ).length
  const ranking = { falls, jobTokens }
  cache.set(estate, ranking)
  return ranking
}

function isCredential(estate: Estate, index: number): boolean {
  return entityKinds[estate.entities[index]!.kind].role === 'credential'
}

function isJobToken(estate: Estate, index: number): boolean {
  return changeRow(estate.entities[index]!.kind)?.defaultTtl === 'job'
}
