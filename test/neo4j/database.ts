import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import neo4j from 'neo4j-driver'
import { afterAll, beforeAll, describe } from 'vitest'
import { openNeo4jStore, type Neo4jStore } from '../../server/store/neo4j/store.ts'
import { openExclusive } from '../../server/store/sqlite-driver.ts'
import type { StoreUnderTest } from '../store/contract.ts'

/** Address of a Neo4j that tests may empty: `test/neo4j/start.sh PORT DIR` prints one. */
export const neo4jForTests = {
  uri: process.env['KEYFALL_TEST_NEO4J_URI'] ?? '',
  user: process.env['KEYFALL_TEST_NEO4J_USER'],
  password: process.env['KEYFALL_TEST_NEO4J_PASSWORD'],
}

/** Suites that need Neo4j: skipped with a reason where there is none; on CI that is a failure. */
export function describeNeo4j(name: string, suite: () => void): void {
  if (neo4jForTests.uri) {
    describe(name, () => {
      let turn: { close(): void } | undefined
      beforeAll(async () => void (turn = await myTurn()), TURN_MILLISECONDS)
      suite()
      afterAll(() => turn?.close())
    })
    return
  }
  const reason = `${name}: KEYFALL_TEST_NEO4J_URI is not set (test/neo4j/start.sh starts a Neo4j)`
  if (process.env['CI'] === 'true') throw new Error(reason)
  console.warn(`SKIPPED ${reason}`)
  describe.skip(`${name} (no KEYFALL_TEST_NEO4J_URI)`, suite)
}

const TURN_MILLISECONDS = 900_000

/** One suite at a time, also over processes: there is one database, and each begins by emptying it. */
async function myTurn(): Promise<{ close(): void }> {
  const lock = join(tmpdir(), `keyfall-neo4j-${new URL(neo4jForTests.uri).port}.db`)
  for (;;) {
    const held = openExclusive(lock)
    if (held) return held
    await setTimeout(200)
  }
}

export type Rows = readonly Record<string, unknown>[]

/** Runs a query of a test and gives its rows. */
export async function query(text: string, parameters: Record<string, unknown> = {}): Promise<Rows> {
  const { uri, user, password } = neo4jForTests
  const driver = neo4j.driver(uri, user === undefined ? undefined : neo4j.auth.basic(user, password ?? ''), {
    disableLosslessIntegers: true,
  })
  try {
    return (await driver.executeQuery(text, parameters)).records.map((record) => record.toObject())
  } finally {
    await driver.close()
  }
}

/** Removes everything. Refuses a database that holds something and was not ours before. */
export async function emptyDatabase(): Promise<void> {
  const [found] = await query('MATCH (n) RETURN count(n) AS nodes, count(CASE WHEN n:KfForTests THEN 1 END) AS ours')
  if (found!['nodes'] !== 0 && found!['ours'] === 0)
    throw new Error(`${neo4jForTests.uri} holds data that no test made: give the tests an empty Neo4j of their own`)
  await query('MERGE (:KfForTests)')
  for (let removed = 1; removed;)
    removed = (
      await query('MATCH (n) WHERE NOT n:KfForTests WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n')
    )[0]!['n'] as number
}

export async function neo4jPlace(): Promise<StoreUnderTest & { open(): Promise<Neo4jStore> }> {
  await emptyDatabase()
  return { open: () => openNeo4jStore(neo4jForTests), remove: async () => {} }
}
