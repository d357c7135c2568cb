import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** How a command on this machine reaches the server of a data directory. */
const LocalDoor = z.object({ url: z.string(), token: z.string(), pid: z.number() })
export type LocalDoor = z.infer<typeof LocalDoor>

const file = (dataDir: string): string => join(dataDir, 'api.json')

/** Written by the server when it listens: whoever may read the data directory may ask the server. */
export function openLocalDoor(dataDir: string, url: string, token: string): void {
  const door: LocalDoor = { url, token, pid: process.pid }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  writeFileSync(file(dataDir), JSON.stringify(door), { mode: 0o600 })
  chmodSync(file(dataDir), 0o600)
}

/** Undefined when no server of this directory runs, or the one that wrote it is gone. */
export function findLocalDoor(dataDir: string): LocalDoor | undefined {
  try {
    const door = LocalDoor.parse(JSON.parse(readFileSync(file(dataDir), 'utf8')))
    process.kill(door.pid, 0)
    return door
  } catch {
    return undefined
  }
}

export function closeLocalDoor(dataDir: string): void {
  rmSync(file(dataDir), { force: true })
}
