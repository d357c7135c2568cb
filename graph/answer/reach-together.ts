import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import type { CutAction } from '../reach/cut-actions.ts'
import { cutGraph, reachedNodes } from '../reach/cut-graph.ts'
import { cutRoutes, wholeRoutes } from '../reach/cut-routes.ts'
import { canReach } from '../reach/reach.ts'
import { travelOf } from '../reach/travel.ts'
import type { TogetherQuery, TogetherReply } from '../wire-contain.ts'
import type { Overall } from '../wire.ts'
import { momentOfAnswer, snapshotOf } from './blast.ts'
import { outageOfCuts } from './cut-price.ts'
import { actionId, targetsWithin, verdictOf } from './reach-containment.ts'
import { thingOf } from './things.ts'

const MOST_ACTIONS = 200
const NAMED = 25

/**
 * The exact price of these containment actions done together: who breaks, who may, which ways are cut and what stays
 * within reach. Throws `not-found` for a thing that is not known; an action that is not offered is named in the reply.
 */
export function answerTogether(estate: Estate, id: string, query: TogetherQuery, now: string): TogetherReply {
  const source = estate.indexOf.get(id)
  if (source === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const asked = [...new Set((query.actions ?? '').split(',').filter((one) => one !== ''))].slice(0, MOST_ACTIONS)
  const { wanted } = targetsWithin(estate, canReach(estate, source))
  const graph = cutGraph(estate, travelOf(estate), source, wanted)
  const offered = new Map(graph.actions.map((action, number) => [actionId(estate, action), number]))
  const known = asked.filter((one) => offered.has(one))
  const actions = known.map((one) => graph.actions[offered.get(one)!]!)
  const { breaks, unknown } = outageOfCuts(estate, actions)
  const all = new Uint8Array(graph.actions.length).fill(1)
  const lasting = reachedNodes(graph, all)
  const cuttable = graph.isTarget.map((is, node) => (is === 1 && lasting[node] === 0 ? 1 : 0))
  const done = new Uint8Array(graph.actions.length)
  for (const one of known) done[offered.get(one)!] = 1
  const routes = cutRoutes(graph, new Uint8Array(graph.actions.length), cuttable).total
  const reached = reachedNodes(graph, done)
  const left = graph.targets.filter((node) => reached[node] === 1).map((node) => graph.entity[node]!)
  return {
    snapshot: snapshotOf(estate),
    actions: known,
    unknownActions: asked.filter((one) => !offered.has(one)),
    price: { breaks: breaks.length, unknown: unknown.length },
    breaks: breaks.slice(0, NAMED).map((one) => thingOf(estate, one)),
    unknown: unknown.slice(0, NAMED).map((one) => thingOf(estate, one)),
    onlyTogether: onlyTogether(estate, actions, breaks),
    verdict: worstOf(actions, breaks.length, unknown.length, (action) =>
      verdictOf(estate, action, outageOfCuts(estate, [action]), momentOfAnswer(estate, now)),
    ),
    routes,
    cut: routes - wholeRoutes(graph, cuttable)(done),
    left: left.slice(0, NAMED).map((one) => thingOf(estate, one)),
    leftCount: left.length,
  }
}

/** Dependents that break with the set and with no single action of it. */
function onlyTogether(estate: Estate, actions: readonly CutAction[], breaks: readonly number[]): number {
  const alone = new Set(actions.flatMap((action) => outageOfCuts(estate, [action]).breaks))
  return breaks.filter((one) => !alone.has(one)).length
}

/** A set is never better than its worst action, nor than what breaks by all of it. */
function worstOf(
  actions: readonly CutAction[],
  breaks: number,
  unknown: number,
  alone: (action: CutAction) => Overall,
): Overall {
  if (breaks > 0) return 'not-safe'
  if (unknown > 0 || actions.length === 0) return 'cannot-say'
  const order: readonly Overall[] = ['not-safe', 'cannot-say', 'safe-after-steps', 'safe']
  return order.find((verdict) => actions.some((action) => alone(action) === verdict)) ?? 'cannot-say'
}
