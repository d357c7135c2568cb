import assert from 'node:assert/strict'
import { join } from 'node:path'
import { startMerge } from '../../dist/graph/merge.js'
import { estateFrom } from './estate.mjs'
import { openGraphFacts, openGraphFile } from './opengraph.mjs'
import { ownNeo4j } from './own-neo4j.mjs'
import { median, timed } from './rounds.mjs'

/** BloodHound's issue 2415 speaks of about as many relationships. */
const OPENGRAPH = { nodes: 60_000, edges: 240_000 }

/**
 * From facts to a labelled graph that is whole, on a Neo4j of its own: created from nothing, and rolled forward over one
 * that holds something. `KEYFALL_BENCH_BEFORE` names the `dist` of another version to run beside.
 */
export async function benchNeo4j({ sizes, rounds }) {
  const database = await ownNeo4j()
  try {
    const rows = []
    for (const size of sizes) rows.push(await onSize(database, size, rounds))
    return rows
  } finally {
    await database.close()
  }
}

async function onSize(database, size, rounds) {
  const input = size === '240k' ? openGraph() : await sample(size)
  const { entities, relationships } = mergedOf(input.scopes)
  const contenders = {
    'created from nothing': { dist: '../../dist' },
    ...(process.env.KEYFALL_BENCH_BEFORE && { before: { dist: process.env.KEYFALL_BENCH_BEFORE } }),
    'rolled forward from a first import (once)': { dist: '../../dist', first: true, once: true },
  }
  const found = new Map(Object.keys(contenders).map((name) => [name, []]))
  let bytes
  for (let round = 0; round < rounds; round++)
    for (const [name, contender] of Object.entries(contenders)) {
      if (contender.once && round < rounds - 1) continue
      await database.empty()
      const one = await projected(database, input.scopes, contender)
      console.error(
        `${size} ${name}: ${(one.storing / 1000).toFixed(1)} s stored, ${(one.ms / 1000).toFixed(1)} s whole, ${one.processor}`,
      )
      await equal(database, { entities, relationships }, contender.first ? 1 : 0)
      found.get(name).push(one)
      // Of the first alone: what was deleted before leaves room in the files of the store.
      if (bytes === undefined) {
        bytes = await database.bytes()
        console.error(`${size} ${name}: ${(bytes / 1e6).toFixed(0)} MB on disk`)
      }
    }
  const [own] = found.values()
  return {
    name: 'neo4j',
    size,
    what: `${entities.size.toLocaleString('en')} entities, ${relationships.size.toLocaleString('en')} relationships${input.what}; heap of Neo4j 1 GiB`,
    times: Object.fromEntries([...found].map(([name, all]) => [name, summary(all, own)])),
    figures: {
      'file to facts, s': (input.reading / 1000).toFixed(1),
      'of that: segments stored, s': (median(own.map(({ storing }) => storing)) / 1000).toFixed(1),
      'file to labelled graph whole, s': ((input.reading + median(own.map(({ ms }) => ms))) / 1000).toFixed(1),
      'relationships a second after storing': Math.round(
        (relationships.size / median(own.map(({ waiting }) => waiting))) * 1000,
      ).toLocaleString('en'),
      'first round, Neo4j just started, file to whole, s': ((input.reading + own[0].ms) / 1000).toFixed(1),
      'processor time of the last round, file read before': own.at(-1).processor,
      'bytes of Neo4j a relationship, all in all': Math.round(bytes / relationships.size).toLocaleString('en'),
    },
  }
}

/** As many things and relationships as the facts name, each end that nobody describes too. */
async function equal(database, { entities, relationships }, more) {
  const ends = [...relationships.values()].flatMap(({ from, to }) => [from, to])
  const unseen = new Set(ends.filter((id) => !entities.has(id))).size
  const [{ nodes }] = await database.query('MATCH (n:Entity) RETURN count(n) AS nodes')
  const [{ links }] = await database.query('MATCH (:Entity)-[r]->() RETURN count(r) AS links')
  assert.deepEqual({ nodes, links }, { nodes: entities.size + unseen + more, links: relationships.size })
}

function summary(all, own) {
  const ms = all.map((one) => one.ms)
  return {
    min: Math.min(...ms),
    median: median(ms),
    max: Math.max(...ms),
    timesFirst: median(ms.map((one, i) => one / own[own.length - ms.length + i].ms)),
  }
}

/** Stores what the scopes say and waits for the labelled graph, which begins with the first scope. */
async function projected({ uri, processorSeconds }, scopes, { dist, first }) {
  const module = (name) => import(new URL(`${dist}/server/store/${name}.js`, import.meta.url).href)
  const { openNeo4jStore } = await module('neo4j/store')
  const { writeScope } = await module('scope-facts')
  const store = await openNeo4jStore({ uri })
  try {
    if (first) {
      await writeScope(store, draftOf('first'), someFacts, 0)
      await store.projected()
    }
    const [ours, theirs] = [process.cpuUsage(), processorSeconds()]
    const { ms: storing } = await timed(async () => {
      for (const { scope, facts } of scopes) await writeScope(store, draftOf(scope), facts, 0)
    })
    const { ms: waiting } = await timed(() => store.projected())
    const { user, system } = process.cpuUsage(ours)
    const processor = `${((user + system) / 1e6).toFixed(1)} s of Keyfall, ${(processorSeconds() - theirs).toFixed(1)} s of Neo4j`
    return { storing, waiting, ms: storing + waiting, processor }
  } finally {
    await store.close()
  }
}

const someFacts = {
  entities: new Map([['bench', { id: 'bench', key: 'bench', kind: 'generic.other', name: 'first' }]]),
  relationships: new Map(),
}

function draftOf(scope) {
  return {
    scope,
    scopeTitle: scope,
    importer: 'bench',
    importerVersion: '1',
    nature: 'snapshot',
    complete: true,
    files: [],
    at: '2026-11-20T04:00:00Z',
    counts: { entities: 1, relationships: 1, read: 1, mapped: 1, merged: 0, skipped: 0 },
    coverage: { blindTo: [], listed: [] },
  }
}

function openGraph() {
  const text = openGraphFile(OPENGRAPH)
  const began = performance.now()
  const facts = openGraphFacts(text)
  const reading = performance.now() - began
  const what = ` of a file in OpenGraph shape (${(text.length / 1e6).toFixed(0)} MB)`
  return { scopes: [{ scope: 'opengraph', facts }], reading, what }
}

async function sample(size) {
  const began = performance.now()
  const { imported } = await estateFrom(join('artifacts', 'bench', size))
  return { scopes: imported.scopes, reading: performance.now() - began, what: '' }
}

function mergedOf(scopes) {
  const merge = startMerge()
  for (const { facts } of scopes) merge.known(facts)
  return merge.finish()
}
