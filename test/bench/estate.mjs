import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { startMerge } from '../../dist/graph/merge.js'
import { collect } from '../../dist/importers/read/collect.js'
import { runImporters } from '../../dist/importers/read/run-importers.js'
import { importers } from '../../dist/importers/registry.js'

/** Every file below a folder, sorted, as the runner takes them: the bytes are in memory, so no disk is measured. */
export function rawFiles(folder) {
  return walk(folder).map((path) => {
    const bytes = readFileSync(path)
    return {
      name: relative(dirname(folder), path),
      size: bytes.length,
      bytes,
      stream: async function* () {
        yield bytes
      },
    }
  })
}

function walk(folder) {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? walk(path) : [path]
    })
}

/** Reads everything into facts and brings them together, one merge a scope. */
export async function importAll(files) {
  const collected = await collect(runImporters(files, { importers, fingerprintKey: new Uint8Array(32).fill(7) }))
  const scopes = [...collected.byScope.values()].map(({ scope, facts }) => {
    const merge = startMerge()
    facts.entities.forEach(merge.entity)
    facts.relationships.forEach(merge.relationship)
    facts.observations.forEach(merge.observation)
    return {
      ...scope,
      scope: `${scope.importer}:${scope.id}`,
      importerTitle: scope.importer,
      at: '2026-11-20T04:00:00Z',
      files: [],
      blindTo: [],
      facts: merge.finish(),
    }
  })
  return { files: collected.files, scopes }
}

/** What every benchmark starts from. */
export async function estateFrom(folder) {
  const files = rawFiles(folder)
  return { files, bytes: files.reduce((sum, file) => sum + file.size, 0), imported: await importAll(files) }
}
