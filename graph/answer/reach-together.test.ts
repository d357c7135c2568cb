import { describe, expect, it } from 'vitest'
import { idOf } from '../ids.ts'
import { estateOf } from '../reach/estate.test-data.ts'
import { answerReach } from './reach.ts'
import { answerTogether } from './reach-together.ts'

const NOW = '2026-11-20T04:00:00Z'
const key = idOf('key')

/** A key of a user who may be two roles; either role alone keeps the job going, and each leads to the vault of jewels. */
const estate = estateOf(
  [
    { id: 'key', kind: 'aws.iam_access_key', name: 'leaked-key' },
    { id: 'user', kind: 'aws.iam_user', name: 'robot' },
    { id: 'role-a', kind: 'aws.iam_role', name: 'role-a' },
    { id: 'role-b', kind: 'aws.iam_role', name: 'role-b' },
    { id: 'jewel-a', kind: 'aws.s3_bucket', name: 'ledger', props: { crownJewel: true } },
    { id: 'jewel-b', kind: 'aws.s3_bucket', name: 'people', props: { crownJewel: true } },
    { id: 'job', kind: 'k8s.deployment', name: 'job' },
  ],
  [
    { kind: 'AUTHENTICATES_AS', from: 'key', to: 'user' },
    { kind: 'ASSUMES', from: 'user', to: 'role-a' },
    { kind: 'ASSUMES', from: 'user', to: 'role-b' },
    { kind: 'CAN_ACCESS', from: 'role-a', to: 'jewel-a' },
    { kind: 'CAN_ACCESS', from: 'role-b', to: 'jewel-b' },
    { kind: 'USES_CREDENTIAL', from: 'job', to: 'key', delivery: 'env_at_start' },
  ],
)
const reach = answerReach(estate, key, {}, NOW)
const all = [...reach.containment.options, ...reach.containment.cut]
const together = (actions: readonly string[]) => answerTogether(estate, key, { actions: actions.join(',') }, NOW)

describe('actions done together', () => {
  it('the cheapest set costs and cuts what the answer says of it', () => {
    const said = together(reach.containment.cut.map(({ id }) => id))
    expect(said.routes).toBe(reach.containment.routes)
    expect(said.cut).toBe(reach.containment.routes)
    expect(said.price).toEqual(reach.containment.price)
    expect(said.leftCount).toBe(reach.containment.uncuttable.length)
  })

  it('a single action costs what the list says, and cuts as many ways', () => {
    expect(all.length).toBeGreaterThan(2)
    for (const option of all) {
      const said = together([option.id])
      expect([option.title, said.price]).toEqual([option.title, option.price])
      expect([option.title, said.verdict]).toEqual([option.title, option.verdict])
      if (option.routes > 0) expect([option.title, said.cut]).toEqual([option.title, option.routes])
      expect(said.onlyTogether).toBe(0)
    }
  })

  it('more actions never break less, cut less, or leave more', () => {
    const ids = [...new Set(all.map(({ id }) => id))]
    ids.reduce((before, _, i) => {
      const said = together(ids.slice(0, i + 1))
      expect(said.price.breaks).toBeGreaterThanOrEqual(before.price.breaks)
      expect(said.cut).toBeGreaterThanOrEqual(before.cut)
      expect(said.leftCount).toBeLessThanOrEqual(before.leftCount)
      return said
    }, together([]))
  })

  it('nothing asked is not called safe; what is not offered is named; an unknown thing is refused', () => {
    expect(together([]).verdict).toBe('cannot-say')
    expect(together(['grant:zzz', '__proto__']).unknownActions).toEqual(['grant:zzz', '__proto__'])
    expect(() => answerTogether(estate, 'nobody', {}, NOW)).toThrow(/nothing with the id/)
  })
})
