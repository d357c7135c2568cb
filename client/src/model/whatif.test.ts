import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { MovesReply } from '../../../graph/wire-acts.ts'
import type { BlastReply, Verdict } from '../../../graph/wire.ts'
import { blastOf } from '../../../test/browser/answers.ts'
import { movesOf, whatIfOf } from '../../../test/browser/whatif-answers.ts'
import { worldOf } from '../../../test/browser/worlds.ts'
import { systemRows } from './fold.ts'
import { total } from './verdict.ts'
import { glyphPlaces, inOrderOf, slotsOf, trailsOf, withGhosts } from './whatif-diff.ts'
import { answerAfter, answerOfServer, differenceOf, movedBy } from './whatif-reply.ts'
import { stepRows } from './whatif-steps.ts'
import { countsAt, foldMoves, maskOf, overallAfter, standingAt } from './whatif.ts'

const verdicts: readonly Verdict[] = ['breaks', 'unknown', 'steps', 'keeps']
const std = worldOf('std')
const base = blastOf(std, 'revoke')
const STEPS = 5

/** Dependants one by one, each with its own alternatives: what a server knows before it groups them. */
const dependents = fc.array(
  fc.record({
    sys: fc.nat(std.systems.length - 1),
    band: fc.nat(5),
    verdict: fc.constantFrom(...verdicts),
    alternatives: fc.array(
      fc.record({
        mask: fc.integer({ min: 1, max: (1 << STEPS) - 1 }),
        band: fc.nat(5),
        verdict: fc.constantFrom(...verdicts),
      }),
      { maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 80 },
)
type Dependents = typeof dependents extends fc.Arbitrary<infer T> ? T : never

/** The table as the server groups them, one row a dependant: grouping must not matter. */
function tableOf(list: Dependents, grouped: boolean): MovesReply {
  const rows = new Map<string, { one: Dependents[number]; members: { id: string; name: string }[] }>()
  list.forEach((one, i) => {
    const key = grouped ? JSON.stringify(one) : String(i)
    const row = rows.get(key) ?? { one, members: [] }
    row.members.push({ id: `d${String(i).padStart(3, '0')}`, name: `dependant ${i}` })
    rows.set(key, row)
  })
  const all = [...rows.values()]
  return {
    ...movesOf(std, 'revoke'),
    steps: Array.from({ length: STEPS }, (_, i) => ({ id: `t${i}`, title: `step ${i}`, confirmed: true })),
    sys: all.map(({ one }) => one.sys),
    band: all.map(({ one }) => one.band),
    verdict: all.map(({ one }) => one.verdict),
    alt: all.map((_, i) => i),
    count: all.map(({ members }) => members.length),
    members: all.map(({ members }) => (members.length > 24 ? [] : members)),
    alternatives: all.map(({ one }) => one.alternatives),
  }
}

describe('the move table, folded by the screen', () => {
  test.prop([dependents, fc.nat((1 << STEPS) - 1), fc.boolean()])(
    'stands as each dependant alone would: the first alternative all of whose steps are ticked',
    (list, mask, grouped) => {
      const table = tableOf(list, grouped)
      const expected = list.map(
        (one) => one.alternatives.find((alternative) => (alternative.mask & mask) === alternative.mask) ?? one,
      )
      const folded = foldMoves(table, mask, base)
      for (const verdict of verdicts)
        expect(folded.counts[verdict]).toBe(expected.filter((one) => one.verdict === verdict).length)
      expect(folded.cells.reduce((sum, cell) => sum + total(cell), 0)).toBe(list.length)
      for (const cell of folded.cells) {
        const here = expected.filter((one, i) => list[i]!.sys === cell.sys && one.band === cell.band)
        expect([cell.breaks, cell.unknown, cell.steps, cell.keeps]).toEqual(
          verdicts.map((verdict) => here.filter((one) => one.verdict === verdict).length),
        )
      }
      const elsewhere = expected.filter((one, i) => one.band !== list[i]!.band || one.verdict !== list[i]!.verdict)
      expect(folded.moved).toBe(elsewhere.length)
    },
  )

  test.prop([dependents])('without a tick it is the answer itself, and nobody is lost with all of them', (list) => {
    const table = tableOf(list, true)
    table.count.forEach((_, row) => {
      expect(standingAt(table, row, 0)).toMatchObject({ band: table.band[row], verdict: table.verdict[row] })
    })
    expect(total(countsAt(table, (1 << STEPS) - 1))).toBe(list.length)
  })

  it.each([[], ['s1'], ['s2'], ['s3'], ['s2', 's3'], ['s4', 's1', 's2'], ['s1', 's2', 's3', 's4']])(
    'says the same as the server about every dependant, also as a picture (%s %s %s %s)',
    (...ticked) => {
      const table = movesOf(std, 'revoke')
      const local = answerAfter(base, table, ticked)
      const served = whatIfOf(std, 'revoke', ticked)
      expect(differenceOf(local, movedBy(base, table, ticked), served)).toBe(ticked.length === 0 ? null : null)
      const theirs = answerOfServer(base, local, served, ticked)
      const sorted = (reply: BlastReply) =>
        reply.cells
          .map((cell) =>
            JSON.stringify([
              cell.sys,
              cell.band,
              cell.breaks,
              cell.unknown,
              cell.steps,
              cell.keeps,
              cell.members.map(({ id }) => id),
            ]),
          )
          .sort()
      expect(sorted(theirs)).toEqual(sorted(local))
    },
  )

  it('crowded cells keep the names of those who surely stay', () => {
    const big = worldOf('big')
    const answer = blastOf(big, 'revoke')
    const after = foldMoves(movesOf(big, 'revoke'), 0b0001, answer)
    expect(after.cells.reduce((sum, cell) => sum + total(cell), 0)).toBe(10_000)
    const home = new Map(answer.cells.flatMap((cell) => cell.members.map((member) => [member.id, cell] as const)))
    const crowded = after.cells
      .filter((cell) => total(cell) > 24 && cell.band < 5)
      .flatMap((cell) => cell.members.map((member) => ({ cell, member })))
    expect(crowded.length).toBeGreaterThan(0)
    for (const { cell, member } of crowded) expect(home.get(member.id)?.sys ?? cell.sys).toBe(cell.sys)
  })

  it('when the server counts otherwise, its figures win and the line says which', () => {
    const table = movesOf(std, 'revoke')
    const local = answerAfter(base, table, ['s1'])
    const served = whatIfOf(std, 'revoke', ['s1'], true)
    expect(differenceOf(local, movedBy(base, table, ['s1']), served)).toMatch(/\d+ .*, not \d+/)
    expect(answerOfServer(base, local, served, ['s1']).counts).toMatchObject(served.after.counts)
  })
})

describe('the verdict with steps done', () => {
  const counts = fc.record({ breaks: fc.nat(3), unknown: fc.nat(3), steps: fc.nat(3), keeps: fc.nat(3) })
  test.prop([
    counts,
    fc.constantFrom('not-safe' as const, 'cannot-say' as const, 'safe-after-steps' as const, 'safe' as const),
    fc.integer({ min: 1, max: 4 }),
  ])(
    'is never better than its counts or than the best the server allows, and never plain safe once a step is ticked',
    (some, best, ticked) => {
      const verdict = overallAfter(some, best, ticked)
      if (some.breaks > 0) expect(verdict).toBe('not-safe')
      if (some.unknown > 0 || best === 'cannot-say') expect(['not-safe', 'cannot-say']).toContain(verdict)
      expect(verdict).not.toBe('safe')
    },
  )

  it('a missing source caps it whatever is ticked', () => {
    const stale = worldOf('stale')
    const answer = blastOf(stale, 'revoke')
    const table = movesOf(stale, 'revoke')
    for (let mask = 0; mask < 16; mask++) {
      const ticked = table.steps.filter((_, bit) => (mask >> bit) & 1).map(({ id }) => id)
      expect(answerAfter(answer, table, ticked).verdict).toBe('cannot-say')
    }
  })

  it('counts what is assumed, and the steps still open', () => {
    const tiny = worldOf('tiny')
    const answer = blastOf(tiny, 'revoke')
    const table = movesOf(tiny, 'revoke')
    const needed = table.steps.filter((_, bit) => (table.needed >> bit) & 1).map(({ id }) => id)
    expect(answerAfter(answer, table, needed).headline.title).toMatch(/^Safe to revoke after \d steps?/)
    expect(answerAfter(answer, table, needed).counts).toMatchObject({ breaks: 0, steps: 0 })
  })
})

describe('the list of steps', () => {
  const table = movesOf(std, 'revoke')
  it('is ordered by what each would add now; ticked ones stay first in the order they were ticked', () => {
    expect(stepRows(base, table, []).map(({ step, effect }) => [step.id, effect])).toEqual([
      ['s1', '−16 break'],
      ['s2', '−10 break'],
      ['s4', '−9 break'],
      ['s3', '−9 break'],
    ])
    expect(stepRows(base, table, ['s4', 's2']).map(({ step }) => step.id)).toEqual(['s4', 's2', 's1', 's3'])
  })
  it('says what a step needs first, until that is ticked', () => {
    const s3 = (ticked: string[]) => stepRows(base, table, ticked).find(({ step }) => step.id === 's3')!
    expect(s3([])).toMatchObject({ conditional: true, needs: [base.steps[1]!.title] })
    expect(s3(['s2'])).toMatchObject({ conditional: false, needs: [], effect: '−9 break' })
  })
  test.prop([fc.subarray(['s1', 's2', 's3', 's4'])])(
    'effects of one tick are the difference of the counts',
    (ticked) => {
      for (const row of stepRows(base, table, ticked).filter(({ conditional }) => !conditional)) {
        const without = ticked.filter((id) => id !== row.step.id)
        const fails = (ids: readonly string[]): number => {
          const counts = countsAt(table, maskOf(table, ids))
          return counts.breaks + counts.steps
        }
        const fewer = fails(without) - fails([...without, row.step.id])
        if (fewer > 0) expect(row.effect).toBe(`−${fewer} break`)
      }
    },
  )
})

describe('the diff', () => {
  const table = movesOf(std, 'revoke')
  const before = systemRows(base)
  test.prop([fc.subarray(['s1', 's2', 's3', 's4'], { minLength: 1 })])(
    'outlines are those who left their cell and nobody else; who stays keeps the place; differences sum to 0',
    (ticked) => {
      const after = answerAfter(base, table, ticked)
      const rows = withGhosts(
        before,
        inOrderOf(
          before.map(({ id }) => id),
          systemRows(after),
        ),
      )
      expect(rows.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
      const homeOf = (reply: BlastReply) =>
        new Map(reply.cells.flatMap((cell) => cell.members.map(({ id }) => [id, `${cell.sys} ${cell.band}`] as const)))
      const [was, is] = [homeOf(base), homeOf(after)]
      const left = [...was].filter(([id, home]) => is.get(id) !== home).map(([id]) => id)
      const ghosts = rows
        .flatMap((row) => (row.kind === 'more' ? [] : row.cells.flatMap((cell) => (cell ? slotsOf(cell) : []))))
        .filter(({ ghost }) => ghost)
      expect(ghosts.map(({ member }) => member.id).sort()).toEqual(left.sort())
      const [old, now] = [glyphPlaces(before, 6, 132), glyphPlaces(rows, 6, 132)]
      for (const [id, place] of now) {
        const member = id.split(' ')[1]!
        if (was.get(member) === is.get(member)) expect(place).toEqual(old.get(id))
      }
      for (const row of rows)
        if (row.kind !== 'more') for (const { from, to } of trailsOf(row, 6, 132)) expect(from).toBeLessThanOrEqual(to)
      const changes = verdicts.map((verdict) => after.counts[verdict] - base.counts[verdict])
      expect(changes.reduce((sum, n) => sum + n, 0)).toBe(0)
    },
  )
})
