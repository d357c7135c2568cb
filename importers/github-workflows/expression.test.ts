import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { referencesIn, referencesInCondition, type Alternatives } from './secret-references.ts'

const show = (found: readonly Alternatives[]): string[] =>
  found.map((alternatives) =>
    alternatives
      .map(
        ({ secret, use }) => (typeof secret === 'object' ? secret.name : `(${secret})`) + (use === 'test' ? '?' : ''),
      )
      .join(' || '),
  )

describe('what an expression takes from secrets', () => {
  it.each([
    ['${{ secrets.A }}', ['A']],
    ['x ${{secrets.a}}-${{ secrets.b }} y', ['A', 'B']],
    ["${{ secrets['GH-TOKEN'] }}", ['GH-TOKEN']],
    ['${{ SECRETS.A }}', ['A']],
    ['${{ secrets.A || secrets.B }}', ['A || B']],
    ["${{ secrets.A || secrets.B || 'none' }}", ['A || B']],
    ['${{ inputs.x && secrets.A }}', ['A']],
    // Two cases, not one and its fallback.
    ['${{ inputs.live && secrets.A || secrets.B }}', ['A', 'B']],
    ['${{ secrets.A && secrets.B }}', ['A?', 'B']],
    ["${{ secrets.A != '' }}", ['A?']],
    ['${{ !secrets.A }}', ['A?']],
    ["${{ format('{0}:{1}', secrets.A, secrets.B) }}", ['A', 'B']],
    ["${{ format('it''s {0} }}', secrets.A) }}", ['A']],
    ['${{ toJSON(secrets) }}', ['(all)']],
    ['${{ secrets }}', ['(all)']],
    ['${{ secrets.* }}', ['(all)']],
    ['${{ secrets[matrix.key] }}', ['(unknown)']],
    ["${{ secrets[format('K_{0}', inputs.x)] }}", ['(unknown)']],
    ['${{ github.token }}', ['github.token']],
    ['${{ secrets.A.b }}', ['A']],
    // Not of the language, but of secrets.
    ['${{ secrets.(( }} ${{ secrets.A }}', ['(unknown)', 'A']],
    ['${{ "secrets.A" }}', ['(unknown)']],
    ['${{ secrets.A', ['(unknown)']],
  ])('%s', (text, expected) => expect(show(referencesIn(text))).toEqual(expected))

  it.each([
    'secrets.A',
    '${{ steps.x.outputs.secrets }}',
    "${{ 'secrets.A' }}",
    'external-secrets.io/secrets.yml',
    '${{ env.A }} secrets.B',
    "${{ hashFiles('**/secrets.lock') }}",
    '${{ vars.A ?? 1 }}',
    '{{ secrets.A }}',
  ])('nothing: %s', (text) => expect(show(referencesIn(text))).toEqual([]))

  it('a condition needs no braces', () => {
    expect(show(referencesInCondition("secrets.A != '' && github.event_name == 'push'"))).toEqual(['A?'])
    expect(show(referencesInCondition("${{ secrets.A == '1' }}"))).toEqual(['A?'])
    expect(show(referencesInCondition('always()'))).toEqual([])
  })

  it('is bounded in depth and time', () => {
    const started = performance.now()
    for (const open of ['(', '!', 'f(', 'a[', '${{']) {
      expect(show(referencesIn(`\${{ ${open.repeat(200_000)} secrets.A }}`))).toContain('(unknown)')
    }
    expect(show(referencesIn('${{ secrets.A }}'.repeat(50_000)))).toHaveLength(50_000)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

property.prop([
  fc.string({ unit: fc.constantFrom('${{', '}}', 'secrets', '.', 'A', '||', '&&', '(', ')', '[', ']', "'", ' ', '!') }),
])('nothing between braces that names secrets goes unseen, and nothing throws', (text) => {
  const found = referencesIn(text)
  if (!text.includes('${{')) expect(found).toEqual([])
  expect(referencesIn(`${'$'}{{ secrets.FIRST }}${text}`)[0]).toEqual([{ secret: { name: 'FIRST' }, use: 'value' }])
})
