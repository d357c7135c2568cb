import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { placeFor, type FlatIndex } from '../../graph/index/flat-index.ts'
import { openSnapshot, sealSnapshot, type Refused } from '../../graph/index/snapshot.ts'

/**
 * The flat index as a file beside the store: the bytes of its buffer, sealed under the name of what it was made from.
 * Written aside and moved into place, so that a file which was cut short is only ever one of a broken disk.
 */
export function writeIndexFile(path: string, index: FlatIndex, name: string): void {
  const aside = `${path}.${process.pid}.new`
  try {
    writeFileSync(aside, sealSnapshot(index, name), { mode: 0o600 })
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/**
 * One read into a buffer that workers can share. A file that is missing, stale or damaged is refused with the reason:
 * then the index is built anew, which is always right.
 */
export function openIndexFile(path: string, name: string): FlatIndex | Refused | 'missing' {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return 'missing'
  }
  try {
    const { size } = fstatSync(file)
    const { buffer, memory } = placeFor(size)
    const bytes = new Uint8Array(buffer, 0, size)
    // One system call reads at most 2 GB.
    for (let done = 0; done < size;) {
      const read = readSync(file, bytes, done, Math.min(size - done, 2 ** 30), done)
      if (read === 0) return 'cut-short'
      done += read
    }
    return openSnapshot(buffer, name, size, memory)
  } finally {
    closeSync(file)
  }
}
