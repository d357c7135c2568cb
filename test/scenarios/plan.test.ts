import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { answerPlan } from '../../graph/plan/answer-plan.ts'
import { answerRunbook } from '../../graph/plan/answer-runbook.ts'
import { windowsFrom, readFreezes, startsIn, dayOf, isoOf } from '../../graph/plan/calendar.ts'
import { checkRollback, usualProposal } from '../../graph/plan/rollback.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { PlanReply, RunbookReply, type Gate } from '../../graph/wire-plan.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { now } from './situations.ts'

let estate: Estate
beforeAll(async () => {
  const scopes = await scopesOf(join(root, 'server/sample'), now)
  estate = buildEstate(scopes, { id: 'sample', at: now, sample: true })
})
const idOfName = (name: string): string =>
  estate.entities.find((one) => one.name === name && entityKinds[one.kind].role !== 'identity')!.id
const indexOfName = (name: string): number => estate.indexOf.get(idOfName(name))!
const plan = (query: Parameters<typeof answerPlan>[1]) => PlanReply.parse(answerPlan(estate, query, now))
const runbook = (name: string, query: Parameters<typeof answerRunbook>[2] = {}) =>
  RunbookReply.parse(answerRunbook(estate, idOfName(name), query, now))
const stateOf = (gates: readonly Gate[], id: Gate['id']) => gates.find((one) => one.id === id)!.state

describe('a plan of the sample', () => {
  it('is the same whatever the order of ids, and holds every one of them once', () => {
    const names = ['AKIAEXAMPLESEARCHIDX', 'AKIAEXAMPLEBILLXPQK7', 'ledger_app on ledger', 'reports_ro on reports']
    const ids = names.map(idOfName)
    const forward = plan({ credentials: ids.join(',') })
    expect(plan({ credentials: [...ids].reverse().join(',') })).toEqual(forward)
    expect(forward.waves.flatMap(({ items }) => items.map(({ credential }) => credential.name)).sort()).toEqual(
      names.sort(),
    )
  })

  it('is not ready while a name is missing, and says whose', () => {
    const { ready, missing, waves } = plan({})
    expect(ready).toBe(false)
    expect(missing.map(({ duty }) => duty)).toContain('approver')
    for (const { items } of waves)
      for (const { named, gates, ready: isReady } of items)
        if (named.some(({ needed, name }) => needed && name === null))
          expect([stateOf(gates, 'accountable'), isReady]).toEqual(['not-met', false])
  })

  it('never calls ready what breaks, and no credential with unattributed callers mapped', () => {
    for (const { items } of plan({}).waves)
      for (const { verdict, gates, consumers } of items) {
        if (verdict === 'not-safe') expect(stateOf(gates, 'continuity')).toBe('not-met')
        if (consumers.some(({ thing }) => thing.kind === 'caller')) expect(stateOf(gates, 'mapped')).toBe('not-met')
      }
  })

  it('begins with a pilot of small blasts and lets the heaviest wait', () => {
    const { waves } = plan({})
    expect(waves[0]!.pilot).toBe(true)
    expect(Math.max(...waves[0]!.items.map(({ breaks }) => breaks))).toBeLessThanOrEqual(1)
    const place = waves.findIndex(({ items }) =>
      items.some(({ credential }) => credential.name === 'AKIAEXAMPLEBILLXPQK7'),
    )
    expect(place).toBeGreaterThan(waves.length / 2)
  })

  it('counts who needs two of a wave once, and finds what two fallbacks lose together', () => {
    const both = ['AKIAEXAMPLECDNFIRST2', 'AKIAEXAMPLECDNSECND2'].map(idOfName)
    const [wave] = plan({ credentials: both.join(','), waves: 1 }).waves
    expect(wave!.unprepared.breaks).toBeGreaterThan(wave!.sum.breaks)
    for (const { unprepared, prepared, sum } of plan({}).waves) {
      expect(prepared.breaks).toBeLessThanOrEqual(unprepared.breaks)
      expect(sum.breaks).toBeGreaterThanOrEqual(0)
    }
  })

  it('keeps clear of freezes, and names a job in the window', () => {
    const { waves } = plan({ from: '2026-12-14', freeze: '2026-12-18..2027-01-04' })
    for (const { start } of waves) expect(start < '2026-12-18' || start >= '2027-01-05').toBe(true)
    const words = plan({}).waves.flatMap(({ conflicts }) => conflicts.map((one) => one.words))
    expect(words.some((one) => one.includes('snapshot-copy') && one.includes('within the window'))).toBe(true)
  })

  it('refuses what is no day, no freeze, no credential', () => {
    expect(() => plan({ from: 'soon' })).toThrow(/no day/)
    expect(() => plan({ freeze: '2027-01-04..2026-12-18' })).toThrow(/freeze/)
    expect(() => plan({ credentials: idOfName('Search') })).toThrow(/no credential/)
  })
})

