/**
 * One real workload in a process of its own: it gets its credential the way it is told (environment, file, poll, cache),
 * uses it against a real server, and tells of each attempt: {"at": started, "to": ended, "ok": true, "late": 3},
 * milliseconds since the epoch, and how late what it does by the clock was at most.
 *
 * LAB_WORK holds what to do; the credential itself is in LAB_SECRET or in the file that the work names, as JSON
 * {"user": …, "password": …}: never in an argument.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { createClient } from '@redis/client'
import pg from 'pg'

const TIMEOUT_MS = 3_000
const work = JSON.parse(process.env.LAB_WORK)
/** Milliseconds. */
let late = 0
const EVERY_MS = 20
/** Counts the 20 ms, too. */
const stalls = monitorEventLoopDelay({ resolution: EVERY_MS })

/** How the credential comes in. Each returns the value to use now. */
const deliveries = {
  env: () => {
    const value = JSON.parse(process.env.LAB_SECRET)
    return () => value
  },
  /** Read again at each connection. */
  file: () => () => readSecret(),
  /** Read again every `refresh` ms, by the clock. */
  poll: () => {
    let value = readSecret()
    let due = Date.now() + work.refresh
    setInterval(() => {
      value = readSecret()
      late = Math.max(late, Date.now() - due)
      due = Date.now() + work.refresh
    }, work.refresh)
    return () => value
  },
  /** Read again on use, when the value in hand is older than `refresh` ms. */
  cached: () => {
    let value = readSecret()
    let read = Date.now()
    return () => {
      if (Date.now() - read >= work.refresh) [value, read] = [readSecret(), Date.now()]
      return value
    }
  },
  none: () => () => undefined,
}

function readSecret() {
  return JSON.parse(readFileSync(work.file, 'utf8'))
}

/** A connection of each kind of server: `use` throws when it does not work. */
const kinds = {
  async postgres({ user, password }) {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: work.port, database: 'postgres', user, password },
      ...{ connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS },
    })
    client.on('error', () => undefined)
    await client.connect()
    return { use: () => client.query('select 1'), close: () => client.end() }
  },
  async redis({ user, password }) {
    const client = createClient({
      username: user,
      password,
      socket: { host: '127.0.0.1', port: work.port, connectTimeout: TIMEOUT_MS, reconnectStrategy: false },
    })
    client.on('error', () => undefined)
    await client.connect()
    return { use: () => client.ping(), close: async () => client.destroy() }
  },
  /** `cat` at the other end: what is written comes back while the session lives. */
  async ssh({ key }) {
    const child = spawn(
      'ssh',
      [
        ...['-F', 'none', '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none'],
        ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
        ...['-i', key, '-p', String(work.port), `${work.account}@127.0.0.1`, 'cat'],
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    )
    const lines = createInterface({ input: child.stdout })
    let answered = () => undefined
    let over = () => undefined
    lines.on('line', () => answered())
    child.on('exit', () => over(new Error('the session ended')))
    child.stdin.on('error', () => undefined)
    const use = () =>
      new Promise((done, failed) => {
        answered = () => done()
        over = failed
        if (child.exitCode !== null) failed(new Error('the session ended'))
        child.stdin.write('still here\n')
        setTimeout(() => failed(new Error('no answer')), TIMEOUT_MS).unref()
      })
    await use()
    return { use, close: async () => void child.kill() }
  },
  tls: () =>
    new Promise((done, failed) => {
      const read = (file) => (file === undefined ? undefined : readFileSync(file))
      const socket = connectTls({
        ...{ host: '127.0.0.1', port: work.port, servername: 'lab.example', timeout: TIMEOUT_MS },
        ...{ ca: read(work.ca), cert: read(work.cert), key: read(work.key) },
      })
      let answered = () => undefined
      let over = failed
      socket.on('data', () => answered())
      for (const event of ['error', 'close', 'timeout']) socket.on(event, () => over(new Error(event)))
      const use = () =>
        new Promise((good, bad) => {
          answered = () => good()
          over = bad
          if (socket.destroyed) bad(new Error('closed'))
          socket.write('still here\n')
        })
      // With TLS 1.3 a server refuses a client's certificate after the handshake: only an answer proves it is in.
      socket.on('secureConnect', () =>
        use().then(() => done({ use, close: async () => void socket.destroy() }), failed),
      )
    }),
  /** Trades its secret for a token, and uses the token until the server refuses it or it is about to end. */
  async token({ user, password }) {
    const { token } = JSON.parse(await call('/token', { Authorization: `Basic ${btoa(`${user}:${password}`)}` }))
    return { use: () => call('/api', { Authorization: `Bearer ${token}` }), close: async () => undefined }
  },
  /** Somebody else's service, without a credential of its own. */
  async http() {
    return { use: () => call('/', {}), close: async () => undefined }
  },
}

function call(path, headers) {
  return new Promise((done, failed) => {
    const sent = request({ host: '127.0.0.1', port: work.port, path, headers, timeout: TIMEOUT_MS }, (response) => {
      let body = ''
      response.on('data', (part) => (body += part))
      response.on('end', () =>
        response.statusCode === 200 ? done(body) : failed(new Error(String(response.statusCode))),
      )
    })
    sent.on('error', failed)
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.end()
  })
}

const secret = deliveries[work.delivery]()
let open
let openedAt = 0

/** One attempt. A pooled connection is used until it fails or is too old, a failed one is not tried again. */
async function attempt() {
  const old = open && Date.now() - openedAt >= (work.keep ?? 0)
  if (old) await drop()
  if (!open) {
    openedAt = Date.now()
    open = await firstThatWorks()
  }
  await open.use()
  if (work.keep === undefined) await drop()
}

/** The credential, or with a fallback the first of two that is taken. */
async function firstThatWorks() {
  try {
    return await kinds[work.kind](secret())
  } catch (error) {
    if (work.fallback === undefined) throw error
    return kinds[work.kind](JSON.parse(readFileSync(work.fallback, 'utf8')))
  }
}

async function drop() {
  const last = open
  open = undefined
  await last?.close().catch(() => undefined)
}

process.on('disconnect', () => process.exit(0))
stalls.enable()
for (;;) {
  const at = Date.now()
  const ok = await attempt().then(
    () => true,
    () => false,
  )
  if (!ok) await drop()
  process.send({ at, to: Date.now(), ok, late: Math.max(late, stalls.max / 1e6 - EVERY_MS) })
  await wait(Math.max(5, (work.every ?? 40) - (Date.now() - at)))
}
