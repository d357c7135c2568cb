import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { Change } from './outage/change.ts'
import { issueWords } from './issue-words.ts'

const CANARY = 'KEYFALL-CANARY-ISSUE-1'

describe('what a shape found wrong, in words', () => {
  const wrong: [string, unknown, string][] = [
    [
      'a kind that is none',
      { action: CANARY, targets: ['a'] },
      'one of these is needed here: revoke, disable, rotate, cut',
    ],
    ['a text for a list', { action: 'revoke', targets: CANARY }, 'a list is needed here'],
    ['an empty list', { action: 'revoke', targets: [] }, 'too short: at least 1 entries'],
    ['a time before the start', { action: 'revoke', targets: ['a'], at: -1 }, 'too small: at least 0'],
    ['nothing at all', null, 'an object is needed here'],
  ]
  it.each(wrong)('%s', (_, value, words) => {
    const [issue] = Change.safeParse(value).error!.issues
    expect(issueWords(issue!)).toBe(words)
  })

  it('never has a code of the library, nor text of the file', () => {
    const shape = z.strictObject({ a: z.union([z.string().min(3), z.number()]), b: z.email() })
    for (const { issues } of [
      shape.safeParse({ a: true, b: CANARY, [CANARY]: 1 }).error!,
      shape.safeParse({ a: 'x', b: 1 }).error!,
    ])
      for (const issue of issues) expect(issueWords(issue)).not.toMatch(/CANARY|invalid|_/)
  })
})
