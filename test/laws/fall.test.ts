import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import { simulate } from '../../graph/outage/simulate.ts'
import { fallOf } from '../../graph/reach/fall.ts'
import type { NaiveEstate } from './naive-outage.ts'
import { question } from './random-estate.ts'

const numRuns = Number(process.env['KEYFALL_LAW_RUNS'] ?? 300)

const isCopy = ({ kind }: { kind: string }): boolean => kind === 'HOLDS' || kind === 'SYNCED_FROM'

/** As the fall sees an estate: no session, cache or schedule hides anything, and copies run over nothing. */
const unveiled = ({ entities, relationships }: NaiveEstate): NaiveEstate => ({
  entities,
  relationships: relationships.map(({ session: _s, tolerance: _t, cadence: _c, via, ...one }) =>
    via === undefined || isCopy(one) ? one : { ...one, via },
  ),
})

type Who = { certain: string[]; possible: string[]; affected: string[] }

/** What the engine says is out, who and not when. */
function simulated(estate: NaiveEstate, change: { action: 'revoke' | 'cut'; targets: string[] }): Who {
  const outages = simulate(compileEstate(estate as EstateInput), change)
  const names = (keep: (row: number) => boolean): string[] =>
    Array.from(outages.entities)
      .filter((_, row) => keep(row))
      .map((entity) => outages.estate.entityIds[entity]!)
      .sort()
  const isOut =
    ({ out }: typeof outages.certain) =>
    (row: number) =>
      out.end[row]! > out.start[row]!
  return {
    certain: names(isOut(outages.certain)),
    possible: names(isOut(outages.possible)),
    affected: names(() => true),
  }
}

function fallen(estate: NaiveEstate, struck: readonly string[], cut: readonly string[]): Who {
  const model = compileEstate(estate as EstateInput)
  const numberOf = new Map(model.relationshipIds.map((id, number) => [id!, number]))
  const { certain, possible, degraded } = fallOf(model, {
    struck: struck.map((id) => model.entityNumbers.get(id)!),
    cut: cut.map((id) => numberOf.get(id)!),
  })
  const names = (entities: Iterable<number>): string[] =>
    Array.from(entities, (entity) => model.entityIds[entity]!).sort()
  return {
    certain: names(certain),
    possible: names(possible),
    affected: names(new Set([...certain, ...possible, ...degraded])),
  }
}

/** The same loss said with dead things alone: what is cut leads to a thing of its own that dies too. */
function withDeadEnds(estate: NaiveEstate, cut: readonly string[]): { estate: NaiveEstate; dead: string[] } {
  const gone = new Set(cut)
  for (const { id, via = [] } of estate.relationships) if (via.some((one) => cut.includes(one))) gone.add(id)
  const dead = [...gone].map((id) => `dead-${id}`)
  return {
    dead,
    estate: {
      entities: [...estate.entities, ...dead.map((id) => ({ id, role: 'system' }))],
      relationships: estate.relationships.map((one) => (gone.has(one.id) ? { ...one, to: `dead-${one.id}` } : one)),
    },
  }
}

describe('the fall of what stops for good', () => {
  it('is who the engine puts out, certain, possible and degraded', () => {
    fc.assert(
      fc.property(question(['revoke', 'cut']), ({ estate, change }) => {
        const bare = unveiled(estate)
        const isCut = change.action === 'cut'
        const copies = new Set(bare.relationships.filter(isCopy).map(({ id }) => id))
        const targets = change.targets.filter((one) => !copies.has(one))
        if (targets.length === 0) return
        const asked = { action: change.action as 'revoke' | 'cut', targets }
        expect(fallen(bare, isCut ? [] : targets, isCut ? targets : [])).toEqual(simulated(bare, asked))
      }),
      { numRuns, endOnFailure: true },
    )
  })

  it('of things and relationships together is that of the same loss said with dead things', () => {
    fc.assert(
      fc.property(question(['revoke']), fc.array(fc.nat(), { maxLength: 3 }), ({ estate, change }, numbers) => {
        const bare = unveiled(estate)
        const needs = bare.relationships.filter((one) => !isCopy(one))
        if (needs.length === 0) return
        const cut = [...new Set(numbers.map((one) => needs[one % needs.length]!.id))]
        const { estate: same, dead } = withDeadEnds(bare, cut)
        const expected = simulated(same, { action: 'revoke', targets: [...change.targets, ...dead] })
        const alive = (names: string[]): string[] => names.filter((name) => !name.startsWith('dead-'))
        const found = fallen(bare, change.targets, cut)
        expect(found).toEqual({
          certain: alive(expected.certain),
          possible: alive(expected.possible),
          affected: alive(expected.affected),
        })
      }),
      { numRuns, endOnFailure: true },
    )
  })

  it('never gets smaller when more is lost', () => {
    fc.assert(
      fc.property(question(['revoke']), fc.nat(), ({ estate, change }, number) => {
        const bare = unveiled(estate)
        const more = bare.entities[number % bare.entities.length]!.id
        const few = fallen(bare, change.targets, [])
        const many = fallen(
          bare,
          [...change.targets, more],
          [bare.relationships[number % bare.relationships.length]!.id],
        )
        for (const name of ['certain', 'possible', 'affected'] as const)
          expect(few[name].filter((one) => !many[name].includes(one))).toEqual([])
      }),
      { numRuns, endOnFailure: true },
    )
  })
})
