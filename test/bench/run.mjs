/**
 * Benchmarks: import rate, index build, one outage, the fall of every credential, reach, on sizes of the sample estate. Answers are asserted before a time is
 * recorded; speed is a ratio inside one run, milliseconds are for people. JSON goes to stdout and progress to stderr
 * (`npm run --silent bench -- --json`); docs/benchmarks.md is made of it by test/bench/report.mjs.
 *
 *   npm run bench [-- import|index|outage|rank|reach|whatif|snapshot …] [--sizes S,M,L,10k,100k,XL] [--rounds 5] [--json] [--peers]
 *   npm run bench -- reach-all workers --sizes 10k,100k,XL   all credentials at once: reach, and falls by one thread and two
 *   npm run bench -- scan --sizes 10k,100k,XL    a bundle file to the engine's index; --bundle FILE: of your own
 *   npm run bench -- beside --sizes 100k --peers  outage and reach beside graphology, Neo4j, igraph and NetworkX (--peer NAME: some)
 *   npm run bench -- dear --sizes L             short questions while dear ones are answered
 *   npm run bench -- load --sizes L             outage questions while the estate is imported: server, questions and import apart
 *   npm run bench -- overlay --sizes 10k,100k,XL   1,000 changes laid over an index, against a rebuild
 *   npm run bench -- cloudtrail [--mb 256]      CloudTrail alone, of any size; 1024 for the memory that a GB takes
 *   npm run bench -- neo4j --sizes M,240k        facts to the labelled graph, whole; 240k: a file in OpenGraph shape
 *   npm run bench -- two-servers --sizes M       answers of one and of two servers over one Neo4j
 *   npm run bench -- exact --sizes 10k,100k,XL  no race: every fast way equals a naive fixpoint, or it throws
 *   npm run bench -- audit                      one synced entry of the audit, and 2,000 verified
 */
import { existsSync, mkdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { useBuiltKernels } from '../../dist/server/import/kernels.js'
import { writeEstate } from '../estate/write.mjs'
import { benchAudit } from './audit.mjs'
import { benchCloudtrail } from './cloudtrail.mjs'
import { benchDominators } from './dominators.mjs'
import { benchImport } from './import.mjs'
import { benchIndex } from './index.mjs'
import { benchDear } from './dear.mjs'
import { benchLoad } from './load.mjs'
import { benchExact } from './naive-exact.mjs'
import { benchNeo4j } from './neo4j.mjs'
import { benchOutage } from './outage.mjs'
import { benchOverlay } from './overlay.mjs'
import { benchRank } from './rank.mjs'
import { benchBigReach } from './reach-all.mjs'
import { benchReach } from './reach.mjs'
import { benchBigScan } from './big-scan.mjs'
import { benchScan } from './scan.mjs'
import { benchWorkers } from './workers.mjs'
import { benchWhatIf } from './whatif.mjs'
import { benchTwoServers } from './two-servers.mjs'
import { estateFrom } from './estate.mjs'
import { peers } from './peers/contenders.mjs'
import { benchQuestions } from './peers/questions.mjs'
import { benchBigIndex, benchBigOutage, benchBigRank, benchSnapshot, bigFile, bigInput, bigSizes } from './flat.mjs'

const all = {
  import: benchImport,
  index: benchIndex,
  outage: benchOutage,
  rank: benchRank,
  reach: benchReach,
  whatif: benchWhatIf,
}

/** On sizes 10k, 100k and XL (1M), whose estates ../shared/tools/gen-estate.mjs makes: the flat index alone. */
const big = {
  index: benchBigIndex,
  snapshot: benchSnapshot,
  outage: benchBigOutage,
  rank: benchBigRank,
  'reach-all': benchBigReach,
  workers: benchWorkers,
  dominators: benchDominators,
  overlay: benchOverlay,
  reach: (input) => benchQuestions(input, ['whole', 'access'], beside),
  'beside-outage': (input) => benchQuestions(input, ['outage'], beside),
  beside: (input) => benchQuestions(input, ['outage', 'whole', 'access'], beside),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: 'S,M,L' },
    rounds: { type: 'string', default: '5' },
    mb: { type: 'string', default: '256' },
    bundle: { type: 'string' },
    json: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    peer: { type: 'string', multiple: true },
  },
})
const rounds = Number(values.rounds)
const beside = values.peer ?? (values.peers ? Object.keys(peers) : [])
const names = positionals.length ? positionals : Object.keys(all)
const alone = {
  cloudtrail: benchCloudtrail,
  audit: benchAudit,
  exact: benchExact,
  neo4j: benchNeo4j,
  'two-servers': benchTwoServers,
}
/** Work on the files of an estate, not on what was read of them. */
const onFiles = { load: benchLoad, dear: benchDear }
/** The same for a big estate. */
const onBigFiles = { scan: benchBigScan }
const known = { ...all, ...alone, ...onFiles, ...onBigFiles, ...big }
const unknown = names.filter((name) => !Object.hasOwn(known, name))
if (unknown.length || !(rounds >= 1)) {
  console.error(`no benchmark called ${unknown.join(', ')}; there are ${Object.keys(known).join(', ')}`)
  process.exit(2)
}

useBuiltKernels()
const rows = []
for (const name of names)
  if (Object.hasOwn(alone, name))
    rows.push(
      ...(await alone[name]({ mb: Number(values.mb), bundle: values.bundle, sizes: values.sizes.split(','), rounds })),
    )
if (names.includes('scan') && values.bundle) rows.push(...(await benchScan({ bundle: values.bundle, rounds })))
const onEstates = names.filter((name) => Object.hasOwn(all, name) || Object.hasOwn(big, name))
const asked = names.filter((name) => Object.hasOwn(onFiles, name))
const onBig = values.bundle ? [] : names.filter((name) => Object.hasOwn(onBigFiles, name))
for (const size of onEstates.length + asked.length + onBig.length > 0 ? values.sizes.split(',') : []) {
  const folder = join('artifacts', 'bench', size)
  if (Object.hasOwn(bigSizes, size)) {
    const file = bigFile(size, folder)
    if (!file) console.error(`${size} is left out: it needs ../shared/tools/gen-estate.mjs`)
    else {
      for (const name of onBig) rows.push(...(await onBigFiles[name]({ size, folder, rounds, file })))
      const others = onEstates.filter((one) => Object.hasOwn(big, one))
      const made = others.length > 0 ? await bigInput(file) : null
      for (const name of others) rows.push(...(await big[name]({ size, folder, rounds, ...made })))
    }
    continue
  }
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true })
    writeEstate(size, 1, folder)
  }
  for (const name of asked) rows.push(...(await onFiles[name]({ size, folder })))
  if (onEstates.length === 0) continue
  const input = await estateFrom(folder)
  for (const name of onEstates.filter((one) => Object.hasOwn(all, one)))
    rows.push(...(await all[name]({ size, folder, rounds, ...input })))
}
if (values.json) console.log(JSON.stringify({ node: process.version, machine: machine(), rounds, rows }, null, 2))
else print(rows)

/** Its class, nothing by which one could tell which one it was. */
function machine() {
  return { cores: cpus().length, processor: cpus()[0].model.trim(), memoryGB: Math.round(totalmem() / 2 ** 30) }
}

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
