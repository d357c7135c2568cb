import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rankedWords } from '../model/ranked-words.ts'
import { hearRanking, ranking } from './ranking.ts'

/** The stream of the page, told by the test. */
class Stream extends EventTarget {
  tell(type: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(type, { data: typeof data === 'string' ? data : JSON.stringify(data) }))
  }
}

const stream = new Stream()
beforeAll(() => hearRanking(stream))
beforeEach(() => void (ranking.value = null))

describe('how far a ranking is', () => {
  it('is said while the server tells of it, and over with the newer graph', () => {
    stream.tell('ranking', { done: 120_000, all: 220_000 })
    expect(rankedWords(ranking.value!)).toBe('Newer graph: ranked 120,000 of 220,000')
    stream.tell('snapshot', { id: 'next' })
    expect(ranking.value).toBe(null)
  })

  it.each([{ done: 7, all: 7 }, { done: 'many', all: 9 }, 'no JSON'])(
    'is not said where there is nothing to say',
    (data) => {
      stream.tell('ranking', { done: 1, all: 9 })
      stream.tell('ranking', data)
      expect(ranking.value).toBe(null)
    },
  )

  it('is not said when the server is gone', () => {
    stream.tell('ranking', { done: 1, all: 9 })
    stream.dispatchEvent(new Event('error'))
    expect(ranking.value).toBe(null)
  })
})
