import type { KeptDecision } from '../../graph/answer/links.ts'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import { buildEstate, type Estate, type EstateScope } from '../../graph/estate/build.ts'
import type { KnownFacts } from '../../graph/known.ts'
import type { Snapshot } from '../../graph/wire.ts'
import { factsOfShared, type SharedSegments } from './shared-segments.ts'

/** Everything that an estate is built from, in a form that threads can share. */
export interface EstateInputs {
  readonly scopes: readonly SharedScope[]
  readonly snapshot: Estate['snapshot']
  readonly decisions: readonly KeptDecision[]
  readonly overrides: readonly KeptOverride[]
}

export interface SharedScope extends Omit<EstateScope, 'facts'> {
  readonly segments: SharedSegments
}

export function buildFrom(
  { scopes, snapshot, decisions, overrides }: EstateInputs,
  facts: (scope: SharedScope) => KnownFacts = ({ segments }) => factsOfShared(segments),
): Estate {
  const withFacts = scopes.map((scope): EstateScope => {
    const { segments: _segments, ...about } = scope
    return { ...about, facts: facts(scope) }
  })
  return buildEstate(withFacts, snapshot, { decisions, overrides })
}

/** What is said of an estate to whoever asks it. */
export function snapshotOf(estate: Estate): Snapshot {
  return {
    ...estate.snapshot,
    entities: estate.entities.length,
    relationships: estate.relationships.length,
    sources: estate.sources.length,
  }
}
