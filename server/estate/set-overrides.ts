import { overrideId } from '../../graph/estate/overrides.ts'
import { QuestionError } from '../../graph/errors.ts'
import type { OverridesReply, SetOverride } from '../../graph/wire-overrides.ts'
import type { LinkRoom } from './decide-links.ts'
import { askInside } from './inside-questions.ts'
import { forgetOverride, keepOverride } from './kept-overrides.ts'

export function listOverrides({ keeper, now }: Pick<LinkRoom, 'keeper' | 'now'>): Promise<OverridesReply> {
  return askInside(keeper, 'overrides', keeper.overrides(), now())
}

/** Sets times of a relationship or a thing, and says what is set then. Throws `QuestionError` for what makes no sense. */
export async function setOverride(room: LinkRoom, asked: SetOverride): Promise<OverridesReply> {
  const about = { asked, said: { who: room.who, at: room.now() } }
  const made = await askInside(room.keeper, 'override from', about, room.now())
  const known = room.keeper.overrides().find((one) => overrideId(one) === overrideId(made))
  // What is stated of a thing is kept in one place with its lag: setting one leaves the other.
  await keepOverride(room.store, { ...made, ...(known?.said && made.kind === undefined && { said: known.said }) })
  await room.keeper.reload()
  return listOverrides(room)
}

/** Takes one back. Throws `QuestionError` where there is none. */
export async function removeOverride(room: LinkRoom, id: string): Promise<OverridesReply> {
  if (!(await forgetOverride(room.store, id)))
    throw new QuestionError(
      'not-found',
      'nothing is set under that id',
      'GET /api/overrides and `keyfall override` list it',
    )
  await room.keeper.reload()
  return listOverrides(room)
}
