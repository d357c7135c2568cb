/**
 * Neo4j 5.26 Community, asked over Bolt. Arguments: folder with the graph's files, folder of its store.
 * A request is a line "way:question numbers…" of reach over `whole` or `access`, or of an `outage`; see peers/asked.mjs.
 * `KEYFALL_PEER_HEAP` and `KEYFALL_PEER_PAGES` (MB) are its memory.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import neo4j from 'neo4j-driver'
import { channels } from '../../../dist/graph/outage/channels.js'
import { freePort } from '../own-neo4j.mjs'
import { answer } from './answer.mjs'
import { clientOutage } from './client-loop.mjs'
import { digestOfStates } from './digest.mjs'

const NEEDS = `UNWIND $entities AS n MATCH (e:Entity {n: n})-[r:BREAKS]->(d)
RETURN n, collect([d.n, r.class, r.group, r.place, r.of, r.sure]) AS needs`

const [graph, store] = process.argv.slice(2)
const classes = JSON.parse(readFileSync(join(graph, 'classes.json'), 'utf8'))
if (!existsSync(store)) importGraph()
const { server, uri } = await start()
const driver = neo4j.driver(uri, undefined, { disableLosslessIntegers: true })
const session = driver.session({ defaultAccessMode: neo4j.session.READ })
try {
  await prepare()
  const { records } = await session.run('CALL dbms.components() YIELD versions RETURN versions[0] AS version')
  await answer(records[0].get('version'), (way, numbers) => {
    const [check, question] = [way[0] === 'c', way.slice(2)]
    return question === 'outage' ? outages(numbers, check) : reach(question, numbers, check)
  })
} finally {
  await driver.close()
  const gone = once(server, 'exit')
  server.kill()
  await gone
}

/** The import tool of Neo4j itself, before the first start. */
function importGraph() {
  const classpath = join('artifacts', 'peers', 'neo4j.classpath')
  if (!existsSync(classpath)) {
    const pom = join(import.meta.dirname, 'pom.xml')
    const goal = ['dependency:build-classpath', `-Dmdep.outputFile=${resolve(classpath)}`]
    execFileSync('mvn', ['-q', '-B', '-f', pom, ...goal], { stdio: ['ignore', 2, 2] })
  }
  const partial = `${store}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(join(partial, 'conf'), { recursive: true })
  const opens = ['java.nio', 'java.io', 'sun.nio.ch', 'java.util.concurrent', 'java.lang']
  const home = { NEO4J_HOME: resolve(partial), NEO4J_CONF: resolve(partial, 'conf') }
  const began = performance.now()
  execFileSync(
    'java',
    [
      '-Xmx1g',
      ...opens.flatMap((name) => ['--add-opens', `java.base/${name}=ALL-UNNAMED`]),
      ...['-cp', readFileSync(classpath, 'utf8').trim(), 'org.neo4j.cli.AdminTool'],
      ...['database', 'import', 'full', 'neo4j', '--id-type=integer', '--threads=2', '--max-off-heap-memory=1g'],
      `--nodes=Entity=${resolve(graph, 'entities.csv')}`,
      `--relationships=BREAKS=${resolve(graph, 'breaks.csv')}`,
      `--relationships=COMPROMISES=${resolve(graph, 'compromises.csv')}`,
    ],
    { stdio: ['ignore', 'ignore', 2], env: { ...process.env, ...home } },
  )
  console.error(`Neo4j: imported in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  renameSync(partial, store)
}

async function start() {
  const port = await freePort()
  const { KEYFALL_PEER_HEAP = '2g', KEYFALL_PEER_PAGES = '1024' } = process.env
  const server = spawn(join(import.meta.dirname, '../../neo4j/start.sh'), [String(port), resolve(store)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, KEYFALL_NEO4J_HEAP: KEYFALL_PEER_HEAP, KEYFALL_NEO4J_PAGE_CACHE_MB: KEYFALL_PEER_PAGES },
  })
  const failed = once(server, 'close').then(() => Promise.reject(new Error('Neo4j did not start')))
  await Promise.race([once(server.stdout, 'data'), failed])
  failed.catch(() => {})
  return { server, uri: `bolt://127.0.0.1:${port}` }
}

async function prepare() {
  await driver.executeQuery('CREATE INDEX entity IF NOT EXISTS FOR (e:Entity) ON (e.n)')
  await driver.executeQuery('CALL db.awaitIndexes(600)')
}

/** Its planner makes a breadth-first search that prunes of this, which is its best plan. */
async function reach(question, sources, check) {
  const types = { whole: 'BREAKS|COMPROMISES', access: 'COMPROMISES' }[question]
  const sum = check ? ', sum(x.n) AS sum' : ''
  const text = `MATCH (c:Entity {n: $n})-[:${types}*0..]->(x) WITH DISTINCT x RETURN count(x) AS count${sum}`
  const found = []
  const began = performance.now()
  for (const n of sources) found.push((await session.run(text, { n: neo4j.int(n) })).records[0].toObject())
  const ms = performance.now() - began
  return { ms, counts: found.map(({ count }) => count), sums: check ? found.map(({ sum }) => sum) : [] }
}

async function fetchNeeds(entities) {
  const { records } = await session.run(NEEDS, { entities: entities.map((one) => neo4j.int(one)) })
  return records.map((record) => [record.get('n'), record.get('needs')])
}

async function outages(targets, check) {
  const answers = []
  const began = performance.now()
  for (const target of targets) answers.push(await clientOutage(fetchNeeds, classes, channels, target))
  const ms = performance.now() - began
  const queries = answers.reduce((sum, one) => sum + one.queries, 0)
  const digests = check ? answers.map(({ states }, at) => digestOfStates(states, targets[at])) : []
  return { ms, queries, digests, counts: answers.map(({ states }) => states.size) }
}
