import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { freshName, freshPassword, type Login } from '../files.ts'
import { freePort, launchServer, program, userId } from './process.ts'

export interface Postgres {
  readonly port: number
  /** As the superuser. */
  sql(text: string): Promise<unknown>
  stop(): Promise<void>
}

export const postgresPrograms = ['initdb', 'postgres']

const ADMIN = { user: 'lab_admin', password: 'lab-admin-on-loopback-only' }

/** A real PostgreSQL in a folder of its own. It refuses to run as root: then it runs as Debian's `postgres`. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const port = await freePort()
  const data = join(folder, 'postgres')
  mkdirSync(data, { mode: 0o700 })
  const uid = process.getuid?.() === 0 ? userId('postgres') : undefined
  const as = uid === undefined ? {} : { uid }
  const secret = join(folder, 'postgres.init')
  writeFileSync(secret, ADMIN.password)
  if (uid !== undefined) {
    for (const path of [data, secret]) chownSync(path, uid, -1)
    chmodSync(folder, 0o755)
  }
  execFileSync(
    program('initdb')!,
    ['-D', data, '-U', ADMIN.user, '--pwfile', secret, '-A', 'scram-sha-256', '--no-sync', '--locale=C'],
    { stdio: 'ignore', cwd: '/', ...as },
  )
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', timezone: 'UTC' }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = await launchServer(program('postgres')!, ['-D', data, '-p', String(port), ...given], port, {
    cwd: '/',
    ...as,
  })
  const pool = new pg.Pool({ host: '127.0.0.1', port, database: 'postgres', ...ADMIN, max: 4 })
  pool.on('error', () => undefined)
  for (let left = 100; ; left--)
    try {
      await pool.query('select 1')
      break
    } catch (error) {
      // The port is open a moment before the server takes anybody.
      if (left === 0) throw error
      await new Promise((done) => setTimeout(done, 100))
    }
  return {
    port,
    sql: (text) => pool.query(text),
    async stop() {
      await pool.end()
      await server.stop()
    },
  }
}

/** A role that may log in, with a password nobody else has. */
export async function newRole(server: Postgres): Promise<Login> {
  const login = { user: freshName(), password: freshPassword() }
  await server.sql(`create role ${login.user} login password '${login.password}'`)
  return login
}

export async function setPassword(server: Postgres, { user, password }: Login): Promise<void> {
  await server.sql(`alter role ${user} password '${password}'`)
}

export async function canConnect({ port }: Postgres, login: Login): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, database: 'postgres', ...login })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
