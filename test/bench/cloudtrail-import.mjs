/** Imports CloudTrail alone: in this process, or as a program of its own that prints what it took. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { startMerge } from '../../dist/graph/merge.js'
import { cloudtrail } from '../../dist/importers/cloudtrail/index.js'
import { startRun } from '../../dist/importers/cloudtrail/run.js'
import { collect } from '../../dist/importers/read/collect.js'
import { runImporters } from '../../dist/importers/read/run-importers.js'
import { useBuiltKernels } from '../../dist/server/import/kernels.js'

useBuiltKernels()

/** The importer without its fast way. */
export const exactly = { ...cloudtrail, begin: (context) => startRun(context, true) }

/** Files to merged facts. */
export async function mergedFacts(files, importer = cloudtrail) {
  const { files: read, facts } = await collect(runImporters(files, { importers: [importer] }))
  const merge = startMerge()
  facts.entities.forEach(merge.entity)
  facts.relationships.forEach(merge.relationship)
  facts.observations.forEach(merge.observation)
  return { read, known: merge.finish() }
}

/** The same, counted. */
export async function importCloudtrail(files) {
  const { read, known } = await mergedFacts(files)
  const sum = (of) => read.reduce((total, file) => total + file[of], 0)
  return {
    ...{ read: sum('read'), mapped: sum('mapped'), merged: sum('merged'), bytes: sum('bytes') },
    ...{ entities: known.entities.size, relationships: known.relationships.size },
  }
}

/** What `resourceUsage` says begins, on Linux, with what the program that started this one had; the kernel's own mark does not. */
function peakBytes() {
  const status = '/proc/self/status'
  const mark = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'utf8')) : null
  return (mark === null ? process.resourceUsage().maxRSS : Number(mark[1])) * 1024
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const baseRss = peakBytes()
  const start = performance.now()
  const files = argv
    .slice(2)
    .map((path) => ({ name: path, size: statSync(path).size, stream: () => createReadStream(path) }))
  const found = await importCloudtrail(files)
  const ms = performance.now() - start
  console.log(JSON.stringify({ ...found, ms, baseRss, maxRss: peakBytes() }))
}
