import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { killersOf } from './killers.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const limits = { wallMs: 1_000_000, startMs: 180_000, silenceMs: 30_000 }
const never = new Promise<never>(() => undefined)

function watched(isSlowSource = false) {
  const kill = vi.fn(() => true)
  const kills = killersOf({ kill }, { waiting: () => isSlowSource }, limits, undefined)
  return { kills, kill }
}

it('waits for the start of a child longer than for a word of one that is there', () => {
  const { kills, kill } = watched()
  void kills.await(never)
  vi.advanceTimersByTime(limits.startMs - 1)
  expect(kill).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(kills.why()).toBe('it said nothing for 180 s.')
  expect(kill).toHaveBeenCalledWith('SIGKILL')
})

it('begins to count its silence when it says that it is there', async () => {
  const { kills, kill } = watched()
  await kills.await(Promise.resolve())
  kills.started()
  void kills.await(never)
  vi.advanceTimersByTime(limits.silenceMs - 1)
  expect(kill).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(kills.why()).toBe('it said nothing for 30 s.')
})

it('does not blame one that waits for the bytes of a slow upload, but one that does not start meanwhile', () => {
  const there = watched(true)
  there.kills.started()
  void there.kills.await(never)
  vi.advanceTimersByTime(limits.startMs)
  expect(there.kill).not.toHaveBeenCalled()
  const { kills } = watched(true)
  void kills.await(never)
  vi.advanceTimersByTime(limits.startMs)
  expect(kills.why()).toBe('it said nothing for 180 s.')
})
