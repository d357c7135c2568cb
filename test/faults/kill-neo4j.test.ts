import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KnownFacts } from '../../graph/known.ts'
import { segmentsOf } from '../../graph/segments.ts'
import { isStoreError } from '../../server/store/errors.ts'
import { sha256 } from '../../server/store/hashing.ts'
import { openNeo4jStore, type Neo4jStore } from '../../server/store/neo4j/store.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { describeNeo4j, emptyDatabase, neo4jForTests, query } from '../neo4j/database.ts'
import { expectedGraph, labelledGraph } from '../neo4j/labelled-graph.ts'
import { draftOf } from '../store/small-estate.ts'
import { buildChild, startChild } from './child.ts'
import { generationOf, rootOfFacts } from './generations.ts'

/** F3 at a fiftieth of the size of F1's goal: the test is about moments, and each costs a start of a JVM. */
const SIZE = { entities: 2_000, relationships: 6_000 }
const FORWARD_MILLISECONDS = 60_000
const START_MILLISECONDS = 180_000

/** A Neo4j of this suite's own, because it is killed. */
let server: ChildProcess
let folder: string
let port: number

async function start(): Promise<void> {
  server = spawn(join(import.meta.dirname, '../neo4j/start.sh'), [String(port), folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise<void>((resolve, reject) => {
    server.stdout!.on('data', (bytes: Buffer) => bytes.toString().includes('bolt://') && resolve())
    server.on('close', (code) => reject(new Error(`Neo4j did not start (exit ${code}): see test/neo4j/start.sh`)))
  })
}
async function killed(): Promise<void> {
  const gone = new Promise((resolve) => server.on('exit', resolve))
  server.kill('SIGKILL')
  await gone
}
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

describeNeo4j('F3: kill -9 of Neo4j', () => {
  const outside = { ...neo4jForTests }
  let file: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyfall-neo4j-'))
    port = await freePort()
    file = await buildChild()
    Object.assign(neo4jForTests, { uri: `bolt://127.0.0.1:${port}`, user: undefined, password: undefined })
    await start()
    await emptyDatabase()
  }, START_MILLISECONDS)
  afterAll(async () => {
    await killed()
    Object.assign(neo4jForTests, outside)
    await rm(folder, { recursive: true, force: true })
    await rm(file, { force: true })
  })

  async function believed(store: Neo4jStore): Promise<{ generation: number; facts: KnownFacts }> {
    const { importId, generation } = (await store.heads()).get('a')!
    return { generation, facts: await readScope(store, importId) }
  }
  async function whole(store: Neo4jStore): Promise<void> {
    const { generation, facts } = await believed(store)
    expect(rootOfFacts(facts)).toBe(rootOfFacts(generationOf(generation, SIZE)))
    await store.projected()
    expect(await labelledGraph()).toEqual(expectedGraph(facts))
    expect(await query('MATCH (s:KfState) RETURN s.projected AS whole')).toEqual([{ whole: true }])
  }

  it(
    'at staging: what was believed stands, and the import can be done again',
    async () => {
      let store = await openNeo4jStore(neo4jForTests)
      await writeScope(store, draftOf('a'), generationOf(1, SIZE), 0)
      await store.projected()
      const staging = await store.stage(draftOf('a'))
      const segments = [...segmentsOf(generationOf(2, SIZE))]
      const puts = (async () => {
        for (const { bucket, text } of segments) await staging.put(bucket, sha256(text), Buffer.from(text))
      })().catch((error: unknown) => error)
      await setTimeout(300)
      await killed()
      expect(isStoreError(await puts, 'StoreUnavailable')).toBe(true)
      expect(await store.health()).toMatchObject({ ready: false })
      await store.close()
      await start()
      store = await openNeo4jStore(neo4jForTests)
      expect((await believed(store)).generation).toBe(1)
      await whole(store)
      await writeScope(store, draftOf('a'), generationOf(2, SIZE), 1)
      await whole(store)
      await store.close()
    },
    START_MILLISECONDS,
  )

  it(
    'at the flip: before or after, never half',
    async () => {
      let store = await openNeo4jStore(neo4jForTests)
      const before = (await believed(store)).generation
      const staging = await store.stage(draftOf('a'))
      for (const { bucket, text } of segmentsOf(generationOf(before + 1, SIZE)))
        await staging.put(bucket, sha256(text), Buffer.from(text))
      const commit = staging.commit(before).then(
        () => 'committed',
        (error: unknown) => (isStoreError(error) ? error.name : error),
      )
      await setTimeout(5)
      await killed()
      const outcome = await commit
      await store.close()
      await start()
      store = await openNeo4jStore(neo4jForTests)
      const after = (await believed(store)).generation
      console.log(`F3 flip: ${String(outcome)}, generation ${before} then ${after}`)
      // What was acknowledged is there. What was not is there in whole, or not at all.
      if (outcome === 'committed') expect(after).toBe(before + 1)
      else expect([before, before + 1]).toContain(after)
      await whole(store)
      await store.close()
    },
    START_MILLISECONDS,
  )

  it(
    'at the projection: rolls forward by itself, the server staying up',
    async () => {
      const store = await openNeo4jStore(neo4jForTests)
      const before = (await believed(store)).generation
      await writeScope(store, draftOf('a'), generationOf(before + 1, SIZE), before)
      await setTimeout(150)
      await killed()
      await start()
      const back = performance.now()
      await expect
        .poll(async () => (await store.health()).projected, { timeout: FORWARD_MILLISECONDS, interval: 250 })
        .toBe(true)
      console.log(
        `F3 projection: rolled forward ${((performance.now() - back) / 1000).toFixed(1)} s after Neo4j was back`,
      )
      expect((await believed(store)).generation).toBe(before + 1)
      await whole(store)
      await store.close()
    },
    START_MILLISECONDS,
  )

  it.each(['before-put', 'before-flip', 'after-flip', 'before-projection-batch', 'after-projection-batch'])(
    'and a server of ours killed at %s: the next one ends what it began',
    async (point) => {
      // A first import is more than one batch: killed after the first, the projection is half way.
      if (point === 'after-projection-batch') await emptyDatabase()
      let store = await openNeo4jStore(neo4jForTests)
      const before = (await store.heads()).get('a')?.generation ?? 0
      await store.close()
      const child = startChild(
        file,
        { store: { dataDir: '', neo4jUri: neo4jForTests.uri }, size: SIZE, imports: 1 },
        point,
      )
      expect(await child.ended).toBe('SIGKILL')
      store = await openNeo4jStore(neo4jForTests)
      expect((await believed(store)).generation).toBe(
        point.endsWith('put') || point === 'before-flip' ? before : before + 1,
      )
      await whole(store)
      await store.close()
    },
    START_MILLISECONDS,
  )
})
