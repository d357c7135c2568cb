import { describe, expect, it } from 'vitest'
import { idOf } from '../ids.ts'
import { estateOf } from '../reach/estate.test-data.ts'
import { ChokePointsReply } from '../wire-choke-points.ts'
import { answerChokePoints } from './choke-points.ts'

const NOW = '2026-11-20T04:00:00Z'

/** Two keys, two users; one role before two jewels, and a second way to a third. The job lives on the role. */
const entities = [
  { id: 'key', kind: 'aws.iam_access_key', name: 'leaked-key' },
  { id: 'other', kind: 'aws.iam_access_key', name: 'other-key' },
  { id: 'user', kind: 'aws.iam_user', name: 'robot' },
  { id: 'second', kind: 'aws.iam_user', name: 'second-robot' },
  { id: 'role', kind: 'aws.iam_role', name: 'gate' },
  { id: 'ledger', kind: 'aws.s3_bucket', name: 'ledger', props: { crownJewel: true } },
  { id: 'people', kind: 'aws.s3_bucket', name: 'people', props: { crownJewel: true } },
  { id: 'plans', kind: 'aws.s3_bucket', name: 'plans', props: { crownJewel: true } },
  { id: 'job', kind: 'k8s.deployment', name: 'job' },
] as const
const relationships = [
  { kind: 'AUTHENTICATES_AS', from: 'key', to: 'user' },
  { kind: 'AUTHENTICATES_AS', from: 'other', to: 'second' },
  { kind: 'ASSUMES', from: 'user', to: 'role' },
  { kind: 'ASSUMES', from: 'second', to: 'role' },
  { kind: 'CAN_ACCESS', from: 'role', to: 'ledger' },
  { kind: 'CAN_ACCESS', from: 'role', to: 'people' },
  { kind: 'CAN_ACCESS', from: 'role', to: 'plans' },
  { kind: 'CAN_ACCESS', from: 'second', to: 'plans' },
  { kind: 'RUNS_AS', from: 'job', to: 'role' },
] as const
const estate = estateOf(entities, relationships)
const from = (id: string | undefined) => answerChokePoints(estate, id && idOf(id), {}, NOW)
const pointsOf = ({ points }: ChokePointsReply) =>
  points.map(({ thing, jewels, credentials }) => [thing.name, jewels, credentials])

describe('choke points', () => {
  it('from any credential, what is on every way to a jewel, with what breaks without it', () => {
    const reply = from(undefined)
    expect(pointsOf(reply)).toEqual([['gate', 2, 2]])
    expect(reply.points[0]!.first.toSorted()).toEqual(['ledger', 'people'])
    expect(reply.points[0]).toMatchObject({ things: 2, way: null })
    expect(reply.points[0]!.price).toEqual({ breaks: 1, unknown: 0 })
    expect(reply).toMatchObject({ subject: null, credentials: 2, jewels: 3, open: 1, total: 1 })
    expect(reply.headline.title).toBe('gate is on every known way to 2 of 3 crown jewels')
    expect(ChokePointsReply.parse(reply)).toEqual(reply)
  })

  it('from one credential, nearest to it first, with the way to each', () => {
    const reply = from('key')
    expect(pointsOf(reply)).toEqual([
      ['robot', 3, 1],
      ['gate', 3, 1],
    ])
    expect(reply.points.map(({ way }) => way?.hops.map(({ to }) => to.name))).toEqual([['robot'], ['robot', 'gate']])
    expect(reply.headline.title).toBe('Every known way to all 3 crown jewels goes through robot')
    expect(pointsOf(from('other'))).toEqual([
      ['second-robot', 3, 1],
      ['gate', 2, 1],
    ])
  })

  it('never says that a cut is whole: ways that are not imported go round it', () => {
    for (const reply of [from(undefined), from('key'), from('ledger')]) {
      expect(reply.lowerBound.length).toBeGreaterThan(0)
      expect(reply.headline.sentence).toMatch(/not known here goes round it|not the same as none/)
    }
    expect(from('ledger')).toMatchObject({ jewels: 0, total: 0, points: [] })
  })

  it('lists as many as asked, and says how many there are', () => {
    const reply = answerChokePoints(estate, idOf('key'), { limit: 1 }, NOW)
    expect([reply.points.length, reply.total]).toEqual([1, 2])
  })

  it('refuses what is not known, and an estate without credentials', () => {
    expect(() => from('nobody')).toThrow('is known')
    expect(() => answerChokePoints(estateOf([], []), undefined, {}, NOW)).toThrow('no credential is known here')
  })
})
