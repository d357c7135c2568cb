import { along, type Estate } from '../estate/estate.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { BacktestReply } from '../wire-acts.ts'
import { assess } from './assess.ts'

const MISSED = 50

/** Who a revoke hits: a credential and one of its dependents, by key, with the words of both. */
interface Pair {
  readonly credential: string
  readonly who: string
  /** The dependent without its address. */
  readonly client: string
  readonly words: { readonly credential: string; readonly who: string }
}

export interface BacktestInput {
  /** What the logs before the cut show, and what those after it show. */
  readonly before: Estate
  readonly after: Estate
  readonly at: string
  readonly records: BacktestReply['records']
  readonly from: string
  readonly until: string
}

/**
 * Predicts from the logs before a cut who a revoke at that moment would hit, and scores that against who did use the
 * credential after it. Credentials first seen after the cut can be in no prediction, and are counted apart.
 */
export function scoreBacktest({ before, after, at, records, from, until }: BacktestInput): BacktestReply {
  const predicted = pairsOf(before)
  const known = credentialsIn(before)
  const later = credentialsIn(after)
  const happened = pairsOf(after).filter(({ credential }) => known.has(credential))
  const both = common(predicted, happened, pairKey)
  const hit = new Set(predicted.map(pairKey))
  return {
    at,
    from,
    until,
    records,
    credentials: {
      before: known.size,
      after: later.size,
      both: [...later].filter((one) => known.has(one)).length,
      onlyAfter: [...later].filter((one) => !known.has(one)).length,
    },
    ...scored(predicted, happened, both, pairKey),
    byClient: scored(predicted, happened, common(predicted, happened, clientKey), clientKey),
    missed: happened
      .filter((one) => !hit.has(pairKey(one)))
      .slice(0, MISSED)
      .map(({ words }) => words),
    limits: limitsOf(records, at, from, until),
  }
}

const pairKey = ({ credential, who }: Pair): string => `${credential} ${who}`
const clientKey = ({ credential, client }: Pair): string => `${credential} ${client}`

function common(a: readonly Pair[], b: readonly Pair[], keyOf: (pair: Pair) => string): number {
  const keys = new Set(a.map(keyOf))
  return new Set(b.map(keyOf).filter((key) => keys.has(key))).size
}

function scored(
  predicted: readonly Pair[],
  happened: readonly Pair[],
  both: number,
  keyOf: (pair: Pair) => string,
): BacktestReply['byClient'] {
  const [guessed, real] = [new Set(predicted.map(keyOf)).size, new Set(happened.map(keyOf)).size]
  return {
    predicted: guessed,
    happened: real,
    both,
    precision: guessed === 0 ? null : both / guessed,
    recall: real === 0 ? null : both / real,
  }
}

function numbersOf(estate: Estate): number[] {
  return Array.from(estate.entities.keys()).filter(
    (index) => entityKinds[estate.entities[index]!.kind].role === 'credential' && isUsed(estate, index),
  )
}

/** Was it used, or does it stand in something that was? What merely was made is nothing to predict. */
function isUsed(estate: Estate, index: number): boolean {
  for (const number of along(estate.in, index)) {
    const { kind, confidence } = estate.relationships[number]!
    if (confidence !== 'none' && (kind === 'USES_CREDENTIAL' || kind === 'HOLDS')) return true
  }
  return false
}

function credentialsIn(estate: Estate): Set<string> {
  return new Set(numbersOf(estate).map((index) => estate.entities[index]!.key))
}

/** Every credential with whom its revoke hits. */
function pairsOf(estate: Estate): Pair[] {
  return numbersOf(estate).flatMap((credential) =>
    assess(estate, credential, 'revoke')
      .dependents.filter(({ verdict }) => verdict !== 'keeps')
      .map(({ index }): Pair => {
        const [subject, dependent] = [estate.entities[credential]!, estate.entities[index]!]
        return {
          credential: subject.key,
          who: dependent.key,
          client: clientOf(estate, index),
          words: { credential: subject.name, who: dependent.name },
        }
      }),
  )
}

/** Whom a caller acted as and with which kind of client; of a workload the workload. */
function clientOf(estate: Estate, index: number): string {
  const { kind, key } = estate.entities[index]!
  if (kind !== 'caller') return key
  const agent = key.split('|').at(-1)!
  const used: string[] = []
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind === 'USES_CREDENTIAL') used.push(estate.entities[estate.heads[number]!]!.key)
  }
  return `${used.sort().join(' ')} ${agent}`
}

function limitsOf(
  { before, after, undated }: BacktestReply['records'],
  at: string,
  from: string,
  until: string,
): string[] {
  const days = (a: string, b: string): number => Math.round(((Date.parse(b) - Date.parse(a)) / 86_400_000) * 10) / 10
  return [
    `${before} records over ${days(from, at)} days were learned from, ${after} over ${days(at, until)} days were scored against.`,
    'Nothing was revoked: who used it after the cut is taken for who would have been hit.',
    'A dependant that did not come back before the log ends counts as a false alarm, and may be none.',
    'The prediction saw the logs before the cut and nothing else: no inventory, vault or cluster.',
    'Callers count by address and kind of client: one that moves counts as missed and as a false alarm; see by client.',
    ...(undated > 0 ? [`${undated} records have no time and were left out.`] : []),
  ]
}
