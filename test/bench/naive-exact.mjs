import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import * as indexing from '../../dist/graph/index/index-of.js'
import { WIDE } from '../../dist/graph/index/sections.js'
import { entityKindNames } from '../../dist/graph/kinds/entity-kinds.js'
import { relationshipKindNames } from '../../dist/graph/kinds/relationship-kinds.js'
import { compileEstate } from '../../dist/graph/outage/compile.js'
import { boardFor } from '../../dist/graph/outage/flat-board.js'
import { flatOutages } from '../../dist/graph/outage/flat-outages.js'
import { goodBoardFor } from '../../dist/graph/outage/for-good-board.js'
import { outagesForGood } from '../../dist/graph/outage/for-good-outages.js'
import { resolveChange } from '../../dist/graph/outage/resolve.js'
import { simulate, simulateAhead } from '../../dist/graph/outage/simulate.js'
import { reachOfAll } from '../../dist/graph/reach/all-reach.js'
import { fallAt, fallPlaceFor } from '../../dist/graph/reach/fall.js'
import { countFalls, fallCounterFor } from '../../dist/graph/reach/fall-counter.js'
import { fallViewOf } from '../../dist/graph/reach/fall-view.js'
import { useBuiltKernels } from '../../dist/server/import/kernels.js'
import { bigColumns } from './big-estate.mjs'

/** Entities, and how many questions, falls and reaches the naive fixpoint answers, on each estate of a size. */
const sizes = {
  '10k': { entities: 10_000, changes: 160, falls: 250, reaches: 200, generated: ['1', '2', '3', 'mesh'] },
  '100k': { entities: 100_000, changes: 48, falls: 80, reaches: 60, generated: ['1', '2', '3', 'mesh'] },
  XL: { entities: 1_000_000, changes: 12, falls: 24, reaches: 12, generated: ['1'] },
}
/** Above so many things that could be out, ends that grow step by step are not asked for on tangled estates. */
const MOST_GROWING = 4000
const engine = {
  ...{ ...indexing, boardFor, flatOutages, goodBoardFor, outagesForGood },
  ...{ compileEstate, resolveChange, simulate, simulateAhead },
}
const generator = join('..', 'shared', 'tools', 'gen-estate.mjs')

/**
 * A gate, no race: every fast way against the naive fixpoint over the same columns, on estates of the generator of the
 * design's measurements and on tangled ones of our own. One estate after the other; throws at the first difference.
 */
async function* checkExact(names) {
  useBuiltKernels()
  const naive = await bundled()
  for (const size of names.filter((name) => Object.hasOwn(sizes, name))) {
    const { entities, generated } = sizes[size]
    for (const which of generated) {
      const file = generatedFile(size, entities, which)
      if (!file) console.error(`${size}: generated estates are left out: they need ../shared/tools/gen-estate.mjs`)
      else yield exactOn(naive, size, `generated ${which}`, await bigColumns(file), Infinity)
    }
    for (const seed of generated.filter((one) => one !== 'mesh'))
      yield exactOn(naive, size, `tangled ${seed}`, naive.tangled(entities, Number(seed)), MOST_GROWING)
  }
}

/** The naive twin and the tangled estates are sources of tests and not part of the product's build. */
async function bundled() {
  const outDir = join('artifacts', 'bench', 'naive')
  mkdirSync(outDir, { recursive: true })
  const input = {
    check: 'test/laws/naive-columns-check.ts',
    ways: 'test/laws/naive-columns-ways.ts',
    tangled: 'test/estate/tangled.ts',
  }
  const output = { entryFileNames: 'exact-[name].mjs', chunkFileNames: 'exact-[name]-[hash].mjs' }
  await build({
    logLevel: 'error',
    configFile: false,
    build: { ssr: true, outDir, emptyOutDir: false, rolldownOptions: { input, output } },
  })
  const load = (name) => import(pathToFileURL(join(outDir, `exact-${name}.mjs`)).href)
  return Object.assign({}, ...(await Promise.all(Object.keys(input).map(load))))
}

