import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { repositoryAround, repositoryOfCheckout, repositoryOfFolder } from './repository-of.ts'

export interface FoundFile {
  readonly path: string
  /**
   * Begins with the name of the folder that was named, so that a file is called the same whether its folder was
   * imported alone or with others: importers take names of clusters and checkouts from it. With `/`.
   */
  readonly name: string
  readonly size: number
  readonly repository?: string | undefined
  /** It can't be read: why. */
  readonly error?: string | undefined
}

const NO_FILE = 'Not a file: a device, a pipe or a socket is not read.'

/** Folders that hold no exports but very many files. */
const skippedFolders = new Set(['.git', 'node_modules'])

/**
 * The files of what a user named, in order of name, folder by folder. Links are followed only inside it. A file that
 * was named itself is called by its own name.
 * @throws with the system's code where the named path itself can't be opened.
 */
export async function* walkFiles(named: string): AsyncGenerator<FoundFile> {
  const info = await stat(named)
  // Before anything else: a pipe of the shell has no path of its own, and one that nobody writes is never opened.
  if (!info.isFile() && !info.isDirectory()) {
    yield { path: named, name: basename(named), size: 0, error: `${NO_FILE} Write it to a file first.` }
    return
  }
  const root = await realpath(named)
  const around = await repositoryAround(info.isDirectory() ? root : dirname(root))
  if (!info.isDirectory()) {
    yield { path: root, name: basename(named), size: info.size, repository: around }
    return
  }
  const seen = new Set<string>([root])
  const waiting: { path: string; name: string; repository: string | undefined }[] = [
    { path: root, name: basename(resolve(named)), repository: around },
  ]
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const { path, name } = folder
    const info = await lstat(path).catch(() => undefined)
    if (!info) yield unreadable(path, name, 'ENOENT')
    else if (info.isSymbolicLink()) {
      const target = await realpath(path).catch(() => undefined)
      const inside = target !== undefined && (target === root || target.startsWith(root + sep))
      if (!inside) yield { path, name, size: 0, error: 'A link that leads out of the named folder is not followed.' }
      else if (!seen.has(target)) waiting.push({ ...folder, path: target })
    } else if (info.isDirectory()) {
      seen.add(path)
      const repository = await repositoryAt(path, folder.repository)
      const entries = await readdir(path).catch((error: { code?: string }) => error.code ?? 'error')
      if (typeof entries === 'string') {
        yield unreadable(path, name, entries)
        continue
      }
      const inner = entries.filter((entry) => !skippedFolders.has(entry)).sort()
      for (const entry of inner.reverse())
        waiting.push({ path: join(path, entry), name: `${name}/${entry}`, repository })
    } else if (info.isFile()) yield { path, name, size: info.size, repository: folder.repository }
    else yield { path, name, size: 0, error: NO_FILE }
  }
}

/** The nearest checkout wins; a folder called `owner__name` says more than a checkout around it. */
async function repositoryAt(folder: string, around: string | undefined): Promise<string | undefined> {
  const own = await repositoryOfCheckout(folder)
  if (own !== undefined) return own
  const named = await repositoryOfFolder(folder)
  return named !== undefined && (around === undefined || named.includes('/')) ? named : around
}

function unreadable(path: string, name: string, code: string): FoundFile {
  return { path, name, size: 0, error: `It can't be opened (${code}): check that it exists and may be read.` }
}
