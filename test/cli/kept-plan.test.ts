import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeptPlanReply, PlansReply, SignOffsReply } from '../../graph/wire-cutover.ts'
import { smallBundle } from '../http/small-bundle.ts'
import { runCli, type Ran } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfall-plans-'))
const KEY = 'AKIAEXAMPLEHARBOUR01'
let at = 0
const cli = (...words: string[]): Promise<Ran> => runCli('--data', join(folder, 'data'), ...words)
const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await cli(...words, '--json')).out) as T

beforeAll(async () => {
  const file = join(folder, `harbour-${at++}.json`)
  writeFileSync(file, smallBundle)
  await cli('import', file)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('keyfall plan', () => {
  it('keeps a plan, edits it by name, and shows it in the same words each time', async () => {
    const saved = await cli('plan', 'save', 'Harbour', KEY, '--do', 'rotate', '--from', '2036-12-01')
    expect([saved.code, saved.out.includes('Harbour: Not ready')]).toEqual([30, true])
    const edits = [
      ['name', 'Harbour', 'approver', 'Head of billing'],
      ['name', 'Harbour', 'revoker', 'harbour rota', '--of', KEY],
      ['window', 'Harbour', '1', '2036-12-02T10:00:00Z', '2036-12-02T12:00:00Z'],
      ['freeze', 'Harbour', '2036-12-18..2037-01-04'],
      ['rollback', 'Harbour', KEY, '2', '--keep-new'],
      ['except', 'Harbour', KEY, 'mapped', '--risk', 'low', '--owner', 'Ops', '--reason', 'log ordered', '--until', '2036-12-31'], // prettier-ignore
    ]
    for (const words of edits) expect((await cli('plan', ...words)).code).toBe(30)
    const plan = await json<KeptPlanReply>('plan', 'show', 'harbour')
    expect([plan.version, plan.freezes, plan.waves[0]!.start]).toEqual([7, ['2036-12-18..2037-01-04'], '2036-12-02T10:00:00Z']) // prettier-ignore
    expect(plan.waves[0]!.items[0]!.rollback).toMatchObject({ verdict: 'refused', standing: 2 })
    const undone = await json<KeptPlanReply>('plan', 'undo', 'Harbour', '6')
    expect(undone.waves[0]!.items[0]!.proposed).toBe(false)
    const { plans } = await json<PlansReply>('plan', 'list')
    expect(plans.map(({ name, version }) => [name, version])).toEqual([['Harbour', 8]])
    expect((await cli('plan', 'export', 'Harbour', '--format', 'servicenow')).out).toContain('correlation_id,')
    expect((await cli('plan', 'runbook', 'Harbour', KEY)).out).toContain('who: harbour rota')
  })

  it('previews without keeping, and refuses what makes no sense', async () => {
    const preview = await json<KeptPlanReply>('plan', 'rename', 'Harbour', 'Pier', '--preview')
    expect([preview.name, (await json<KeptPlanReply>('plan', 'show', 'Harbour')).name]).toEqual(['Pier', 'Harbour'])
    const refused = await cli('plan', 'status', 'Harbour', 'ready')
    expect([refused.code, refused.err.includes('is not ready')]).toEqual([2, true])
    expect((await cli('plan', 'status', 'Harbour', 'merry')).code).toBe(2)
    expect((await cli('plan', 'move', 'Harbour', KEY, '7')).code).toBe(2)
    expect((await cli('plan', 'show', 'no such plan')).code).toBe(2)
  })
})

describe('keyfall signoff', () => {
  it('is not for the author but as break-glass, lists, withdraws', async () => {
    expect((await cli('signoff', 'Harbour', KEY)).out).toContain('Nobody has signed')
    expect((await cli('signoff', 'Harbour', KEY, '--give')).code).toBe(2)
    const given = await json<SignOffsReply>(
      'signoff',
      'Harbour',
      KEY,
      '--give',
      '--break-glass',
      'the vendor was breached',
    )
    expect(given.signOffs[0]).toMatchObject({ state: 'valid', breakGlass: { reason: 'the vendor was breached' } })
    const id = given.signOffs[0]?.id ?? ''
    const withdrawn = await json<SignOffsReply>('signoff', 'Harbour', '--withdraw', id, '--reason', 'too early')
    expect(withdrawn.signOffs[0]).toMatchObject({ state: 'withdrawn' })
    expect((await cli('plan', 'delete', 'Harbour')).code).toBe(2)
  })
})
