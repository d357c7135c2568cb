import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { compileEstate } from '../outage/compile.ts'
import { columnsOf } from '../outage/flat-of.ts'
import { reserve } from './engine-memory.ts'
import { bytesOf, inEngineMemory, indexIn, roomOf } from './flat-index.ts'
import { indexOf } from './index-of.ts'
import { openSnapshot, sealSnapshot } from './snapshot.ts'

const index = () =>
  indexOf(
    columnsOf(
      compileEstate({
        entities: [{ id: 'a' }, { id: 'b' }],
        relationships: [{ kind: 'DEPENDS_ON', from: 'a', to: 'b' }],
      }),
    ),
  )

it('an index in memory has the bytes of one in a buffer, and a file of it opens there', () => {
  const plain = index()
  const inMemory = inEngineMemory(plain)
  expect(plain.memory).toBeNull()
  expect(roomOf(plain)).toBeUndefined()
  expect(bytesOf(inMemory)).toEqual(bytesOf(plain))
  expect(inMemory.edges).toEqual(plain.edges)
  const file = sealSnapshot(inMemory, 'name').slice()
  const opened = openSnapshot(inMemory.buffer, 'name', file.length, inMemory.memory)
  expect(opened).toMatchObject({ memory: inMemory.memory, entities: 2 })
  expect(openSnapshot(inMemory.buffer, 'name')).toBe('cut-short')
})

it('rooms are zeros, at multiples of 64, beside each other, and the index behind which they lie stays', () => {
  const one = inEngineMemory(index())
  const before = bytesOf(one).slice()
  const room = roomOf(one)!
  const starts = [1, 64, 65, 1_000_000, 3].map((bytes) => {
    const start = reserve(room, bytes)
    const view = new Uint8Array(room.memory.buffer, start, bytes)
    expect(view.every((byte) => byte === 0)).toBe(true)
    view.fill(255)
    return start
  })
  expect(starts.map((start) => start % 64)).toEqual([0, 0, 0, 0, 0])
  expect(starts.slice(1).map((start, i) => start - starts[i]!)).toEqual([64, 64, 128, 1_000_000])
  expect(bytesOf(one)).toEqual(before)
  // Views of before it grew show the same bytes.
  expect(indexIn(room.memory.buffer, room.memory).edges).toEqual(one.edges)
  expect(reserve(room, 2 ** 32)).toBe(0)
})

it('several threads take room in the same memory, none of it twice', async () => {
  const one = inEngineMemory(index())
  const room = roomOf(one)!
  const source = `
    const { parentPort, workerData: { memory, bytes } } = require('node:worker_threads')
    const starts = []
    for (let i = 0; i < 50; i++) {
      const taken = Atomics.add(new Int32Array(memory.buffer, bytes, 1), 0, 1)
      starts.push(bytes + 64 + 64 * taken)
    }
    parentPort.postMessage(starts)`
  const theirs = [0, 1].map(
    () =>
      new Promise<number[]>((resolve, reject) => {
        const worker = new Worker(source, { eval: true, workerData: room })
        worker.once('message', resolve)
        worker.once('error', reject)
      }),
  )
  const mine = Array.from({ length: 50 }, () => reserve(room, 64))
  const all = [...mine, ...(await Promise.all(theirs)).flat()]
  expect(new Set(all).size).toBe(150)
})
