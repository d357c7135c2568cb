import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { simulate, toExpect, type Expected } from '../../graph/outage/simulate.ts'
import type { SpanJson } from '../../graph/outage/span.ts'
import type { NaiveChange, NaiveEstate, NaiveRelationship } from './naive-outage.ts'
import { question, type Question } from './random-estate.ts'

/** More on a machine that has the time: KEYFALL_LAW_RUNS=20000. No shrinking: estates are small, shrinking draws takes minutes. */
const numRuns = Number(process.env['KEYFALL_LAW_RUNS'] ?? 300)
const runs = ['certain', 'possible'] as const
type RunName = (typeof runs)[number]

const outages = (estate: NaiveEstate, change: NaiveChange): Expected =>
  toExpect(simulate(compileEstate(estate as EstateInput), change))

const endOf = (span: SpanJson) => span[1] ?? Infinity
const isInside = (inner: SpanJson | null, outer: SpanJson | null) =>
  inner === null || (outer !== null && outer[0] <= inner[0] && endOf(outer) >= endOf(inner))

/** Throws unless every outage of `less` lies inside the same entity's outage of `more`. */
function expectInside(less: Expected, more: Expected, names: readonly RunName[]): void {
  for (const [id, outage] of less)
    for (const name of names)
      if (!isInside(outage[name], more.get(id)?.[name] ?? null))
        throw new Error(
          `${id}, ${name}: ${JSON.stringify(outage[name])} is not inside ${JSON.stringify(more.get(id)?.[name] ?? null)}`,
        )
}

const at = <T>(list: readonly T[], number: number): T | undefined => list[number % list.length]
const replaced = (estate: NaiveEstate, old: NaiveRelationship, now: NaiveRelationship): NaiveEstate => ({
  ...estate,
  relationships: estate.relationships.map((one) => (one === old ? now : one)),
})
const law = (allowed: NaiveChange['action'][], check: (question: Question, number: number) => void) =>
  fc.assert(
    fc.property(question(allowed), fc.nat(), (asked, number) => check(asked, number)),
    { numRuns, endOnFailure: true },
  )
const every: NaiveChange['action'][] = ['rotate', 'revoke', 'disable', 'cut']
const carriesValue = (kind: string) => kind === 'HOLDS' || kind === 'SYNCED_FROM'

