/**
 * A seeded estate of a million entities in this product's meaning, as columns of the flat index or as a bundle file.
 * The shape (teams, hubs, alternatives, delays) is that of the generator of the design's measurements:
 *
 *   node ../shared/tools/gen-estate.mjs --nodes 1000000 > estate.ndjson
 *   node test/bench/big-estate.mjs estate.ndjson bundle.ndjson
 *
 * There an edge leads from what fails to what breaks, or from where an intruder is to where he gets; here every
 * relationship leads from what depends to what it needs, and carries breakage, compromise or both as its kind says.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { entityKindNames } from '../../dist/graph/kinds/entity-kinds.js'
import { relationshipKindNames } from '../../dist/graph/kinds/relationship-kinds.js'
import { standingOf } from '../../dist/graph/index/columns.js'
import { growing, push, trimmed } from '../../dist/graph/outage/growing.js'
import { TIMING_WIDTH, timingRow, timings } from '../../dist/graph/outage/timings.js'

const kinds = {
  credential: 'generic.credential',
  identity: 'generic.identity',
  role: 'generic.identity',
  permission: 'generic.other',
  resource: 'generic.resource',
  path: 'generic.other',
  secret: 'generic.secret',
  workload: 'generic.workload',
  job: 'generic.workload',
  system: 'generic.system',
}

/** What an edge is on the operational side; whatever is not named is a plain dependency. */
const operational = {
  CONSUMED_BY: 'USES_SECRET',
  CI_SECRET: 'USES_SECRET',
  USED_BY: 'USES_CREDENTIAL',
  RUNS_AS: 'RUNS_AS',
  ENCRYPTS: 'ENCRYPTED_BY',
}
/** And on the side of compromise: recorded, so that it carries nothing but that. */
const access = { AUTHENTICATES: 'AUTHENTICATES_AS', ASSUMES: 'ASSUMES' }
/** Said by another relationship already: who uses a thing has it, and a value is stored where it is held. */
const said = new Set(['EXPOSES', 'STORED_IN'])

/** Facts of one line: `{ entity }`, or `{ relationships }`, which may be empty. */
export function factsOf(line) {
  if (line.t === 'n') return { entity: { id: line.id, kind: kinds[line.kind] } }
  const relationships = []
  if (line.type === 'HOLDS') relationships.push({ kind: 'HOLDS', from: line.from, to: line.to })
  else if (!said.has(line.type)) {
    if (line.view !== 'sec') relationships.push(dependency(line))
    if (line.view !== 'ops')
      relationships.push({ kind: access[line.type] ?? 'CAN_ACCESS', from: line.from, to: line.to, confidence: 'none' })
  }
  return { relationships }
}

function dependency({ from, to, type, refresh, alt, soft }) {
  const kind = operational[type] ?? 'DEPENDS_ON'
  const wait = refresh > 0 ? [refresh, 2 * refresh] : undefined
  const isValue = kind.startsWith('USES_')
  return {
    kind,
    from: to,
    to: from,
    ...(alt && { need: `alt-${alt}` }),
    ...(soft && { strength: 'soft' }),
    ...(wait && (isValue ? { session: wait, pickup: wait } : { tolerance: wait })),
  }
}

/** Every line of a file, in blocks: no stream of lines is as fast. */
async function* linesOf(file) {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 22 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()
    yield lines
  }
  if (rest) yield [rest]
}

/** The estate as columns, and the ids by number. */
export async function bigColumns(file) {
  const numbers = new Map()
  const entityKind = growing()
  const [from, to, kind, standing, need, timing] = Array.from({ length: 6 }, growing)
  const table = timings()
  const needs = new Map()
  for await (const lines of linesOf(file))
    for (const text of lines) {
      const { entity, relationships = [] } = factsOf(JSON.parse(text))
      if (entity) {
        numbers.set(entity.id, numbers.size)
        push(entityKind, entityKindNames.indexOf(entity.kind))
      }
      for (const one of relationships) {
        push(from, numbers.get(one.from))
        push(to, numbers.get(one.to))
        push(kind, relationshipKindNames.indexOf(one.kind))
        push(standing, standingOf(one.confidence, one.strength))
        push(timing, timingRow(table, one))
        if (one.need !== undefined && !needs.has(one.need)) needs.set(one.need, needs.size)
        push(need, one.need === undefined ? -1 : needs.get(one.need))
      }
    }
  const none = new Int32Array(0)
  return {
    ids: textColumn([...numbers.keys()]),
    entityCount: numbers.size,
    describedCount: numbers.size,
    entityKind: Uint16Array.from(trimmed(entityKind)),
    relationshipCount: from.length,
    from: trimmed(from),
    to: trimmed(to),
    kind: Uint8Array.from(trimmed(kind)),
    standing: Uint8Array.from(trimmed(standing)),
    need: trimmed(need),
    timing: trimmed(timing),
    timings: table.rows.slice(0, table.count * TIMING_WIDTH),
    picked: none,
    agent: none,
    carried: none,
    carrier: none,
  }
}

function textColumn(texts) {
  const offsets = new Uint32Array(texts.length + 1)
  texts.forEach((text, i) => (offsets[i + 1] = offsets[i] + text.length))
  return { bytes: new TextEncoder().encode(texts.join('')), offsets }
}

async function writeBundle(input, output) {
  const out = createWriteStream(output)
  out.write('{"format":"keyfall.bundle/1","scope":"big"}\n')
  const counts = { entities: 0, relationships: 0 }
  for await (const lines of linesOf(input)) {
    const texts = lines.flatMap((text) => {
      const { entity, relationships } = factsOf(JSON.parse(text))
      if (entity) counts.entities++
      else counts.relationships += relationships.length
      return entity ? [JSON.stringify({ entity })] : relationships.map((one) => JSON.stringify({ relationship: one }))
    })
    if (texts.length > 0 && !out.write(`${texts.join('\n')}\n`)) await once(out, 'drain')
  }
  out.end(`${JSON.stringify({ end: counts })}\n`)
  await once(out, 'finish')
}

if (process.argv[1] === import.meta.filename) {
  const [input, output] = process.argv.slice(2)
  if (!input || !output) {
    console.error('node test/bench/big-estate.mjs ESTATE.ndjson BUNDLE.ndjson')
    process.exit(2)
  }
  await writeBundle(input, output)
}
