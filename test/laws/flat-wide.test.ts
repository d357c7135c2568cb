import { test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { indexOf } from '../../graph/index/index-of.ts'
import { WIDE } from '../../graph/index/sections.ts'
import { boardFor } from '../../graph/outage/flat-board.ts'
import { columnsOf } from '../../graph/outage/flat-of.ts'
import { flatOutages } from '../../graph/outage/flat-outages.ts'
import { goodBoardFor } from '../../graph/outage/for-good-board.ts'
import { outagesForGood } from '../../graph/outage/for-good-outages.ts'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { countFalls, fallCounterFor } from '../../graph/reach/fall-counter.ts'
import { fallViewOf } from '../../graph/reach/fall-view.ts'
import { question } from './random-estate.ts'

test.prop([question(['revoke'])], { numRuns: 100 })(
  'where classes and slots do not fit into one word, every answer is the same',
  ({ estate }) => {
    const columns = columnsOf(compileEstate(estate as EstateInput))
    const [narrow, wide] = [indexOf(columns), indexOf(columns, WIDE)]
    expect(wide.slotOfEdge).toHaveLength(narrow.edgeCount)
    const things = Int32Array.from({ length: columns.entityCount }, (_, i) => i)
    expect(countFalls(fallCounterFor(fallViewOf(wide)), things)).toEqual(
      countFalls(fallCounterFor(fallViewOf(narrow)), things),
    )
    const [boards, good] = [[narrow, wide].map(boardFor), [narrow, wide].map((index) => goodBoardFor(index))]
    for (const thing of things) {
      const strike = { struck: [thing], cut: new Set<number>(), inv: 0, until: Infinity }
      expect(outagesForGood(good[1]!, strike, strike)).toEqual(outagesForGood(good[0]!, strike, strike))
      const ending = { ...strike, until: 1000 }
      expect(flatOutages(boards[1]!, ending, ending)).toEqual(flatOutages(boards[0]!, ending, ending))
    }
  },
)
