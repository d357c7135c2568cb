import assert from 'node:assert/strict'
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { idOf } from '../../dist/graph/ids.js'
import { entityKinds } from '../../dist/graph/kinds/entity-kinds.js'

/** What was built is measured: the command that is for people would build it anew. */
const keyfall = [
  '--input-type=module',
  '-e',
  "process.exitCode = await (await import('./dist/server/cli/main.js')).main([process.argv[0], 'keyfall', ...process.argv.slice(1)])",
  '--',
]

const RATE = 50
const SESSIONS = 8
const ASKED = 500
const QUIET_MS = 5_000
const STOP_MS = 10_000
/** An import that takes longer is given up: what was measured is then not said of a full one. */
const LONGEST_MS = 240_000

/**
 * Outage questions, `RATE` a second, from a second process in an open loop, while a third imports the whole estate
 * again with every name of the bundle changed. The server is a process of its own: its loops and its cost are asked of it.
 */
export async function benchLoad({ size, folder }) {
  const dataDir = mkdtempSync(join(process.cwd(), 'artifacts', 'bench', 'load-'))
  const tell = phases(size)
  let server
  try {
    tell('the first import, before there is a server')
    const first = await imported(dataDir, folder)
    tell('starting the server')
    server = await startedServer(dataDir)
    const { door } = server
    tell('signing in')
    const paths = questions(folder)
    const cookies = await signIns(door)
    tell(`${RATE} questions a second, quiet`)
    const quiet = await questioned(server, cookies, paths, () => wait(QUIET_MS))
    const changed = changedCopy(folder)
    tell('the same during an import')
    const busy = await questioned(server, cookies, paths, () => imported(dataDir, changed, LONGEST_MS))
    tell('done')
    return [row(size, { first, quiet, busy })]
  } finally {
    if (server) await stopped(server)
    rmSync(dataDir, { recursive: true, force: true })
  }
}

export async function stopped({ child }) {
  child.send({ say: 'stop' })
  await Promise.race([once(child, 'exit'), wait(STOP_MS, undefined, { ref: false })])
  child.kill('SIGKILL')
}

/** Says on stderr what is going on, and since when. */
export function phases(size, name = 'load') {
  const began = performance.now()
  return (what) => console.error(`${size} ${name}, ${((performance.now() - began) / 1000).toFixed(1)} s: ${what}`)
}

export async function startedServer(dataDir) {
  const child = fork(join(import.meta.dirname, 'load-server.mjs'), [dataDir], {
    execArgv: process.env.KEYFALL_BENCH_SERVER_FLAGS?.split(' ').filter(Boolean) ?? [],
  })
  const [{ door }] = await once(child, 'message')
  const ask = async (say) => {
    child.send({ say })
    const [said] = await once(child, 'message')
    assert.equal(said.about, say)
    return said
  }
  return { child, door, ask }
}

const seconds = (value) => `${(value / 1000).toFixed(1)} s`

function row(size, { first, quiet, busy }) {
  const ms = (value) => `${value.toFixed(1)} ms`
  const words = ({ answered, problems, p50, p95, p99, max, loop, answering, cpu, latestMs }) =>
    `${answered} answered, ${JSON.stringify(problems)} failed; p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, max ${ms(max)}; event loop p99 ${ms(loop.p99)}, max ${ms(loop.max)}` +
    (answering ? `; of the thread that answers p99 ${ms(answering.p99)}, max ${ms(answering.max)}` : '') +
    `; server ${ms(cpu / answered)} of processor time an answer; questions sent at most ${ms(latestMs)} late`
  return {
    name: 'load',
    size,
    what: `${RATE} outage questions a second, ${busy.entities.toLocaleString('en')} entities, ${busy.relationships.toLocaleString('en')} relationships`,
    times: {},
    figures: {
      'first import': seconds(first.ms),
      quiet: words(quiet),
      [busy.isWhole ? 'during a full import' : 'during a part of an import']: words(busy),
      'that import': `${seconds(busy.ms)}: ${busy.phases.map(({ state, ms }) => `${state} ${seconds(ms)}`).join(', ')}${busy.isWhole ? '' : ', given up'}`,
      'whoever asks': busy.isAhead
        ? 'goes before the server and the import for a core'
        : 'has the priority of the server',
    },
  }
}

