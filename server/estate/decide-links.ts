import type { KeptDecision } from '../../graph/answer/links.ts'
import { QuestionError } from '../../graph/errors.ts'
import { linkId } from '../../graph/estate/links.ts'
import type { LinkKind } from '../../graph/kinds/link-kinds.ts'
import type { LinksReply } from '../../graph/wire-links.ts'
import type { Store } from '../store/contract.ts'
import { askInside } from './inside-questions.ts'
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

export function listLinks({ keeper, now }: Pick<LinkRoom, 'keeper' | 'now'>): Promise<LinksReply> {
  return askInside(keeper, 'links', keeper.decisions(), now())
}

/** Confirms or rejects a suggested link, or says otherwise of one decided before. Throws `QuestionError` for no such link. */
export async function decideLink(
  room: LinkRoom,
  id: string,
  decision: 'confirmed' | 'rejected',
  note: string | undefined,
): Promise<LinksReply> {
  const known = room.keeper.decisions().find((one) => linkId(one) === id)
  const link = known ?? (await askInside(room.keeper, 'open link', id, room.now()))
  if (!link) throw gone()
  const { kind, from, to, names } = link
  return keep(room, { kind, from, to, names, decision, ...said(room, note) })
}

/** A link between two known things that no source shows. Throws `QuestionError` where the kind does not fit its ends. */
export async function addLink(
  room: LinkRoom,
  link: { readonly kind: LinkKind; readonly from: string; readonly to: string; readonly note?: string | undefined },
): Promise<LinksReply> {
  const { kind, from, to } = link
  const made = await askInside(room.keeper, 'own link', { kind, from, to }, room.now())
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
