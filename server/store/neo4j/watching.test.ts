import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startWatching, type Marks, type Watching } from './watching.ts'

const TICK = 2_000
let watching: Watching
let told: string[]

/** What the database says, and how long it takes to. */
let marks: Map<string, string | number>
let reads: (() => Promise<Marks>)[]
const read = (): Promise<Marks> => (reads.shift() ?? (() => Promise.resolve(new Map(marks))))()

beforeEach(() => {
  vi.useFakeTimers()
  marks = new Map([['a', 'first']])
  reads = []
  told = []
  watching = startWatching(read)
  return () => watching.stop()
})
afterEach(() => vi.useRealTimers())

/** Watches, and lets the first look pass, which tells of everything. */
async function settled(): Promise<void> {
  watching.add((changed) => told.push(...changed))
  await vi.advanceTimersByTimeAsync(TICK)
  told.length = 0
}
const tick = (): Promise<unknown> => vi.advanceTimersByTimeAsync(TICK)

it('tells of a change that fell between what was loaded and the first look', async () => {
  const slow = async (): Promise<Marks> => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    return new Map(marks)
  }
  reads = [slow, slow]
  watching.add((changed) => told.push(...changed))
  // Loaded here, at "first"; then somebody writes, and only then does the first look come through.
  marks.set('a', 'second')
  await tick()
  await tick()
  expect(told).toEqual(['a'])
})

it('tells that everything went between what was loaded and the first look', async () => {
  let looks = 0
  watching.add(() => looks++)
  marks.clear()
  await tick()
  expect(looks).toBe(1)
  await tick()
  expect(looks).toBe(1)
})

it('tells nothing where nothing changed', async () => {
  await settled()
  await tick()
  expect(told).toEqual([])
})

it('tells when a name goes, as after a backup was put back', async () => {
  await settled()
  marks.delete('a')
  await tick()
  expect(told).toEqual(['a'])
})

it('tells afterwards what changed while the database was away', async () => {
  await settled()
  const away = (): Promise<Marks> => Promise.reject(new Error('away'))
  reads = Array.from({ length: 5 }, () => away)
  marks.set('a', 'second')
  for (let i = 0; i < 5; i++) await tick()
  expect(told).toEqual([])
  await tick()
  expect(told).toEqual(['a'])
})

it('is not set back by a look that comes in late', async () => {
  await settled()
  let late = (_: Marks): void => {}
  const old = new Map(marks)
  reads = [() => new Promise((resolve) => (late = resolve))]
  watching.look()
  marks.set('a', 'second')
  watching.look()
  await tick()
  expect(told).toEqual(['a'])
  late(old)
  await tick()
  expect(told).toEqual(['a'])
})

it('tells at once of what was changed here, also while an older look is under way', async () => {
  await settled()
  reads = [() => new Promise((resolve) => setTimeout(() => resolve(new Map([['a', 'first']])), 10))]
  watching.look()
  marks.set('a', 'second')
  watching.look()
  await vi.advanceTimersByTimeAsync(100)
  expect(told).toEqual(['a'])
})
