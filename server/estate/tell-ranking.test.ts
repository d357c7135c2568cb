import { describe, expect, it } from 'vitest'
import { tellRanking, type RankingSoFar } from './tell-ranking.ts'

/** What is heard when 100 of 10,000 are done every so many milliseconds. */
function heard(everyMs: number): RankingSoFar[] {
  const said: RankingSoFar[] = []
  let now = 1_000
  const did = tellRanking(
    (soFar) => said.push(soFar),
    () => now,
  )
  for (let done = 100; done <= 10_000; done += 100) {
    now += everyMs
    did(done, 10_000)
  }
  return said
}

describe('how far a ranking is', () => {
  it('is not told when it is over within half a second', () => expect(heard(4)).toEqual([]))

  it('is told from half a second on, four times a second, and its end', () => {
    const said = heard(10)
    expect(said.map(({ done }) => done)).toEqual([5_000, 7_500, 10_000])
    expect(said.every(({ all }) => all === 10_000)).toBe(true)
  })
})
