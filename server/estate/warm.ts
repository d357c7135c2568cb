import { answerBlast } from '../../graph/answer/blast.ts'
import { fallRanking, rankedCredentials } from '../../graph/answer/fall-ranking.ts'
import { answerEstate } from '../../graph/answer/estate.ts'
import { answerHome } from '../../graph/answer/find.ts'
import { numbersOf } from '../../graph/answer/import-effect.ts'
import { answerMap } from '../../graph/answer/map.ts'
import { answerRank } from '../../graph/answer/rank.ts'
import { answerSources } from '../../graph/answer/sources.ts'
import { QuestionError } from '../../graph/errors.ts'
import type { Estate } from '../../graph/estate/build.ts'
import type { EntityKind } from '../../graph/kinds/entity-kinds.ts'
import { operations } from '../../graph/answer/operations.ts'
import type { Operation } from '../../graph/wire.ts'

const PRACTISED = 200
/** The heaviest of a million take seconds each, and after the first of them there is little left to learn. */
const PRACTICE_MS = 5_000

/**
 * Makes what answers keep of an estate (index of each operation and of what can be done first, words to find by, the
 * ranking) before anybody asks, by asking: the first question would wait for all of it. The compiler practises on it too.
 */
export function warm(estate: Estate, now: string): void {
  // The page that opens first.
  isAnswered(() => answerHome(estate, now))
  const missing = new Set(Object.keys(operations) as Operation[])
  for (const id of lightestOfKinds(estate))
    for (const op of missing)
      if (isAnswered(() => answerBlast(estate, id, { op } as Parameters<typeof answerBlast>[2], now)))
        missing.delete(op)
  numbersOf(estate)
  isAnswered(() => answerRank(estate, {}, now))
  isAnswered(() => answerEstate(estate, {}, now))
  isAnswered(() => answerSources(estate, now))
  isAnswered(() => answerMap(estate, {}))
  const credentials = rankedCredentials(estate)
  const step = Math.max(1, Math.floor(credentials.length / PRACTISED))
  const until = performance.now() + PRACTICE_MS
  for (let at = 0; at < credentials.length && performance.now() < until; at += step) {
    const { id } = estate.entities[credentials[at]!]!
    isAnswered(() => answerBlast(estate, id, {}, now))
  }
}

/** Of each kind the credential with which least falls: what is wanted is what all answers share, not this one. */
function lightestOfKinds(estate: Estate): readonly string[] {
  const found = new Map<EntityKind, string>()
  for (const { credential } of fallRanking(estate).falls) {
    const { id, kind } = estate.entities[credential]!
    found.set(kind, id)
  }
  return [...found.values()]
}

function isAnswered(ask: () => unknown): boolean {
  try {
    ask()
    return true
  } catch (error) {
    if (error instanceof QuestionError) return false
    throw error
  }
}
