import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { threadId } from 'node:worker_threads'
import { placeFor, type FlatIndex } from '../../graph/index/flat-index.ts'
import { openSnapshot, sealSnapshot, type Refused } from '../../graph/index/snapshot.ts'

/**
 * The flat index as a file beside the store: the bytes of its buffer, sealed under the name of what it was made from.
 * Written aside and moved into place, so that a file which was cut short is only ever one of a broken disk.
 */
export function writeIndexFile(path: string, index: FlatIndex, name: string): void {
  const aside = `${path}.${process.pid}.${threadId}.new`
  try {
    rmSync(aside, { force: true })
    writeFileSync(aside, sealSnapshot(index, name), { mode: 0o600, flag: 'wx' })
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/**
 * One read into a buffer that workers can share. A file that is missing, open to others, stale or damaged is refused
 * with the reason: then the index is built anew, which is always right. A link that leads elsewhere is no file of ours.
 */
export function openIndexFile(path: string, name: string): FlatIndex | Refused | 'missing' | 'open-to-others' {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch {
    return 'missing'
  }
  try {
    const about = fstatSync(file)
    if (!about.isFile()) return 'missing'
    if (isOpenToOthers(about)) return 'open-to-others'
    const { size } = about
    const { buffer, memory } = placeFor(size)
    const bytes = new Uint8Array(buffer, 0, size)
    // One system call reads at most 2 GB.
    for (let done = 0; done < size;) {
      const read = readSync(file, bytes, done, Math.min(size - done, 2 ** 30), done)
      if (read === 0) return 'cut-short'
      done += read
    }
    return openSnapshot(buffer, name, size, memory)
  } catch {
    return 'missing'
  } finally {
    closeSync(file)
  }
}

const OTHERS = 0o077
const isOpenToOthers = ({ mode }: Stats): boolean => process.platform !== 'win32' && (mode & OTHERS) !== 0
