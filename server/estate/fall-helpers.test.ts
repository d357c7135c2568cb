import { beforeAll, describe, expect, it } from 'vitest'
import { fallRanking, rankingTask } from '../../graph/answer/fall-ranking.ts'
import { workOnFalls } from '../../graph/answer/fall-task.ts'
import { FALL_WIDTH } from '../../graph/reach/fall-ledger.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { startMerge } from '../../graph/merge.ts'
import { buildIfNeeded } from '../bin/build.mjs'
import { rankTogether, startFallHelpers, workTogether } from './fall-helpers.ts'

/** Many keys, so that there are several blocks; what falls with each is different. */
function manyKeys(count: number): Estate {
  const merge = startMerge()
  for (let i = 0; i < count; i++) {
    merge.entity({ id: `key${i}`, kind: 'generic.api_key' })
    merge.entity({ id: `app${i}`, kind: 'generic.workload' })
    merge.relationship({ kind: 'USES_CREDENTIAL', from: `app${i}`, to: `key${i}` })
    merge.relationship({
      kind: 'DEPENDS_ON',
      from: `app${i}`,
      to: `app${Math.floor(i / 3)}`,
      ...(i % 7 === 0 && { confidence: 'possible' as const }),
      ...(i % 5 === 0 && { strength: 'soft' as const }),
    })
  }
  const scope = {
    scope: 'test:many',
    title: 'Many',
    importer: 'test',
    importerTitle: 'Test',
    nature: 'snapshot' as const,
    complete: true,
    at: '2026-11-01T00:00:00Z',
    files: [],
    blindTo: [],
    facts: merge.finish(),
  }
  return buildEstate([scope], { id: 'many', at: null, sample: false })
}

describe('a ranking by several threads', () => {
  beforeAll(() => buildIfNeeded(['server']), 120_000)

  it('says what one thread says, and every credential is done once', async () => {
    const estate = manyKeys(2000)
    const [alone, together] = [rankingTask(estate), rankingTask(estate)]
    expect(workOnFalls(alone)).toBe(2000)
    together.falls.fill(NaN)
    const helpers = startFallHelpers(2)
    try {
      await workTogether(together, helpers)
      expect(together.falls.length).toBe(2000 * FALL_WIDTH)
      expect([...together.falls]).toEqual([...alone.falls])
      const told: number[] = []
      // The same helpers once more.
      await rankTogether(estate, helpers, (done, all) => told.push(done, all), 1)
      expect(told.at(-1)).toBe(2000)
      expect(told.filter((_, at) => at % 2 === 0).every((done, at, all) => done >= (all[at - 1] ?? 1))).toBe(true)
    } finally {
      helpers.end()
    }
    expect(fallRanking(estate).falls).toEqual(fallRanking({ ...estate }).falls)
    expect(new Set(fallRanking(estate).falls.map(({ weight }) => weight)).size).toBeGreaterThan(5)
  }, 60_000)

  it('keeps nothing where a helper has ended, and the ranking is made when it is asked for', async () => {
    const estate = manyKeys(600)
    const helpers = startFallHelpers(1)
    helpers.end()
    await rankTogether(estate, helpers, undefined, 1)
    expect(fallRanking(estate).falls).toEqual(fallRanking({ ...estate }).falls)
  }, 60_000)
})
