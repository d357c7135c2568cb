import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/**
 * A peer in a process of its own, which says `{"ready":true,"version":…}` when it has the graph, and answers each line
 * "way numbers…" with one of JSON: its own milliseconds and its answer. Way `m` measures, `c` checks and says more.
 * Returns `{ version, ask(way, numbers), stop }`; throws when the peer ends instead.
 */
export async function askedPeer(command, args, env = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const gone = once(child, 'close').catch(() => {})
  const said = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`it ended with ${child.exitCode ?? child.signalCode ?? 'no word'}`)
    return JSON.parse(value)
  }
  const failed = new Promise((_, no) => child.on('error', no))
  failed.catch(() => {})
  const { version } = await Promise.race([said(), failed])
  return {
    version,
    async ask(way, numbers) {
      child.stdin.write(`${way} ${numbers.join(' ')}\n`)
      return said()
    },
    async stop() {
      child.stdin.end()
      await gone
    },
  }
}
