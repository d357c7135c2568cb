import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../graph/facts.ts'
import type { KnownEntity, KnownFacts } from '../../graph/known.ts'
import { overHead } from './job-over-head.ts'

const seen = (file: string): Evidence => ({ source: 's', kind: 'declared', file })
const entity = (more: Partial<KnownEntity>): KnownEntity => ({
  id: 'a',
  key: 'k',
  kind: 'generic.workload',
  name: 'k',
  ...more,
})
const facts = (...entities: KnownEntity[]): KnownFacts => ({
  entities: new Map(entities.map((one) => [one.id, one])),
  relationships: new Map(),
})
const after = (then: KnownEntity, now: KnownEntity, ...read: string[]): KnownEntity =>
  overHead(facts(then), facts(now), new Set(read)).entities.get('a')!

describe('what a partial snapshot says again', () => {
  it('wins attribute by attribute', () => {
    const then = entity({ name: 'api', props: { schedule: '0 2 * * *', team: 'quay' } })
    expect(after(then, entity({ name: 'api', props: { schedule: '0 3 * * *' } })).props).toEqual({
      schedule: '0 3 * * *',
      team: 'quay',
    })
  })
  it('does not forget name and kind for a mere mention', () => {
    const then = entity({ name: 'api', kind: 'k8s.deployment' as KnownEntity['kind'] })
    expect(after(then, entity({}))).toMatchObject({ name: 'api', kind: 'k8s.deployment' })
  })
  it('replaces the witnesses of the files that were read, and keeps the others', () => {
    const then = entity({ evidence: [seen('a.yaml'), seen('b.yaml')] })
    const now = entity({ evidence: [{ ...seen('a.yaml'), record: '/0' }] })
    expect(after(then, now, 'a.yaml').evidence).toEqual([{ ...seen('a.yaml'), record: '/0' }, seen('b.yaml')])
  })
  it('is the same when said twice, however many witnesses there are', () => {
    const many = Array.from({ length: 30 }, (_, i) => seen(`${String(i).padStart(2, '0')}.yaml`))
    const first = after(entity({ evidence: many.slice(0, 12) }), entity({ evidence: many.slice(12) }), 'x')
    const files = many.slice(12).map(({ file }) => file!)
    const second = after(first, entity({ evidence: many.slice(12) }), ...files)
    expect(second).toEqual(after(second, entity({ evidence: many.slice(12) }), ...files))
    expect(second.evidence!.length).toBeLessThanOrEqual(21)
  })
})
