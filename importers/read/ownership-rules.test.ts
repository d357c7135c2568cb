import { afterEach, describe, expect, it } from 'vitest'
import { AwsTags } from './aws-tags.ts'
import { ownershipOf, readOwnershipRules, useOwnershipRules } from './ownership-rules.ts'

afterEach(() => void useOwnershipRules(undefined))
const plain = (found: ReturnType<typeof ownershipOf>) =>
  Object.fromEntries([...found].map(([prop, { value }]) => [prop, value]))

describe('rules of ownership', () => {
  it('are the same for tags, labels and annotations, and take nothing else', () => {
    expect(
      plain(
        ownershipOf('tag', [
          ['OWNER', 'Shop'],
          ['api-token', 'KEYFALL-CANARY-tag'],
        ]),
      ),
    ).toEqual({ owner: 'Shop' })
    expect(
      plain(
        ownershipOf('label', [
          ['acme.example/team', 'payments'],
          ['app', 'x'],
        ]),
      ),
    ).toEqual({ team: 'payments' })
  })

  it('can be said once for the installation; the first way that says something counts', () => {
    const problems = useOwnershipRules('owner = tag:Verantwortlich | tag:Owner # first\ntolerance = tag:MaxDowntime\n')
    expect(problems).toEqual([])
    const tags = [
      { Key: 'Owner', Value: 'B' },
      { Key: 'verantwortlich', Value: 'A' },
      { Key: 'MaxDowntime', Value: '4 h' },
    ]
    expect(Object.fromEntries(AwsTags.parse(tags))).toEqual({ owner: 'A', tolerance: '4 h' })
    // What is not named keeps its default.
    expect(Object.fromEntries(AwsTags.parse({ Team: 'shop' }))).toEqual({ team: 'shop' })
  })

  it('say which line is wrong and what may stand there, and quote nothing', () => {
    const { problems } = readOwnershipRules('owner = Owner\nKEYFALL-CANARY = tag:x\n')
    expect(problems).toEqual([
      expect.stringContaining('line 1: after the = have to stand tag:NAME') as string,
      expect.stringContaining('line 2: before the = has to stand one of') as string,
    ])
    expect(problems.join()).not.toContain('CANARY')
  })
})
