import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { idOf } from '../../dist/graph/ids.js'
import { entityKinds } from '../../dist/graph/kinds/entity-kinds.js'
import { findLocalDoor } from '../../dist/server/auth/local-token.js'
import { freePort, ownNeo4j } from './own-neo4j.mjs'
import { median } from './rounds.mjs'

const keyfall = [join(import.meta.dirname, 'keyfall.mjs')]
const AT_ONCE = 8
const SESSIONS = 24
const ASKED = 200
const WINDOW_MS = 4_000
const CHANGES = 5
const IMPORTS = 3
const COMPARED = 20
const WHOLE_WITHIN_MS = 300_000

/** Answers a second of one and of two servers over one Neo4j, and how long the second lags behind the first. */
export async function benchTwoServers({ sizes, rounds }) {
  const rows = []
  for (const size of sizes) rows.push(await onSize(size, rounds))
  return rows
}

async function onSize(size, rounds) {
  const folder = join('artifacts', 'bench', size)
  const data = mkdtempSync(join(tmpdir(), 'keyfall-two-'))
  const database = await ownNeo4j()
  const env = {
    ...process.env,
    KEYFALL_NEO4J_URI: database.uri,
    KEYFALL_NEO4J_PASSWORD: '',
    KEYFALL_NEO4J_USER: 'neo4j',
  }
  const servers = []
  try {
    const first = await server(join(data, 'one'), env)
    servers.push(first)
    const args = [...keyfall, 'import', folder, '--data', join(data, 'one'), '--json']
    const began = performance.now()
    const imported = spawnSync(process.execPath, args, { env, maxBuffer: 1 << 28 })
    const importing = (performance.now() - began) / 1000
    assert.equal(imported.status, 0, imported.stderr.toString())
    console.error(`${size}: imported in ${importing.toFixed(1)} s`)
    const { relationships } = JSON.parse(imported.stdout.toString()).after
    const second = await server(join(data, 'two'), env)
    servers.push(second)
    const paths = questions(folder)
    const cookies = await signIns(first)
    const wholeAfter = await untilWhole([first, second])
    console.error(`${size}: labelled graph whole ${wholeAfter.toFixed(1)} s after both servers answered`)
    await agree(first, second, cookies[0], paths)
    const found = { one: [], two: [] }
    for (let round = 0; round < rounds; round++) {
      found.one.push(await answers([first], cookies, paths))
      found.two.push(await answers([first, second], cookies, paths))
      console.error(
        `${size}, round ${round + 1}: ${found.one.at(-1).answered} by one, ${found.two.at(-1).answered} by two`,
      )
    }
    const bytes = await database.bytes()
    const lags = []
    for (let i = 0; i < CHANGES; i++) lags.push(await lag(first, second, cookies[i], paths[i], i))
    const imports = []
    for (let i = 0; i < IMPORTS; i++) imports.push(await lagOfImport(first, second, cookies[i], paths[i], i))
    await agree(first, second, cookies[0], paths)
    const rate = (all) => all.map(({ answered, ms }) => (answered / ms) * 1000)
    const words = (all) =>
      `${median(rate(all)).toFixed(0)} a second (${Math.min(...rate(all)).toFixed(0)} to ${Math.max(...rate(all)).toFixed(0)}), ${all.reduce((sum, { failed }) => sum + failed, 0)} failed`
    const { labelledGraph } = await (await fetch(`${second.url}/api/health`)).json()
    return {
      name: 'two-servers',
      size,
      what: `${AT_ONCE} questions at a time, ${WINDOW_MS / 1000} s a window, over one Neo4j, all of it on this machine`,
      times: {},
      figures: {
        'one server': words(found.one),
        'two servers': words(found.two),
        'one server, p50 and p99, ms': latency(found.one),
        'two servers, p50 and p99, ms': latency(found.two),
        'two ÷ one, median of rounds': median(rate(found.two).map((two, i) => two / rate(found.one)[i])).toFixed(2),
        'change on one, in answers of two, s': spread(lags),
        'import by one, in answers of two, s': spread(imports),
        'import of all of it through one, s': importing.toFixed(1),
        'start of one, nothing to load, s': first.startSeconds.toFixed(1),
        'start of two, estate loaded from Neo4j, s': second.startSeconds.toFixed(1),
        'MB in memory: one, two, Neo4j': [first, second, database].map(({ pid }) => residentMegabytes(pid)).join(', '),
        'bytes of Neo4j on disk, after a checkpoint': bytes.toLocaleString('en'),
        'the same a relationship': Math.round(bytes / relationships).toLocaleString('en'),
        'labelled graph, as health says': JSON.stringify(labelledGraph),
      },
    }
  } finally {
    for (const { stop } of servers) await stop()
    await database.close()
    rmSync(data, { recursive: true, force: true })
  }
}

async function server(dataDir, env) {
  const port = await freePort()
  const child = spawn(process.execPath, [...keyfall, 'serve', '--data', dataDir, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
  const url = `http://localhost:${port}`
  const began = performance.now()
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const ready = await fetch(`${url}/api/health`).then(
      (reply) => reply.ok,
      () => false,
    )
    if (ready && findLocalDoor(dataDir)) break
    await wait(200)
  }
  const stop = async () => {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
  const startSeconds = (performance.now() - began) / 1000
  return { url, dataDir, pid: child.pid, stop, startSeconds }
}

async function signIns({ url, dataDir }) {
  const { token } = findLocalDoor(dataDir)
  const cookies = []
  const post = (path, body, headers = {}) =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, ...headers },
      body,
    })
  while (cookies.length < SESSIONS) {
    const link = await (await post('/api/links', undefined, { authorization: `Bearer ${token}` })).json()
    const signed = await post('/api/session', JSON.stringify({ token: link.url?.split('#k=')[1] }))
    // So many sign-ins are more than a minute's: what there are will do.
    if (signed.status !== 200) break
    cookies.push(signed.headers.getSetCookie()[0].split(';')[0])
  }
  assert.ok(cookies.length > CHANGES, `${cookies.length} sessions`)
  return cookies
}

