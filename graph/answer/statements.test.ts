import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { buildEstate } from '../estate/build.ts'
import type { Override, Statement } from '../estate/overrides.ts'
import { idOf } from '../ids.ts'
import { startMerge } from '../merge.ts'
import { answerEstate } from './estate.ts'
import { joinedStatement, statementPlans } from './statements.ts'

const NOW = '2026-11-20T04:00:00.000Z'
const KEY = 'aws:key:AKIAEXAMPLE000000001'

function estateWith(...overrides: readonly Override[]) {
  const merge = startMerge()
  merge.entity({ id: KEY, kind: 'aws.iam_access_key', name: 'export key', props: { owner: 'Old team' } })
  merge.entity({ id: 'k8s:p/shop/deployment/api', kind: 'k8s.deployment', name: 'api' })
  merge.entity({ id: 'system:shop', kind: 'business.system', name: 'Shop' })
  merge.relationship({ kind: 'USES_CREDENTIAL', from: 'k8s:p/shop/deployment/api', to: KEY })
  const scope = {
    ...{ scope: 'bundle:x', title: 'x', importer: 'bundle', importerTitle: 'Bundle', nature: 'snapshot' as const },
    ...{ complete: true, at: NOW, files: [], blindTo: [], facts: merge.finish() },
  }
  return buildEstate([scope], { id: 's', at: NOW, sample: false }, { decisions: [], overrides })
}

const override = (said: Statement): Override => ({ from: KEY, said, who: 'Ada', at: NOW })
const rowOf = (...overrides: readonly Override[]) => answerEstate(estateWith(...overrides), {}, NOW).rows[0]!

describe('what people state of a credential', () => {
  it('stands above what sources say, says that it was stated, and by whom', () => {
    expect(rowOf()).toMatchObject({ owner: 'Old team', purpose: null })
    const row = rowOf(override({ owner: 'Payments', purpose: 'nightly export', rotation: 'every 90 days' }))
    expect(row).toMatchObject({ owner: 'Payments', purpose: 'nightly export', rotation: 'every 90 days' })
    expect(row.stated).toEqual(['owner', 'purpose', 'rotation rule'])
    const entity = estateWith(override({ owner: 'Payments' })).entities.find(({ key }) => key === KEY)!
    expect(entity.evidence?.[0]).toMatchObject({ source: 'people', kind: 'asserted', note: 'owner stated by Ada' })
  })

  it('is planned with what was and what will be, and says nothing of what stays', () => {
    const plans = statementPlans(estateWith(), [idOf(KEY)], { owner: 'Payments' }, NOW)
    expect(plans[0]!.changes).toMatchObject([{ what: 'owner', before: 'Old team', after: 'Payments' }])
    expect(statementPlans(estateWith(), [idOf(KEY)], { owner: 'Old team' }, NOW)[0]!.changes).toEqual([])
  })

  it('refuses what is no credential, and a statement of nothing', () => {
    expect(() => statementPlans(estateWith(), [idOf('system:shop')], { owner: 'x' }, NOW)).toThrow('no credential')
    expect(() => statementPlans(estateWith(), [idOf(KEY)], {}, NOW)).toThrow('nothing is stated')
  })

  const said = fc.record(
    { owner: fc.constantFrom('', 'a', 'b'), purpose: fc.constantFrom('', 'p'), tier: fc.constantFrom(1, 2) },
    { requiredKeys: [] },
  )
  test.prop([said, said])('is joined with what was stated: the newer wins, an empty text takes back', (a, b) => {
    const joined = joinedStatement(a, b) ?? {}
    for (const name of ['owner', 'purpose', 'tier'] as const) {
      const wanted = b[name] ?? a[name]
      expect(joined[name]).toBe(wanted === '' ? undefined : wanted)
    }
  })
})
