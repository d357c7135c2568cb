import { comparedIds, effectSide } from '../../graph/answer/import-effect.ts'
import { answerLinks, ownLink, type KeptDecision } from '../../graph/answer/links.ts'
import { answerOverrides, overrideFrom, type KeptOverride } from '../../graph/answer/overrides.ts'
import { answerSources } from '../../graph/answer/sources.ts'
import { answerKept, rowOfPlan } from '../../graph/plan/answer-kept.ts'
import type { KeptState } from '../../graph/plan/kept-item.ts'
import { answerKeptRunbook } from '../../graph/plan/kept-runbook.ts'
import type { Estate } from '../../graph/estate/build.ts'
import { linkId, type Link } from '../../graph/estate/links.ts'
import type { LinkKind } from '../../graph/kinds/link-kinds.ts'
import type { SetOverride } from '../../graph/wire-overrides.ts'
import { snapshotOf } from './estate-inputs.ts'
import type { Keeper } from './keeper.ts'

/** A link that is suggested, with the names that its ends have now. */
export type NamedLink = Link & Pick<KeptDecision, 'names'>

/**
 * What the server itself asks of an estate, for an answer that needs more than that. Each says nothing but JSON, so that
 * it can be asked of another thread.
 */
export const insideQuestions = {
  'effect compared': (estate: Estate): readonly string[] => comparedIds(estate),
  'effect side': (estate: Estate, ids: readonly string[], now: string) => effectSide(estate, ids, now),
  sources: (estate: Estate, _: null, now: string) => answerSources(estate, now),
  links: (estate: Estate, decisions: readonly KeptDecision[]) => answerLinks(estate, decisions),
  'open link': (estate: Estate, id: string): NamedLink | null => {
    const open = estate.suggestions.open.find((one) => linkId(one) === id)
    const named = answerLinks(estate, []).open.find((one) => one.id === id)
    return open && named ? { ...open, names: { from: named.from.name, to: named.to.name } } : null
  },
  'own link': (estate: Estate, { kind, from, to }: { kind: LinkKind; from: string; to: string }): NamedLink =>
    ownLink(estate, kind, from, to),
  overrides: (estate: Estate, kept: readonly KeptOverride[]) => answerOverrides(estate, kept),
  'override from': (
    estate: Estate,
    { asked, said }: { asked: SetOverride; said: { who: string; at: string } },
  ): KeptOverride => overrideFrom(estate, asked, said),
  'plan rows': (estate: Estate, plans: readonly KeptState[], now: string) => ({
    snapshot: snapshotOf(estate),
    plans: plans.map((state) => rowOfPlan(answerKept(estate, state, now), now)),
  }),
  'kept plan': (estate: Estate, state: KeptState, now: string) => answerKept(estate, state, now),
  'kept runbook': (estate: Estate, { state, id }: { state: KeptState; id: string }, now: string) =>
    answerKeptRunbook(estate, state, id, now),
} as const

export type InsideQuestion = keyof typeof insideQuestions
type About<Q extends InsideQuestion> = Parameters<(typeof insideQuestions)[Q]>[1]
type Said<Q extends InsideQuestion> = ReturnType<(typeof insideQuestions)[Q]>

/**
 * Asks whoever holds the estate: the thread that answers, where there is one, else this one. Building a large estate
 * here would stop everybody, and may need more memory than this thread has.
 */
export async function askInside<Q extends InsideQuestion>(
  keeper: Pick<Keeper, 'estate' | 'answering'>,
  question: Q,
  about: About<Q>,
  now: string,
): Promise<Said<Q>> {
  const answering = keeper.answering?.()
  if (!answering) return answerInside(keeper.estate(), question, about, now) as Said<Q>
  const bytes = await answering.ask({ route: question, params: {}, query: undefined, body: about, now })
  return JSON.parse(Buffer.from(bytes!.buffer, bytes!.byteOffset, bytes!.length).toString()) as Said<Q>
}

/** The answer itself. `about` is what its question is about. */
export function answerInside(estate: Estate, question: InsideQuestion, about: unknown, now: string): unknown {
  return (insideQuestions[question] as (estate: Estate, about: unknown, now: string) => unknown)(estate, about, now)
}

export const isInsideQuestion = (route: string): route is InsideQuestion => Object.hasOwn(insideQuestions, route)
