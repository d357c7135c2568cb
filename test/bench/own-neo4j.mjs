import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import neo4j from 'neo4j-driver'

/** A checkpoint that takes longer waits for something that never comes: the benchmark says so instead of standing still. */
const CHECKPOINT_MS = 120_000

/** A Neo4j of the benchmark's own, with a heap of 1 GiB: `{ uri, query, empty, bytes, processorSeconds, pid, close }`. */
export async function ownNeo4j() {
  const folder = mkdtempSync(join(tmpdir(), 'keyfall-bench-neo4j-'))
  const port = await freePort()
  const server = spawn(join(import.meta.dirname, '../neo4j/start.sh'), [String(port), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, KEYFALL_NEO4J_HEAP: '1g', KEYFALL_NEO4J_LISTENS: 'yes' },
  })
  await Promise.race([
    once(server.stdout, 'data'),
    once(server, 'close').then(() => Promise.reject(new Error('Neo4j did not start: see test/neo4j/start.sh'))),
  ])
  const uri = `bolt://127.0.0.1:${port}`
  const driver = neo4j.driver(uri, undefined, { disableLosslessIntegers: true })
  const query = async (text, parameters = {}) =>
    (await driver.executeQuery(text, parameters)).records.map((record) => record.toObject())
  return {
    uri,
    query,
    pid: server.pid,
    /** Seconds of processor time that it has taken so far. */
    processorSeconds: () => {
      const [user, system] = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
      return (Number(user) + Number(system)) / 100
    },
    async empty() {
      for (let removed = 1; removed;)
        removed = (await query('MATCH (n) WITH n LIMIT 5000 DETACH DELETE n RETURN count(*) AS n'))[0].n
    },
    /** Of the store on disk, after a checkpoint and without the transaction log. */
    async bytes() {
      const checkpointed = once(server.stdout, 'data', { signal: AbortSignal.timeout(CHECKPOINT_MS) })
      server.stdin.write('checkpoint\n')
      await checkpointed
      return size(join(folder, 'data', 'databases', 'neo4j'))
    },
    async close() {
      await driver.close()
      const gone = once(server, 'exit')
      server.kill()
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

function size(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, one) => {
    const path = join(folder, one.name)
    return sum + (one.isDirectory() ? size(path) : statSync(path).size)
  }, 0)
}
