/**
 * The figures that the engine is held to, at a million entities unless said: what is asked, what is aimed at, and where a
 * run says what it is. `least`: more is better; `most`: less is better. `of(row)` gives `{ min, median, max }`; min and
 * max are absent where a run measured once.
 */
export const figures = [
  {
    title: 'one outage (both runs, starts and ends) against a Neo4j client loop giving the same answer',
    ...{ row: ['peers-outage', 'XL'], least: 250, aim: 900, unit: '×' },
    of: (row) => outage(row, 'Neo4j, client loop over Bolt'),
  },
  {
    title: 'the same against graphology with the same algorithm',
    ...{ row: ['peers-outage', 'XL'], least: 25, aim: 60, unit: '×' },
    of: (row) => outage(row, 'graphology'),
  },
  {
    title: 'whole-graph reach against igraph (the fastest of its calls, C or Python)',
    ...{ row: ['peers-whole', 'XL'], least: 3, aim: 8, unit: '×' },
    of: (row) => slower(row, igraphs(row)),
  },
  {
    title: 'typical reach against igraph (the fastest of its calls, C or Python)',
    ...{ row: ['peers-typical', 'XL'], least: 5, aim: 10, unit: '×' },
    of: (row) => slower(row, igraphs(row)),
  },
  {
    title: 'typical reach against Neo4j Cypher',
    ...{ row: ['peers-typical', 'XL'], least: 120, aim: 250, unit: '×' },
    of: (row) => slower(row, ['Neo4j, Cypher']),
  },
  {
    title: 'all credentials, outage counts exact, in units of one whole-graph reach',
    ...{ row: ['rank', 'XL'], most: 60, aim: 10, unit: '' },
    of: (row) => slower(row, startingWith(row, 'all ').slice(0, 1)),
  },
  {
    title: 'all credentials, reach exact, in units of one SCC pass',
    ...{ row: ['reach-all', 'XL'], most: 15, aim: 5, unit: '' },
    of: (row) => slower(row, startingWith(row, 'all ')),
  },
  {
    title: 'two workers against one',
    ...{ row: ['workers', 'XL'], least: 1.8, aim: 1.95, unit: '×' },
    of: (row) => slower(row, ['one thread']),
  },
  {
    title: 'bundle import to index against bare `JSON.parse` of each line',
    ...{ row: ['scan', 'XL'], least: 1.5, aim: 5, unit: '×' },
    of: (row) => inverse(slower(row, ['bytes to index'])),
  },
  {
    title: 'CloudTrail import (parse, attribute, merge) against bare `JSON.parse` of the same bytes, in its time',
    ...{ row: ['cloudtrail', '256 MB'], most: 1.5, aim: 1, unit: '×' },
    of: (row) => slower(row, ['read, attribute, merge']),
  },
  {
    title: 'index, bytes a relationship in memory and on disk',
    ...{ row: ['index', 'XL'], most: 20, aim: 12, unit: '' },
    of: (row) => once(row, 'bytes a relationship, memory and disk'),
  },
  {
    title: 'open a snapshot against importing the same (`JSON.parse` of each line, once)',
    ...{ row: ['snapshot', 'XL'], least: 20, aim: 1000, unit: '×' },
    of: ({ figures: said, times }) => {
      const importing = numberIn(said['ms to import the same, JSON.parse a line (once)'])
      const { min, median, max } = Object.values(times)[0]
      return { min: importing / max, median: importing / median, max: importing / min }
    },
  },
  {
    title: '1,000 changed relationships against a rebuild',
    ...{ row: ['overlay', 'XL'], least: 50, aim: 200, unit: '×' },
    of: ({ times }) => apart(times.rebuild, times['1,000 changes, laid over']),
  },
  {
    title:
      'largest answer leaving the engine against computing it (starts of both runs; columns are made when asked for)',
    ...{ row: ['outage', 'XL'], most: 0.2, unit: '' },
    of: (row) => once(row, 'leaving ÷ computing, largest answer'),
  },
  {
    title: '240,000 relationships in OpenGraph shape into Neo4j, labelled graph whole, seconds',
    ...{ row: ['neo4j', '240k'], most: 120, aim: 30, unit: ' s' },
    of: (row) => once(row, 'file to labelled graph whole, s'),
  },
  {
    title: '50 outage questions a second, open loop, during a full import (size L): p99, ms',
    ...{ row: ['load', 'L'], most: 100, unit: ' ms' },
    of: ({ figures: said }) => {
      const found = /p99 ([\d.]+) ms/.exec(said['during a full import'] ?? '')
      return found && { median: Number(found[1]) }
    },
  },
]

/** How cost grows: a line for each, in ms at each size. */
export const costs = [
  { title: 'import: bundle file to index', row: 'scan', of: (row) => row.times['bytes to index'] },
  { title: 'all reach', row: 'reach-all', of: (row) => row.times[startingWith(row, 'all ')[0]] },
  { title: 'all falls', row: 'rank', of: (row) => row.times[startingWith(row, 'all ')[0]] },
  { title: 'index: columns to index', row: 'index', of: (row) => Object.values(row.times)[0] },
  { title: 'snapshot opened', row: 'snapshot', of: (row) => Object.values(row.times)[0] },
  { title: 'one outage (mean of 200)', row: 'peers-outage', of: (row) => divided(row.times.Keyfall, 200) },
]
export const sizes = ['10k', '100k', 'XL']
export const entitiesOf = { '10k': 10_000, '100k': 100_000, XL: 1_000_000 }

/** The contender that is least slow of these, as times the first. */
function slower({ times }, names) {
  const all = names.map((name) => times[name]).filter(Boolean)
  if (all.length === 0) return null
  const { timesFirst, timesFirstRange } = all.reduce((best, one) => (one.timesFirst < best.timesFirst ? one : best))
  return { min: timesFirstRange?.[0], median: timesFirst, max: timesFirstRange?.[1] }
}

/** The figure counts with columns made; what leaves before they are asked for is said beside it. */
function outage(row, name) {
  const found = slower(row, [name])
  const late = row.times['Keyfall, columns made when asked for']
  return found && { ...found, also: late && ['before columns are made', row.times[name].median / late.median] }
}

const igraphs = ({ times }) => Object.keys(times).filter((name) => /igraph/.test(name))
const startingWith = ({ times }, word) => Object.keys(times).filter((name) => name.startsWith(word))
const numberIn = (text) => Number(String(text).replaceAll(',', ''))
const once = ({ figures: said }, name) => (said[name] === undefined ? null : { median: numberIn(said[name]) })
const inverse = (ratio) => ratio && { min: 1 / ratio.max, median: 1 / ratio.median, max: 1 / ratio.min }
/** One contender ÷ another that was timed apart from the race. */
const apart = (one, other) => ({
  min: one.min / other.max,
  median: one.median / other.median,
  max: one.max / other.min,
})
const divided = ({ min, median, max }, by) => ({ min: min / by, median: median / by, max: max / by })
