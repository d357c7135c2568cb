import { bufferOf } from '../arrays.ts'
import { describe, expect, it } from 'vitest'
import { compileEstate } from '../outage/compile.ts'
import { flatOf } from '../outage/flat-of.ts'
import { indexIn } from './flat-index.ts'
import { openSnapshot, sealSnapshot } from './snapshot.ts'

const index = () =>
  flatOf(
    compileEstate({
      entities: ['key', 'spare', 'app', 'shop'].map((id) => ({ id })),
      relationships: [
        { kind: 'USES_CREDENTIAL', from: 'app', to: 'key', need: 'n', session: [60, 120] },
        { kind: 'USES_CREDENTIAL', from: 'app', to: 'spare', need: 'n' },
        { kind: 'DEPENDS_ON', from: 'shop', to: 'app', tolerance: [5, 10] },
      ],
    }),
  ).index

/** The bytes of a file, in a buffer of their own. */
function inFile(bytes: Uint8Array): ArrayBufferLike {
  const buffer = bufferOf(bytes.length)
  new Uint8Array(buffer).set(bytes)
  return buffer
}

describe('a snapshot of the index', () => {
  it('opens as what was sealed', () => {
    const made = index()
    const opened = openSnapshot(inFile(sealSnapshot(made, 'snapshot-1')), 'snapshot-1')
    if (typeof opened === 'string') throw new Error(opened)
    expect(opened).toEqual(indexIn(made.buffer))
    expect([...opened.edges]).toEqual([...made.edges])
    expect(opened.timings[7]).toBe(made.timings[7])
  })

  it('is refused under another name: it is of another state of the store', () => {
    expect(openSnapshot(inFile(sealSnapshot(index(), 'snapshot-1')), 'snapshot-2')).toBe('stale')
  })

  it('is refused wherever one bit of it is wrong', () => {
    const bytes = sealSnapshot(index(), 'snapshot-1')
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice()
      damaged[at]! ^= 1 << (at & 7)
      expect(typeof openSnapshot(inFile(damaged), 'snapshot-1'), `byte ${at}`).toBe('string')
    }
  })

  it('is refused when it was cut, or is something else', () => {
    const bytes = sealSnapshot(index(), 'snapshot-1')
    for (let length = 0; length < bytes.length; length += 60)
      expect(typeof openSnapshot(inFile(bytes.slice(0, length)), 'snapshot-1')).toBe('string')
    expect(openSnapshot(inFile(new Uint8Array(4096).fill(7)), 'snapshot-1')).toBe('not-an-index')
  })

  it('takes no name that does not fit', () => {
    expect(() => sealSnapshot(index(), 'x'.repeat(300))).toThrow(RangeError)
  })
})
