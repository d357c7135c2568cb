import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { InputFile } from '../importer.ts'
import { documentsOf, type Read } from './stream-documents.ts'

function input(text: string, piece = 7): InputFile {
  const bytes = new TextEncoder().encode(text)
  return {
    name: 'x',
    sha256: '',
    text: () => Promise.resolve(text),
    stream: async function* () {
      for (let at = 0; at < bytes.length; at += piece) yield await Promise.resolve(bytes.subarray(at, at + piece))
    },
  }
}
async function read(text: string, heldBytes = 20, piece?: number): Promise<Read[]> {
  const found: Read[] = []
  for await (const one of documentsOf(input(text, piece), heldBytes)) found.push(one)
  return found
}
const valuesOf = (found: readonly Read[]) => found.map((one) => ('reason' in one ? one.reason : one.value))

describe('a file too large to be held', () => {
  it('a list of an API server: one item at a time, with the kind of the list', async () => {
    const text = '{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"a":1},{"b":{"items":[2]}}]}'
    expect(await read(text, 60)).toEqual([
      { value: { a: 1 }, where: 'byte 59', templated: false, kind: 'Pod', apiVersion: 'v1' },
      { value: { b: { items: [2] } }, where: 'byte 67', templated: false, kind: 'Pod', apiVersion: 'v1' },
    ])
  })

  it('what kubectl prints: the list is named behind its items, which have kinds themselves', async () => {
    const text = '{\n"apiVersion": "v1",\n"items": [\n{"kind":"Pod"},\n{"kind":"Secret"}\n],\n"kind": "List"\n}\n'
    expect(valuesOf(await read(text))).toEqual([{ kind: 'Pod' }, { kind: 'Secret' }])
  })

  it('YAML: documents at their marks, items of a list at their dashes, with the line of each', async () => {
    const text =
      'kind: A\n---\napiVersion: v1\nitems:\n- kind: B\n  x: |\n    - no item\n    items:\n- kind: C\nkind: List\nmetadata: {}\n---\nkind: D\n'
    expect((await read(text)).map((one) => ('value' in one ? [one.where, one.value] : one))).toEqual([
      ['line 1', { kind: 'A' }],
      ['line 5', [{ kind: 'B', x: '- no item\nitems:\n' }]],
      ['line 9', [{ kind: 'C' }]],
      ['line 10', { kind: 'List', metadata: {} }],
      ['line 13', { kind: 'D' }],
    ])
  })

  it('a broken document is told with its line, the next is read', async () => {
    const found = await read('kind: A\n---\nkind: B\nx:\n\ty: 1\n---\nkind: C\n')
    expect(found.map((one) => ('reason' in one ? `${one.reason} ${one.where}` : one.value))).toEqual([
      { kind: 'A' },
      'not-yaml line 5',
      { kind: 'C' },
    ])
  })

  it('an object beyond the limit is told, the next is read', async () => {
    const large = JSON.stringify({ kind: 'Pod', x: 'x'.repeat(5 * 1024 * 1024) })
    const found = await read(`[${large},{"apiVersion":"v1","kind":"Secret"}]`, 20, 65_536)
    expect(valuesOf(found)).toEqual(['too-large', { apiVersion: 'v1', kind: 'Secret' }])
    const yaml = await read(`kind: A\nx: ${'x'.repeat(5 * 1024 * 1024)}\n---\nkind: B\n`, 20, 65_536)
    expect(valuesOf(yaml)).toEqual(['too-large', { kind: 'B' }])
  })

  const object = fc.dictionary(
    fc.constantFrom('kind', 'a', 'items2', 'x y'),
    fc.constantFrom('v', '{', '"', '- a', '---'),
  )
  test.prop([fc.array(object, { maxLength: 5 }), fc.integer({ min: 1, max: 20 })])(
    'wherever the pieces end, the objects are those of the file read at once',
    async (objects, piece) => {
      const text = JSON.stringify({ kind: 'List', items: objects })
      expect(valuesOf(await read(text, 20, piece))).toEqual(objects)
    },
  )
})
