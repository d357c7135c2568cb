import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { onceQuiet, startQuiet } from './quiet.ts'

let told: string[][]
let quiet: ReturnType<typeof startQuiet>
let tell: (changed: readonly string[]) => void

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  quiet = startQuiet()
  tell = onceQuiet((changed) => void told.push([...changed]), quiet.is)
})
afterEach(() => vi.useRealTimers())

it('tells at once of what others changed', async () => {
  tell(['a'])
  await vi.advanceTimersByTimeAsync(0)
  expect(told).toEqual([['a']])
})

it('tells of all scopes of an import together, when no more come', async () => {
  for (const scope of ['a', 'b', 'a', 'c']) {
    quiet.disturb()
    tell([scope])
    await vi.advanceTimersByTimeAsync(500)
  }
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual([['a', 'b', 'c']])
})

it('does not wait for ever for one that never ends', async () => {
  for (let i = 0; i < 80; i++) {
    quiet.disturb()
    if (i === 0) tell(['a'])
    await vi.advanceTimersByTimeAsync(500)
  }
  expect(told).toEqual([['a']])
})

it('tells of what comes after as well', async () => {
  tell(['a'])
  await vi.advanceTimersByTimeAsync(0)
  quiet.disturb()
  tell(['b'])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(told).toEqual([['a'], ['b']])
})
