import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { nowhere, readPlace, writePlace, type Place } from './url.ts'

const id = fc.stringMatching(/^[a-z2-7]{16}$/)
const word = fc.stringMatching(/^[A-Za-z0-9 ~*./|&=?#%é-]{1,12}$/)
const blast: fc.Arbitrary<Place> = fc.record({
  view: fc.constant('blast' as const),
  id,
  part: fc.constant(''),
  op: fc.constantFrom('revoke', 'rotate', 'disable', 'expire', null),
  t: fc.oneof(fc.constant(''), word),
  verdicts: fc.subarray(['breaks', 'steps', 'unknown', 'keeps'] as const),
  ticked: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}(~PT8H)?$/), { maxLength: 4 }),
  diff: fc.boolean(),
  opened: fc.array(fc.stringMatching(/^tier-[0-9](\*[0-9])?$/), { maxLength: 3 }),
  filter: fc.constantFrom('', 'own:unknown tier:1', 'payments'),
  onlyFits: fc.boolean(),
  group: fc.constantFrom('system' as const, 'owner' as const, 'plane' as const),
  snap: fc.constantFrom('', '4f2a91c07be3'),
  sort: fc.constantFrom('', 'age', '-owner'),
  selected: fc.oneof(fc.constant(''), id),
  cell: fc.oneof(
    fc.constant(''),
    id.map((row) => `${row}.15m`),
  ),
  why: fc.oneof(fc.constant(''), fc.constant('none'), id),
  whyPath: fc.nat(8),
  shows: fc.constantFrom('picture' as const, 'table' as const),
  tab: fc.constantFrom('', 'selection', 'unknowns'),
  q: fc.oneof(fc.constant(''), word),
  mode: fc.constantFrom('can' as const, 'used' as const, 'both' as const),
  since: fc.constantFrom('', '2026-11-13', '2026-11-13T21:40:00Z'),
  networks: fc.constantFrom('', '203.0.113.7,198.51.100.0/24'),
  hidden: fc.subarray(['k8s.secret', 'aws.iam_user']),
  trail: fc.array(id, { maxLength: 3 }),
  within: fc.array(id, { maxLength: 2 }),
  callers: fc.array(id, { maxLength: 3 }),
  rest: fc.uniqueArray(fc.tuple(fc.constantFrom('x2', 'y', 'zz'), word), { selector: ([key]) => key, maxLength: 2 }),
  misread: fc.constant([]),
})

const read = (url: string): Place => {
  const { pathname, search } = new URL(url, 'http://keyfall')
  return readPlace(pathname, search)
}

describe('the URL is the state', () => {
  test.prop([blast])('what is written is read back', (place) => {
    expect(read(writePlace(place))).toEqual(place)
  })

  test.prop([blast])('writing what was read changes nothing', (place) => {
    const url = writePlace(place)
    expect(writePlace(read(url))).toBe(url)
  })

  test.prop([fc.webPath(), fc.webQueryParameters()])('any address is read without a throw', (path, query) => {
    expect(() => writePlace(readPlace(path, `?${query}`))).not.toThrow()
  })

  it('leaves defaults out and keeps one order of keys', () => {
    const url = '/b/abcdefghijklmnop?v=table&why=abcdefghijklmnop&t=15m&op=rotate'
    expect(writePlace(read(url))).toBe('/b/abcdefghijklmnop?op=rotate&t=15m&why=abcdefghijklmnop&v=table')
    expect(writePlace(nowhere)).toBe('/')
  })

  it('keeps keys it does not know, and names values it does not understand', () => {
    const place = read('/b/abcdefghijklmnop?op=explode&why.k=40&y=20261120T0400Z')
    expect(place.op).toBeNull()
    expect(place.misread).toEqual(['op=explode', 'why.k=40'])
    expect(writePlace(place)).toBe('/b/abcdefghijklmnop?y=20261120T0400Z')
  })

  it('knows places without an id, and saved ones', () => {
    expect(['/settings', '/sources', '/s/k7f3a9'].map((url) => read(url).view)).toEqual([
      'settings',
      'sources',
      'saved',
    ])
    expect(writePlace({ ...nowhere, view: 'settings' })).toBe('/settings')
    expect(read('/b/abcdefghijklmnop?f=verdict:breaks own:unknown')).toMatchObject({
      verdicts: ['breaks'],
      filter: 'own:unknown',
    })
  })

  it.each(['/zzz', '/b', '/b/UPPER', '/n/<script>', '/b/%E0%A4%A'])('%s is nowhere, not an error', (url) => {
    expect(readPlace(url, '').view).toBe('lost')
  })
})
