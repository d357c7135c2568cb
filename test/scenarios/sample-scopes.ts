import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { scopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import type { EstateScope } from '../../graph/estate/estate.ts'
import { collect } from '../../importers/read/collect.ts'
import { runImporters } from '../../importers/read/run-importers.ts'
import { importers } from '../../importers/registry.ts'

export const root = join(import.meta.dirname, '..', '..')

/** Files below a folder, sorted, as the reader takes them. */
export function filesBelow(folder: string): { name: string; size: number; stream(): AsyncGenerator<Uint8Array> }[] {
  const paths = (at: string): string[] =>
    readdirSync(at)
      .sort()
      .flatMap((name) => (statSync(join(at, name)).isDirectory() ? paths(join(at, name)) : [join(at, name)]))
  return paths(folder).map((path) => {
    const bytes = readFileSync(path)
    return {
      name: relative(dirname(folder), path),
      size: bytes.length,
      stream: async function* () {
        yield bytes
      },
    }
  })
}

/** A folder of exports as the scopes that an import of it makes, without store or child process. */
export async function scopesOf(folder: string, now: string): Promise<EstateScope[]> {
  const fingerprintKey = new Uint8Array(32).fill(7)
  const { byScope } = await collect(runImporters(filesBelow(folder), { importers, fingerprintKey }))
  return [...byScope.values()].map(({ scope, facts }) => {
    const merge = startMerge()
    facts.entities.forEach(merge.entity)
    facts.relationships.forEach(merge.relationship)
    facts.observations.forEach(merge.observation)
    const importer = importers.find((one) => one.id === scope.importer)!
    return {
      scope: scopeId(scope.importer, scope.id),
      title: scope.title,
      importer: scope.importer,
      importerTitle: importer.title,
      nature: scope.nature,
      complete: scope.complete,
      at: now,
      files: [],
      blindTo: importer.blindTo,
      facts: merge.finish(),
    }
  })
}
