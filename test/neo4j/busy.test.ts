import neo4j, { type Driver } from 'neo4j-driver'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { connect, TooManyRows, type Bolt, type Parameters } from '../../server/store/neo4j/bolt.ts'
import { fullPace, project } from '../../server/store/neo4j/projection.ts'
import { statement, type StatementName } from '../../server/store/neo4j/statements.ts'
import { openNeo4jStore, type Neo4jStore } from '../../server/store/neo4j/store.ts'
import { writeScope } from '../../server/store/scope-facts.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'
import { describeNeo4j, emptyDatabase, neo4jForTests, query } from './database.ts'
import { expectedGraph, labelledGraph } from './labelled-graph.ts'

/** Long enough for a statement of ours on a busy machine, and far below what holds it up here. */
const DEADLINES = { READ: 5_000, WRITE: 2_000 }
const TEST_MILLISECONDS = 60_000

describeNeo4j('Neo4j that somebody else keeps busy', () => {
  let store: Neo4jStore
  let bolt: Bolt
  let outside: Driver
  beforeEach(async () => {
    await emptyDatabase()
    store = await openNeo4jStore(neo4jForTests)
    await store.projected()
    bolt = connect({ ...neo4jForTests, deadlines: DEADLINES })
    const { uri, user, password } = neo4jForTests
    outside = neo4j.driver(uri, user === undefined ? undefined : neo4j.auth.basic(user, password ?? ''))
    return async () => {
      await store.close()
      await bolt.close()
      await outside.close()
    }
  })
  afterAll(() => outside?.close())

  /** Holds the locks that a statement takes until the way back is called, which undoes it. */
  async function locked(name: StatementName, parameters: Parameters = {}): Promise<() => Promise<void>> {
    const session = outside.session()
    const transaction = await session.beginTransaction()
    await transaction.run(statement(name), parameters)
    return async () => {
      await transaction.rollback()
      await session.close()
    }
  }

  it(
    'a wait for a lock that another server holds is not called too many rows, and makes no batch smaller',
    async () => {
      const rows = [{ id: 'x', labels: ['Resource'], properties: { id: 'x' } }]
      const release = await locked('projection/lock')
      const waited = bolt.write([['projection/lock'], ['create-entities', { rows }]])
      await expect(waited).rejects.toMatchObject({ name: 'StoreUnavailable' })
      await expect(waited).rejects.not.toBeInstanceOf(TooManyRows)
      const pace = fullPace()
      await store.close()
      const rolled = project(bolt, () => false, pace).catch((error: unknown) => error)
      await pause(DEADLINES.WRITE + 1_000)
      await release()
      await rolled
      expect(pace).toEqual(fullPace())
      expect(await query('MATCH (n:Entity) RETURN n')).toEqual([])
    },
    TEST_MILLISECONDS,
  )

  it(
    'rows that do not get through in time are too many, and whole afterwards',
    async () => {
      const facts = factsOf({ key: {}, job: { kind: 'generic.workload' } }, ['job USES_CREDENTIAL key'])
      await writeScope(store, draftOf('a'), facts, 0)
      await store.projected()
      await store.close()
      const rows = [...facts.entities.values()].map(({ id }) => ({
        id,
        labels: [],
        dropped: [],
        properties: { id },
      }))
      const release = await locked('apply-entities', { rows })
      await expect(bolt.write([['apply-entities', { rows }]])).rejects.toBeInstanceOf(TooManyRows)
      await release()
      expect(await labelledGraph()).toEqual(expectedGraph(facts))
    },
    TEST_MILLISECONDS,
  )

  it(
    'two servers that bring one labelled graph up to date do each row once',
    async () => {
      const other = await openNeo4jStore(neo4jForTests)
      try {
        const names = Array.from({ length: 400 }, (_, i) => `job-${i}`)
        const facts = factsOf(
          Object.fromEntries(names.map((name) => [name, { kind: 'generic.workload' as const }])),
          names.map((name) => `${name} USES_CREDENTIAL key`),
        )
        await writeScope(store, draftOf('a'), facts, 0)
        await Promise.all([store.projected(), other.projected()])
        expect(await labelledGraph()).toEqual(expectedGraph(facts))
        await Promise.all([store.rebuild(), other.rebuild()])
        expect(await labelledGraph()).toEqual(expectedGraph(facts))
      } finally {
        await other.close()
      }
    },
    TEST_MILLISECONDS,
  )
})
