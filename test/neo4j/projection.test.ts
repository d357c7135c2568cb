import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import type { KnownFacts } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { openNeo4jStore, type Neo4jStore } from '../../server/store/neo4j/store.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { randomFacts } from '../store/random-facts.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'
import { describeNeo4j, emptyDatabase, neo4jForTests, query } from './database.ts'
import { expectedGraph, labelledGraph } from './labelled-graph.ts'

/** Each run is some ten transactions of a real server. */
const RUNS = 12

describeNeo4j('the labelled graph', () => {
  let store: Neo4jStore
  beforeEach(async () => {
    await emptyDatabase()
    store = await openNeo4jStore(neo4jForTests)
    return () => store.close()
  })

  async function believe(scope: string, facts: KnownFacts): Promise<void> {
    await writeScope(store, draftOf(scope), facts, (await store.heads()).get(scope)?.generation ?? 0)
  }
  async function estate(): Promise<KnownFacts> {
    const merge = startMerge()
    for (const { importId } of (await store.heads()).values()) merge.known(await readScope(store, importId))
    return merge.finish()
  }

  it('keeps what one scope retires while another still says it', async () => {
    await believe(
      'a',
      factsOf({ key: { kind: 'generic.credential' }, job: { kind: 'generic.workload' } }, ['job USES_CREDENTIAL key']),
    )
    await believe('b', factsOf({ key: { kind: 'generic.credential', name: 'Payments key' } }))
    await believe('a', factsOf({}))
    await store.projected()
    expect(await query('MATCH (n:Entity) RETURN n.name AS name, n:Credential AS credential')).toEqual([
      { name: 'Payments key', credential: true },
    ])
    await believe('b', factsOf({}))
    await store.projected()
    expect(await labelledGraph()).toEqual([])
  })

  it('keeps an end that nobody describes as Unseen, until nobody names it', async () => {
    await believe('a', factsOf({ job: { kind: 'generic.workload' } }, ['job USES_SECRET store']))
    await store.projected()
    expect(await query('MATCH (:Workload)-[:USES_SECRET]->(n:Unseen) RETURN n.id AS id')).toEqual([
      { id: idOf('store') },
    ])
    await believe('b', factsOf({ store: { kind: 'generic.secret' } }))
    await store.projected()
    expect(await query('MATCH (:Workload)-[:USES_SECRET]->(n:Secret) RETURN n:Unseen AS unseen')).toEqual([
      { unseen: false },
    ])
    await believe('b', factsOf({}))
    await believe('a', factsOf({ job: { kind: 'generic.workload' } }))
    await store.projected()
    expect(await labelledGraph()).toEqual(expectedGraph(await estate()))
  })

  it('changes labels with the kind, and carries properties, spans and evidence', async () => {
    const evidence = [
      {
        source: 'aws-cloudtrail',
        kind: 'observed' as const,
        file: 'a.json',
        record: '7',
        lastSeen: '2025-01-02T00:00:00Z',
        count: 3,
      },
    ]
    await believe('a', factsOf({ key: { kind: 'generic.secret' } }))
    await believe(
      'a',
      factsOf({
        key: {
          kind: 'aws.iam_access_key',
          aliases: ['k'],
          props: { owner: 'Payments', id: 'own', count: 3 },
          evidence,
        },
      }),
    )
    await store.projected()
    const [row] = await query('MATCH (n:Entity) RETURN labels(n) AS labels, properties(n) AS p')
    expect([...(row!['labels'] as string[])].sort()).toEqual(['AwsIamAccessKey', 'Credential', 'Entity'])
    expect(row!['p']).toEqual({
      id: idOf('key'),
      key: 'key',
      name: 'key',
      kind: 'aws.iam_access_key',
      kindTitle: expect.any(String),
      role: 'credential',
      aliases: ['k'],
      owner: 'Payments',
      prop_id: 'own',
      count: 3,
      evidence: ['observed by aws-cloudtrail in a.json#7, 2025-01-02T00:00:00Z, 3 times'],
    })
  })

  it('says whether it is whole', async () => {
    await believe('a', factsOf({ key: {} }))
    await store.projected()
    expect(await store.health()).toMatchObject({ ready: true, projected: true })
    expect(await query('MATCH (s:KfState) RETURN s.projected AS whole')).toEqual([{ whole: true }])
  })

  it('is the same rolled forward as made anew, and what the estate says', async () => {
    const seed = Number(process.env['KEYFALL_SEED'] ?? Date.now() % 1e9)
    console.log(`projection seed ${seed}`)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), randomFacts), { maxLength: 4 }),
        async (imports) => {
          for (const [scope, facts] of imports) await believe(scope, facts)
          await store.projected()
          const expected = expectedGraph(await estate())
          expect(await labelledGraph()).toEqual(expected)
          await store.rebuild()
          expect(await labelledGraph()).toEqual(expected)
        },
      ),
      { numRuns: RUNS, seed },
    )
  }, 120_000)
})
