import { standingBits, type Columns } from '../../graph/index/columns.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import type { ChangeInput } from '../../graph/outage/change.ts'
import type * as compiling from '../../graph/outage/compile.ts'
import type * as boards from '../../graph/outage/flat-board.ts'
import type * as withEnds from '../../graph/outage/flat-outages.ts'
import type { GoodBoard } from '../../graph/outage/for-good-board.ts'
import type * as forGood from '../../graph/outage/for-good-outages.ts'
import type { FlatIndex } from '../../graph/index/flat-index.ts'
import type * as indexing from '../../graph/index/index-of.ts'
import type * as resolving from '../../graph/outage/resolve.ts'
import type * as simulating from '../../graph/outage/simulate.ts'
import type { EstateInput, RelationshipInput } from '../../graph/outage/compile.ts'
import { strikesOf, type FastWay } from './naive-columns-check.ts'
import type { ColumnChange } from './naive-columns-part.ts'

/** The product's fast ways, from its sources for a test and from its build for a benchmark. */
export type Engine = Pick<typeof indexing, 'indexOf' | 'edgesOf'> &
  Pick<typeof boards, 'boardFor'> &
  Pick<typeof withEnds, 'flatOutages'> &
  Pick<typeof forGood, 'outagesForGood'> &
  Pick<typeof compiling, 'compileEstate'> &
  Pick<typeof resolving, 'resolveChange'> &
  Pick<typeof simulating, 'simulate' | 'simulateAhead'> & {
    readonly goodBoardFor: (index: FlatIndex, kernel?: boolean) => GoodBoard
  }

const isForGood = ({ action, until }: ColumnChange) => action !== 'rotate' && until === undefined

/** Over the flat index: starts alone, and starts with ends. */
export function flatWays(engine: Engine, columns: Columns, classBits?: number): FastWay[] {
  const index = engine.indexOf(columns, classBits)
  const edges = engine.edgesOf(index, columns)
  // Where kernels are built and the index lies in their memory, the first is the kernel and the second its twin.
  const boards = {
    outagesForGood: engine.goodBoardFor(index),
    'outagesForGood, twin': engine.goodBoardFor(index, false),
  }
  const ends = engine.boardFor(index)
  const layout = classBits === undefined ? '' : ', wide'
  const given = (change: ColumnChange) => strikesOf(columns, edges, change)
  return [
    ...Object.entries(boards).map(([name, board]) => ({
      name: `${name}${layout}`,
      answer: (change: ColumnChange) => {
        if (!isForGood(change)) return null
        const { worst, best } = given(change)
        return engine.outagesForGood(board, worst, best)
      },
    })),
    {
      name: `flatOutages${layout}`,
      answer: (change) => {
        if (change.action === 'rotate') return null
        const { worst, best } = given(change)
        return engine.flatOutages(ends, worst, best)
      },
    },
  ]
}

/** Over the compiled estate: as the product asks it, and by the engine that looks ahead. */
export function compiledWays(engine: Engine, columns: Columns): FastWay[] {
  const estate = engine.compileEstate(inputOf(columns))
  return [
    { name: 'simulate', answer: (change) => engine.simulate(estate, asInput(change)) },
    {
      name: 'simulateAhead',
      answer: (change) => engine.simulateAhead(estate, engine.resolveChange(estate, asInput(change))),
    },
  ]
}

function asInput({ action, targets, lag, publish, ...times }: ColumnChange): ChangeInput {
  return {
    ...times,
    action,
    targets: targets.map((one) => (action === 'cut' ? `r${one}` : `e${one}`)),
    ...(lag && { lag: [lag[0], orNull(lag[1])] }),
    ...(publish && { publish: publish.map((one) => `e${one}`) }),
  }
}

const orNull = (seconds: number) => (seconds === Infinity ? null : seconds)

/** Columns as facts, one after the other. */
function inputOf(columns: Columns): EstateInput {
  const { entityCount, relationshipCount, picked, agent, carried, carrier } = columns
  function* entities() {
    for (let i = 0; i < entityCount; i++) yield { id: `e${i}` }
  }
  function* relationships() {
    let [picks, carries] = [0, 0]
    for (let i = 0; i < relationshipCount; i++) {
      const by: string[] = []
      const via: string[] = []
      for (; picked[picks] === i; picks++) by.push(`e${agent[picks]}`)
      for (; carried[carries] === i; carries++) via.push(`r${carrier[carries]}`)
      yield { ...relationshipOf(columns, i), by, via }
    }
  }
  return { entities: entities(), relationships: relationships() }
}

function relationshipOf(columns: Columns, i: number): RelationshipInput {
  const said = columns.standing[i]!
  const confidence = (said >> standingBits.confidenceShift) & standingBits.confidenceMask
  const [s0, s1, t0, t1, p0, p1, cadence] = columns.timings.subarray(7 * columns.timing[i]!, 7 * columns.timing[i]! + 7)
  return {
    id: `r${i}`,
    from: `e${columns.from[i]}`,
    to: `e${columns.to[i]}`,
    kind: relationshipKindNames[columns.kind[i]!]!,
    confidence: (['none', 'possible', 'confirmed'] as const)[confidence]!,
    ...((said & standingBits.soft) !== 0 && { strength: 'soft' as const }),
    ...(columns.need[i]! >= 0 && { need: `n${columns.need[i]}` }),
    session: [s0!, orNull(s1!)],
    tolerance: [t0!, orNull(t1!)],
    ...(p0 !== Infinity && { pickup: [p0!, orNull(p1!)] as const }),
    cadence: cadence!,
  }
}
