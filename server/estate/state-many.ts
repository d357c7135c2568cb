import type { KeptOverride } from '../../graph/answer/overrides.ts'
import { joinedStatement, statementPlans } from '../../graph/answer/statements.ts'
import { QuestionError } from '../../graph/errors.ts'
import { overrideId, type Statement } from '../../graph/estate/overrides.ts'
import type { StateMany, StateManyReply } from '../../graph/wire-overrides.ts'
import type { LinkRoom } from './decide-links.ts'
import { forgetOverride, keepOverride } from './kept-overrides.ts'

/**
 * States owner, purpose, rotation rule, tier or break-glass of many credentials, shows what that would change, or puts
 * back what was stated before. Kept beside overrides: it outlives imports, and says who stated it.
 * @throws QuestionError for an unknown id or where nothing is stated.
 */
export async function stateMany(room: LinkRoom, asked: StateMany, who: string): Promise<StateManyReply> {
  const estate = room.keeper.estate()
  if (asked.restore) {
    for (const { id, said } of asked.restore)
      await keepStatement(room, id, said ? statementOf(said) : undefined, who, asked.note)
    return { snapshot: await room.keeper.reload(), changes: [], same: 0, before: [] }
  }
  const plans = statementPlans(estate, asked.ids ?? [], statementOf(asked.set ?? {}), room.now())
  const reply = {
    changes: plans.flatMap(({ changes }) => [...changes]),
    same: plans.filter(({ changes }) => changes.length === 0).length,
    before: plans.map(({ index }) => {
      const { id, key } = estate.entities[index]!
      return { id, said: statedBefore(room, key) ?? null }
    }),
  }
  if (asked.preview) return { snapshot: room.keeper.snapshot(), ...reply }
  for (const { index, set, changes } of plans) {
    if (changes.length === 0) continue
    const { id, key } = estate.entities[index]!
    await keepStatement(room, id, joinedStatement(statedBefore(room, key), set), who, asked.note)
  }
  return { snapshot: await room.keeper.reload(), ...reply }
}

const known = (room: LinkRoom, key: string): KeptOverride | undefined =>
  room.keeper.overrides().find((one) => overrideId(one) === overrideId({ from: key }))

const statedBefore = (room: LinkRoom, key: string): Statement | undefined => known(room, key)?.said

async function keepStatement(
  room: LinkRoom,
  id: string,
  said: Statement | undefined,
  who: string,
  note: string | undefined,
): Promise<void> {
  const estate = room.keeper.estate()
  const index = estate.indexOf.get(id)
  if (index === undefined) throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'import it again')
  const { key, name } = estate.entities[index]!
  const before = known(room, key)
  if (said === undefined && before?.lag === undefined) {
    await forgetOverride(room.store, overrideId({ from: key }))
    return
  }
  await keepOverride(room.store, {
    from: key,
    names: { from: name },
    ...(before?.lag && { lag: before.lag }),
    ...(said && { said }),
    ...{ who, at: room.now() },
    ...(note !== undefined && note !== '' && { note }),
  })
}

/** Without the attributes that are not given. */
function statementOf(given: { readonly [K in keyof Statement]?: Statement[K] | undefined }): Statement {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Statement
}
