/**
 * Benchmarks: import rate, index build, one outage, the fall of every credential, reach, on sizes of the sample estate. Answers are asserted before a time is
 * recorded; speed is a ratio inside one run, milliseconds are for people.
 *
 *   npm run bench [-- import|index|outage|rank|reach …] [--sizes S,M,L] [--rounds 5] [--json]
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeEstate } from '../estate/write.mjs'
import { benchImport } from './import.mjs'
import { benchIndex } from './index.mjs'
import { benchOutage } from './outage.mjs'
import { benchRank } from './rank.mjs'
import { benchReach } from './reach.mjs'
import { estateFrom } from './estate.mjs'

const all = { import: benchImport, index: benchIndex, outage: benchOutage, rank: benchRank, reach: benchReach }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: 'S,M,L' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const names = positionals.length ? positionals : Object.keys(all)
const unknown = names.filter((name) => !Object.hasOwn(all, name))
if (unknown.length || !(rounds >= 1)) {
  console.error(`no benchmark called ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`)
  process.exit(2)
}

const rows = []
for (const size of values.sizes.split(',')) {
  const folder = join('artifacts', 'bench', size)
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    writeEstate(size, 1, folder)
  }
  const input = await estateFrom(folder)
  for (const name of names) rows.push(...(await all[name]({ size, folder, rounds, ...input })))
}
if (values.json) console.log(JSON.stringify({ node: process.version, rounds, rows }, null, 2))
else print(rows)

function print(rows) {
  const number = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3))
  console.log(`Node ${process.version}, median of ${rounds} rounds (min to max), ratio inside each round\n`)
  for (const row of rows) {
    console.log(`${row.size.padEnd(3)} ${row.name}: ${row.what}`)
    for (const [who, time] of Object.entries(row.times)) {
      const ratio = time.timesFirst === 1 ? '' : `   ${number(time.timesFirst)} × the first`
      const range = `(${number(time.min)} to ${number(time.max)})`
      console.log(`      ${who.padEnd(34)} ${number(time.median).padStart(9)} ms  ${range}${ratio}`)
    }
    for (const [label, value] of Object.entries(row.figures ?? {})) console.log(`      ${label.padEnd(34)} ${value}`)
  }
}
