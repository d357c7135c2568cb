/** Imports CloudTrail alone: in this process, or as a program of its own that prints what it took. */
import { createReadStream, statSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { startMerge } from '../../dist/graph/merge.js'
import { cloudtrail } from '../../dist/importers/cloudtrail/index.js'
import { collect } from '../../dist/importers/read/collect.js'
import { runImporters } from '../../dist/importers/read/run-importers.js'

/** Files to merged facts. */
export async function importCloudtrail(files) {
  const { files: read, facts } = await collect(runImporters(files, { importers: [cloudtrail] }))
  const merge = startMerge()
  facts.entities.forEach(merge.entity)
  facts.relationships.forEach(merge.relationship)
  facts.observations.forEach(merge.observation)
  const known = merge.finish()
  const sum = (of) => read.reduce((total, file) => total + file[of], 0)
  return {
    ...{ read: sum('read'), mapped: sum('mapped'), merged: sum('merged'), bytes: sum('bytes') },
    ...{ entities: known.entities.size, relationships: known.relationships.size },
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const baseRss = process.resourceUsage().maxRSS * 1024
  const start = performance.now()
  const files = argv
    .slice(2)
    .map((path) => ({ name: path, size: statSync(path).size, stream: () => createReadStream(path) }))
  const found = await importCloudtrail(files)
  const ms = performance.now() - start
  console.log(JSON.stringify({ ...found, ms, baseRss, maxRss: process.resourceUsage().maxRSS * 1024 }))
}
