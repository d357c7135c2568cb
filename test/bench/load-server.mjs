/**
 * The server that `load.mjs` asks, in a process of its own, so that nothing of the bench is measured with it. Says how
 * late its loops were, and what it cost, between `begin` and `end`.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { findLocalDoor } from '../../dist/server/auth/local-token.js'
import { readConfig } from '../../dist/server/config.js'
import { startServer } from '../../dist/server/http/start.js'
import { openLog } from '../../dist/server/log.js'
import { watchSpans } from './load-spans.mjs'

const dataDir = process.argv[2]
const config = readConfig({}, { dataDir, port: '0' })
const server = await startServer({ config: { ...config, port: 0 }, log: openLog('error') })
const loop = monitorEventLoopDelay({ resolution: 2 })
const inMs = ({ p99, max }) => ({ p99, max })
const watched = process.env.KEYFALL_BENCH_SLOW && watchSpans(server.estate)
let held
let before
let phases
/** What the newest import is doing, and since when. */
const looking = setInterval(() => {
  watched?.answering(server.estate.keeper.answering())
  const state = server.estate.jobs.list()[0]?.reply().state
  if (phases && state && state !== phases.at(-1)?.state) phases.push({ state, at: performance.now() })
}, 20)

const words = {
  begin: async () => {
    before = process.cpuUsage()
    watched?.spans()
    phases = []
    held = hold()
    if (held) await lateness(held.answering)
    loop.reset()
    loop.enable()
    return {}
  },
  end: async () => {
    loop.disable()
    const { user, system } = process.cpuUsage(before)
    const main = { p99: loop.percentile(99) / 1e6, max: loop.max / 1e6 }
    const answering = held && inMs(await lateness(held.answering))
    held?.release()
    const { entities, relationships } = server.estate.keeper.snapshot()
    return {
      loop: main,
      answering,
      cpu: (user + system) / 1000,
      entities,
      relationships,
      phases: spans(),
      ...(watched && { spans: watched.spans() }),
    }
  },
  stop: async () => {
    clearInterval(looking)
    await server.close()
    process.disconnect()
    return undefined
  },
}

process.on('disconnect', () => process.exit())
process.on('message', async ({ say }) => {
  const said = await words[say]()
  if (said) process.send({ about: say, ...said })
})
process.send({ about: 'ready', door: findLocalDoor(config.dataDir) })

/** How long each state of the import lasted; ms. */
function spans() {
  return phases.slice(0, -1).map(({ state, at }, i) => ({ state, ms: phases[i + 1].at - at }))
}

/** The thread that answers now, kept until it told how late it was; absent where the estate is small. */
function hold() {
  const answering = server.estate.keeper.answering()
  return answering && { answering, release: answering.hold() }
}

async function lateness(answering) {
  return JSON.parse(Buffer.from(await answering.ask({ route: 'lateness', params: {}, now: '' })))
}
