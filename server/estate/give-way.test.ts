import { describe, expect, it } from 'vitest'
import { givingWay } from './give-way.ts'

/** A thread in which questions wait, each of which takes so many ms; one of them may give way itself. */
function thread(waiting: { readonly ms: number; readonly giveWay?: boolean }[]) {
  let now = 0
  const said: string[] = []
  const way = givingWay({
    clock: () => now,
    takeOne: () => {
      const next = waiting.shift()
      if (!next) return false
      said.push(`begins ${now}`)
      if (next.giveWay) way()
      now += next.ms
      said.push(`ends ${now}`)
      return true
    },
  })
  return { way, said, pass: (ms: number) => (now += ms) }
}

describe('giving way', () => {
  it('answers all who wait, and then works as long as they took before it looks again', () => {
    const waiting = [{ ms: 20 }, { ms: 30 }]
    const { way, said, pass } = thread(waiting)
    way()
    expect(said).toEqual(['begins 0', 'ends 20', 'begins 20', 'ends 50'])
    waiting.push({ ms: 1 })
    pass(49)
    way()
    expect(said).toHaveLength(4)
    pass(1)
    way()
    expect(said.slice(4)).toEqual(['begins 100', 'ends 101'])
  })

  it('goes on after a while however many wait', () => {
    const waiting = Array.from({ length: 50 }, () => ({ ms: 10 }))
    const { way } = thread(waiting)
    way()
    expect(waiting).toHaveLength(40)
  })

  it('looks seldom where nobody waits', () => {
    let looks = 0
    let now = 0
    const way = givingWay({ clock: () => now, takeOne: () => (looks++, false) })
    for (; now < 100; now++) way()
    expect(looks).toBe(10)
  })

  it('lets a question wait that is asked while too many wait for one another', () => {
    const waiting = Array.from({ length: 40 }, () => ({ ms: 0, giveWay: true }))
    const { way, said } = thread(waiting)
    way()
    const deepest = said.findIndex((one) => one.startsWith('ends'))
    expect(deepest).toBe(16)
    expect(waiting).toHaveLength(0)
  })

  it('is free again after a question that failed', () => {
    let fails = true
    const way = givingWay({
      clock: () => 0,
      takeOne: () => {
        if (fails) throw new Error('of the question')
        return false
      },
    })
    for (let time = 0; time < 40; time++) expect(way).toThrow('of the question')
    fails = false
    way()
  })
})
