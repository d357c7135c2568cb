import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { importAll } from './estate.mjs'
import { race } from './rounds.mjs'

/** Files to merged facts, against taking the same bytes to lines and `JSON.parse` of whatever is JSON. */
export async function benchImport({ size, rounds, files, bytes, imported }) {
  const expected = shape(imported)
  const times = await race(
    rounds,
    { 'bare unzip, split, JSON.parse': () => bareParse(files), 'read, map, merge': () => importAll(files) },
    (found) => assert.deepEqual(shape(found.get('read, map, merge')), expected),
  )
  const records = imported.files.reduce((sum, file) => sum + file.read, 0)
  const ms = times['read, map, merge'].median
  return [
    {
      name: 'import',
      size,
      what: `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${records.toLocaleString('en')} records → ${expected.entities.toLocaleString('en')} entities, ${expected.relationships.toLocaleString('en')} relationships`,
      times,
      figures: {
        'times bare JSON.parse': times['read, map, merge'].timesFirst.toFixed(2),
        'records a second': Math.round((records / ms) * 1000).toLocaleString('en'),
        'MB a second': (bytes / ms / 1000).toFixed(1),
      },
    },
  ]
}

/** Counts, and that every record is accounted for. */
function shape({ files, scopes }) {
  for (const file of files) {
    const skipped = file.skipped.reduce((sum, one) => sum + one.count, 0)
    assert.equal(file.read, file.mapped + file.merged + skipped, file.name)
  }
  const sum = (what) => scopes.reduce((total, scope) => total + scope.facts[what].size, 0)
  return { entities: sum('entities'), relationships: sum('relationships'), files: files.length }
}

function bareParse(files) {
  let parsed = 0
  for (const file of files) {
    const bytes = file.bytes[0] === 0x1f && file.bytes[1] === 0x8b ? gunzipSync(file.bytes) : file.bytes
    const text = bytes.toString('utf8')
    try {
      JSON.parse(text)
      parsed++
    } catch {
      for (const line of text.split('\n')) {
        if (line[0] !== '{') continue
        JSON.parse(line)
        parsed++
      }
    }
  }
  return parsed
}