/** Asks while something is going on. */
async function questioned(server, cookies, paths, meanwhile) {
  const asking = fork(join(import.meta.dirname, 'load-questions.mjs'))
  await server.ask('begin')
  asking.send({ say: 'start', url: server.door.url, cookies, paths, rate: RATE })
  const [{ isAhead }] = await once(asking, 'message')
  const done = await meanwhile()
  asking.send({ say: 'stop' })
  const [found] = await once(asking, 'message')
  const { spans, ...said } = await server.ask('end')
  if (spans) tellSpans(spans)
  return { ...found, isAhead, ...done, ...said }
}

const SPANS = ['on its way in', 'before asking', 'the answer', 'audit, leaving']

/** Where the time went: of all answers, and of the slow ones. */
function tellSpans({ each, entries }) {
  const slow = each.filter(({ spans }) => spans.reduce((a, b) => a + b, 0) > Number(process.env.KEYFALL_BENCH_SLOW))
  const line = (what, values) => {
    const sorted = values.sort((a, b) => a - b)
    const at = (share) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
    console.error(`  ${what.padEnd(28)} p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, max ${at(1)} ms`)
  }
  for (const [of, some] of [
    ['all', each],
    [`${slow.length} slow`, slow],
  ])
    for (const [i, what] of SPANS.entries())
      line(
        `${of}: ${what}`,
        some.map(({ spans }) => spans[i]),
      )
  line('an entry of the audit', entries)
  let last = 0
  for (const { at, spans } of slow.sort((a, b) => a.at - b.at)) {
    if (at - last < 250) continue
    last = at
    console.error(`  slow ${new Date(at).toISOString()} ${spans.map((ms) => ms.toFixed(0)).join(' + ')} ms`)
  }
}

/** `keyfall import`, as an admin runs it beside the server. Returns ms, and whether it came to its end. */
export async function imported(dataDir, folder, longestMs = Infinity) {
  const began = performance.now()
  const command = spawn(process.execPath, [...keyfall, 'import', folder, '--data', dataDir, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  command.stdout.on('data', (chunk) => (text += chunk))
  const late = Number.isFinite(longestMs) ? setTimeout(() => command.kill('SIGKILL'), longestMs) : undefined
  const [, signal] = await once(command, 'close')
  clearTimeout(late)
  const ms = performance.now() - began
  if (signal === 'SIGKILL' && ms >= longestMs) return { ms, isWhole: false }
  const { state, scopes } = JSON.parse(text)
  assert.equal(state, 'done')
  assert.ok(scopes.some(({ changed }) => changed))
  return { ms, isWhole: true }
}

/** A session may ask ten times a second. */
export async function signIns({ url, token }) {
  const cookies = []
  for (let i = 0; i < SESSIONS; i++) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin: url }
    const link = await (await fetch(`${url}/api/links`, { method: 'POST', headers })).json()
    const body = JSON.stringify({ token: link.url.split('#k=')[1] })
    const signed = await fetch(`${url}/api/session`, { method: 'POST', headers, body })
    assert.equal(signed.status, 200)
    cookies.push(signed.headers.getSetCookie()[0].split(';')[0])
  }
  return cookies
}

/** Credentials of the estate, evenly taken, each with its own answer. */
export function questions(folder) {
  const ids = []
  for (const { entity } of bundleRecords(folder))
    if (entity && entityKinds[entity.kind]?.role === 'credential') ids.push(idOf(entity.id))
  const step = Math.max(1, Math.floor(ids.length / ASKED))
  return ids.filter((_, i) => i % step === 0).map((id) => `/api/blast/${id}`)
}

function* bundleRecords(folder) {
  for (const name of readdirSync(join(folder, 'bundle')).filter((one) => one.endsWith('.ndjson')))
    for (const line of readFileSync(join(folder, 'bundle', name), 'utf8').split('\n')) if (line) yield JSON.parse(line)
}

/** The same estate with another name for each thing of the bundle. */
function changedCopy(folder) {
  const copy = `${folder}-changed`
  if (existsSync(copy)) return copy
  mkdirSync(copy, { recursive: true })
  cpSync(folder, copy, { recursive: true })
  for (const name of readdirSync(join(copy, 'bundle')).filter((one) => one.endsWith('.ndjson'))) {
    const file = join(copy, 'bundle', name)
    const lines = readFileSync(file, 'utf8').split('\n')
    const renamed = lines.map((line) => {
      const record = line ? JSON.parse(line) : {}
      return record.entity?.name
        ? JSON.stringify({ entity: { ...record.entity, name: `${record.entity.name} II` } })
        : line
    })
    writeFileSync(file, renamed.join('\n'))
  }
  return copy
}
