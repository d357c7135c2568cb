import { createHash } from 'node:crypto'
import type { KeptDecision } from '../../graph/answer/links.ts'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import type { EstateScope } from '../../graph/estate/build.ts'
import type { ScopeId } from '../../graph/known.ts'
import type { ImportManifest } from '../store/contract.ts'
import type { SharedScope } from './estate-inputs.ts'
import type { KeptScope } from './kept-scope.ts'
import { namesOfFiles } from './same-files.ts'

/** Of an estate of nothing. */
export const EMPTY = 'empty'

/** Names the state of all scopes and of what people said: the same gives the same id on every server. */
export function snapshotId(
  kept: ReadonlyMap<ScopeId, KeptScope>,
  decisions: readonly KeptDecision[],
  overrides: readonly KeptOverride[],
): string {
  if (kept.size === 0) return EMPTY
  const heads = [...kept].map(([scope, { manifest }]) => `${scope} ${manifest.root} ${standsOn(manifest)}`).sort()
  const said = decisions.map(({ kind, from, to, decision }) => JSON.stringify([kind, from, to, decision])).sort()
  const set = overrides.map(({ who: _who, at: _at, note: _note, names: _names, ...one }) => JSON.stringify(one)).sort()
  return createHash('sha256')
    .update([...heads, ...said, ...set].join('\n'))
    .digest('hex')
    .slice(0, 12)
}

/** What the same facts are worth depends on it: an answer that it changes is one of another snapshot. */
const standsOn = ({ complete, coverage: { loss, days } }: ImportManifest): string =>
  JSON.stringify([complete, loss ?? null, days ?? null])

export function sharedScope(scope: ScopeId, one: KeptScope, titleOf: (id: string) => string): SharedScope {
  return { ...aboutScope(scope, one, titleOf), segments: one.segments }
}

export function aboutScope(
  scope: ScopeId,
  { manifest }: KeptScope,
  titleOf: (id: string) => string,
): Omit<SharedScope, 'segments'> {
  return {
    scope,
    title: manifest.scopeTitle,
    importer: manifest.importer,
    importerTitle: titleOf(manifest.importer),
    nature: manifest.nature,
    complete: manifest.complete,
    at: manifest.at,
    files: namesOfFiles(manifest.files),
    blindTo: manifest.coverage.blindTo,
    ...(manifest.coverage.loss && { loss: manifest.coverage.loss }),
    ...(manifest.coverage.days && { days: manifest.coverage.days }),
  }
}

export function estateScope(scope: ScopeId, one: KeptScope, titleOf: (id: string) => string): EstateScope {
  return { ...aboutScope(scope, one, titleOf), facts: one.facts }
}
