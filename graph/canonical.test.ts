import { fc, test as property } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { canonical } from './canonical.ts'

/** The definition, without any care for time. */
function plainly(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => plainly(item ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${plainly(one)}`).join(',')}}`
}

const scalar = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constantFrom(null, undefined, -0))
const key = fc.oneof(fc.string(), fc.constantFrom('10', '9', 'id', 'kind', 'Z', '__proto__', 'toJSON', 'é'))
const plainKey = fc.constantFrom('id', 'kind', 'from', 'Name', 'a')
const inner = fc.oneof(fc.dictionary(key, scalar), fc.dictionary(plainKey, scalar))
const record = fc.oneof(
  fc.dictionary(key, fc.oneof(scalar, fc.array(scalar), inner)),
  fc.dictionary(plainKey, fc.oneof(scalar, fc.array(scalar), fc.array(inner), inner)),
)

property.prop([record])('is what its definition says', (value) => {
  expect(canonical(value)).toBe(plainly(value))
})

it('does not depend on the order of keys', () => {
  expect(canonical({ b: 1, a: [{ d: 1, c: undefined }] })).toBe('{"a":[{"d":1}],"b":1}')
})
