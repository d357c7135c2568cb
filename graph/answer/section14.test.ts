import { describe, expect, it } from 'vitest'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { buildEstate } from '../estate/build.ts'
import type { Estate } from '../estate/estate.ts'
import { startMerge } from '../merge.ts'
import { assessed } from './blast.ts'
import { cases, type Case } from './section14.test-data.ts'

// 200 days before the certificate of TV7 ends.
const NOW = '2026-11-20T00:00:00Z'

function estateOf(facts: Case['facts']): Estate {
  const merge = startMerge()
  for (const fact of facts) {
    if ('from' in fact) merge.relationship(fact as RelationshipFact)
    else merge.entity(fact as EntityFact)
  }
  const scope = {
    scope: 'bundle:test',
    title: 'bundle',
    importer: 'bundle',
    importerTitle: 'bundle',
    nature: 'snapshot' as const,
    complete: true,
    at: NOW,
    files: [],
    blindTo: [],
    facts: merge.finish(),
  }
  return buildEstate([scope], { id: 'test', at: NOW, sample: false })
}

function spansOf({ facts, subject, op, overlap }: Case) {
  const estate = estateOf(facts)
  const { dependents } = assessed(estate, idOf(subject), { op, ...(overlap !== undefined && { overlap }) }, NOW)
  const name = (facts.find((fact) => 'id' in fact && fact.id?.startsWith('app:')) as EntityFact).id
  const found = dependents.find((one) => one.index === estate.indexOf.get(idOf(name)))
  return { certain: found?.certain ?? null, possible: found?.possible ?? null, verdict: found?.verdict }
}

const end = (moment: number | null): number => moment ?? Infinity

describe('the cases of change-semantics.md section 14, from their raw facts', () => {
  it.each(cases)('$id', (one) => {
    const { certain, possible, verdict } = spansOf(one)
    if (one.verdict === 'covered') return expect(certain).toBeNull()
    expect(possible).not.toBeNull()
    // Every moment given for the break: not before the earliest predicted, not after the latest.
    const latestStart = certain === null ? Infinity : certain[0]
    for (const moment of one.breakAt!) {
      expect(end(moment)).toBeGreaterThanOrEqual(possible![0])
      expect(end(moment)).toBeLessThanOrEqual(latestStart)
    }
    const earliestEnd = certain === null ? 0 : end(certain[1])
    for (const moment of one.recoverAt ?? [null]) {
      expect(end(moment)).toBeGreaterThanOrEqual(earliestEnd)
      expect(end(moment)).toBeLessThanOrEqual(end(possible![1]))
    }
    expect(verdict).not.toBe('keeps')
    if (one.verdict === 'may_break') expect(certain).toBeNull()
  })

  it('what is sure to break within known times is said to break for certain', () => {
    const sure = cases.filter((one) => spansOf(one).certain !== null).map(({ id }) => id)
    expect(sure).toEqual(
      expect.arrayContaining([
        'TV1 etl-direct',
        'TV1 deployer-role',
        'TV1 cli-session',
        'TV2 api-worker',
        'TV3 orders-first',
        'TV4 a-secretid-destroyed',
        'TV4 b-token-revoked',
        'TV5 overlap-env-no-restart',
        'TV6 a-repo-secret-queued-run',
        'TV6 c-app-token',
        'TV7 bound-token',
        'TV7 legacy-token',
        'TV7 client-cert',
        'TV8 direct-assignment',
        'TV8 via-group',
        'TV9 worker',
        'TV9 impersonation-12h',
      ]),
    )
  })
})
