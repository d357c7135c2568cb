import { buildEstate, type Estate, type EstateScope } from '../../graph/estate/build.ts'
import type { KnownFacts } from '../../graph/known.ts'
import type { Snapshot } from '../../graph/wire.ts'
import type { KeptDecision } from '../../graph/answer/links.ts'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import { startAnswering, type Answering } from './answering.ts'
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

/** Where the estate of one snapshot lives: here, or in a thread of its own that answers for it. */
export interface EstatePlace {
  readonly snapshot: Snapshot
  /** Built when it is first asked for, where the estate lives in another thread. */
  estate(): Estate
  readonly answering?: Answering
}

/** From this many relationships on, building and indexing takes so long that whoever asks meanwhile would wait for it. */
export const APART_FROM = 20_000

/** The estate, in this thread. */
export function estateHere(inputs: EstateInputs, facts: (scope: SharedScope) => KnownFacts): EstatePlace {
  const estate = buildFrom(inputs, facts)
  return { snapshot: snapshotOf(estate), estate: () => estate }
}

/** The estate in a thread of its own, ready to be asked. */
export async function estateApart(inputs: EstateInputs, onError: (error: unknown) => void): Promise<EstatePlace> {
  const answering = await startAnswering(inputs, onError)
  let estate: Estate | undefined
  return {
    snapshot: answering.snapshot,
    estate: () => (estate ??= buildFrom(inputs)),
    answering,
  }
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
