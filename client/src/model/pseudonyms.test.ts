import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { pseudonyms } from './pseudonyms.ts'

const thing = (name: string, role = 'workload') => ({ id: 'aaaaaaaaaaaaaaaa', kind: 'k8s.deployment', role, name })

describe('pseudonyms', () => {
  it('are the same for the same name, others for another salt, and keep ids', () => {
    const one = pseudonyms('salt')
    const first = one.answer(thing('card-vault-sync'))
    expect(one.answer(thing('card-vault-sync'))).toEqual(first)
    expect(first.name).toMatch(/^workload-[a-z2-7]{6}$/)
    expect(first.id).toBe('aaaaaaaaaaaaaaaa')
    expect(pseudonyms('other').answer(thing('card-vault-sync')).name).not.toBe(first.name)
  })

  it('reach into sentences, also those before the name and with names of several words', () => {
    const masked = pseudonyms('s').answer({
      headline: {
        title: 'Not safe to revoke now',
        sentence: 'First Card vault / sync, 3 min after. Ask Dr. No (J. Park).',
      },
      first: thing('Card vault / sync'),
      owner: 'J. Park',
    })
    expect(masked.headline.title).toBe('Not safe to revoke now')
    expect(masked.headline.sentence).toBe(`First ${masked.first.name}, 3 min after. Ask Dr. No (${masked.owner}).`)
  })

  it('cover what looks like a name and that nobody named', () => {
    const text = pseudonyms('s').text(
      'AKIAIOSFODNN7EXAMPLE of 123456789012 from 203.0.113.7 by a.b@example.com at 2026-11-20 04:00 UTC, 1,204 uses, t+0, hard-coded',
    )
    expect(text).not.toMatch(/AKIA|123456789012|203\.0|example\.com/)
    expect(text).toContain('at 2026-11-20 04:00 UTC, 1,204 uses, t+0, hard-coded')
  })

  const word = fc.stringMatching(/^[a-z]{3,9}(-[a-z]{2,6}){1,2}$/)
  test.prop([fc.uniqueArray(word, { minLength: 2, maxLength: 12 })])('leave no name and join no two', (list) => {
    const masked = pseudonyms('s').answer({ things: list.map((name) => thing(name)), text: list.join(', ') })
    const shown = masked.things.map(({ name }) => name)
    expect(new Set(shown).size).toBe(list.length)
    expect(masked.text).toBe(shown.join(', '))
    for (const name of list) expect(JSON.stringify(masked)).not.toContain(`"${name}"`)
  })

  test.prop([fc.array(word, { maxLength: 6 })])('mask again what is masked without a change', (list) => {
    const names = pseudonyms('s')
    const once = names.answer({ things: list.map((name) => thing(name)) })
    expect(names.answer(once)).toEqual(once)
  })
})
