import { describe, expect, it } from 'vitest'
import type { KeptPlanReply, KeptRunbookReply } from '../../graph/wire-cutover.ts'
import { csvOfPlan, jiraColumns, jiraOfPlan, serviceNowColumns, serviceNowOfPlan } from './plan-csv.ts'

/** A reader of its own: RFC 4180. */
function read(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  const end = (): void => {
    rows.at(-1)!.push(cell)
    cell = ''
  }
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!
    if (isQuoted && letter === '"' && text[at + 1] === '"') cell += text[++at]!
    else if (letter === '"') isQuoted = !isQuoted
    else if (isQuoted) cell += letter
    else if (letter === ',') end()
    else if (letter === '\n') {
      end()
      rows.push([])
    } else if (letter !== '\r') cell += letter
  }
  return rows.slice(0, -1)
}

const hostile = '=HYPERLINK("http://evil.example","x")'
const id = 'aaaaaaaaaaaaaaaa'
const thing = { id, name: hostile, title: 'AWS access key', kind: 'aws.iam_access_key', role: 'credential' }
const item = {
  ...{ credential: thing, op: 'rotate', owner: '@Payments', verdict: 'not-safe', ready: false, breaks: 12, unknown: 1 },
  ...{
    risk: 3,
    findings: ['shared'],
    steps: { done: 1, of: 2, cut: false },
    signOffs: [{ state: 'valid' }, { state: 'lapsed' }],
  },
  named: [{ duty: 'revoker', name: '+Cloud' }],
  gates: [{ id: 'overlap', title: 'Overlap', state: 'unknown', why: 'not known', todo: 'try it', excepted: 'e1' }],
}
const wave = {
  ...{ number: 1, title: '-2+3', start: '2026-12-01T09:00:00Z', end: '2026-12-01T13:00:00Z', items: [item] },
  ...{ unprepared: { breaks: 12, unknown: 1 }, conflicts: [{ words: 'a job, in the window' }] },
}
const plan = {
  ...{ id: 'p', name: hostile, version: 3, snapshot: { id: 's1' }, waves: [wave] },
  created: { by: { id: 'u', name: 'Cloud team' } },
} as unknown as KeptPlanReply
const book = {
  ...{ credential: thing, sentence: 'Not safe.', rollbackSteps: [{ title: 'Make it work again', run: ['-rm x'] }] },
  rollback: { verdict: 'accepted', why: 'simulated' },
  watch: { why: 'a week', signals: [{ where: 'CloudTrail', signal: 'InvalidClientTokenId' }] },
  steps: [
    {
      number: 1,
      when: 'T − 1 d',
      title: 'Make a second value',
      who: null,
      run: ['aws iam "x"'],
      check: 'both listed',
      done: { at: '' },
    },
    { number: 2, when: 'T', title: `Cut ${hostile}`, who: 'Cloud', run: [], check: 'old fails', done: null },
  ],
} as unknown as KeptRunbookReply
const books = new Map([[id, book]])

describe.each([
  ['csv', () => csvOfPlan(plan)],
  ['servicenow', () => serviceNowOfPlan(plan, books)],
  ['jira', () => jiraOfPlan(plan, books)],
])('%s', (_, write) => {
  it('has as many cells in each row as in its head, and none that a spreadsheet runs', () => {
    const [head, ...rows] = read(write())
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) {
      expect(row).toHaveLength(head!.length)
      for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }
    expect(rows.flat().some((cell) => cell.includes('evil.example'))).toBe(true)
  })
})

it('names the fields of ServiceNow’s change_request, with its times and choices', () => {
  const [head, row] = read(serviceNowOfPlan(plan, books))
  const of = (column: string): string => row![head!.indexOf(column)]!
  expect(head).toEqual(serviceNowColumns)
  expect([of('start_date'), of('end_date'), of('risk'), of('impact')]).toEqual(['2026-12-01 09:00:00', '2026-12-01 13:00:00', '2', '1']) // prettier-ignore
  expect(of('implementation_plan').split('\n')).toEqual([
    '[done] 1. T − 1 d: Make a second value (nobody named)',
    '   aws iam "x"',
    `2. T: Cut ${hostile} (Cloud)`,
  ])
  expect(of('backout_plan')).toContain('1. Make it work again\n   -rm x')
  expect(of('risk_impact_analysis')).toContain('Overlap: unknown (excepted)')
})

it('ties Jira’s sub-tasks to the task of their wave', () => {
  const [head, task, sub] = read(jiraOfPlan(plan, books))
  expect(head).toEqual(jiraColumns)
  expect([task!.slice(0, 3), sub!.slice(0, 3)]).toEqual([['1', '', 'Task'], ['2', '1', 'Sub-task']]) // prettier-ignore
})
