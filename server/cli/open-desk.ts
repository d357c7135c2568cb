import { findLocalDoor, type LocalDoor } from '../auth/local-token.ts'
import { readConfig, type Config } from '../config.ts'
import { lowerPriority } from '../import/lower-priority.ts'
import { isStoreError } from '../store/errors.ts'
import type { Desk } from './desk.ts'
import { UsageProblem } from './usage-problem.ts'

/** Opens the store, or goes to the server that holds it. `forImport`: nobody will ask about a large estate. */
export async function openDesk(given: { dataDir?: string }, { forImport = false } = {}): Promise<Desk> {
  const elsewhere = serverElsewhere(process.env)
  if (elsewhere) return (await import('./desk-of-server.ts')).deskOfServer(elsewhere)
  const config = readConfig(process.env, given)
  const running = await serverDesk(config, forImport)
  if (running) return running
  const { storeDesk } = await import('./desk-of-store.ts')
  try {
    return await storeDesk(config, forImport)
  } catch (error) {
    if (!isStoreError(error, 'StoreLocked')) throw error
    // It may have started this very moment.
    const started = await serverDesk(config, forImport)
    if (started) return started
    throw new UsageProblem(error.message, 'stop that server, or wait until it answers')
  }
}

/** A server on another machine, by a token of it: for collectors and scripts. */
function serverElsewhere(environment: Readonly<Record<string, string | undefined>>): LocalDoor | undefined {
  const { KEYFALL_SERVER: server, KEYFALL_TOKEN: token } = environment
  if (server === undefined && token === undefined) return undefined
  if (!server || !token)
    throw new UsageProblem(
      'KEYFALL_SERVER and KEYFALL_TOKEN go together',
      'set both, or none to use the data directory of this machine',
    )
  const url = URL.canParse(server) ? new URL(server) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname))
  if (!url || !isSafe)
    throw new UsageProblem('KEYFALL_SERVER is no https address', 'a token may not travel in the clear')
  return { url: url.origin, token, pid: 0 }
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

async function serverDesk({ dataDir }: Config, forImport: boolean): Promise<Desk | undefined> {
  const door = findLocalDoor(dataDir)
  if (!door) return undefined
  const { deskOfServer, answers } = await import('./desk-of-server.ts')
  if (!(await answers(door))) return undefined
  // Thousands of files are sent as fast as they are read: those who ask the same server meanwhile come first.
  if (forImport && door.pid !== process.pid) lowerPriority()
  return deskOfServer(door)
}
