import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { StoreError } from '../errors.ts'
import { openExclusive } from '../sqlite-driver.ts'
import { attempt, type DataFiles } from './directory.ts'

/** Directories that this process holds: the system's locks are a process's own and do not keep it from itself. */
const heldHere = new Set<string>()

/** One server for one directory. `server.json` only serves the message: the lock is the operating system's. */
export function lockDirectory(files: DataFiles): { release(): void } {
  const place = realpathSync(files.folder)
  const held = heldHere.has(place) ? undefined : openExclusive(files.lock)
  if (!held) throw new StoreError('StoreLocked', `${files.folder} is in use${whoHolds(files.server)}.`)
  const who = { pid: process.pid, startedAt: new Date().toISOString() }
  try {
    attempt(files.server, () => writeFileSync(files.server, `${JSON.stringify(who)}\n`, { mode: 0o600 }))
  } catch (error) {
    held.close()
    throw error
  }
  heldHere.add(place)
  return {
    release: () => {
      rmSync(files.server, { force: true })
      held.close()
      heldHere.delete(place)
    },
  }
}

function whoHolds(file: string): string {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    if (Number.isSafeInteger(pid)) return ` by process ${Number(pid)}, started ${String(startedAt).slice(0, 30)}`
  } catch {
    // Being written, or gone: the lock still stands.
  }
  return ' by another process'
}
