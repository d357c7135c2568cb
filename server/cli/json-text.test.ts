import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { jsonText } from './json-text.ts'

it('shows nothing raw that a terminal would act on', () => {
  expect(jsonText({ name: 'a\u009b31m\u202eb\u001b' })).toBe('{"name":"a\\u009b31m\\u202eb\\u001b"}')
})

test.prop([fc.jsonValue()])('is the same value', (value) => {
  expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)))
})
