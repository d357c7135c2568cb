import { join } from 'node:path'
import { test } from '@fast-check/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerBlast } from '../../graph/answer/blast.ts'
import { answerEstate } from '../../graph/answer/estate.ts'
import { fallRanking } from '../../graph/answer/fall-ranking.ts'
import { answerHome } from '../../graph/answer/find.ts'
import { answerItems } from '../../graph/answer/items.ts'
import { answerMap } from '../../graph/answer/map.ts'
import { operationNames } from '../../graph/answer/operations.ts'
import { answerRank } from '../../graph/answer/rank.ts'
import { answerReach } from '../../graph/answer/reach.ts'
import { answerSources } from '../../graph/answer/sources.ts'
import { answerWhatIf } from '../../graph/answer/whatif.ts'
import { answerWhy } from '../../graph/answer/why.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { kindOf } from '../../graph/facts.ts'
import { idOf } from '../../graph/ids.ts'
import type { KnownEntity, KnownRelationship } from '../../graph/known.ts'
import type { Operation } from '../../graph/wire.ts'
import { estateOf, framesOf } from '../../server/estate/kept-estate.ts'
import { question } from '../laws/random-estate.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { now, situations } from './situations.ts'

/** The estate as another process opens it. Frames are copied, as they would lie in one file. */
function opened(estate: Estate, lazily: boolean): Estate {
  const frames = [...framesOf(estate)].filter((frame) => frame !== undefined)
  return estateOf(frames.map((frame) => Uint8Array.from(frame)).values(), lazily)
}

/** The bytes of a reply, or what it was refused with. */
function told(answer: () => unknown): string {
  try {
    return JSON.stringify(answer())
  } catch (error) {
    return `refused: ${(error as Error).message}`
  }
}

const ways = [
  ['read one by one', true],
  ['read at once', false],
] as const

describe('answers from a kept estate are those of the estate as it was built', () => {
  let built: Estate
  beforeAll(async () => {
    const scopes = await scopesOf(join(root, 'server/sample'), now)
    built = buildEstate(scopes, { id: 'sample', at: now, sample: true })
    fallRanking(built)
  }, 60_000)

  it.each(ways)('%s: every situation of the sample, and why', (_, lazily) => {
    const kept = opened(built, lazily)
    const asked = (estate: Estate) =>
      situations.flatMap(({ credential, operation: op }) => {
        const id = idOf(credential)
        const items = answerItems(estate, id, { op }, now).items.slice(0, 3)
        return [
          told(() => answerBlast(estate, id, { op }, now)),
          told(() => answerItems(estate, id, { op }, now)),
          ...items.map((one) => told(() => answerWhy(estate, id, one.id, { op }, now))),
        ]
      })
    const replies = asked(kept)
    expect(replies.length).toBeGreaterThan(situations.length * 2)
    expect(replies).toEqual(asked(built))
  })

  it.each(ways)('%s: pages of the whole estate', (_, lazily) => {
    const kept = opened(built, lazily)
    const asked = (estate: Estate) => [
      told(() => answerRank(estate, {}, now)),
      told(() => answerHome(estate, now)),
      told(() => answerEstate(estate, {}, now)),
      told(() => answerSources(estate, now)),
      told(() => answerMap(estate, {})),
    ]
    expect(asked(kept)).toEqual(asked(built))
  })

  it('read one by one: every operation on a credential of each kind, what-ifs and reach', () => {
    const kept = opened(built, true)
    const one = new Map(built.entities.map(({ kind, id }) => [kind, id]))
    const asked = (estate: Estate) =>
      [...one.values()].flatMap((id) => [
        ...operationNames.map((op) => told(() => answerBlast(estate, id, { op }, now))),
        told(() => answerReach(estate, id, {}, now)),
        told(() => answerWhatIf(estate, id, { instead: 'rotate' }, now)),
      ])
    expect(asked(kept)).toEqual(asked(built))
  })
})

const about = {
  scope: 'bundle:drawn',
  title: 'Drawn',
  importer: 'bundle',
  importerTitle: 'Bundle',
  nature: 'snapshot',
  complete: true,
  at: now,
  files: ['drawn.json'],
  blindTo: [],
} as const

const asksOfDrawn: readonly Operation[] = ['revoke', 'rotate', 'disable', 'expire', 'delete', 'take-down']

test.prop([question()], { numRuns: 12 })('a drawn estate answers alike from what was kept', ({ estate: drawn }) => {
  const entities = drawn.entities.map(({ id, role }): KnownEntity => ({
    id,
    key: id,
    kind: kindOf({ role: role as never }),
    name: id,
  }))
  const relationships = drawn.relationships as readonly KnownRelationship[]
  const facts = {
    entities: new Map(entities.map((one) => [one.id, one])),
    relationships: new Map(relationships.map((one) => [one.id, one])),
  }
  const built = buildEstate([{ ...about, facts }], { id: 'drawn', at: now, sample: false })
  const asked = (estate: Estate) =>
    entities.flatMap(({ id }) => asksOfDrawn.map((op) => told(() => answerBlast(estate, id, { op }, now))))
  const kept = opened(built, true)
  expect(asked(kept)).toEqual(asked(built))
  expect(kept.relationships.map((one) => one)).toEqual(built.relationships)
  expect(asked(opened(built, false))).toEqual(asked(built))
})
