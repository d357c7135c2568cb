import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { capabilitiesAt, decide, type Capability, type NamedPolicy, type PolicyRule } from './policy.ts'
import { readPolicy } from './policy-text.ts'

const rule = (pattern: string, ...words: (Capability | 'deny')[]): PolicyRule => ({
  pattern,
  deny: words.includes('deny'),
  capabilities: words.filter((word): word is Capability => word !== 'deny'),
  conditions: [],
})
const policy = (name: string, ...rules: PolicyRule[]): NamedPolicy => ({ name, rules })

/** Worked by hand from the priority rules of the documentation. */
describe('which rule counts', () => {
  it.each([
    ['nothing matches', [rule('secret/other', 'read')], 'secret/a', 'deny', undefined],
    ['exact', [rule('secret/a', 'read')], 'secret/a', 'allow', 'secret/a'],
    ['a prefix does not match its own folder', [rule('secret/*', 'read')], 'secret', 'deny', undefined],
    ['prefix', [rule('secret/*', 'read')], 'secret/a/b', 'allow', 'secret/*'],
    ['prefix within a segment', [rule('secret/sh*', 'read')], 'secret/shop/db', 'allow', 'secret/sh*'],
    [
      'an exact rule beats a prefix',
      [rule('secret/*', 'read'), rule('secret/a', 'deny')],
      'secret/a',
      'deny',
      'secret/a',
    ],
    ['the longer prefix', [rule('secret/*', 'deny'), rule('secret/a/*', 'read')], 'secret/a/b', 'allow', 'secret/a/*'],
    ['+ is one segment', [rule('secret/+/db', 'read')], 'secret/shop/db', 'allow', 'secret/+/db'],
    ['+ is not two', [rule('secret/+/db', 'read')], 'secret/shop/x/db', 'deny', undefined],
    ['+ and * together', [rule('secret/+/team*', 'read')], 'secret/shop/teams/x', 'allow', 'secret/+/team*'],
    [
      'the first wildcard later',
      [rule('secret/+/+/db', 'deny'), rule('secret/shop/+/db', 'read')],
      'secret/shop/x/db',
      'allow',
      'secret/shop/+/db',
    ],
    ['no * at the end', [rule('secret/*', 'deny'), rule('secret/+/db', 'read')], 'secret/a/db', 'allow', 'secret/+/db'],
    ['fewer +', [rule('a/+/+/d', 'deny'), rule('a/+/c/d', 'read')], 'a/b/c/d', 'allow', 'a/+/c/d'],
    ['the longer', [rule('a/+/b*', 'deny'), rule('a/+/bc*', 'read')], 'a/x/bcd', 'allow', 'a/+/bc*'],
    ['the greater in order', [rule('a/+/b/+', 'deny'), rule('a/+/+/c', 'read')], 'a/x/b/c', 'deny', 'a/+/b/+'],
    ['* elsewhere is a character', [rule('a/*/b', 'read')], 'a/x/b', 'deny', undefined],
  ] as const)('%s', (_, rules, path, outcome, pattern) => {
    expect(decide([policy('p', ...rules)], 'read', path)).toMatchObject({ outcome, ...(pattern && { pattern }) })
  })

  it('unites policies of one pattern, and deny beats them all', () => {
    const [a, b] = [policy('a', rule('x', 'read')), policy('b', rule('x', 'update'))]
    expect(capabilitiesAt([a, b], 'x')).toEqual(['read', 'update'])
    expect(decide([a, b], 'read', 'x').policies).toEqual(['a', 'b'])
    expect(capabilitiesAt([a, b, policy('c', rule('x', 'deny'))], 'x')).toEqual([])
    expect(decide([a, b, policy('c', rule('x*', 'deny'))], 'read', 'x').outcome).toBe('allow')
  })

  it('lists a folder with and without its slash', () => {
    for (const pattern of ['secret/a', 'secret/a/'])
      expect(decide([policy('p', rule(pattern, 'list'))], 'list', 'secret/a').outcome).toBe('allow')
    expect(decide([policy('p', rule('secret/a/', 'read'))], 'read', 'secret/a').outcome).toBe('deny')
  })

  it('lets root do everything', () => expect(decide([policy('root')], 'sudo', 'sys/seal').outcome).toBe('allow'))

  it('says unknown where a template decides, and not where it cannot', () => {
    const own = policy('own', rule('secret/{{identity.entity.name}}/*', 'read'))
    expect(decide([own], 'read', 'secret/shop/db').outcome).toBe('unknown')
    expect(decide([own], 'read', 'other/shop').outcome).toBe('deny')
    expect(decide([own, policy('all', rule('secret/*', 'read'))], 'read', 'secret/shop/db').outcome).toBe('allow')
    expect(decide([own], 'read', 'secret/shop/db', () => 'shop').outcome).toBe('allow')
    expect(decide([own], 'read', 'secret/shop/db', () => 'till').outcome).toBe('deny')
  })
})

