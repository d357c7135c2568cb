import type { Estate } from '../estate/estate.ts'
import type { RankQuery, RankReply } from '../wire-acts.ts'
import { snapshotOf } from './blast.ts'
import { fallRanking } from './fall-ranking.ts'
import { fallOf } from '../reach/fall.ts'
import { ownerOf, thingOf } from './things.ts'
import { bareModel, victimsOf, weightsIn } from './victims.ts'

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
    items: page.map(({ credential, ...fall }, at) => ({
      rank: cursor + at + 1,
      credential: thingOf(estate, credential),
      owner: ownerOf(estate, credential),
      ...fall,
      first: heaviest(estate, credential),
    })),
    ...(cursor + limit < falls.length && { next: cursor + limit }),
  }
}

/** Names of what weighs most in a fall. */
export function heaviest(estate: Estate, credential: number): string[] {
  const { breaks, unknown } = victimsOf(estate, fallOf(bareModel(estate), { struck: [credential] }))
  const weights = weightsIn(estate)
  const named = breaks.length > 0 ? breaks : unknown
  return [...named]
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, NAMED)
    .map((entity) => estate.entities[entity]!.name)
}
