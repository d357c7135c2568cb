import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { isCircular } from './circular.ts'
import { parseYaml } from './parse-yaml.ts'

describe('a value that holds itself', () => {
  it('is found however far down, and among siblings that are shared', () => {
    const list: unknown[] = [1]
    const shared = { a: 1 }
    expect(isCircular([shared, { b: shared }, new Map([[shared, shared]])])).toBe(false)
    list.push([new Map<unknown, unknown>([['x', { y: list }]])])
    expect(isCircular(list)).toBe(true)
    expect(isCircular({ deep: [shared, list] })).toBe(true)
  })

  test.prop([fc.jsonValue()])('is none that JSON can write', (value) => {
    expect(isCircular(value)).toBe(false)
  })

  it.each(['- &a [*a, *a]', 'x: &a {y: [1, {z: *a}, {z: *a}]}', '&a [{b: &c [*a, *c]}]'])(
    'in a file of YAML is a record that was not understood: %s',
    (text) => {
      expect(parseYaml(text)).toMatchObject({ reason: 'too-deep' })
    },
  )
})
