import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { exactly, importCloudtrail, mergedFacts } from './cloudtrail-import.mjs'
import { cloudtrailEvents } from './cloudtrail-events.mjs'
import { median, race } from './rounds.mjs'

const FILE_BYTES = 16e6
/** The race is over files held in memory, this many at most. */
const RACED = 16

/**
 * CloudTrail as delivered, to merged facts, against `JSON.parse` of the same bytes and nothing else; and how much memory
 * a process needs that imports all of it, from plain files and from one gzip file.
 */
export async function benchCloudtrail({ mb, rounds }) {
  const folder = join('artifacts', 'bench', `cloudtrail-${mb}`)
  if (!existsSync(folder)) write(folder, mb)
  const paths = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
  const files = paths.slice(0, RACED).map((path) => ({ name: path, bytes: readFileSync(path) }))
  const events = files.reduce((sum, { bytes }) => sum + JSON.parse(bytes.toString('utf8')).Records.length, 0)
  const raw = files.map(({ name, bytes }) => ({ name, size: bytes.length, stream: () => inChunks(bytes) }))
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0)
  await checkFacts(raw.slice(0, 1))
  const cpu = { parsed: [], imported: [] }
  const times = await race(
    rounds,
    {
      'bare JSON.parse': () =>
        onCpu(cpu.parsed, () =>
          files.reduce((sum, file) => sum + JSON.parse(file.bytes.toString('utf8')).Records.length, 0),
        ),
      'read, attribute, merge': () => onCpu(cpu.imported, () => importCloudtrail(raw)),
    },
    (found) => {
      const { read, mapped, merged, relationships } = found.get('read, attribute, merge')
      assert.deepEqual([read, mapped, merged], [events, events, 0])
      assert.ok(relationships > 100)
      assert.equal(found.get('bare JSON.parse'), events)
    },
  )
  const plain = inChild(paths)
  const packed = inChild([join(folder, 'all.json.gz')])
  assert.equal(plain.read, packed.read)
  const ms = times['read, attribute, merge'].median
  const ratios = cpu.imported.map((one, round) => one / cpu.parsed[round])
  return [
    {
      name: 'cloudtrail',
      size: `${mb} MB`,
      what: `${files.length} files, ${(bytes / 1e6).toFixed(0)} MB, ${events.toLocaleString('en')} events`,
      times,
      figures: {
        'times bare JSON.parse': times['read, attribute, merge'].timesFirst.toFixed(2),
        'the same of processor time': median(ratios).toFixed(2),
        'MB a second': (bytes / ms / 1000).toFixed(0),
        'events a second': Math.round((events / ms) * 1000).toLocaleString('en'),
        'all, plain: a process of its own': inWords(plain),
        'all, gzip: a process of its own': inWords(packed),
      },
    },
  ]
}

/** The facts of these files are those of the importer that makes an object of every event. */
async function checkFacts(files) {
  assert.deepEqual(await mergedFacts(files), await mergedFacts(files, exactly))
}

/** Milliseconds of the processor, which neighbours disturb less than the clock. */
async function onCpu(into, work) {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  into.push((user + system) / 1000)
  return result
}

const inWords = ({ read, bytes, ms, maxRss, baseRss }) =>
  `${read.toLocaleString('en')} events, ${(bytes / 1e6).toFixed(0)} MB in ${(ms / 1000).toFixed(1)} s; ` +
  `at most ${(maxRss / 1e6).toFixed(0)} MB resident (${(baseRss / 1e6).toFixed(0)} before the first byte)`

async function* inChunks(bytes) {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

/** Max RSS belongs to a process, so the import gets one. */
function inChild(paths) {
  const script = fileURLToPath(new URL('cloudtrail-import.mjs', import.meta.url))
  const child = spawnSync(process.execPath, ['--max-old-space-size=2048', script, ...paths], { encoding: 'utf8' })
  assert.equal(child.status, 0, child.stderr)
  return JSON.parse(child.stdout)
}

/** Files as delivered, and all of it once more as one gzip file of members, as `cat` of delivered files makes it. */
function write(folder, mb) {
  const partial = `${folder}.partial`
  mkdirSync(partial, { recursive: true })
  const events = cloudtrailEvents(1)
  const all = openSync(join(partial, 'all.json.gz'), 'w')
  for (let written = 0, number = 0; written < mb * 1e6; number++) {
    const parts = []
    let length = 0
    const room = Math.min(FILE_BYTES, mb * 1e6 - written)
    while (length < room) {
      const { value } = events.next()
      parts.push(value)
      length += value.length + 1
    }
    const text = `{"Records":[${parts.join(',')}]}`
    const file = openSync(join(partial, `${String(number).padStart(4, '0')}.json`), 'w')
    writeSync(file, text)
    closeSync(file)
    writeSync(all, gzipSync(`${text}\n`, { level: 1 }))
    written += length
  }
  closeSync(all)
  renameSync(partial, folder)
}
