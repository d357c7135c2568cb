import type { Estate } from '../estate/estate.ts'
import type { RankQuery, RankReply } from '../wire-acts.ts'
import { fallOf } from '../reach/fall.ts'
import { reachCounts } from '../reach/estate-reach.ts'
import { bandOf, bands, type BandId } from './bands.ts'
import { snapshotOf } from './blast.ts'
import { changeOf } from './change.ts'
import { fallRanking, rankedCredentials } from './fall-ranking.ts'
import { modelOf } from './model.ts'
import { run } from './run.ts'
import { placesOf } from './subject.ts'
import { ownerOf, thingOf } from './things.ts'
import { bareModel, victimsOf, weightsIn, type Victims } from './victims.ts'

const PAGE = 50
const NAMED = 3

const RULE =
  'What stops for good if the credential does and nobody acts: 10 for each dependant that breaks for certain, 1 for each of which it is not known, times 8, 4 or 2 where it serves a business system of tier 1, 2 or 3.'

/** All credentials by what falls with them, heaviest first: the linchpins. Same estate, same bytes. */
export function answerRank(estate: Estate, { limit = PAGE, cursor = 0 }: RankQuery, _now: string): RankReply {
  const { falls, jobTokens } = fallRanking(estate)
  const page = falls.slice(cursor, cursor + limit)
  return {
    snapshot: snapshotOf(estate),
    rule: RULE,
    state: 'complete',
    why: `Every credential was simulated and counted, none estimated. What no source here shows is in no fall: each is a lower bound.`,
    total: falls.length,
    unranked: jobTokens,
    items: page.map(({ credential, ...fall }, at) => {
      const { bands: fallen, first } = shownOf(estate, credential)
      return {
        rank: cursor + at + 1,
        credential: thingOf(estate, credential),
        owner: ownerOf(estate, credential),
        ...fall,
        bands: fallen.map((band) => ({ ...band })),
        within: reachOfEach(estate).get(credential)!,
        first: [...first],
      }
    }),
    ...(cursor + limit < falls.length && { next: cursor + limit }),
  }
}

interface Shown {
  readonly bands: readonly RankedBands[number][]
  readonly first: readonly string[]
}

const shown = new WeakMap<Estate, Map<number, Shown>>()

/** What a row shows of a fall, made when a page first has it: the heaviest, which everybody looks at, are the dearest. */
function shownOf(estate: Estate, credential: number): Shown {
  const kept = shown.get(estate) ?? new Map<number, Shown>()
  shown.set(estate, kept)
  const known = kept.get(credential)
  if (known) return known
  const victims = victimsOfFall(estate, credential)
  const bandsNow = bandsOfFall(estate, credential, victims.breaks)
  const made = { bands: bandsNow, first: heaviest(estate, credential, victims) }
  if (kept.size >= MOST_SHOWN) kept.delete(kept.keys().next().value!)
  kept.set(credential, made)
  return made
}

/** Some 300 bytes each. */
const MOST_SHOWN = 20_000

/** Names of what weighs most in a fall. */
export function heaviest(estate: Estate, credential: number, victims = victimsOfFall(estate, credential)): string[] {
  const { breaks, unknown } = victims
  const weights = weightsIn(estate)
  const named = breaks.length > 0 ? breaks : unknown
  const first: number[] = []
  for (const one of named) {
    const at = first.findIndex(
      (other) => weights[one]! > weights[other]! || (weights[one] === weights[other] && one < other),
    )
    if (at >= 0) first.splice(at, 0, one)
    else if (first.length < NAMED) first.push(one)
    if (first.length > NAMED) first.pop()
  }
  return first.map((entity) => estate.entities[entity]!.name)
}

function victimsOfFall(estate: Estate, credential: number): Victims {
  return victimsOf(estate, fallOf(bareModel(estate), { struck: [credential] }))
}

/**
 * When each of these may be out first if the credential is revoked, counted by band. The fall itself knows no times: it
 * is what is out in the end. What a revoke alone does not show is out with the next restart.
 */
function bandsOfFall(estate: Estate, credential: number, broken: readonly number[]): RankedBands {
  if (broken.length === 0) return []
  const change = changeOf(estate, credential, 'revoke', undefined, placesOf(estate, credential))
  const spans = run(modelOf(estate, { op: 'revoke' }), change)
  const counts = new Map<BandId, number>()
  for (const entity of broken) {
    const band = bandOf('breaks', spans.possible(entity))
    counts.set(band, (counts.get(band) ?? 0) + 1)
  }
  return bands.flatMap(({ id, title }) => (counts.has(id) ? [{ id, title, count: counts.get(id)! }] : []))
}
type RankedBands = { id: string; title: string; count: number }[]

const reaches = new WeakMap<Estate, ReadonlyMap<number, number>>()

/** How many things are within reach of whoever holds each ranked credential: all of them at once, once per snapshot. */
export function reachOfEach(estate: Estate): ReadonlyMap<number, number> {
  const known = reaches.get(estate)
  if (known) return known
  const credentials = rankedCredentials(estate)
  const counts = reachCounts(estate, credentials)
  const found = new Map(Array.from(credentials, (credential, at) => [credential, counts[at]!]))
  reaches.set(estate, found)
  return found
}
