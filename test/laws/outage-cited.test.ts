import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileEstate, type EstateInput } from '../../graph/outage/compile.ts'
import type { ChangeInput } from '../../graph/outage/change.ts'
import { explain } from '../../graph/outage/explain.ts'
import { simulate, toExpect } from '../../graph/outage/simulate.ts'
import { Vector } from '../../graph/outage/vector.ts'
import { question } from './random-estate.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const numRuns = Number(process.env['KEYFALL_LAW_RUNS'] ?? 150)

interface Asked {
  readonly estate: { readonly entities: readonly { id: string }[]; readonly relationships: readonly Relationship[] }
  readonly change: ChangeInput
}
type Relationship = EstateInput['relationships'] extends Iterable<infer One> ? One : never

const runs = ['certain', 'possible'] as const

/** Every entity that is out or degraded: without the needs that its explanation cites, it is neither. */
function expectCitedNeeds({ estate, change }: Asked): number {
  const outages = simulate(compileEstate(estate as EstateInput), change)
  const named = new Map(estate.relationships.map((one) => [keyOf(one), one]))
  let checked = 0
  for (const [id, found] of toExpect(outages)) {
    const explained = explain(outages, id)
    for (const run of runs) {
      const { outage, degraded, byChange, needs } = explained[run]
      if ((!outage && !degraded) || byChange) continue
      const strength = outage ? 'hard' : 'soft'
      const cited = needs.filter((need) => need.span !== null && need.strength === strength)
      expect(cited.length, id).toBeGreaterThan(0)
      const gone = new Set(cited.flatMap((need) => need.alternatives.map((one) => one.relationship)))
      for (const key of gone) expect(named.has(key), key).toBe(true)
      const left = estate.relationships.filter((one) => !gone.has(keyOf(one)))
      const after = without({ estate: { entities: estate.entities, relationships: left }, change }, gone)
      if (after === null) continue
      const still = after.get(id)
      expect(outage ? (still?.[run] ?? null) : (still?.degraded?.[run] ?? null), `${id} ${run}`).toBeNull()
      checked++
    }
    expect(found).toBeDefined()
  }
  return checked
}

/** The answer without some relationships; null where the change was to cut one of them. */
function without({ estate, change }: Asked, gone: ReadonlySet<string>): ReturnType<typeof toExpect> | null {
  if (change.action === 'cut') {
    const targets = change.targets.filter((target) => !gone.has(target))
    if (targets.length === 0) return null
    return toExpect(simulate(compileEstate(estate as EstateInput), { ...change, targets }))
  }
  return toExpect(simulate(compileEstate(estate as EstateInput), change))
}

function keyOf(one: Relationship): string {
  return one.id ?? `${one.kind} ${one.from} > ${one.to}`
}

describe('an explanation cites what decides', () => {
  const folders = [
    { path: '../shared/vectors', least: 22 },
    { path: '../shared/vectors/random', least: 150 },
    { path: 'graph/outage/fixtures', least: 12 },
  ]
  for (const { path, least } of folders) {
    const folder = `${root}/${path}`
    const isThere = existsSync(folder)
    if (!isThere) console.warn(`SKIPPED: explanations of the vectors in ${path}, as the folder is not here`)
    it.skipIf(!isThere)(`${path}: without the cited needs of an entity its outage is gone`, () => {
      const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
      expect(files.length).toBeGreaterThanOrEqual(least)
      let checked = 0
      for (const file of files) {
        const vector = Vector.parse(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
        checked += expectCitedNeeds({ estate: vector.bundle as Asked['estate'], change: vector.change })
      }
      expect(checked).toBeGreaterThan(files.length / 2)
    })
  }

  // No shrinking: a failing estate is small, and shrinking a stream of draws takes minutes.
  it('random estates: the same', () => {
    fc.assert(
      fc.property(question(), (asked) => void expectCitedNeeds(asked as unknown as Asked)),
      { numRuns, endOnFailure: true },
    )
  })
})