describe('a runbook', () => {
  it('has the exact commands, ends with the deletion, and deletes only the new key when rolled back', () => {
    const book = runbook('AKIAEXAMPLESEARCHIDX', { at: '2026-12-01T09:00:00Z' })
    const cut = book.steps.find(({ phase }) => phase === 'cut')!
    expect(cut.run[0]).toBe(
      'aws iam update-access-key --user-name svc-search-index --access-key-id AKIAEXAMPLESEARCHIDX --status Inactive',
    )
    expect(cut.date).toBe('2026-12-01T09:00:00Z')
    expect(book.steps.map(({ at }) => at)).toEqual([...book.steps.map(({ at }) => at)].sort((a, b) => a - b))
    const final = book.steps.find(({ number }) => number === book.pointOfNoReturn)!
    expect([final.phase, final.number]).toEqual(['retire', book.steps.length])
    expect(book.rollback.verdict).toBe('accepted')
    const undone = book.rollbackSteps.flatMap(({ run }) => run).filter((line) => line.includes('delete-access-key'))
    expect(undone).toEqual(['aws iam delete-access-key --user-name svc-search-index --access-key-id ID_OF_THE_NEW_ONE'])
  })

  it('takes the second user away when rolled back, never the first', () => {
    const { rollbackSteps, steps } = runbook('reports_ro on reports', { op: 'rotate-users' })
    expect(rollbackSteps.at(-1)!.run).toEqual(['ALTER ROLE SECOND_USER PASSWORD NULL'])
    expect(steps.find(({ phase }) => phase === 'issue')!.undo).not.toContain('reports_ro')
  })

  it('leaves a full period of use between the last delivery and the cut', () => {
    const { steps, watch } = runbook('AKIAEXAMPLESEARCHIDX')
    const delivered = steps.filter(({ phase }) => phase === 'deliver').map(({ at }) => at)
    expect(Math.max(...delivered)).toBeLessThanOrEqual(-watch.lasts)
  })

  it('has no way back from a revoke, and says so', () => {
    const { rollback, rollbackSteps, steps, pointOfNoReturn, ready } = runbook('AKIAEXAMPLESEARCHIDX', { op: 'revoke' })
    expect([rollback.verdict, rollbackSteps, ready]).toEqual(['refused', [], false])
    expect(steps.find(({ number }) => number === pointOfNoReturn)!.phase).toBe('cut')
  })
})

describe('a rollback', () => {
  const check = (more: object) =>
    checkRollback(estate, indexOfName('AKIAEXAMPLESEARCHIDX'), 'rotate', { ...usualProposal, ...more })
  it('is refused where it leaves the new key beside the old one', () => {
    const found = check({ removesNew: false })
    expect([found.verdict, found.standing]).toEqual(['refused', 2])
    expect(found.why).toContain('2 values that let somebody in')
  })
  it('is refused where the old value stays shut', () => expect(check({ restores: false }).verdict).toBe('refused'))
  it('is accepted where the old value comes back alone', () => expect(check({}).verdict).toBe('accepted'))
})

describe('the calendar', () => {
  it('waits for Monday, and for the end of a freeze that ends on a Saturday', () => {
    const days = (from: string, freeze: string) =>
      windowsFrom(dayOf(from)!, 2, readFreezes(freeze)).map(({ start }) => isoOf(start).slice(0, 10))
    expect(days('2026-11-28', '')).toEqual(['2026-11-30', '2026-12-07'])
    expect(days('2026-11-30', '2026-11-30..2026-12-05')).toEqual(['2026-12-07', '2026-12-14'])
  })
  it.each([
    ['0 3 * * *', false],
    ['30 9 * * *', true],
    ['*/15 * * * *', true],
    ['0 8,13 * * 1-5', false],
    ['0 0/2 * * *', true],
    ['@daily', undefined],
    ['every day at ten', undefined],
    ['99 9 * * *', undefined],
  ])('cron %s starts in the window: %s', (cron, expected) => {
    const [window] = windowsFrom(dayOf('2026-11-30')!, 1, [])
    expect(startsIn(cron, window!)).toBe(expected)
  })
})