const answer = async ({ url }, cookie, path) => {
  const reply = await fetch(url + path, { headers: { cookie } })
  assert.equal(reply.status, 200)
  return reply.json()
}

/** Both give the same answers, of the same snapshot. */
async function agree(first, second, cookie, paths) {
  for (const path of paths.slice(0, COMPARED))
    assert.deepEqual(await answer(second, cookie, path), await answer(first, cookie, path), path)
}

/** Waits until the labelled graph shows all that was imported: before, Neo4j has more to do than to be asked. Seconds. */
async function untilWhole(servers) {
  const began = performance.now()
  for (const { url } of servers)
    for (;;) {
      const { labelledGraph } = await (await fetch(`${url}/api/health`)).json()
      if (labelledGraph?.whole) break
      if (performance.now() - began > WHOLE_WITHIN_MS) throw new Error(`not whole: ${JSON.stringify(labelledGraph)}`)
      await wait(200)
    }
  return (performance.now() - began) / 1000
}

const spread = (all) => `${median(all).toFixed(1)} (${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)})`

/** Of all questions of all rounds. */
function latency(all) {
  const sorted = all.flatMap(({ took }) => took).sort((a, b) => a - b)
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))].toFixed(1)
  return `${at(0.5)}, ${at(0.99)}`
}

/** Closed loop over the servers in turn. */
async function answers(servers, cookies, paths) {
  const agent = new Agent({ keepAlive: true })
  const until = performance.now() + WINDOW_MS
  const began = performance.now()
  let [asked, answered, failed] = [0, 0, 0]
  const took = []
  const ask = (url, path, cookie) =>
    new Promise((resolve) => {
      const sent = request(url + path, { agent, headers: { cookie } }, (reply) => {
        reply.on('end', () => resolve(reply.statusCode === 200))
        reply.resume()
      })
      sent.on('error', () => resolve(false))
      sent.end()
    })
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      const { url } = servers[i % servers.length]
      while (performance.now() < until) {
        const n = asked++
        const sent = performance.now()
        if (await ask(url, paths[n % paths.length], cookies[n % cookies.length])) answered++
        else failed++
        took.push(performance.now() - sent)
      }
    }),
  )
  agent.destroy()
  return { answered, failed, ms: performance.now() - began, took }
}

/** Seconds from a change that the first confirmed to the second answering with its snapshot. */
async function lag(first, second, cookie, path, i) {
  const from = path.split('/')[3]
  const changed = await fetch(`${first.url}/api/overrides`, {
    method: 'PUT',
    headers: { cookie, origin: first.url, 'content-type': 'application/json' },
    body: JSON.stringify({ from, lag: [0, 60 + i] }),
  })
  assert.equal(changed.status, 200, await changed.clone().text())
  const began = performance.now()
  const { snapshot } = await answer(first, cookie, path)
  while ((await answer(second, cookie, path)).snapshot.id !== snapshot.id) await wait(50)
  return (performance.now() - began) / 1000
}

/** Seconds from an import of one small file that the first committed to the second answering with its snapshot. */
async function lagOfImport(first, second, cookie, path, i) {
  const headers = { cookie, origin: first.url }
  const json = { ...headers, 'content-type': 'application/json' }
  const call = async (method, where, sent) => {
    const reply = await fetch(`${first.url}/api/imports${where}`, { method, headers: json, body: '{}', ...sent })
    assert.ok(reply.ok, `${method} ${where}: ${reply.status}`)
    return reply.json()
  }
  const { id } = await call('POST', '')
  const body = [
    { format: 'keyfall.bundle/1', scope: 'later', nature: 'asserted' },
    { entity: { id: 'job:later', kind: 'generic.workload', name: `later ${i}` } },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
  const upload = { headers: { ...headers, 'x-keyfall-upload': '1' }, body }
  await call('PUT', `/${id}/files?name=later.ndjson`, upload)
  await call('POST', `/${id}/start`)
  for (let state = 'reading'; state === 'reading'; await wait(50))
    ({ state } = await call('GET', `/${id}`, { body: undefined }))
  const { state } = await call('POST', `/${id}/commit`)
  assert.equal(state, 'done')
  const began = performance.now()
  const { snapshot } = await answer(first, cookie, path)
  while ((await answer(second, cookie, path)).snapshot.id !== snapshot.id) await wait(50)
  return (performance.now() - began) / 1000
}

function questions(folder) {
  const ids = []
  for (const name of readdirSync(join(folder, 'bundle')).filter((one) => one.endsWith('.ndjson')))
    for (const line of readFileSync(join(folder, 'bundle', name), 'utf8').split('\n')) {
      const { entity } = line ? JSON.parse(line) : {}
      if (entity && entityKinds[entity.kind]?.role === 'credential') ids.push(idOf(entity.id))
    }
  assert.ok(ids.length >= COMPARED, `${folder}/bundle names ${ids.length} credentials in NDJSON: take size M or larger`)
  const step = Math.max(1, Math.floor(ids.length / ASKED))
  return ids.filter((_, i) => i % step === 0).map((id) => `/api/blast/${id}`)
}

function residentMegabytes(pid) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}
