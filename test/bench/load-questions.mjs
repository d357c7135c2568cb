/**
 * Open loop, in a process of its own: a question every `1000 / rate` ms whether or not the last one was answered, its
 * latency counted from the moment it was due. Told what to ask by its parent; says what came of it when told to stop.
 */
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'

const agent = new Agent({ keepAlive: true, maxSockets: 128 })
const latencies = []
const problems = new Map()
let outstanding = 0
let timer

process.on('message', (word) => {
  if (word.say === 'start') start(word)
  else stop()
})

function start({ url, cookies, paths, rate }) {
  const began = performance.now()
  let asked = 0
  timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * rate)
    for (; asked < due; asked++)
      ask(url, cookies[asked % cookies.length], paths[asked % paths.length], began + ((asked + 1) * 1000) / rate)
  }, 2)
}

function ask(url, cookie, path, dueAt) {
  outstanding++
  const failed = (why) => {
    problems.set(why, (problems.get(why) ?? 0) + 1)
    outstanding--
  }
  const sent = request(`${url}${path}`, { agent, headers: { cookie } }, (reply) => {
    reply.on('error', () => failed('reset'))
    reply.on('end', () => {
      if (reply.statusCode !== 200) return failed(`HTTP ${reply.statusCode}`)
      latencies.push(performance.now() - dueAt)
      outstanding--
    })
    reply.resume()
  })
  sent.on('error', (error) => failed(error.code ?? 'error'))
  sent.end()
}

async function stop() {
  clearInterval(timer)
  const until = performance.now() + 30_000
  while (outstanding > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
  if (outstanding > 0) problems.set('unanswered', outstanding)
  const sorted = latencies.sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  process.send({
    answered: sorted.length,
    problems: Object.fromEntries(problems),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  })
  process.disconnect()
}
