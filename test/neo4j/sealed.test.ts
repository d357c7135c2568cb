import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { segmentsOf } from '../../graph/segments.ts'
import { sealedStore } from '../../server/seal/sealed-store.ts'
import { openNeo4jStore } from '../../server/store/neo4j/store.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'
import { describeNeo4j, emptyDatabase, neo4jForTests, query } from './database.ts'

const text = (facts: Parameters<typeof segmentsOf>[0]): string => [...segmentsOf(facts)].map((one) => one.text).join('')

describeNeo4j('a sealed Neo4j', () => {
  it('P11: believes and remembers as any store does, has no labelled graph, and holds no name in any property', async () => {
    await emptyDatabase()
    const key = randomBytes(32)
    const open = async () => sealedStore(await openNeo4jStore({ ...neo4jForTests, isSealed: true }), key)
    const facts = factsOf({ 'harbour-key': { name: 'HARBOUR-PLANTED' }, job: { kind: 'generic.workload' } })
    let store = await open()
    await writeScope(store, draftOf('scope HARBOUR-PLANTED', { scopeTitle: 'HARBOUR-PLANTED' }), facts, 0)
    await store.docs.put('plan', 'HARBOUR-PLANTED', 0, Buffer.from('HARBOUR-PLANTED'))
    await store.audit.append('chain', 1, '{"actor":"HARBOUR-PLANTED"}')
    expect(await store.health()).toMatchObject({ ready: true })
    await store.close()
    store = await open()
    const head = (await store.heads()).get('scope HARBOUR-PLANTED')!
    expect(text(await readScope(store, head.importId))).toBe(text(facts))
    expect(await store.docs.list('plan')).toEqual([{ id: 'HARBOUR-PLANTED', version: 1 }])
    expect(await store.audit.read('chain', 0, 1)).toEqual([{ seq: 1, body: '{"actor":"HARBOUR-PLANTED"}' }])
    const rows = await query('MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties')
    const bytes = rows.map(({ labels, properties }) => {
      const values = Object.values(properties as object).map((value: unknown) =>
        value instanceof Int8Array
          ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
          : JSON.stringify(value),
      )
      return [...(labels as string[]), ...values].join(' ')
    })
    expect(bytes.length).toBeGreaterThan(5)
    expect(bytes.filter((one) => /HARBOUR|harbour/.test(one))).toEqual([])
    expect(rows.filter(({ labels }) => (labels as string[]).includes('Entity'))).toEqual([])
    await store.close()
  })
})
