import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { endedForMemory, isHeapFull, NotEnoughMemory, refuseWithoutRoom } from './not-enough-memory.ts'

const FILL = 'const all = []; for (;;) all.push(new Array(1e5).fill(all.length).map(String))'

it('knows a thread that ended because its heap was full', async () => {
  const worker = new Worker(FILL, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } })
  const [error] = (await once(worker, 'error')) as [Error]
  expect([isHeapFull(error), isHeapFull(new Error('other'))]).toEqual([true, false])
})

it('knows a process that ended because its heap was full', () => {
  const full = spawnSync(process.execPath, ['--max-old-space-size=16', '-e', FILL], { stdio: 'ignore' })
  const other = spawnSync(process.execPath, ['-e', 'process.exit(1)'])
  expect([endedForMemory(full), endedForMemory(other)]).toEqual([true, false])
})

it('says how much was not enough, and what to do', () => {
  const error = new NotEnoughMemory('this command', 4095.6, 'take more')
  expect([error.message, error.hint]).toEqual([
    'the estate of this store does not fit into the 4096 MB that this command may take',
    'take more',
  ])
})

it('refuses what would end the whole process, and says with how much it would not', () => {
  expect(() => refuseWithoutRoom(0)).not.toThrow()
  const refused = (): void => refuseWithoutRoom(1e9)
  expect(refused).toThrow(NotEnoughMemory)
  expect(refused).toThrow(/does not fit into the \d+ MB that the main thread of the server may take/)
})
