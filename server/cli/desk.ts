import type { Source } from '../import/read-files.ts'
import type {
  BlastQuery,
  BlastReply,
  FindReply,
  ImportReply,
  ItemsReply,
  Operation,
  ReachQuery,
  ReachReply,
  SourcesReply,
  Thing,
  WhyReply,
} from '../../graph/wire.ts'
import type { EstateQuery, EstateReply, FindingsReply } from '../../graph/wire-estate.ts'
import type { LinksReply } from '../../graph/wire-links.ts'
import type { OverridesReply, SetOverride } from '../../graph/wire-overrides.ts'

import type { Acts } from './desk-acts.ts'
import type { PlanDesk } from './desk-plans.ts'

/** What commands ask, whoever answers: the store of this data directory, or the server that holds it. */
export interface Desk extends Acts {
  /** "the server at http://localhost:8420 (pid 4711)"; undefined when the store itself answers. */
  readonly server?: string
  find(q: string, limit: number): Promise<FindReply>
  credential(text: string): Promise<Thing>
  /** What that can be done to: a credential, or something else that the operation is for. */
  subject(text: string, op: Operation): Promise<Thing>
  thing(text: string): Promise<Thing>
  blast(id: string, query: BlastQuery): Promise<BlastReply>
  items(id: string, query: BlastQuery): Promise<ItemsReply>
  why(id: string, dependent: string, query: BlastQuery): Promise<WhyReply>
  reach(id: string, query: ReachQuery): Promise<ReachReply>
  sources(): Promise<SourcesReply>
  estate(query: EstateQuery): Promise<EstateReply>
  findings(query: { finding?: string }): Promise<FindingsReply>
  links(): Promise<LinksReply>
  overrides(): Promise<OverridesReply>
  setOverride(asked: SetOverride): Promise<OverridesReply>
  removeOverride(id: string): Promise<OverridesReply>
  decide(id: string, decision: 'confirmed' | 'rejected' | 'forget', note: string | undefined): Promise<LinksReply>
  /** Kept plans. */
  readonly plans: PlanDesk
  bundle(): AsyncIterable<string>
  /** Reads up to the preview. */
  readImport(sources: readonly Source[], options: ReadImportOptions): Promise<ImportReply>
  commitImport(id: string, acceptRetire: number | undefined): Promise<ImportReply>
  cancelImport(id: string): Promise<void>
  close(): Promise<void>
}

export interface ReadImportOptions {
  readonly scopeName?: string | undefined
  readonly onProgress: (reply: ImportReply) => void
}
