import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { imported, phases, questions, signIns, startedServer, stopped } from './load.mjs'

/** Short questions a second, in an open loop. */
const RATE = 25
const SHORT = 60
const QUIET_MS = 4_000
/** Sessions live on until a moment that is counted from when one asks. */
const MOMENT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g
/** Pages of 200 rows that nobody had opened. */
const PAGES = 5

/**
 * Short questions (`/api/blast` of credentials evenly taken, and the ranking's first page) while dear ones are answered,
 * one after the other: pages of the Estate and of the ranking that nobody had opened, an order of the whole inventory, the
 * reach and the overlap of the heaviest, choke points, the plan of all. Each reply is compared with what is
 * said quietly, moments left out.
 */
export async function benchDear({ size, folder }) {
  const dataDir = mkdtempSync(join(process.cwd(), 'artifacts', 'bench', 'dear-'))
  const tell = phases(size, 'dear')
  let server
  try {
    tell('the import')
    await imported(dataDir, folder)
    tell('starting the server')
    server = await startedServer(dataDir)
    const cookies = await signIns(server.door)
    const ask = asker(server.door.url)
    tell('short questions, each once')
    const listed = questions(folder)
    const paths = ['/api/rank', ...listed.filter((_, at) => at % Math.ceil(listed.length / SHORT) === 0)]
    const expected = new Map()
    for (const path of paths) expected.set(path, (await ask(path, cookies[0])).hash)
    const short = { ask, cookies: cookies.slice(1), paths, expected }
    tell(`${RATE} a second, quiet`)
    const quiet = await openLoop(short, () => wait(QUIET_MS))
    tell('the same while dear ones are answered')
    const dear = dearOnes(await heaviest(ask, cookies[0]))
    const said = new Map()
    const busy = await openLoop(short, async () => {
      for (const path of dear) said.set(path, await ask(path, cookies[0]))
    })
    tell('the dear ones again, quietly')
    for (const path of dear) assert.equal((await ask(path, cookies[0])).hash, said.get(path).hash, path)
    return [row(size, quiet, busy, said)]
  } finally {
    if (server) await stopped(server)
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function dearOnes({ id, total }) {
  const pages = Array.from({ length: PAGES }, (_, at) => Math.floor(((at + 0.5) * total) / PAGES))
  return [
    ...pages.map((cursor) => `/api/estate?limit=200&cursor=${cursor}`),
    `/api/rank?limit=200&cursor=200`,
    '/api/estate?sort=-age&limit=200',
    `/api/reach/${id}`,
    `/api/blast/${id}/overlap`,
    '/api/choke-points',
    '/api/plan',
  ]
}

async function heaviest(ask, cookie) {
  const { items, total } = JSON.parse((await ask('/api/rank?limit=1', cookie)).text)
  return { id: items[0].credential.id, total }
}

function asker(url) {
  return async (path, cookie) => {
    const began = performance.now()
    const reply = await fetch(url + path, { headers: { cookie } })
    const text = await reply.text()
    assert.equal(reply.status, 200, `${path}: ${text.slice(0, 200)}`)
    const hash = createHash('sha256').update(text.replace(MOMENT, 'then')).digest('hex')
    return { text, hash, ms: performance.now() - began }
  }
}

/** A question every `1000 / RATE` ms whether or not the last one was answered, for as long as something goes on. */
async function openLoop({ ask, cookies, paths, expected }, meanwhile) {
  const waits = []
  const asked = []
  const began = performance.now()
  let number = 0
  const timer = setInterval(() => {
    for (; number < ((performance.now() - began) / 1000) * RATE; number++) {
      const due = began + (number * 1000) / RATE
      const path = paths[number % paths.length]
      const one = ask(path, cookies[number % cookies.length]).then(({ hash }) => {
        waits.push(performance.now() - due)
        assert.equal(hash, expected.get(path), path)
      })
      asked.push(
        one.then(
          () => null,
          (error) => error,
        ),
      )
    }
  }, 2)
  try {
    await meanwhile()
  } finally {
    clearInterval(timer)
  }
  const failed = (await Promise.all(asked)).find((error) => error !== null)
  if (failed) throw failed
  return waits.sort((a, b) => a - b)
}

function row(size, quiet, busy, said) {
  const at = (waits, share) => `${waits[Math.min(waits.length - 1, Math.floor(waits.length * share))].toFixed(1)} ms`
  const words = (waits) =>
    `${waits.length} answered, all as expected; p50 ${at(waits, 0.5)}, p95 ${at(waits, 0.95)}, p99 ${at(waits, 0.99)}, max ${at(waits, 1)}`
  return {
    name: 'dear',
    size,
    what: `${RATE} short questions a second while dear ones are answered`,
    times: {},
    figures: {
      quiet: words(quiet),
      'beside dear ones': words(busy),
      ...Object.fromEntries(
        [...said].map(([path, { ms }]) => [path.replace(/[a-z0-9]{16}/, '{id}'), `${ms.toFixed(0)} ms`]),
      ),
    },
  }
}
