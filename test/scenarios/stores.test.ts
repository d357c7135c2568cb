import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonical } from '../../graph/canonical.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import type { EstateScope } from '../../graph/estate/estate.ts'
import type { ImportDraft, Store } from '../../server/store/contract.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { describeNeo4j, neo4jPlace } from '../neo4j/database.ts'
import type { StoreUnderTest } from '../store/contract.ts'
import { embeddedPlace } from '../store/embedded-place.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { differences, now, situations, wholeAnswer } from './situations.ts'

const snapshot = { id: 'sample', at: now, sample: true }

function draftOf({ scope, title, importer, nature, complete, facts }: EstateScope): ImportDraft {
  return {
    scope,
    scopeTitle: title,
    importer,
    importerVersion: '1',
    nature,
    complete,
    files: [],
    at: now,
    counts: {
      entities: facts.entities.size,
      relationships: facts.relationships.size,
      read: 0,
      mapped: 0,
      merged: 0,
      skipped: 0,
    },
    coverage: { blindTo: [], listed: [] },
  }
}

/** Writes the sample into a store and reads it back: the answers are the same as without one. */
function describeScenarios(make: () => Promise<StoreUnderTest>): void {
  let direct: Estate
  let stored: Estate
  let place: StoreUnderTest
  let store: Store
  beforeAll(async () => {
    const scopes = await scopesOf(join(root, 'server/sample'), now)
    direct = buildEstate(scopes, snapshot)
    place = await make()
    store = await place.open()
    for (const scope of scopes) await writeScope(store, draftOf(scope), scope.facts, 0)
    const heads = await store.heads()
    const back = await Promise.all(
      scopes.map(async (scope) => ({ ...scope, facts: await readScope(store, heads.get(scope.scope)!.importId) })),
    )
    stored = buildEstate(back, snapshot)
  })
  afterAll(async () => {
    await store?.close()
    await place?.remove()
  })

  it('gives back the estate it was given', () => {
    expect(canonical(stored.entities)).toBe(canonical(direct.entities))
    expect(canonical(stored.relationships)).toBe(canonical(direct.relationships))
  })

  it.each(situations)('$id', (situation) => {
    expect(differences(stored, situation)).toEqual([])
    expect(canonical(wholeAnswer(stored, situation))).toBe(canonical(wholeAnswer(direct, situation)))
  })
}

describe('scenarios on the embedded store', () => describeScenarios(embeddedPlace))
describeNeo4j('scenarios on Neo4j', () => describeScenarios(neo4jPlace))
