import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { answerReach } from '../../graph/answer/reach.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { ReachReply } from '../../graph/wire.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { now, situations } from './situations.ts'

const flagship = 'aws:key:AKIAEXAMPLEBILLXPQK7'

describe('reach on the sample estate', () => {
  let estate: Estate
  beforeAll(async () => {
    estate = buildEstate(await scopesOf(join(root, 'server/sample'), now), { id: 'sample', at: now, sample: true })
  })
  const ask = (key: string, query = {}): ReachReply => ReachReply.parse(answerReach(estate, idOf(key), query, now))
  const named = (name: string): string => estate.entities.find((entity) => entity.name === name)!.key

  it('the flagship key acts as its user, whose role it may assume, and has a live session of it', () => {
    const reply = ask(flagship)
    expect(reply.things.map(({ name, way }) => [name, way])).toEqual(
      expect.arrayContaining([
        ['svc-billing-export', 'act-as'],
        ['settlement-reader', 'act-as'],
        ['s3.amazonaws.com', 'reach'],
      ]),
    )
    expect(reply.exposed[0]).toMatchObject({ credential: { name: 'AKIAEXAMPLEBILLXPQK7' } })
    expect(reply.rotation.steps.map(({ action }) => action)).toEqual(['rotate', 'end'])
    expect(reply.survivors.some(({ session, cut }) => session && cut.includes('AWSRevokeOlderSessions'))).toBe(true)
    expect(reply.seenFrom.length).toBeGreaterThan(1)
    expect(reply.lowerBound.join()).toContain('not evaluated')
  })

  it('containing the flagship key is priced by what its own Blast says', () => {
    const { containment } = ask(flagship)
    const stop = containment.options.find(({ kind, thing }) => kind === 'credential' && thing.id === idOf(flagship))
    expect(stop).toMatchObject({ op: 'disable', verdict: 'not-safe' })
    expect(stop!.price.breaks).toBeGreaterThan(3)
    expect(containment.exact).toBe(true)
    expect(containment.price.breaks).toBeLessThanOrEqual(stop!.price.breaks)
  })

  it('an organization of repositories reaches the jobs and what they carry, far beyond one key', () => {
    const organization = ask(named('fernwhistle-example'))
    expect(organization.counts.credentials).toBeGreaterThan(8)
    expect(organization.rotation.steps[0]).toMatchObject({ action: 'evict' })
    expect(organization.counts.workloads).toBeGreaterThan(10)
  })

  it('narrowing to one network or to later shows no more use', () => {
    const { seenFrom, counts } = ask(flagship)
    for (const network of seenFrom)
      expect(ask(flagship, { networks: network }).counts.used).toBeLessThanOrEqual(counts.used)
    expect(ask(flagship, { networks: '10.255.255.254' }).counts.used).toBe(0)
    expect(ask(flagship, { since: '2030-01-01T00:00:00Z' }).counts.used).toBe(0)
  })

  it('answers every credential of the situations, the same bytes twice, and says undefined nowhere', () => {
    for (const { credential } of situations) {
      const once = JSON.stringify(ask(credential))
      expect(once).not.toMatch(/undefined|NaN|\[object/)
      expect(JSON.stringify(ask(credential))).toBe(once)
    }
  })
})
