import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.on('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}

/** Folders where Debian puts programs that are not on everybody's path. */
const beyondPath = [
  '/usr/sbin',
  '/usr/lib/postgresql/17/bin',
  '/usr/lib/postgresql/16/bin',
  '/usr/lib/postgresql/15/bin',
]

/** Where a program lies; undefined when it is not installed. */
export function program(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...beyondPath]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

export interface Running {
  readonly port: number
  stop(): Promise<void>
}

/** Starts a server in the foreground and waits until its port answers. */
export async function launchServer(
  command: string,
  args: readonly string[],
  port: number,
  options: SpawnOptions = {},
): Promise<Running> {
  const child = spawn(command, args, { stdio: 'ignore', ...options })
  const died = new Promise<never>((_, failed) => {
    child.once('error', failed)
    child.once('exit', (code) => failed(new Error(`${command} ended with ${code} before it answered`)))
  })
  died.catch(() => undefined)
  await Promise.race([answering(port), died])
  return { port, stop: () => stopped(child) }
}

const STARTS_WITHIN_MS = 30_000

async function answering(port: number): Promise<void> {
  const before = Date.now()
  for (;;) {
    const open = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        done(true)
      })
      socket.on('error', () => done(false))
    })
    if (open) return
    if (Date.now() - before > STARTS_WITHIN_MS) throw new Error(`nothing answers on port ${port}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => {
    child.once('exit', () => done())
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
  })
}

/** Number of a system user; undefined where there is none. */
export function userId(name: string): number | undefined {
  try {
    return Number(execFileSync('id', ['-u', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined
  }
}
