/**
 * Open loop, in a process of its own: a question every `1000 / rate` ms whether or not the last one was answered, its
 * latency counted from the moment it was due. Told what to ask by its parent; says what came of it when told to stop.
 * It goes before the import for a core where the system lets it: the server is measured, not whoever asks it.
 */
import { Agent, request } from 'node:http'
import { constants, getPriority, setPriority } from 'node:os'
import { performance } from 'node:perf_hooks'

const agent = new Agent({ keepAlive: true, maxSockets: 128 })
const answers = []
const problems = new Map()
let outstanding = 0
let timer
let latestMs = 0

process.on('message', (word) => {
  if (word.say === 'start') start(word)
  else stop()
})

function start({ url, cookies, paths, rate }) {
  const isAhead = goAhead()
  const began = performance.now()
  let asked = 0
  timer = setInterval(() => {
    const now = performance.now()
    const due = Math.floor(((now - began) / 1000) * rate)
    for (; asked < due; asked++) {
      const dueAt = began + ((asked + 1) * 1000) / rate
      latestMs = Math.max(latestMs, now - dueAt)
      ask(url, cookies[asked % cookies.length], paths[asked % paths.length], dueAt)
    }
  }, 2)
  process.send({ about: 'started', isAhead })
}

function goAhead() {
  try {
    setPriority(Math.max(getPriority() - 5, constants.priority.PRIORITY_HIGHEST))
    return true
  } catch {
    return false
  }
}

function ask(url, cookie, path, dueAt) {
  outstanding++
  let isOver = false
  const over = (why) => {
    if (isOver) return
    isOver = true
    outstanding--
    if (why === undefined) answers.push([performance.now() - dueAt, Date.now()])
    else problems.set(why, (problems.get(why) ?? 0) + 1)
  }
  const sent = request(
    `${url}${path}`,
    { agent, headers: { cookie, 'x-due-at': performance.timeOrigin + dueAt } },
    (reply) => {
      reply.on('error', (error) => over(error.code ?? 'reset'))
      reply.on('aborted', () => over('aborted'))
      reply.on('end', () => over(reply.statusCode === 200 ? undefined : `HTTP ${reply.statusCode}`))
      reply.resume()
    },
  )
  sent.on('error', (error) => over(error.code ?? 'error'))
  sent.end()
}

async function stop() {
  clearInterval(timer)
  const until = performance.now() + 30_000
  while (outstanding > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
  if (outstanding > 0) problems.set('unanswered', outstanding)
  if (process.env.KEYFALL_BENCH_SLOW) tellSlow()
  const sorted = answers.map(([ms]) => ms).sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  process.send({
    about: 'stopped',
    answered: sorted.length,
    problems: Object.fromEntries(problems),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
    latestMs,
  })
  process.disconnect()
}

/** When the slowest answers were, for whoever looks for the cause. */
function tellSlow() {
  for (const [ms, at] of answers.filter(([ms]) => ms > Number(process.env.KEYFALL_BENCH_SLOW)))
    console.error(`  slow ${new Date(at).toISOString()} ${ms.toFixed(0)} ms`)
}
