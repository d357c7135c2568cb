import type { ZodMiniType as Shape } from 'zod/mini'
import type { Estate } from '../../graph/estate/estate.ts'
import { answerChokePoints } from '../../graph/answer/choke-points.ts'
import { answerCompare } from '../../graph/answer/compare.ts'
import { answerForecast } from '../../graph/answer/forecast.ts'
import { answerMoves } from '../../graph/answer/move-table.ts'
import { answerOverlap } from '../../graph/answer/overlap.ts'
import { answerRank } from '../../graph/answer/rank.ts'
import { answerWatch } from '../../graph/answer/watch.ts'
import { answerWhatIf } from '../../graph/answer/whatif.ts'
import { answerPlan } from '../../graph/plan/answer-plan.ts'
import { answerRunbook } from '../../graph/plan/answer-runbook.ts'
import { ChokePointsReply, type ChokePointsQuery } from '../../graph/wire-choke-points.ts'
import { PlanReply, RunbookReply, type PlanQuery, type RunbookQuery } from '../../graph/wire-plan.ts'
import {
  CompareReply,
  ForecastReply,
  MovesReply,
  OverlapReply,
  RankReply,
  WatchReply,
  WhatIfReply,
  type CompareBody,
  type ForecastQuery,
  type MovesQuery,
  type OverlapQuery,
  type RankQuery,
  type WhatIfQuery,
} from '../../graph/wire-acts.ts'

/** Of a desk: the answers that one acts on. */
export interface Acts {
  rank(query: RankQuery): Promise<RankReply>
  /** From one thing, or without an id from any credential. */
  chokePoints(id: string | undefined, query: ChokePointsQuery): Promise<ChokePointsReply>
  forecast(query: ForecastQuery): Promise<ForecastReply>
  overlap(id: string, query: OverlapQuery): Promise<OverlapReply>
  moves(id: string, query: MovesQuery): Promise<MovesReply>
  whatIf(id: string, query: WhatIfQuery): Promise<WhatIfReply>
  watch(id: string, query: MovesQuery): Promise<WatchReply>
  compare(id: string, body: CompareBody): Promise<CompareReply>
  plan(query: PlanQuery): Promise<PlanReply>
  runbook(id: string, query: RunbookQuery): Promise<RunbookReply>
}

/** Answered from the estate itself. */
export function actsOfEstate(estate: () => Estate, now: () => string): Acts {
  return {
    rank: async (query) => answerRank(estate(), query, now()),
    chokePoints: async (id, query) => answerChokePoints(estate(), id, query, now()),
    forecast: async (query) => answerForecast(estate(), query, now()),
    overlap: async (id, query) => answerOverlap(estate(), id, query, now()),
    moves: async (id, query) => answerMoves(estate(), id, query, now()),
    whatIf: async (id, query) => answerWhatIf(estate(), id, query, now()),
    watch: async (id, query) => answerWatch(estate(), id, query, now()),
    compare: async (id, body) => answerCompare(estate(), id, body),
    plan: async (query) => answerPlan(estate(), query, now()),
    runbook: async (id, query) => answerRunbook(estate(), id, query, now()),
  }
}

type Ask = <T>(shape: Shape<T>, method: string, path: string, body?: object) => Promise<T>

/** Answered by a server. */
export function actsOfServer(ask: Ask): Acts {
  const get = <T>(shape: Shape<T>, path: string, query: object): Promise<T> => {
    const given = Object.entries(query).filter(([, value]) => value !== undefined)
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
    return ask(shape, 'GET', `${path}?${search.toString()}`)
  }
  return {
    rank: (query) => get(RankReply, '/api/rank', query),
    chokePoints: (id, query) =>
      get(ChokePointsReply, id === undefined ? '/api/choke-points' : `/api/choke-points/${id}`, query),
    forecast: (query) => get(ForecastReply, '/api/forecast', query),
    overlap: (id, query) => get(OverlapReply, `/api/blast/${id}/overlap`, query),
    moves: (id, query) => get(MovesReply, `/api/blast/${id}/moves`, query),
    whatIf: (id, query) => get(WhatIfReply, `/api/blast/${id}/whatif`, query),
    watch: (id, query) => get(WatchReply, `/api/blast/${id}/watch`, query),
    compare: (id, body) => ask(CompareReply, 'POST', `/api/blast/${id}/compare`, body),
    plan: (query) => get(PlanReply, '/api/plan', query),
    runbook: (id, query) => get(RunbookReply, `/api/runbook/${id}`, query),
  }
}
