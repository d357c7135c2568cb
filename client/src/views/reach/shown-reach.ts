import type { ReachReply } from '../../../../graph/wire.ts'
import type { ReachGraph, Routes } from '../../viz/reach-graph.ts'
import type { Together } from './together.ts'

/** What is on screen, for exports. */
export interface ShownReach {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly removed: ReadonlySet<number>
  readonly routes: Routes
  readonly together: Together
}
