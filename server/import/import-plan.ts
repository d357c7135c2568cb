import type { DeltaCounts } from '../../graph/delta.ts'
import type { ScopeId } from '../../graph/known.ts'
import type { FileResult } from '../../graph/wire.ts'
import type { Importer } from '../../importers/importer.ts'
import type { ProgressMessage } from '../../importers/read/messages.ts'
import type { Keeper } from '../estate/keeper.ts'
import type { Generation, ImportDraft, Store } from '../store/contract.ts'
import type { Segments } from '../store/scope-facts.ts'
import type { Guard } from './job-guard.ts'

export interface ImportRoom {
  readonly store: Store
  readonly keeper: Keeper
  readonly importers: readonly Importer[]
  readonly version: string
  readonly fingerprintKey: Uint8Array | undefined
  /** Text of the rules by which tags and labels name owners. */
  readonly ownershipRules?: string | undefined
  readonly now: () => string
  /** What one import may cost. */
  readonly limits?: ImportLimits | undefined
  /** Absent: imports are made in this thread (`OpenEstateOptions.apartFrom`). */
  readonly apartFrom?: number | undefined
}

export interface ImportLimits {
  /** Memory that its facts may take, in MB (`KEYFALL_IMPORT_MB`). */
  readonly megabytes: number
  /** That its files may be read for (`KEYFALL_IMPORT_MINUTES`). */
  readonly minutes: number
}

export interface ReadOptions {
  /** What the user said the export is of. */
  readonly scopeName?: string | undefined
  readonly onProgress?: (progress: ProgressMessage) => void
  readonly signal?: AbortSignal
}

/** What committing would do to one scope. */
export interface ScopePlan {
  readonly scope: ScopeId
  readonly draft: ImportDraft
  /** What it will know, cut into the 256 segments; each is made when it is asked for. */
  segments(): Segments
  /** Generation of the head it was planned on. */
  readonly expected: Generation
  readonly changed: boolean
  readonly entities: DeltaCounts
  readonly relationships: DeltaCounts
}

/** What was read and what it would change. Nothing is written yet. */
export interface ImportPlan {
  readonly files: readonly FileResult[]
  readonly scopes: readonly ScopePlan[]
  readonly guard: Guard | null
  /** Lets go of the thread that has the facts. */
  readonly release?: () => void
}
