import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { KeptSignOff } from '../../graph/plan/kept-plan.ts'
import { boundTo, differenceOf, setNameOf, stateOf, type Bound, type Present } from '../../graph/plan/sign-off.ts'
import { needOf, systemsToAsk } from '../../graph/plan/sign-off-needs.ts'

const verdict = fc.constantFrom('breaks' as const, 'unknown' as const, 'steps' as const, 'keeps' as const)
const system = fc.constantFrom(null, 'shop', 'bank')
const set: fc.Arbitrary<Bound[]> = fc
  .array(fc.record({ verdict, system, number: fc.nat({ max: 6 }) }), { maxLength: 6 })
  .map((all) => [...new Map(all.map(({ number, ...one }) => [`d${number}`, { ...one, id: `d${number}`, name: `d${number}` }])).values()]) // prettier-ignore
const days = ['2026-12-01', '2026-12-08', '2026-12-15']
const present: fc.Arbitrary<Present> = fc.record({
  credential: fc.constantFrom('key', 'token'),
  op: fc.constantFrom('rotate' as const, 'disable' as const, 'revoke' as const),
  window: fc.constantFrom(...days).map((day) => ({ start: `${day}T09:00:00Z`, end: `${day}T13:00:00Z` })),
  set,
  authors: fc.constant(['p9']),
})
const who = { id: 'p1', name: 'Head of Payments' }

function given(of: Present, system: string | null = null, more: Partial<KeptSignOff> = {}): KeptSignOff {
  return {
    ...{
      id: 's1',
      plan: 'plan',
      snapshot: 'then',
      by: who,
      at: '2026-11-22T10:00:00Z',
      withdrawn: null,
      breakGlass: null,
    },
    ...{ credential: of.credential, op: of.op, window: { ...of.window } },
    system: system === null ? null : { id: system, name: system },
    set: boundTo(of.set, system).map(({ id, name, verdict: then }) => ({ id, name, verdict: then })),
    ...more,
  }
}
const now = '2026-11-23T10:00:00Z'
/** What a sign-off is bound to, in one text of its own making. */
const meant = (of: Present, only: string | null): string =>
  JSON.stringify([
    ...[of.credential, of.op, of.window.start, of.window.end],
    of.set
      .filter((one) => only === null || one.system === only)
      .map((one) => `${one.id} ${one.verdict}`)
      .sort(),
  ])

describe('a sign-off', () => {
  test.prop([present, present, system])(
    'is valid for exactly what it was given for, and for nothing else',
    (a, b, only) => {
      expect(stateOf(given(a, only), b, now) === 'valid').toBe(meant(a, only) === meant(b, only))
    },
  )

  test.prop([present, fc.nat(), verdict, system])(
    'lapses with any one change of the set, and says which',
    (a, at, other, of) => {
      const signed = given(a)
      const name = `new ${at}`
      const added = { ...a, set: [...a.set, { id: name, name, verdict: other, system: of }] }
      expect(stateOf(signed, added, now)).toBe('lapsed')
      expect(differenceOf(signed, added).added.map(({ id }) => id)).toEqual([name])
      if (a.set.length === 0) return
      const hit = a.set[at % a.set.length]!
      const less = { ...a, set: a.set.filter((one) => one !== hit) }
      expect([stateOf(signed, less, now), differenceOf(signed, less).gone.map(({ id }) => id)]).toEqual([
        'lapsed',
        [hit.id],
      ])
      if (hit.verdict === other) return
      const changed = { ...a, set: a.set.map((one) => (one === hit ? { ...one, verdict: other } : one)) }
      const { worse, better } = differenceOf(signed, changed)
      expect([stateOf(signed, changed, now), [...worse, ...better].map(({ id }) => id)]).toEqual(['lapsed', [hit.id]])
    },
  )

  test.prop([present])('counts again when the set is again what it was, whatever its order', (a) => {
    const back = { ...a, set: [...a.set].reverse() }
    expect(stateOf(given(a), back, now)).toBe('valid')
    expect(setNameOf(back)).toBe(setNameOf(a))
  })

  test.prop([present, present])('is named by all that is signed', (a, b) => {
    const whole = (of: Present): string =>
      JSON.stringify([meant(of, null), of.set.map((one) => `${one.id} ${one.system}`).sort()])
    expect(setNameOf(a) === setNameOf(b)).toBe(whole(a) === whole(b))
  })

  test.prop([present, fc.integer({ min: 1, max: 24 })])(
    'ends with its window, a break-glass one with its own time',
    (a, hours) => {
      expect(stateOf(given(a), a, a.window.end)).toBe('expired')
      const until = new Date(Date.parse(now) + hours * 3_600_000).toISOString()
      const glass = given(a, null, { breakGlass: { reason: 'the vendor is gone', until, review: null } })
      expect(stateOf(glass, a, now)).toBe('valid')
      expect(stateOf(glass, a, until)).toBe('expired')
    },
  )

  test.prop([present, present])('that is withdrawn, or whose credential is gone, never counts', (a, b) => {
    const withdrawn = { by: who, at: now, reason: 'too early' }
    expect(stateOf(given(a, null, { withdrawn }), b, now)).toBe('withdrawn')
    expect(stateOf(given(a), undefined, now)).toBe('lapsed')
    const written = { ...a, authors: [who.id] }
    expect(stateOf(given(a), written, now)).toBe('lapsed')
  })

  test.prop([present, present, system])(
    'meets a need only if it stands and speaks for that system or for all',
    (a, b, only) => {
      const signOffs = [given(a, only)]
      const { systems, whole } = systemsToAsk(b)
      const touched = b.set.filter((one) => one.verdict !== 'keeps')
      // Everybody who is touched is spoken for by some need.
      for (const one of touched) expect(one.system === null ? whole : systems.includes(one.system)).toBe(true)
      for (const id of [...systems, ...(whole ? [null] : [])]) {
        const need = needOf({ system: id === null ? null : { id, name: id }, owner: null }, b, signOffs, [], now)
        const speaks = only === null || only === id
        expect(need.state === 'valid').toBe(speaks && meant(a, only) === meant(b, only))
      }
    },
  )
})
