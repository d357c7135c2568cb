import assert from 'node:assert/strict'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { indexOf } from '../../dist/graph/index/index-of.js'
import { bundleColumns } from '../../dist/importers/bundle/bundle-columns.js'
import { fileAccount } from '../../dist/importers/read/file-report.js'
import { limits } from '../../dist/importers/read/limits.js'
import { useBuiltKernels } from '../../dist/server/import/kernels.js'
import { race } from './rounds.mjs'

const CHUNK = 4 << 20

/**
 * A bundle file to the engine's index, against `JSON.parse` of each of its lines and nothing else. The file is made by
 * `node test/bench/big-estate.mjs`.
 */
export async function benchScan({ bundle, rounds }) {
  if (!bundle || !existsSync(bundle)) {
    console.error('scan needs --bundle FILE: see test/bench/big-estate.mjs for how to make one')
    return []
  }
  useBuiltKernels()
  const bytes = statSync(bundle).size
  let found
  const times = await race(
    rounds,
    {
      'JSON.parse of each line': () => parsedLines(bundle),
      'bytes to index': async () => (found = await scanned(bundle)),
    },
    (results) => {
      const { columns, scanned, parsed, index } = results.get('bytes to index')
      assert.equal(scanned + parsed, results.get('JSON.parse of each line'))
      assert.equal(index.entities, columns.entityCount)
    },
  )
  const { columns, scanned: plain, parsed } = found
  const { entityCount, relationshipCount } = columns
  return [
    {
      name: 'scan',
      size: '',
      what: `${(bytes / 1e6).toFixed(0)} MB bundle, ${entityCount.toLocaleString('en')} entities, ${relationshipCount.toLocaleString('en')} relationships`,
      times,
      figures: {
        'MB a second': (bytes / times['bytes to index'].median / 1000).toFixed(0),
        'times faster than JSON.parse': (1 / times['bytes to index'].timesFirst).toFixed(2),
        'lines that had to be parsed': `${parsed} of ${plain + parsed}`,
        'memory of the process': `${Math.round(process.memoryUsage().rss / 1e6)} MB`,
      },
    },
  ]
}

async function scanned(file) {
  const found = await bundleColumns(createReadStream(file, { highWaterMark: CHUNK }), fileAccount(limits))
  return { ...found, index: indexOf(found.columns) }
}

async function parsedLines(file) {
  let rest = ''
  let count = 0
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: CHUNK })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()
    for (const line of lines) {
      JSON.parse(line)
      count++
    }
  }
  return count
}
