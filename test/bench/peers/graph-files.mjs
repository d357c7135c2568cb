import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { channelOfKind, channels, onlySeenKind } from '../../../dist/graph/outage/channels.js'
import { accessBoardFor, everythingBoardFor } from '../../../dist/graph/reach/flat-reach.js'
import { TIMING_WIDTH } from '../../../dist/graph/outage/timings.js'

/**
 * The graph of one size as every peer reads it, made once of the same columns as our index:
 *
 *   whole.edges, access.edges   Int32 pairs, little endian, from what fails (or is taken) to what that breaks (or
 *                               reaches); of the whole each pair once
 *   entities.csv, breaks.csv, compromises.csv   the same for Neo4j's import tool; a need has its class and its alternatives
 *   classes.json                what a class of needs means
 *
 * Returns the folder.
 */
export function graphFiles(size, columns, index) {
  const folder = join('artifacts', 'peers', 'graphs', size)
  if (existsSync(folder)) return folder
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  const access = pairsOf(accessBoardFor(index).rows, index.entities)
  writeFileSync(join(partial, 'access.edges'), access)
  writeFileSync(join(partial, 'whole.edges'), pairsOf(everythingBoardFor(index).rows, index.entities))
  const { classes, lines } = needLines(columns)
  writeFileSync(join(partial, 'classes.json'), JSON.stringify(classes))
  writeLines(join(partial, 'breaks.csv'), ':START_ID,:END_ID,class:int,group:int,place:int,of:int,sure:int', lines)
  writeLines(join(partial, 'compromises.csv'), ':START_ID,:END_ID', pairLines(access))
  writeLines(join(partial, 'entities.csv'), ':ID,n:int', entityLines(columns.entityCount))
  renameSync(partial, folder)
  return folder
}

function pairsOf({ start, end, to }, entities) {
  let count = 0
  for (let at = 0; at < entities; at++) count += end[at] - start[at]
  const pairs = new Int32Array(2 * count)
  let next = 0
  for (let at = 0; at < entities; at++)
    for (let i = start[at]; i < end[at]; i++) {
      pairs[next++] = at
      pairs[next++] = to[i]
    }
  return pairs
}

/** One line a need, from what is needed to its dependent; `of` and `sure` are the size of its group and how many of it are confirmed. */
function needLines({ relationshipCount, from, to, kind, standing, need, timing, timings }) {
  const numbers = new Map()
  const classes = []
  const groups = new Map()
  const needs = []
  for (let i = 0; i < relationshipCount; i++) {
    const said = (standing[i] >> 1) & 3
    const channel = channelOfKind[kind[i]]
    if (said === 0 || channel === channels.none) continue
    const soft = (standing[i] & 1) === 1
    const confirmed = said === 2 && onlySeenKind[kind[i]] === 0
    const name = [channel, soft, confirmed, timing[i]].join(' ')
    if (!numbers.has(name)) {
      numbers.set(name, classes.length)
      const row = timings.subarray(timing[i] * TIMING_WIDTH, (timing[i] + 1) * TIMING_WIDTH)
      const [session, tolerance] = [
        [row[0], row[1]],
        [row[2], row[3]],
      ]
      classes.push({ channel, soft, confirmed, session, tolerance, cadence: row[6] })
    }
    let group = null
    let place = 0
    if (need[i] >= 0 && channel !== channels.holds && channel !== channels.syncs) {
      const key = `${from[i]} ${need[i]} ${soft}`
      group = groups.get(key) ?? { number: groups.size, size: 0, confirmed: 0 }
      groups.set(key, group)
      place = group.size++
      if (confirmed) group.confirmed++
    }
    needs.push({ i, place, group, number: numbers.get(name) })
  }
  function* lines() {
    for (const { i, place, group, number } of needs)
      yield group
        ? `${to[i]},${from[i]},${number},${group.number},${place},${group.size},${group.confirmed}`
        : `${to[i]},${from[i]},${number},,,,`
  }
  return { classes, lines: lines() }
}

function* pairLines(pairs) {
  for (let i = 0; i < pairs.length; i += 2) yield `${pairs[i]},${pairs[i + 1]}`
}

function* entityLines(count) {
  for (let i = 0; i < count; i++) yield `${i},${i}`
}

function writeLines(path, header, lines) {
  const file = openSync(path, 'w')
  let block = [header]
  for (const line of lines) {
    block.push(line)
    if (block.length < 50_000) continue
    writeSync(file, `${block.join('\n')}\n`)
    block = []
  }
  if (block.length > 0) writeSync(file, `${block.join('\n')}\n`)
  closeSync(file)
}