describe('the text of a policy', () => {
  const hcl = `
    # comment
    path "/secret/data/shop/*" { capabilities = ["read", "list"] }
    path "auth/token/create" {
      capabilities = ["update"]
      allowed_parameters = { "policies" = ["shop"], "*" = [] }
      min_wrapping_ttl = "1s"
    }
    path "sys/seal" { policy = "sudo" }
    path "secret/data/payroll" { capabilities = ["deny"] }
    path "broken" { capabilities = [var.x] }
    path "unknown" { capabilities = ["reed"] }
  `
  it('in HCL', async () => {
    const read = await readPolicy(hcl)
    if ('reason' in read) throw new Error(read.reason)
    const short = read.rules.map((one) => `${one.pattern} ${one.capabilities.join(',')} ${one.conditions.join(',')}`)
    expect(short).toEqual([
      'secret/data/shop/* read,list ',
      'auth/token/create update allowed_parameters,min_wrapping_ttl',
      'sys/seal create,read,update,delete,list,sudo ',
      'secret/data/payroll  ',
    ])
    expect(read.rules.map((one) => one.deny)).toEqual([false, false, false, true])
    expect(read.unread).toEqual(['line 11', 'line 12'])
  })

  it('in JSON, as an object and as a list', async () => {
    const body = { 'secret/*': { capabilities: ['read'] }, x: [{ policy: 'write' }], bad: { capabilities: 'read' } }
    for (const path of [body, [body]]) {
      const read = await readPolicy(JSON.stringify({ path }))
      if ('reason' in read) throw new Error(read.reason)
      expect(read.rules.map((one) => one.pattern)).toEqual(['secret/*', 'x'])
      expect(read.unread).toEqual(['path 2'])
    }
    expect(await readPolicy('{"path":')).toEqual({ reason: 'not-json' })
    expect(await readPolicy(`{"path":${'['.repeat(2000)}`)).toEqual({ reason: 'too-deep' })
  })
})

const part = fc.constantFrom('a', 'b', 'ab')
const segment = fc.oneof(part, fc.constant('+'))
const pattern = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([parts, star]) => parts.join('/') + (star && parts.at(-1) !== '+' ? '*' : ''))
const words = fc.constantFrom<(Capability | 'deny')[][]>(['read'], ['update'], ['read', 'update'], ['deny'])
const rules = fc.array(
  fc.tuple(pattern, words).map(([text, some]) => rule(text, ...some)),
  { maxLength: 5 },
)
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))

/** The same by another road: every pair of patterns compared in words of the documentation. */
function slowly(all: readonly PolicyRule[], at: string): boolean {
  const hit = all.filter(({ pattern: text }) => {
    const star = text.endsWith('*')
    const source = (star ? text.slice(0, -1) : text).split('/').map((one) => (one === '+' ? '[^/]+' : one))
    return new RegExp(`^${source.join('/')}${star ? '.*' : ''}$`).test(at)
  })
  const first = (text: string) => {
    const places = [text.split('/').includes('+') ? text.indexOf('+') : -1, text.endsWith('*') ? text.length - 1 : -1]
    const found = places.filter((place) => place >= 0)
    return found.length ? Math.min(...found) : Infinity
  }
  const plusses = (text: string) => text.split('/').filter((one) => one === '+').length
  const lower = (p: string, q: string) =>
    first(p) !== first(q)
      ? first(p) < first(q)
      : p.endsWith('*') !== q.endsWith('*')
        ? p.endsWith('*')
        : plusses(p) !== plusses(q)
          ? plusses(p) > plusses(q)
          : p.length !== q.length
            ? p.length < q.length
            : p < q
  const best = hit.filter(
    (one) => !hit.some((other) => other.pattern !== one.pattern && lower(one.pattern, other.pattern)),
  )
  return best.some((one) => one.capabilities.includes('read')) && !best.some((one) => one.deny)
}

describe('laws', () => {
  test.prop([rules, path])('agrees with the rules written out', (all, at) => {
    expect(decide([policy('p', ...all)], 'read', at).outcome).toBe(slowly(all, at) ? 'allow' : 'deny')
  })

  test.prop([rules, path, fc.nat()])('the order of rules and policies does not matter', (all, at, turn) => {
    const cut = all.length ? turn % all.length : 0
    const turned = [policy('b', ...all.slice(cut)), policy('a', ...all.slice(0, cut))]
    expect(decide(turned, 'read', at).outcome).toBe(decide([policy('p', ...all)], 'read', at).outcome)
  })

  test.prop([rules, rules, part, path, fc.boolean()])(
    'what is said without the value of a template holds for every value',
    (all, templated, value, at, whole) => {
      const open = templated.map((one) => ({
        ...one,
        pattern: one.pattern.replace('a', whole ? '{{identity.entity.name}}' : 'a{{identity.entity.id}}'),
      }))
      const policies = [policy('p', ...all), policy('t', ...open)]
      const before = decide(policies, 'read', at).outcome
      if (before !== 'unknown') expect(decide(policies, 'read', at, () => value).outcome).toBe(before)
    },
  )
})
