import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerEstate, answerFindings } from '../../graph/answer/estate.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { EstateReply, FindingsReply } from '../../graph/wire-estate.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { now } from './situations.ts'

let estate: Estate
beforeAll(async () => {
  const scopes = await scopesOf(join(root, 'server/sample'), now)
  estate = buildEstate(scopes, { id: 'sample', at: now, sample: true })
})
const inventory = (query: Parameters<typeof answerEstate>[1]) =>
  EstateReply.parse(answerEstate(estate, { limit: 1, ...query }, now))

describe('the inventory of the sample', () => {
  it('counts what is complete, and each gap has as many rows and findings as it says', () => {
    const { totals, gaps } = inventory({})
    expect(totals.credentials).toBeGreaterThan(50)
    expect(totals.withOwner).toBeGreaterThan(totals.complete)
    for (const { id, count } of gaps) {
      expect([id, inventory({ gap: id }).matched]).toEqual([id, count])
      expect([id, answerFindings(estate, { finding: id }, now).items.length]).toEqual([id, count])
    }
  })

  it('has no two pages with one row, and none without', () => {
    const seen: string[] = []
    for (let cursor: number | undefined = 0; cursor !== undefined;) {
      const page: EstateReply = inventory({ cursor, limit: 20 })
      seen.push(...page.rows.map(({ id }) => id))
      cursor = page.next
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(inventory({}).matched)
  })

  it('names the key whose team is gone, the baked-in one, the agent with a standing key', () => {
    const { items } = FindingsReply.parse(answerFindings(estate, {}, now))
    const named = (finding: string) =>
      items.filter((one) => one.finding === finding).map(({ credential }) => credential.name)
    expect(named('orphaned')).toEqual(['AKIAEXAMPLELOYALTYIM'])
    expect(named('hard-coded')).toContain('AKIAEXAMPLELEGACYFTP')
    expect(named('agent-standing-secret')).toEqual(['AKIAEXAMPLESUPPCOPIL'])
    expect(named('break-glass')).toEqual(['AKIAEXAMPLEBRKGLASS2'])
  })
})
