import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { edited, isUndoable, type EditRoom } from '../../graph/plan/edit.ts'
import { partNames, type KeptPlan } from '../../graph/plan/kept-plan.ts'
import { QuestionError } from '../../graph/errors.ts'
import type { PlanEdit } from '../../graph/wire-cutover.ts'

const credentials = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc', 'dddddddddddddddd']
const author = { id: 'author', name: 'Cloud team' }
let number = 0
const room: EditRoom = {
  ...{ by: author, at: '2026-11-22T10:00:00Z', snapshot: 'now' },
  nameOf: (id) => `key ${id[0]}`,
  systemName: (id) => id,
  propose: (ids) => [
    { title: '', pilot: false, start: '2026-12-01T09:00:00Z', end: '2026-12-01T13:00:00Z', credentials: [...ids] },
  ],
  stepsOf: () => ['prepare: one', 'cut: two'],
  newId: () => `e${++number}`,
}
const empty: KeptPlan = {
  ...{ id: 'plan', name: 'Q4', status: 'draft', created: { by: author, at: room.at }, authors: [author] },
  ...{ items: [], waves: [], freezes: [], names: [], exceptions: [], done: [], asks: [], log: [] },
}
const credential = fc.constantFrom(...credentials)
const wave = fc.integer({ min: 1, max: 4 })
const edit: fc.Arbitrary<PlanEdit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), credential, wave }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('move' as const), credential, wave }) },
  fc.record({ do: fc.constant('remove' as const), credential }),
  fc.record({ do: fc.constant('rename' as const), name: fc.constantFrom('one', 'two') }),
  fc.record({ do: fc.constant('pilot' as const), wave, pilot: fc.boolean() }),
  fc.record({ do: fc.constant('title' as const), wave, title: fc.constantFrom('rehearse', 'tier 3') }),
  fc.record({
    do: fc.constant('freezes' as const),
    freezes: fc.constantFrom<string[]>([], ['2026-12-18..2027-01-04']),
  }),
  fc.record({ do: fc.constant('name' as const), duty: fc.constantFrom('approver' as const, 'revoker' as const), name: fc.constantFrom('A', 'B', null) }), // prettier-ignore
  fc.record({ do: fc.constant('operation' as const), credential, op: fc.constantFrom('rotate' as const, null) }),
  fc.record({ do: fc.constant('replan' as const) }),
)
const version = (plan: KeptPlan): number => plan.log.length
const parts = (plan: KeptPlan): string => JSON.stringify(partNames.map((name) => plan[name]))

/** Applies what makes sense; a refused edit changes nothing. */
function after(plan: KeptPlan, edits: readonly PlanEdit[]): KeptPlan {
  return edits.reduce((now, one) => {
    try {
      return edited(now, version(now), [one], room)
    } catch (error) {
      if (error instanceof QuestionError) return now
      throw error
    }
  }, plan)
}

describe('edits of a plan', () => {
  test.prop([fc.array(edit, { maxLength: 12 })])(
    'keep each credential in exactly one wave, and no wave empty',
    (edits) => {
      const plan = after(empty, edits)
      expect(plan.waves.flatMap((one) => one.credentials).sort()).toEqual(
        plan.items.map((one) => one.credential).sort(),
      )
      expect(plan.waves.every((one) => one.credentials.length > 0)).toBe(true)
    },
  )

  test.prop([fc.array(edit, { maxLength: 10 }), edit])(
    'are put back by an undo, and that by another',
    (edits, last) => {
      const plan = after(empty, edits)
      const changed = after(plan, [last])
      if (changed === plan || !isUndoable(changed, version(changed))) return
      const undone = edited(changed, version(changed), [{ do: 'undo', edit: version(changed) }], room)
      expect(parts(undone)).toBe(parts(plan))
      expect(isUndoable(undone, version(changed))).toBe(false)
      const redone = edited(undone, version(undone), [{ do: 'undo', edit: version(undone) }], room)
      expect(parts(redone)).toBe(parts(changed))
    },
  )

  test.prop([fc.array(edit, { minLength: 2, maxLength: 8 })])(
    'are put back one by one, down to the beginning',
    (edits) => {
      const plan = after(empty, edits)
      let now = plan
      for (let entry = version(plan); entry > 0; entry--)
        if (isUndoable(now, entry)) now = edited(now, version(now), [{ do: 'undo', edit: entry }], room)
        else expect(plan.log[entry - 1]!.before).toBeUndefined()
      expect(parts(now)).toBe(parts(empty))
    },
  )

  test.prop([fc.array(edit, { maxLength: 8 })])('make an author of whoever makes them, for good', (edits) => {
    const other = { ...room, by: { id: 'other', name: 'Platform team' } }
    const plan = after(empty, [{ do: 'add', credential: credentials[0]! }])
    const touched = edited(plan, 1, [{ do: 'rename', name: 'x' }], other)
    const back = edited(touched, 2, [{ do: 'undo', edit: 2 }], room)
    expect(after(back, edits).authors.map(({ id }) => id)).toEqual(['author', 'other'])
  })
})

describe('a plan that runs', () => {
  const [first] = credentials as [string]
  const draft = after(empty, [{ do: 'add', credential: first }])
  const running = after(draft, [
    { do: 'status', status: 'ready' },
    { do: 'status', status: 'running' },
  ])
  const cut: PlanEdit = { do: 'done', credential: first, step: 'cut: two', proof: 'no failed sign-in for 15 min' }

  it('takes no step before it runs, and none twice', () => {
    expect(() => edited(draft, 1, [cut], room)).toThrow(/not running/)
    const done = after(running, [cut])
    expect(done.done).toHaveLength(1)
    expect(() => edited(done, version(done), [cut], room)).toThrow(/already/)
  })

  it('does not plan anew what has been cut, and closes only when all is', () => {
    expect(() => edited(running, version(running), [{ do: 'status', status: 'closed' }], room)).toThrow(/not cut/)
    const done = after(running, [cut])
    for (const one of [
      { do: 'move', credential: first, wave: 2 },
      { do: 'remove', credential: first },
      { do: 'undo', edit: 1 },
    ] as const)
      expect(() => edited(done, version(done), [one], room)).toThrow(QuestionError)
    const closed = edited(done, version(done), [{ do: 'status', status: 'closed' }], room)
    expect(() => edited(closed, version(closed), [{ do: 'rename', name: 'again' }], room)).toThrow(/closed/)
  })

  it('makes no author of who ticks a step off', () => {
    const other = { ...room, by: { id: 'hands', name: 'On call' } }
    expect(edited(running, version(running), [cut], other).authors.map(({ id }) => id)).toEqual(['author'])
  })
})
