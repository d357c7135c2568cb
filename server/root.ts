import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder that holds package.json: from the sources and from `dist/` alike, so that text files are found.
 * @throws Error where no folder from `from` upwards has one: a `dist` that was copied without it cannot run
 */
export function packageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder))
      throw new Error(`No package.json lies in ${from} or above it: Keyfall's files have to stay together.`)
  }
}
