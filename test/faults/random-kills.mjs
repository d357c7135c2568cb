/**
 * Kills imports at random moments, as `kill -9` does, and looks at what is left: the store opens and verifies, each
 * scope is what it was before or what it is afterwards, the audit verifies, and the same import made again leaves what
 * one that was never disturbed leaves. Not a part of the tests: it takes minutes.
 *
 *   node server/bin/build.mjs --server && node test/faults/random-kills.mjs BEFORE AFTER [--kills 60] [--server] [--seed 1]
 *
 * BEFORE and AFTER are folders of exports, as `npm run bench -- import` makes them (`artifacts/bench/M` and `M-changed`).
 * Every other round begins with an empty store, the others with BEFORE imported; AFTER is what is imported and killed.
 * `--server`: a server makes the import, with its threads, and the server is what is killed.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { findLocalDoor } from '../../dist/server/auth/local-token.js'
import { openEmbeddedStore } from '../../dist/server/store/embedded/store.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    server: { type: 'boolean', default: false },
  },
})
const program = resolve(import.meta.dirname, '../../server/bin/keyfall.mjs')
const place = mkdtempSync(join(tmpdir(), 'keyfall-kills-'))
const WAIT_MS = 60_000

/** Files are told apart by their names, which begin with that of their folder: both are called the same. */
const [before, after] = positionals.map((path, at) => {
  const copy = join(place, String(at), 'exports')
  cpSync(path, copy, { recursive: true })
  return copy
})

/** A number from 0 to 1 for each round, the same for the same seed. */
const chance = (round) => createHash('sha256').update(`${values.seed} ${round}`).digest().readUInt32LE(0) / 2 ** 32

function start(...args) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes))
  const ended = new Promise((done) => child.on('close', (code, signal) => done({ end: signal ?? code, said })))
  return { child, ended, said: () => said }
}
const run = (...args) => start(...args).ended

async function mustEnd(codes, ...args) {
  const { end, said } = await run(...args)
  if (!codes.includes(end)) throw new Error(`keyfall ${args.join(' ')} ended with ${end}:\n${said.slice(-1_000)}`)
  return said
}

/** Beyond the guard, too: what is looked at is not whether it is wise. */
async function importInto(data, folder) {
  const { end, said } = await run('--data', data, 'import', folder)
  const retired = /--accept-retire (\d+)/.exec(said)?.[1]
  if (retired !== undefined) return mustEnd([0], '--data', data, 'import', folder, '--accept-retire', retired)
  if (end !== 0) throw new Error(`the import ended with ${end}:\n${said.slice(-1_000)}`)
  return said
}

async function startServer(data) {
  const server = start('--data', data, 'serve', '--port', '0')
  const until = performance.now() + WAIT_MS
  while (server.child.exitCode === null && performance.now() < until) {
    if (findLocalDoor(data)?.pid === server.child.pid && /http:/.test(server.said())) return server
    await setTimeout(20)
  }
  throw new Error(`the server did not start:\n${server.said()}`)
}

/** What is believed, scope by scope, but for when it was read and how often. */
async function believed(data) {
  const store = await openEmbeddedStore(data)
  try {
    for await (const { what, id, words } of store.verify()) throw new Error(`${what} ${id}: ${words}`)
    const scopes = new Map()
    for (const [scope, { importId }] of await store.heads()) {
      const { root, counts, complete, coverage, files, nature } = await store.manifest(importId)
      scopes.set(scope, JSON.stringify({ root, counts, complete, coverage, files, nature }))
    }
    return scopes
  } finally {
    await store.close()
  }
}

/** Imports `after` into the store, and kills it when so much of the usual time is over. Resolves to whether it came in time. */
async function killed(data, milliseconds) {
  const server = values.server ? await startServer(data) : undefined
  const import_ = start('--data', data, 'import', after)
  const ending = import_.ended.then(() => true)
  const isOver = await Promise.race([ending, setTimeout(milliseconds, false)])
  ;(server ?? import_).child.kill('SIGKILL')
  await Promise.all([server?.ended, import_.ended])
  return !isOver
}

async function timed(work) {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** A store as a round begins with it, what it believes then and after the import, and how long that takes. */
async function undisturbed(name, ...imports) {
  const [start, end] = [join(place, name), join(place, `${name}-after`)]
  const none = new Map()
  for (const folder of imports) await importInto(start, folder)
  const whole = imports.length > 0
  if (whole) cpSync(start, end, { recursive: true })
  const server = values.server ? await startServer(end) : undefined
  const took = await timed(() => importInto(end, after))
  server?.child.kill('SIGTERM')
  await server?.ended
  return {
    start: whole ? start : undefined,
    took,
    earlier: whole ? await believed(start) : none,
    later: await believed(end),
  }
}

function same(a, b) {
  return a.size === b.size && [...a].every(([scope, said]) => b.get(scope) === said)
}

const settings = [await undisturbed('empty'), await undisturbed('imported', before)]
const tally = { inTime: 0, none: 0, some: 0, all: 0 }
for (let round = 0; round < Number(values.kills); round++) {
  const { start, took, earlier, later } = settings[round % 2]
  const data = join(place, `round-${round}`)
  if (start) cpSync(start, data, { recursive: true })
  const at = chance(round) * took * 1.1
  const wrong = (words) => new Error(`round ${round}, killed after ${at.toFixed(0)} ms, ${data}: ${words}`)
  if (await killed(data, at)) tally.inTime++
  const left = existsSync(data)
    ? await believed(data).catch((error) => Promise.reject(wrong(error.message)))
    : new Map()
  let moved = 0
  for (const scope of new Set([...earlier.keys(), ...later.keys(), ...left.keys()])) {
    const now = left.get(scope)
    if (now === later.get(scope) && now !== earlier.get(scope)) moved++
    else if (now !== earlier.get(scope)) throw wrong(`${scope} is neither what it was nor what it will be`)
  }
  tally[moved === 0 ? 'none' : same(left, later) ? 'all' : 'some']++
  await importInto(data, after).catch((error) => Promise.reject(wrong(error.message)))
  if (!same(await believed(data), later)) throw wrong('the import made again left something else')
  await mustEnd([0], '--data', data, 'audit', 'verify').catch((error) => Promise.reject(wrong(error.message)))
  const rest = readdirSync(data).filter((name) => /^spool$|\.new$/.test(name))
  if (rest.length > 0) throw wrong(`${rest.join(', ')} stayed`)
  rmSync(data, { recursive: true })
}
rmSync(place, { recursive: true })
const { inTime, none, some, all } = tally
console.log(
  `${values.kills} kills of ${values.server ? 'a server' : 'a command'}: ${inTime} before its end; ` +
    `${none} left what was, ${some} a part of the scopes, ${all} all of them; each made whole by the same import`,
)