describe('laws of the outage engine', () => {
  it('what is certain lies inside what is possible', () => {
    law(every, ({ estate, change }) => {
      for (const [id, { certain, possible }] of outages(estate, change))
        if (!isInside(certain, possible)) throw new Error(`${id}: ${JSON.stringify({ certain, possible })}`)
    })
  })

  it('nothing is out before the change is enforced', () => {
    law(every, ({ estate, change }) => {
      const overlap = change.action === 'rotate' ? (change.overlap ?? 0) : 0
      const [soon, late] = change.lag ?? [0, 0]
      const start = (change.at ?? 0) + overlap
      for (const [id, { certain, possible, degraded }] of outages(estate, change))
        for (const [span, first] of [
          [certain, start + (late ?? Infinity)],
          [degraded?.certain ?? null, start + (late ?? Infinity)],
          [possible, start + soon],
          [degraded?.possible ?? null, start + soon],
        ] as const)
          if (span && span[0] < first) throw new Error(`${id}: ${JSON.stringify(span)} begins before ${first}`)
    })
  })

  it('a longer overlap never breaks more', () => {
    law(['rotate'], ({ estate, change }, number) => {
      const longer = { ...change, overlap: (change.overlap ?? 0) + 1 + (number % 10_000) }
      expectInside(outages(estate, longer), outages(estate, change), runs)
    })
  })

  it('a later end of a disable never breaks less', () => {
    law(['disable'], ({ estate, change }, number) => {
      const longer = { ...change, until: change.until! + 1 + (number % 10_000) }
      expectInside(outages(estate, change), outages(estate, longer), runs)
    })
  })

  // Not for AUTHENTICATES_AS: it also is a login of its identity, and one with a login can lose it where one
  // of which no login was known is taken to be able (engine.md rule 3).
  it('one more confirmed alternative, in a need that has a confirmed one, never breaks more', () => {
    law(every, ({ estate, change }, number) => {
      const known = estate.relationships.filter(
        (one) =>
          one.need !== undefined &&
          (one.confidence ?? 'confirmed') === 'confirmed' &&
          ['DEPENDS_ON', 'RUNS_AS', 'USES_SECRET', 'USES_CREDENTIAL'].includes(one.kind),
      )
      const beside = at(known, number)
      if (!beside) return
      const template = at(known, number >>> 4)!
      const { id: _id, via: _via, ...rest } = template
      const { need, strength, from } = beside
      const alternative = { ...rest, id: 'one more', from, need: need!, ...(strength && { strength }) }
      if (alternative.strength !== beside.strength) alternative.strength = beside.strength ?? 'hard'
      const richer = { ...estate, relationships: [...estate.relationships, alternative] }
      expectInside(outages(richer, change), outages(estate, change), runs)
    })
  })

  it('a possible relationship in place of a confirmed one never makes the worst case lose an outage', () => {
    law(every, ({ estate, change }, number) => {
      const known = at(
        estate.relationships.filter((one) => (one.confidence ?? 'confirmed') === 'confirmed'),
        number,
      )
      if (!known) return
      const before = outages(estate, change)
      const after = outages(replaced(estate, known, { ...known, confidence: 'possible' }), change)
      expectInside(before, after, ['possible'])
      // The best case never gains by it either, except over copies: a place that no longer surely holds the credential
      // no longer brings the new value to another that does (engine.md, "possible copies").
      if (!carriesValue(known.kind)) expectInside(after, before, ['certain'])
    })
  })

  it('a wider interval, or an unknown one, makes the worst case no smaller and the best case no larger', () => {
    law(every, ({ estate, change }, number) => {
      const attribute = at(['session', 'tolerance', 'pickup'] as const, number)!
      const known = at(
        estate.relationships.filter((one) => one[attribute] !== undefined),
        number >>> 2,
      )
      if (!known) return
      const [min, max] = known[attribute]!
      const wider = at(
        [
          [0, max],
          [min, null],
          [0, null],
        ] as [number, number | null][],
        number >>> 8,
      )!
      const before = outages(estate, change)
      const after = outages(replaced(estate, known, { ...known, [attribute]: wider }), change)
      expectInside(before, after, ['possible'])
      expectInside(after, before, ['certain'])
    })
  })

  it('a wider lag makes the worst case no smaller and the best case no larger', () => {
    law(every, ({ estate, change }, number) => {
      const [min, max] = change.lag ?? [0, 0]
      const wider = { ...change, lag: [Math.max(0, min - 30), max! + (number % 2000)] as [number, number] }
      const before = outages(estate, change)
      const after = outages(estate, wider)
      expectInside(before, after, ['possible'])
      expectInside(after, before, ['certain'])
    })
  })

  // Not for a cut of copies: a place that no longer holds a credential breaks nobody when that credential falls.
  it('a set of targets breaks at least what each of its parts breaks', () => {
    law(['revoke', 'disable', 'cut'], ({ estate, change }, number) => {
      const values = estate.relationships.filter((one) => carriesValue(one.kind))
      const cutsCopy = values.some((one) => [one.id, ...(one.via ?? [])].some((id) => change.targets.includes(id)))
      if (change.action === 'cut' && cutsCopy) return
      const some = change.targets.filter((_, i) => (number >>> i) % 2 === 0)
      if (some.length === 0) return
      expectInside(outages(estate, { ...change, targets: some }), outages(estate, change), runs)
    })
  })

  it('one more place of publication never breaks more', () => {
    law(['rotate'], ({ estate, change }, number) => {
      const place = at(estate.entities, number)!.id
      expectInside(
        outages(estate, { ...change, publish: [...(change.publish ?? []), place] }),
        outages(estate, change),
        runs,
      )
    })
  })

  it('the order of the input never matters', () => {
    law(every, ({ estate, change }, number) => {
      const shuffled = <T>(list: readonly T[]): T[] => {
        const copy = [...list]
        for (let i = copy.length - 1; i > 0; i--) {
          const other = (Math.imul(number + 1, 2654435761) >>> (i % 16)) % (i + 1)
          ;[copy[i], copy[other]] = [copy[other]!, copy[i]!]
        }
        return copy
      }
      const other: NaiveEstate = {
        entities: shuffled(estate.entities),
        relationships: shuffled(estate.relationships).map((one) => ({
          ...one,
          ...(one.by && { by: shuffled(one.by) }),
        })),
      }
      const first = outages(estate, change)
      const second = outages(other, { ...change, targets: shuffled(change.targets) })
      const sorted = (found: Expected) => JSON.stringify([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
      expect(sorted(second)).toBe(sorted(first))
    })
  })
})