function generatedFile(size, entities, which) {
  const folder = join('artifacts', 'bench', which === '1' ? size : join('exact', `${size}-${which}`))
  const file = join(folder, 'estate.ndjson')
  if (existsSync(file)) return file
  if (!existsSync(generator)) return null
  mkdirSync(folder, { recursive: true })
  const out = openSync(file, 'w')
  const more = which === 'mesh' ? ['--seed', '1', '--mesh', '1'] : ['--seed', which]
  execFileSync(process.execPath, [generator, '--nodes', String(entities), ...more], {
    stdio: ['ignore', out, 'ignore'],
  })
  closeSync(out)
  return file
}

function exactOn(naive, size, name, columns, most) {
  const { changes, falls, reaches } = sizes[size]
  const words = `${size}, ${name}`
  const credential = entityKindNames.indexOf('generic.credential')
  const credentials = Int32Array.from(columns.entityKind.keys()).filter((i) => columns.entityKind[i] === credential)
  const started = performance.now()
  const ways = [...naive.flatWays(engine, columns), ...naive.flatWays(engine, columns, WIDE)]
  // Ids, objects and lists of a million things: the compiled estate is held to the naive fixpoint up to 100k.
  if (size !== 'XL') ways.push(...naive.compiledWays(engine, columns))
  const actions = size === 'XL' ? ['revoke', 'disable', 'cut'] : ['revoke', 'disable', 'cut', 'rotate']
  const asked = naive.changesOf(columns, credentials, changes, actions)
  const compared = naive.compareOutages(columns, asked, ways, words, most)

  const index = indexing.indexOf(columns)
  const kernel = goodBoardFor(index).kernel !== null
  const place = fallPlaceFor(index)
  const counts = countFalls(fallCounterFor(fallViewOf(index)), credentials)
  const order = [...credentials.keys()].sort((a, b) => counts.possible[b] - counts.possible[a])
  const step = Math.max(1, Math.floor(credentials.length / falls))
  const some = [...new Set([...order.slice(0, 3), ...order.filter((_, i) => i % step === 0)])]
  const counted = (thing) => {
    const at = credentials.indexOf(thing)
    const { possible, certain, degraded } = fallAt(place, [thing])
    return {
      countFalls: { possible: counts.possible[at], certain: counts.certain[at] },
      fallAt: { possible: possible.length, certain: certain.length, degraded: degraded.length },
    }
  }
  const fallen = naive.compareFalls(
    columns,
    some.map((at) => credentials[at]),
    counted,
    words,
  )

  const reachOf = naive.naiveReach(columns, relationshipKindNames)
  const all = reachOfAll({ start: index.accessStart, to: index.accessTo }, credentials)
  const every = Math.max(1, Math.floor(credentials.length / reaches))
  let reached = 0
  for (let at = 0; at < credentials.length; at += every, reached++)
    if (all[at] !== reachOf(credentials[at]))
      throw new Error(`${words}: reach of ${credentials[at]}: ${reachOf(credentials[at])}, not ${all[at]}`)
  return { size, name, ...compared, fallen, reached, kernel, seconds: (performance.now() - started) / 1000 }
}

/** As `run.mjs` asks it: a line for each estate as soon as it is through, and rows without times. */
export async function benchExact({ sizes: names }) {
  const rows = []
  for await (const { size, name, ...compared } of checkExact(names)) {
    const figures = figuresOf(compared)
    const words = Object.entries(figures).map(([what, count]) => `${what} ${count}`)
    console.error(`${size} ${name}: ${words.join(', ')}; ${compared.seconds.toFixed(0)} s`)
    rows.push({ name: 'exact', size, what: `${name}, against the naive fixpoint`, times: {}, figures })
  }
  return rows
}

function figuresOf({ questions, rows, tooLarge, given, fallen, reached, kernel }) {
  const number = (value) => value.toLocaleString('en')
  return {
    differences: '0',
    'changes compared': number(questions),
    'things out or degraded in them': number(rows),
    ...(tooLarge > 0 && { 'left out, ends may grow too long': number(tooLarge) }),
    ...Object.fromEntries([...given].map(([way, count]) => [`  by ${way}`, number(count)])),
    'kernels in WebAssembly': kernel ? 'yes' : 'no',
    'falls compared': number(fallen),
    'reaches compared': number(reached),
  }
}
