import type { ImportedFile } from '../store/contract.ts'

/**
 * Keeps one list of files where scopes of one import each have the same: thousands of files of a hundred accounts would
 * lie in memory a hundred times, and be copied as often into every message to a thread.
 */
export function sameFiles(): (files: readonly ImportedFile[]) => readonly ImportedFile[] {
  const lists = new Map<string, (readonly ImportedFile[])[]>()
  return (files) => {
    const like = `${files.length} ${files[0]?.sha256} ${files.at(-1)?.sha256}`
    const known = lists.get(like) ?? []
    const same = known.find((list) => list.every((file, at) => isSame(file, files[at]!)))
    if (same) return same
    lists.set(like, [...known, files])
    return files
  }
}

function isSame(a: ImportedFile, b: ImportedFile): boolean {
  return a.sha256 === b.sha256 && a.name === b.name && a.bytes === b.bytes
}

const names = new WeakMap<readonly ImportedFile[], readonly string[]>()

/** One list of names for one list of files. */
export function namesOfFiles(files: readonly ImportedFile[]): readonly string[] {
  const known = names.get(files)
  if (known) return known
  const made = files.map(({ name }) => name)
  names.set(files, made)
  return made
}
