import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lazyList } from './lazy-list.ts'

interface Item {
  readonly number: number
}

/** A list that counts how often each item was made. */
function counted(length: number) {
  const made = new Array<number>(length).fill(0)
  const make = (number: number): Item => {
    made[number] = made[number]! + 1
    return { number }
  }
  const { now } = lazyList<Item>({
    length,
    at: make,
    all: (into) => {
      for (let i = 0; i < length; i++) into[i] ??= make(i)
    },
  })
  return { now, made }
}

const plain = (length: number): Item[] => Array.from({ length }, (_, number) => ({ number }))

/** What may be asked of a list, as text. */
const asks: Record<string, (list: readonly Item[], at: number) => unknown> = {
  item: (list, at) => list[at],
  length: (list) => list.length,
  slice: (list, at) => list.slice(at, at + 3),
  map: (list) => list.map(({ number }) => number * 2),
  spread: (list) => [...list],
  typed: (list) => [...Int32Array.from(list, ({ number }) => number)],
  find: (list, at) => list.findIndex(({ number }) => number === at),
  last: (list) => list.at(-1),
  keys: (list) => Object.keys(list),
  in: (list, at) => String(at) in list,
  json: (list) => JSON.stringify(list),
  entries: (list) => [...list.entries()],
  flat: (list) => [list].flat(),
  isArray: (list) => Array.isArray(list),
}

it('answers like a plain list, in whatever order it is asked', () => {
  const step = fc.tuple(fc.constantFrom(...Object.keys(asks)), fc.integer({ min: -1, max: 12 }))
  fc.assert(
    fc.property(fc.nat(10), fc.array(step, { maxLength: 12 }), (length, steps) => {
      const { now, made } = counted(length)
      const [before, expected] = [now(), plain(length)]
      for (const [name, at] of steps) {
        expect(asks[name]!(before, at)).toEqual(asks[name]!(expected, at))
        expect(asks[name]!(now(), at)).toEqual(asks[name]!(expected, at))
      }
      expect(made.every((times) => times <= 1)).toBe(true)
    }),
  )
})

it('makes only what is asked for by number, and gives the same object each time', () => {
  const { now, made } = counted(5)
  const third = now()[3]
  expect([made, now()[3] === third]).toEqual([[0, 0, 0, 1, 0], true])
  expect(now().map((one) => one)[3]).toBe(third)
  expect(made).toEqual([1, 1, 1, 1, 1])
})
