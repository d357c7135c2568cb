import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerWhy } from '../../graph/answer/why.ts'
import { idOf } from '../../graph/ids.ts'
import { WhyReply } from '../../graph/wire.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { allItems, differences, now, situations } from './situations.ts'

describe('the sample estate', () => {
  let estate: Estate
  beforeAll(async () => {
    const scopes = await scopesOf(join(root, 'server/sample'), now)
    estate = buildEstate(scopes, { id: 'sample', at: now, sample: true })
  })

  it('every why starts at the credential, ends at the dependant, and each link joins the next', () => {
    let paths = 0
    for (const { credential, operation } of situations) {
      const id = idOf(credential)
      for (const { id: dependent, verdict } of allItems(estate, id, operation)) {
        const why = answerWhy(estate, id, dependent, { op: operation }, now)
        expect(WhyReply.safeParse(why).error, why.claim).toBeUndefined()
        if (verdict !== 'keeps') expect(why.paths.length, why.claim).toBeGreaterThan(0)
        for (const { hops } of why.paths) {
          paths++
          expect([hops[0]!.from.id, hops.at(-1)!.to.id], why.claim).toEqual([id, dependent])
          hops.slice(1).forEach((hop, at) => expect(hop.from.id, why.claim).toBe(hops[at]!.to.id))
        }
      }
    }
    expect(paths).toBeGreaterThan(200)
  })

  it.each(situations)('$id: $title', (situation) => {
    expect(differences(estate, situation)).toEqual([])
  })
})
