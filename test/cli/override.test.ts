import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OverridesReply } from '../../graph/wire-overrides.ts'
import { smallBundle } from '../http/small-bundle.ts'
import { runCli } from './run-cli.ts'

const dir = mkdtempSync(join(tmpdir(), 'keyfall-override-'))
const cli = (...args: string[]) => runCli('--data', join(dir, 'data'), ...args)

beforeAll(async () => {
  writeFileSync(join(dir, 'harbour.json'), smallBundle)
  expect((await cli('import', join(dir, 'harbour.json'))).code).toBe(0)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('keyfall override', () => {
  it('sets a time, shows it in the answer, and takes it back', async () => {
    const set = await cli('override', 'quay-api', '--uses', 'secret/quay', '--pickup', '5m', '--note', 'it polls')
    expect(set.out).toContain('quay-api uses secret/quay: takes a new value within 5 min (set by you)')
    const { overrides } = JSON.parse((await cli('override', '--json')).out) as OverridesReply
    expect(overrides).toMatchObject([{ pickup: [0, 300], note: 'it polls', inForce: true }])
    expect((await cli('override', '--remove', overrides[0]!.id)).out).toContain('Nothing is set')
  })

  it('refuses a time that is none, a kind that is none, and a thing without a time', async () => {
    expect((await cli('override', 'quay-api', '--uses', 'secret/quay', '--pickup', 'soon')).code).toBe(2)
    expect((await cli('override', 'quay-api', '--uses', 'secret/quay', '--pickup', '1m-2m-3m')).code).toBe(2)
    expect((await cli('override', 'quay-api', '--uses', 'secret/quay', '--kind', 'likes', '--pickup', '1m')).code).toBe(
      2,
    )
    expect((await cli('override', 'quay-api')).err).toContain('only its lag can be set')
  })
})

describe('keyfall impact --do', () => {
  it('takes any action, on what it can be done to', async () => {
    const down = await cli('impact', 'secret/quay', '--do', 'take-down', '--for', '30m')
    expect(down.out).toContain('down now, and back after 30 min')
    expect(down.code).toBeGreaterThanOrEqual(10)
    expect((await cli('impact', 'harbour-key', '--do', 'rotate-in-place')).out).toContain('the old one refused at once')
  })

  it('says what would make sense instead of what does not', async () => {
    const wrong = await cli('impact', 'quay-api', '--do', 'offboard')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('quay-api is a Workload, not a vendor')])
    expect(wrong.err).toContain('possible for quay-api itself: take-down, lose')
    const unknown = await cli('impact', 'quay-api', '--do', 'explode')
    expect(unknown.err).toContain('take-down')
    expect((await cli('impact', 'harbour-key', '--do', 'revoke', '--for', '5m')).code).toBe(2)
  })
})
