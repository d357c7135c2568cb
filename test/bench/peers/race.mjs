import { median } from '../rounds.mjs'

/** A contender repeats its question in a round until so many ms are over, at most so often. */
const ROUND_MS = 200
const MOST = 50
/** Before the first round each is asked for so long: compilers of Java and JavaScript want that. */
const WARM_MS = 1_500

/**
 * Contenders one after the other in each round, each measured in its own process by its own clock. A contender is
 * `{ once(), spent }`: `once` gives `{ ms, answer }`, and so many ms were spent on its answer before; an answer that is not the expected one throws, and no time is recorded.
 * What is slow repeats less often inside a round; a time is the mean of a round's repetitions.
 * Returns `{ name: { min, median, max, timesFirst, timesFirstRange, repetitions } }` in ms.
 */
export async function raceBeside(rounds, contenders, check) {
  const names = Object.keys(contenders)
  const repetitions = {}
  for (const name of names) {
    let ms = contenders[name].spent ?? 0
    for (let spent = ms; spent < WARM_MS; spent += Math.max(ms, 1)) {
      const one = await contenders[name].once()
      check(name, one.answer)
      ms = one.ms
    }
    repetitions[name] = Math.max(1, Math.min(MOST, Math.round(ROUND_MS / ms)))
  }
  const times = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      let sum = 0
      for (let i = 0; i < repetitions[name]; i++) {
        const { ms, answer } = await contenders[name].once()
        check(name, answer)
        sum += ms
      }
      times[name].push(sum / repetitions[name])
    }
  const first = times[names[0]]
  return Object.fromEntries(
    names.map((name) => {
      const all = times[name]
      const ratios = all.map((ms, round) => ms / first[round])
      return [
        name,
        {
          min: Math.min(...all),
          median: median(all),
          max: Math.max(...all),
          timesFirst: median(ratios),
          timesFirstRange: [Math.min(...ratios), Math.max(...ratios)],
          repetitions: repetitions[name],
        },
      ]
    }),
  )
}
