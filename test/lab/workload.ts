import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'

/** One attempt of a workload, milliseconds since the epoch. */
export interface Attempt {
  readonly at: number
  readonly to: number
  readonly ok: boolean
  /** How late the workload was at most until then with what it does by the clock, milliseconds. */
  readonly late?: number
}

/** What a workload does and how its credential comes in; see worker.mjs. */
export interface Work {
  readonly kind: 'postgres' | 'redis' | 'ssh' | 'tls' | 'token' | 'http'
  readonly delivery: 'env' | 'file' | 'poll' | 'cached' | 'none'
  readonly port: number
  /** For `env`: what it is started with. */
  readonly secret?: object
  /** For the others: where it reads. */
  readonly file?: string
  readonly fallback?: string
  /** Milliseconds between readings. */
  readonly refresh?: number
  /** Milliseconds that a connection is kept; absent: one for each attempt. */
  readonly keep?: number
  /** Milliseconds between attempts. */
  readonly every?: number
  readonly account?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

export interface Workload {
  readonly attempts: readonly Attempt[]
  /** Ends it and starts it anew, with what the environment holds then. */
  restart(secret?: object): Promise<void>
  stop(): Promise<void>
}

/** Starts a workload and waits until it has worked twice. Throws when it never does. */
export async function startWorkload(work: Work): Promise<Workload> {
  const attempts: Attempt[] = []
  let child = launch(work, attempts)
  await worked(attempts, 0)
  return {
    attempts,
    async restart(secret) {
      await ended(child)
      child = launch({ ...work, ...(secret && { secret }) }, attempts)
    },
    stop: () => ended(child),
  }
}

const STARTS_WITHIN_MS = 20_000

async function worked(attempts: readonly Attempt[], since: number): Promise<void> {
  const before = Date.now()
  while (attempts.slice(since).filter(({ ok }) => ok).length < 2) {
    if (Date.now() - before > STARTS_WITHIN_MS) throw new Error('a workload of the laboratory never worked')
    await new Promise((done) => setTimeout(done, 20))
  }
}

function launch({ secret, ...work }: Work, attempts: Attempt[]): ChildProcess {
  const child = fork(join(import.meta.dirname, 'worker.mjs'), {
    env: {
      PATH: process.env.PATH,
      LAB_WORK: JSON.stringify(work),
      ...(secret && { LAB_SECRET: JSON.stringify(secret) }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.on('message', (attempt: Attempt) => void attempts.push(attempt))
  return child
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => {
    child.once('exit', () => done())
    child.kill('SIGKILL')
  })
}
