import { answerLinks, ownLink, type KeptDecision } from '../../graph/answer/links.ts'
import { QuestionError } from '../../graph/errors.ts'
import { linkId } from '../../graph/estate/links.ts'
import type { LinkKind } from '../../graph/kinds/link-kinds.ts'
import type { LinksReply } from '../../graph/wire-links.ts'
import type { Store } from '../store/contract.ts'
import type { Keeper } from './keeper.ts'
import { forgetDecision, keepDecision } from './said.ts'

/** What deciding needs: where it is kept, what it changes, and the time. */
export interface LinkRoom {
  readonly store: Store
  readonly keeper: Keeper
  /** ISO 8601, UTC. */
  now(): string
  /** Name of whoever says it. */
  readonly who: string
}

export function listLinks({ keeper }: Pick<LinkRoom, 'keeper'>): LinksReply {
  return answerLinks(keeper.estate(), keeper.decisions())
}

/** Confirms or rejects a suggested link, or says otherwise of one decided before. Throws `QuestionError` for no such link. */
export async function decideLink(
  room: LinkRoom,
  id: string,
  decision: 'confirmed' | 'rejected',
  note: string | undefined,
): Promise<LinksReply> {
  const known = room.keeper.decisions().find((one) => linkId(one) === id)
  const open = room.keeper.estate().suggestions.open.find((one) => linkId(one) === id)
  const named = listLinks(room).open.find((one) => one.id === id)
  const link = known ?? (open && named && { ...open, names: { from: named.from.name, to: named.to.name } })
  if (!link) throw gone()
  const { kind, from, to, names } = link
  return keep(room, { kind, from, to, names, decision, ...said(room, note) })
}

/** A link between two known things that no source shows. Throws `QuestionError` where the kind does not fit its ends. */
export async function addLink(
  room: LinkRoom,
  link: { readonly kind: LinkKind; readonly from: string; readonly to: string; readonly note?: string | undefined },
): Promise<LinksReply> {
  const made = ownLink(room.keeper.estate(), link.kind, link.from, link.to)
  return keep(room, { ...made, decision: 'confirmed', ...said(room, link.note) })
}

/** Takes a decision back. Throws `QuestionError` where there is none. */
export async function forgetLink(room: LinkRoom, id: string): Promise<LinksReply> {
  const known = room.keeper.decisions().find((one) => linkId(one) === id)
  if (!known || !(await forgetDecision(room.store, known))) throw gone()
  await room.keeper.reload()
  return listLinks(room)
}

async function keep(room: LinkRoom, decision: KeptDecision): Promise<LinksReply> {
  await keepDecision(room.store, decision)
  await room.keeper.reload()
  return listLinks(room)
}

function said(room: LinkRoom, note: string | undefined): Pick<KeptDecision, 'who' | 'at' | 'note'> {
  return { who: room.who, at: room.now(), ...(note !== undefined && { note }) }
}

function gone(): QuestionError {
  return new QuestionError('not-found', 'there is no such link', 'GET /api/connections and `keyfall links` list them')
}
