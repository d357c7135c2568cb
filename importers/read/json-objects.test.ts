import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { jsonCutter, type JsonPiece } from './json-objects.ts'

function cut(text: string, chunk = 1 << 20, maxBytes?: number): readonly JsonPiece[] {
  const bytes = Buffer.from(text)
  const cutter = jsonCutter({ lists: ['Records'], firstKey: 'v', ...(maxBytes === undefined ? {} : { maxBytes }) })
  const pieces: JsonPiece[] = []
  for (let at = 0; at < bytes.length; at += chunk)
    pieces.push(...cutter.push(Buffer.from(bytes.subarray(at, at + chunk))))
  return [...pieces, ...cutter.end()]
}
const parsed = (pieces: readonly JsonPiece[]): unknown[] =>
  pieces.flatMap((piece) => ('text' in piece ? [JSON.parse(piece.text) as unknown] : []))
const broken = (pieces: readonly JsonPiece[]): unknown[] =>
  pieces.flatMap((piece) => ('broken' in piece ? [[piece.at, piece.broken]] : []))

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), { maxLength: 8 })
const forms: Record<string, (list: unknown[]) => string> = {
  'a plain array': (list) => JSON.stringify(list),
  'an indented array': (list) => JSON.stringify(list, undefined, 2),
  'an array without indent, in lines': (list) => JSON.stringify(list, undefined, 2).replace(/\n +(?=[{}"\]])/g, '\n'),
  'an outer object': (list) => JSON.stringify({ Before: 'a "{" b', Records: list, After: { x: [1] }, End: null }),
  'one a line': (list) => list.map((one) => JSON.stringify(one)).join('\n'),
  'indented, one after the other': (list) => list.map((one) => JSON.stringify(one, undefined, 1)).join('\n'),
}

describe('objects of a JSON stream', () => {
  for (const [name, write] of Object.entries(forms))
    test.prop([objects, fc.integer({ min: 1, max: 40 })])(
      `${name} gives what JSON.parse gives, in any chunks`,
      (list, chunk) => {
        // An object that itself has a list of this name can't be told from an outer one; no source has such.
        fc.pre(list.every((one) => !('Records' in one)))
        const pieces = cut(write(list), chunk)
        expect(parsed(pieces)).toEqual(JSON.parse(JSON.stringify(list)))
        expect(broken(pieces)).toEqual([])
      },
    )

  test.prop([
    fc.string({ maxLength: 300, unit: fc.constantFrom(...'{}[]",:\\\n ab1v') }),
    fc.integer({ min: 1, max: 9 }),
  ])('garbage neither throws nor hangs, and gives the same in any chunks', (text, chunk) => {
    expect(cut(text, chunk, 40)).toEqual(cut(text, 1 << 20, 40))
  })

  it('goes on behind a stray bracket and says where it was', () => {
    const pieces = cut('[{"v":1}}},{"v":2}]')
    expect(parsed(pieces)).toEqual([{ v: 1 }, { v: 2 }])
    expect(broken(pieces)).toEqual([[8, 'unreadable-record']])
  })

  it('loses only the line that was cut', () => {
    const pieces = cut('{"v":1}\n{"v":2,"a":{"b\n{"v":3}\n{"v":4,"a":{\n{"v":5}')
    expect(parsed(pieces)).toEqual([{ v: 1 }, { v: 3 }, { v: 5 }])
    expect(broken(pieces)).toEqual([
      [22, 'unreadable-record'],
      [44, 'unreadable-record'],
    ])
  })

  it('finds the next object by its first key when a bracket is missing', () => {
    const pieces = cut('{"Records":[{"v":1,"a":{},{"v":2},{"v":3}]}', 7)
    expect(parsed(pieces)).toEqual([{ v: 2 }, { v: 3 }])
    expect(broken(pieces)).toEqual([[26, 'unreadable-record']])
  })

  it('says that a list ends in the middle', () => {
    expect(broken(cut('{"Records":[{"v":1},'))).toEqual([[20, 'truncated']])
    expect(broken(cut('{"Records":[{"v":1},{"v":'))[0]).toEqual([20, 'truncated'])
  })

  it('passes over an object that is nested too deep', () => {
    const deep = `{"v":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    const pieces = cut(`{"v":1}\n${deep}\n{"v":2}`, 1000)
    expect(parsed(pieces)).toEqual([{ v: 1 }, { v: 2 }])
    expect(broken(pieces)).toEqual([[140, 'too-deep']])
  })

  it('passes over an object that is too long', () => {
    const pieces = cut(`[{"v":"${'x'.repeat(100)}"},{"v":2}]`, 16, 50)
    expect(parsed(pieces)).toEqual([{ v: 2 }])
    expect(broken(pieces)).toEqual([[1, 'too-large']])
  })
})
