import type { Evidence } from '../facts.ts'
import type { Estate } from '../estate/estate.ts'
import type { KnownEntity } from '../known.ts'
import type { Place } from '../answer/subject.ts'
import type { ControlId } from './controls.ts'

/** One credential and what is around it, gathered once for all findings. */
export interface Scene {
  readonly estate: Estate
  /** Entity number. */
  readonly credential: number
  readonly entity: KnownEntity
  /** The moment the question is asked about, ISO 8601. */
  readonly now: string
  /** Everything that is said of the credential itself, whom it proves, and where it is kept; nearest first. */
  readonly around: readonly KnownEntity[]
  readonly owner: string | null
  /** Identities it proves: entity numbers. */
  readonly identities: readonly number[]
  readonly places: readonly Place[]
  /** Workloads that use its value; callers among them. */
  readonly users: readonly number[]
  /** Business systems behind these. */
  readonly systems: readonly number[]
}

export interface Found {
  /** One sentence with names and figures. */
  readonly reason: string
  readonly evidence: readonly Evidence[]
}

/** One weakness that a credential may have. `look` says why it has it, or null; what it cannot see it does not claim. */
export interface Finding {
  readonly id: string
  readonly title: string
  /** What to do next, in a few words. */
  readonly todo: string
  readonly level: 'high' | 'medium' | 'low'
  readonly controls: readonly ControlId[]
  look(scene: Scene): Found | null
}
