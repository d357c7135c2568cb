import type { EstateScope } from '../../graph/estate/estate.ts'
import { scopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { collect } from '../../importers/read/collect.ts'
import type { RawFile } from '../../importers/read/raw-file.ts'
import { runImporters } from '../../importers/read/run-importers.ts'
import { importers } from '../../importers/registry.ts'

/** Files as the scopes that an import of them makes, without store or child process. `scopeName`: `--scope`. */
export async function scopesOfFiles(files: RawFile[], now: string, scopeName?: string): Promise<EstateScope[]> {
  const fingerprintKey = new Uint8Array(32).fill(7)
  const {
    byScope,
    scopes,
    files: read,
  } = await collect(
    runImporters(files, { importers, fingerprintKey, ...(scopeName === undefined ? {} : { scopeName }) }),
  )
  for (const { name, importer, error } of read)
    if (importer === null || error !== undefined) throw new Error(`${name} was not read: ${error ?? 'not recognised'}`)
  return [...byScope.values()].map(({ scope, facts }) => {
    const merge = startMerge()
    facts.entities.forEach(merge.entity)
    facts.relationships.forEach(merge.relationship)
    facts.observations.forEach(merge.observation)
    const importer = importers.find((one) => one.id === scope.importer)!
    const { days } = scopes.find((one) => one.scope.importer === scope.importer && one.scope.id === scope.id)!
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
      ...(days && { days }),
      facts: merge.finish(),
    }
  })
}
