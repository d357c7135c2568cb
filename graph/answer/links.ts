import { QuestionError } from '../errors.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import { idOf } from '../ids.ts'
import { along, type Estate } from '../estate/estate.ts'
import { linkId, type Decision, type Link } from '../estate/links.ts'
import type { LinkKind } from '../kinds/link-kinds.ts'
import type { LinksReply } from '../wire-links.ts'
import { snapshotOf } from './blast.ts'
import { thingOf } from './things.ts'

/** A decision with the names its ends had when it was made, for when no source names them any more. */
export interface KeptDecision extends Decision {
  readonly names: { readonly from: string; readonly to: string }
}

/** What is suggested and what was decided; `decisions` as the store keeps them. */
export function answerLinks(estate: Estate, decisions: readonly KeptDecision[]): LinksReply {
  const nameOf = (key: string): string => estate.entities[estate.indexOf.get(idOf(key)) ?? -1]?.name ?? key
  return {
    snapshot: snapshotOf(estate),
    open: estate.suggestions.open.map((one) => {
      const [from, to] = [nameOf(one.from), nameOf(one.to)]
      return {
        id: linkId(one),
        kind: one.kind,
        from: endOf(estate, one.from, from),
        to: endOf(estate, one.to, to),
        sentence: sentence(one.kind, from, to),
        reason: one.reason,
      }
    }),
    more: estate.suggestions.more,
    decided: decisions.map((one) => ({
      id: linkId(one),
      kind: one.kind,
      from: endOf(estate, one.from, one.names.from),
      to: endOf(estate, one.to, one.names.to),
      sentence: sentence(one.kind, one.names.from, one.names.to),
      decision: one.decision,
      who: one.who,
      at: one.at,
      ...(one.note !== undefined && { note: one.note }),
      inForce: isInForce(estate, one),
    })),
  }
}

function endOf(estate: Estate, key: string, name: string): LinksReply['open'][number]['from'] {
  const index = estate.indexOf.get(idOf(key))
  return { name, thing: index === undefined ? null : thingOf(estate, index) }
}

const sentences: Readonly<Record<LinkKind, string>> = {
  SAME: 'is the same as',
  HOLDS: 'holds',
  SYNCED_FROM: 'is copied from',
  USES_SECRET: 'uses',
  USES_CREDENTIAL: 'uses',
  RUNS_AS: 'runs as',
  DEPENDS_ON: 'depends on',
  OWNED_BY: 'is owned by',
  SUPPLIED_BY: 'is supplied by',
  CONTAINED_IN: 'is part of',
}

function sentence(kind: LinkKind, from: string, to: string): string {
  return `${from} ${sentences[kind]} ${to}`
}

function isInForce(estate: Estate, { kind, from, to, decision }: Decision): boolean {
  const [tail, head] = [estate.indexOf.get(idOf(from)), estate.indexOf.get(idOf(to))]
  // Two that were made one: only the second is left.
  if (kind === 'SAME') return decision === 'confirmed' ? tail === undefined && head !== undefined : true
  if (tail === undefined || head === undefined) return false
  const number = [...along(estate.out, tail)].find(
    (one) => estate.heads[one] === head && estate.relationships[one]!.kind === kind,
  )
  const found = number === undefined ? undefined : estate.relationships[number]!
  const sure = found !== undefined && (found.confidence ?? 'confirmed') === 'confirmed'
  return decision === 'confirmed' ? sure : found === undefined || found.confidence === 'none'
}

/**
 * A link that a person makes between two known things. Throws a `QuestionError` where a kind does not fit its ends:
 * a wrong link would make wrong answers.
 */
export function ownLink(
  estate: Estate,
  kind: LinkKind,
  fromId: string,
  toId: string,
): Link & Pick<KeptDecision, 'names'> {
  const [from, to] = [fromId, toId].map((id) => {
    const index = estate.indexOf.get(id)
    if (index === undefined)
      throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up: GET /api/find?q=…')
    return estate.entities[index]!
  }) as [Estate['entities'][number], Estate['entities'][number]]
  const fit = fits(kind, entityKinds[from.kind].role, entityKinds[to.kind].role)
  if (from.id === to.id || !fit)
    throw new QuestionError(
      'bad-change',
      `${from.name} (${entityKinds[from.kind].title}) ${sentences[kind]} ${to.name} (${entityKinds[to.kind].title}) makes no sense`,
      kind === 'SAME' ? 'only two of one role can be one thing' : relationshipKinds[kind].sentence,
    )
  return { kind, from: from.key, to: to.key, names: { from: from.name, to: to.name } }
}

function fits(kind: LinkKind, from: string, to: string): boolean {
  if (kind === 'SAME') return from === to
  const row = relationshipKinds[kind]
  const loose = (wanted: string, has: string): boolean => wanted === 'other' || wanted === has
  // A system depends on a workload as well as a workload on another.
  if (kind === 'DEPENDS_ON') return ['workload', 'system', 'resource'].includes(to) && from !== 'credential'
  return loose(row.from, from) && loose(row.to, to)
}
