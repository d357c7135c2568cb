import { closeSync, mkdirSync, openSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../errors.ts'

/** Write-ahead logs need memory shared between processes, which these do not give (statfs(2), `f_type`). */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
])

export interface DataFiles {
  readonly folder: string
  readonly store: string
  readonly lock: string
  readonly server: string
  /** The estate of the heads as it was made last: never needed, and made again where it is not there. */
  readonly estate: string
}

/**
 * The files of one data directory, there and for the owner alone: the directory 0700, files 0600, because it holds a
 * map of who can reach what. Throws `StoreUnavailable` with what to do where that cannot be had.
 */
export function dataFiles(folder: string): DataFiles {
  attempt(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }))
  refuseNetwork(folder)
  refuseOpen(folder)
  const files: DataFiles = {
    folder,
    store: join(folder, 'store.db'),
    lock: join(folder, 'lock.db'),
    server: join(folder, 'server.json'),
    estate: join(folder, 'estate.kept'),
  }
  for (const file of [files.store, files.lock]) {
    attempt(file, () => makeEmpty(file))
    refuseOpen(file)
  }
  return files
}

/** Never opens one that is there: closing any handle of a file gives up the locks that this process holds on it. */
function makeEmpty(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** A failure of the system, said as one of the store's. */
export function attempt(path: string, touch: () => void): void {
  try {
    touch()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code === 'ENOSPC') throw new StoreError('StoreFull', `No space is left for ${path}.`)
    const readOnly = code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
    throw new StoreError(
      readOnly ? 'StoreReadOnly' : 'StoreUnavailable',
      `${path} cannot be made or written (${code}): the data directory has to be a folder that you may write.`,
    )
  }
}

function refuseOpen(path: string): void {
  if (process.platform === 'win32') return
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) === 0) return
  throw new StoreError(
    'StoreUnavailable',
    `${path} is open to others (mode ${mode.toString(8)}): run \`chmod go= ${path}\`, then start again.`,
  )
}

function refuseNetwork(folder: string): void {
  const name = networkFileSystems.get(statfsSync(folder).type)
  if (name) throw new StoreError('StoreUnavailable', `${folder} is on ${name}: put the data directory on a local disk.`)
}
