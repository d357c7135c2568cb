import { performance } from 'node:perf_hooks'

/** Milliseconds that one call took, and what it returned. */
export async function timed(work) {
  const start = performance.now()
  const result = await work()
  return { ms: performance.now() - start, result }
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Runs contenders one after the other in each round, so that a noisy neighbour hits all of them. `check` gets what each
 * returned and throws when an answer is wrong: a round with a wrong answer records no time.
 * Returns `{ name: { min, median, max, timesFirst, timesFirstRange } }`: ms, and each ÷ the first inside a round, median and
 * range over rounds.
 */
export async function race(rounds, contenders, check) {
  const times = new Map(Object.keys(contenders).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const found = new Map()
    for (const [name, work] of Object.entries(contenders)) {
      const { ms, result } = await timed(work)
      found.set(name, { ms, result })
    }
    check(new Map([...found].map(([name, { result }]) => [name, result])))
    for (const [name, { ms }] of found) times.get(name).push(ms)
  }
  const [first] = times.keys()
  const summary = {}
  for (const [name, ms] of times) {
    const ratios = times.get(first).map((one, round) => ms[round] / one)
    const timesFirstRange = [Math.min(...ratios), Math.max(...ratios)]
    const timesFirst = median(ratios)
    summary[name] = { min: Math.min(...ms), median: median(ms), max: Math.max(...ms), timesFirst, timesFirstRange }
  }
  return summary
}
