import { createReadStream } from 'node:fs'
import { safeLabel } from '../../importers/read/second-net.ts'
import type { Source } from './read-files.ts'
import { walkFiles } from './walk-files.ts'

/** The sources without the files of these names (labels as reports give them, archives by their own name). */
export async function withoutFiles(sources: readonly Source[], names: ReadonlySet<string>): Promise<Source[]> {
  const left: Source[] = []
  for (const source of sources) {
    if ('open' in source) {
      if (!names.has(safeLabel(source.name))) left.push(source)
      continue
    }
    for await (const { path, name, size, error } of walkFiles(source.path)) {
      if (error === undefined && !names.has(safeLabel(name)))
        left.push({ name, size, open: () => createReadStream(path) })
    }
  }
  return left
}
