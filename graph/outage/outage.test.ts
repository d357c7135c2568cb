import { describe, expect, it } from 'vitest'
import { QuestionError } from '../errors.ts'
import { compileEstate, type RelationshipInput } from './compile.ts'
import type { ChangeInput } from './change.ts'
import { explain, paths } from './explain.ts'
import { simulate, toExpect } from './simulate.ts'

const estateOf = (ids: string, relationships: RelationshipInput[]) =>
  compileEstate({ entities: ids.split(' ').map((id) => ({ id })), relationships })

/** A mailer with two keys for one need, and a newsletter that needs the mailer. */
const mail = () =>
  estateOf('key spare vault mailer newsletter', [
    { kind: 'HOLDS', from: 'vault', to: 'key' },
    { kind: 'USES_SECRET', from: 'mailer', to: 'vault', need: 'send', pickup: [0, 60] },
    { kind: 'USES_CREDENTIAL', from: 'mailer', to: 'spare', need: 'send' },
    { kind: 'DEPENDS_ON', from: 'newsletter', to: 'mailer', tolerance: [600, 600] },
  ])

const refused = (change: unknown) => {
  try {
    simulate(mail(), change as ChangeInput)
  } catch (error) {
    if (error instanceof QuestionError) return [error.code, error.message]
    throw error
  }
  return 'accepted'
}

describe('a change that cannot be answered', () => {
  it.each([
    [{ action: 'revoke', targets: ['nobody'] }, 'not-found', "'nobody' is no entity"],
    [{ action: 'rotate', targets: ['key'], publish: ['nowhere'] }, 'not-found', "'nowhere' is no entity"],
    [{ action: 'cut', targets: ['vault'] }, 'not-found', "'vault' is no relationship"],
    [{ action: 'explode', targets: ['key'] }, 'bad-change', 'action'],
    [{ action: 'revoke', targets: [] }, 'bad-change', 'targets'],
    [{ action: 'revoke', targets: ['key'], at: -1 }, 'bad-change', 'at'],
  ])('%j is refused with its reason', (change, code, words) => {
    const [found, message] = refused(change)
    expect(found).toBe(code)
    expect(message).toContain(words)
  })

  it('an estate with two entities of one id is refused', () => {
    expect(() => estateOf('a a', [])).toThrow("two entities have the id 'a'")
  })
})

describe('names that lead nowhere', () => {
  it('what a relationship names is part of the estate, described or not', () => {
    const estate = estateOf('job', [{ kind: 'RUNS_AS', from: 'job', to: 'ghost' }])
    expect(estate.describedCount).toBe(1)
    const outages = simulate(estate, { action: 'revoke', targets: ['ghost'] })
    expect(toExpect(outages).get('job')?.certain).toEqual([0, null])
  })

  it('an unknown agent never holds up a pickup, an unknown via is never cut, and both are said', () => {
    const estate = estateOf('pw vault app', [
      { kind: 'HOLDS', from: 'vault', to: 'pw' },
      { kind: 'USES_SECRET', from: 'app', to: 'vault', pickup: [0, 60], by: ['gone'], via: ['lost'] },
    ])
    expect(estate.dangling).toEqual({ by: ['gone'], via: ['lost'] })
    const outages = simulate(estate, { action: 'rotate', targets: ['pw'], publish: ['vault'] })
    expect(toExpect(outages).get('app')?.possible).toEqual([0, 60])
  })
})

describe('cut', () => {
  it('takes a relationship without an id of its own by its kind and ends', () => {
    const outages = simulate(mail(), { action: 'cut', targets: ['DEPENDS_ON newsletter > mailer'] })
    expect([...toExpect(outages)]).toEqual([
      ['newsletter', { certain: [600, null], possible: [600, null], degraded: null }],
    ])
  })
})

describe('explain', () => {
  it('shows which alternative holds where a loss breaks nothing', () => {
    const { possible } = explain(simulate(mail(), { action: 'revoke', targets: ['key'] }), 'mailer')
    expect(possible.outage).toBeNull()
    expect(possible.needs).toHaveLength(1)
    expect(possible.needs[0]).toMatchObject({ need: 'send', span: null })
    expect(possible.needs[0]!.alternatives.map(({ to, span }) => [to, span])).toEqual([
      ['vault', [0, null]],
      ['spare', null],
    ])
  })

  it('leads from the change over the copies to the end, with the spans of everyone on the way', () => {
    const outages = simulate(mail(), { action: 'revoke', targets: ['key', 'spare'] })
    const [first, second] = paths(outages, 'newsletter', 3)
    expect(second).toBeUndefined()
    expect(first!.map(({ kind, from, to, possible }) => [kind, from, to, possible])).toEqual([
      ['HOLDS', 'vault', 'key', null],
      ['USES_SECRET', 'mailer', 'vault', [0, null]],
      ['DEPENDS_ON', 'newsletter', 'mailer', [600, null]],
    ])
    expect(paths(outages, 'mailer', 3)).toHaveLength(2)
  })

  it('names what was enough against the loss', () => {
    const rotated = simulate(mail(), { action: 'rotate', targets: ['key'], overlap: 3600, publish: ['vault'] })
    const [need] = explain(rotated, 'mailer').possible.needs
    expect(need!.alternatives[0]!.reasons).toEqual([
      {
        why: 'rotated',
        span: null,
        keptBy: 'pickup',
        credential: 'key',
        walked: ['USES_SECRET mailer > vault', 'HOLDS vault > key'],
      },
    ])
  })

  it('refuses an entity the estate does not have', () => {
    const outages = simulate(mail(), { action: 'revoke', targets: ['key'] })
    expect(() => explain(outages, 'nobody')).toThrow("'nobody' is no entity")
  })
})

describe('one estate, many questions', () => {
  it('an answer does not depend on what was asked before', () => {
    const estate = mail()
    const ask = () => [...toExpect(simulate(estate, { action: 'revoke', targets: ['key', 'spare'] }))]
    const first = ask()
    simulate(estate, { action: 'rotate', targets: ['key'], overlap: 0, publish: ['vault'] })
    expect(() => simulate(estate, { action: 'revoke', targets: ['nobody'] })).toThrow()
    simulate(estate, { action: 'cut', targets: ['HOLDS vault > key'] })
    expect(ask()).toEqual(first)
  })

  it('follows a chain of a hundred thousand systems without running out of stack', () => {
    const count = 100_000
    const estate = compileEstate({
      entities: Array.from({ length: count }, (_, i) => ({ id: `${i}` })),
      relationships: Array.from({ length: count - 1 }, (_, i) => ({
        kind: 'DEPENDS_ON' as const,
        from: `${i + 1}`,
        to: `${i}`,
        tolerance: [1, 1] as const,
      })),
    })
    const outages = simulate(estate, { action: 'revoke', targets: ['0'] })
    expect(outages.entities).toHaveLength(count)
    expect(outages.certain.out.start.at(-1)).toBe(count - 1)
    expect(paths(outages, `${count - 1}`, 1)[0]).toHaveLength(count - 1)
  })
})
