import { findLocalDoor } from '../auth/local-token.ts'
import { readConfig, type Config } from '../config.ts'
import { isStoreError } from '../store/errors.ts'
import type { Desk } from './desk.ts'
import { UsageProblem } from './usage-problem.ts'

/** Opens the store, or goes to the server that holds it. */
export async function openDesk(given: { dataDir?: string }): Promise<Desk> {
  const config = readConfig(process.env, given)
  const running = await serverDesk(config)
  if (running) return running
  const { storeDesk } = await import('./desk-of-store.ts')
  try {
    return await storeDesk(config)
  } catch (error) {
    if (!isStoreError(error, 'StoreLocked')) throw error
    // It may have started this very moment.
    const started = await serverDesk(config)
    if (started) return started
    throw new UsageProblem(error.message, 'stop that server, or wait until it answers')
  }
}

async function serverDesk({ dataDir }: Config): Promise<Desk | undefined> {
  const door = findLocalDoor(dataDir)
  if (!door) return undefined
  const { deskOfServer, answers } = await import('./desk-of-server.ts')
  return (await answers(door)) ? deskOfServer(door) : undefined
}
