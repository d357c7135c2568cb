import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  BacktestReply,
  CompareReply,
  ForecastReply,
  OverlapReply,
  RankReply,
  WatchReply,
  WhatIfReply,
} from '../../graph/wire-acts.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { testServer, type TestServer } from '../http/running-server.ts'
import { runCli, type Ran } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfall-acts-'))
const exports = join(folder, 'mill.json')
const hostile = 'runner\u001b[2J|<b>x</b>`'
const canary = 'KEYFALL-CANARY-s3cret'
const at = '2026-11-20T04:00:00Z'
const KEY = 'AKIAEXAMPLEMILLWHEEL'

/** A key in a vault path that one service polls and one reads at its start, and that a log shows in use elsewhere. */
const bundle = {
  format: 'keyfall.bundle/1',
  scope: 'mill',
  entities: [
    { id: `aws:key:${KEY}`, kind: 'aws.iam_access_key', name: KEY, props: { expiresAt: '2999-01-01T00:00:00Z' } },
    { id: 'arn:aws:iam::111122223333:user/mill', kind: 'aws.iam_user', name: 'mill' },
    { id: 'vault:vault/secret/kv/mill', kind: 'vault.kv2_secret', name: 'kv/mill' },
    { id: 'wheel', role: 'workload', name: 'wheel' },
    { id: 'runner', role: 'workload', name: hostile },
    { id: 'flour', kind: 'business.system', name: 'Flour', props: { tier: 1 } },
    { id: 'ledger', role: 'resource', name: 'ledger', props: { crownJewel: true } },
    { id: 'spare', role: 'resource', name: 'spare' },
  ],
  relationships: [
    { kind: 'AUTHENTICATES_AS', from: `aws:key:${KEY}`, to: 'arn:aws:iam::111122223333:user/mill' },
    { kind: 'CAN_ACCESS', from: 'arn:aws:iam::111122223333:user/mill', to: 'ledger' },
    { kind: 'HOLDS', from: 'vault:vault/secret/kv/mill', to: `aws:key:${KEY}` },
    {
      kind: 'USES_SECRET',
      from: 'wheel',
      to: 'vault:vault/secret/kv/mill',
      delivery: 'fetch_cached',
      pickup: [0, 1800],
    },
    { kind: 'USES_SECRET', from: 'runner', to: 'vault:vault/secret/kv/mill', delivery: 'env_at_start' },
    { kind: 'DEPENDS_ON', from: 'flour', to: 'wheel' },
  ],
}
const event = (eventTime: string, eventID: string, more: object = {}): object => ({
  ...{ eventVersion: '1.08', eventTime, eventID, eventSource: 's3.amazonaws.com', eventName: 'GetObject' },
  ...{
    awsRegion: 'eu-west-1',
    sourceIPAddress: '192.0.2.7',
    userAgent: 'aws-cli/2.15',
    recipientAccountId: '111122223333',
  },
  userIdentity: {
    ...{ type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/mill', accountId: '111122223333' },
    ...{ accessKeyId: KEY, userName: 'mill', principalId: 'AIDAEXAMPLEMILLWHEEL' },
  },
  requestParameters: { password: canary },
  ...more,
})
const log = join(folder, 'after.json')
const history = join(folder, 'history.json')
const refusedBy = { errorCode: 'InvalidClientTokenId', errorMessage: canary }
beforeAll(() => {
  buildIfNeeded(['server'])
  writeFileSync(exports, JSON.stringify(bundle))
  writeFileSync(
    log,
    JSON.stringify({ Records: [event('2026-11-20T04:10:00Z', 'a', refusedBy), event('2026-11-20T05:00:00Z', 'b')] }),
  )
  writeFileSync(
    history,
    JSON.stringify({ Records: [1, 2, 3, 4].map((day) => event(`2026-11-0${day}T04:10:00Z`, `h${day}`)) }),
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['store', 'server'] as const)('answers to act on, through the %s', (through) => {
  let server: TestServer | undefined
  let data: string
  const cli = async (...args: string[]): Promise<Ran> => {
    const ran = await runCli('--data', data, ...args)
    expect(ran.out + ran.err).not.toContain(canary)
    expect(ran.out).not.toContain('\u001b')
    return ran
  }
  const json = async (...args: string[]): Promise<unknown> => JSON.parse((await cli(...args, '--json')).out) as unknown

  beforeAll(async () => {
    if (through === 'server') data = (server = await testServer()).dataDir
    else data = mkdtempSync(join(folder, 'data-'))
    expect((await runCli('--data', data, 'import', exports)).code).toBe(0)
  })
  afterAll(() => server?.close())

  it('rank: the heaviest first, in every form', async () => {
    const { code, out } = await cli('rank')
    expect(code).toBe(0)
    expect(out).toContain(`Most falls with ${KEY}: 2 dependants in 1 systems`)
    const reply = RankReply.parse(await json('rank'))
    expect(reply).toMatchObject({ state: 'complete', total: 1 })
    expect((await cli('rank', '--markdown')).out).toContain(`| 1 | ${KEY} |`)
  })
  it('forecast: what ends when; nothing soon is no finding', async () => {
    expect((await cli('forecast')).code).toBe(0)
    const { code, out } = await cli('forecast', '--days', '36500', '--markdown')
    expect(code).toBe(0)
    expect(out).toContain('Nothing known runs out')
    expect(ForecastReply.parse(await json('forecast')).later).toBe(1)
  })
  it('overlap: how long, for whom, and whom none saves', async () => {
    const { code, out } = await cli('overlap', KEY)
    expect(code).toBe(20)
    expect(out).toContain('at least 30 min, and 1 that no overlap saves')
    expect(out).toContain('restart it after the new value has arrived: runner<U+001B>')
    expect(OverlapReply.parse(await json('overlap', KEY)).alone.smallest).toBe(1800)
  })
  it('whatif: the steps that are needed, another operation, another way', async () => {
    const { out } = await cli('whatif', KEY)
    expect(out).toContain('Supposed: ')
    expect(out).toContain('2 better, 0 worse')
    const instead = WhatIfReply.parse(
      await json('whatif', KEY, '--do', 'revoke', '--instead', 'rotate', '--instead-overlap', '1h'),
    )
    expect(instead.moved.map(({ dependent }) => dependent.name)).toContain('wheel')
    const fallback = WhatIfReply.parse(await json('whatif', KEY, '--fallback', 'wheel>spare'))
    expect(fallback.after.counts.keeps).toBe(fallback.before.counts.keeps + 1)
    expect((await cli('whatif', KEY, '--steps', 'dance')).code).toBe(2)
    expect((await cli('whatif', KEY, '--fallback', 'wheel')).code).toBe(2)
    expect((await cli('whatif', KEY, '--instead', 'dance')).code).toBe(2)
  })
  it('contain: what to do and what it breaks, names inert in Markdown', async () => {
    const { code, out } = await cli('contain', KEY)
    expect(code).toBe(20)
    expect(out).toMatch(/Contain AKIA\w+: 1 action, breaks nothing known/)
    expect(out).toContain('no cheaper set exists')
    const markdown = (await cli('contain', 'kv/mill', '--markdown')).out
    expect(markdown).toMatch(/^# Contain/)
    expect(markdown).not.toContain('<b>')
    expect((await cli('contain', 'ledger')).code).toBe(0)
  })
  it('watch: checks, signals and queries', async () => {
    const { out } = await cli('watch', KEY, '--do', 'revoke')
    expect(out).toContain('aws sts get-caller-identity')
    expect(out).toContain(`useridentity.accesskeyid = '${KEY}'`)
    expect(WatchReply.parse(await json('watch', KEY)).places.map(({ name }) => name)).toEqual(['kv/mill'])
    expect((await cli('watch', KEY, '--markdown')).out).toContain('```sql')
  })
  it('compare: logs after the change against what was predicted', async () => {
    const { code, out } = await cli('compare', KEY, log, '--at', at, '--do', 'revoke')
    expect(code).toBe(20)
    expect(out).toContain('Seen and not predicted (1)')
    const reply = CompareReply.parse(await json('compare', KEY, log, '--at', at, '--do', 'revoke'))
    expect(reply.seenNotPredicted[0]).toMatchObject({ failures: 1, codes: ['InvalidClientTokenId'] })
    expect(reply.until).toBe('2026-11-20T05:00:00Z')
    expect((await cli('compare', KEY, log, '--at', 'soon')).code).toBe(2)
    expect((await cli('compare', KEY, log, '--at', '2030-01-01T00:00:00Z')).code).toBe(2)
  })
  it('every command says its exit codes', async () => {
    for (const name of ['contain', 'rank', 'forecast', 'overlap', 'whatif', 'watch', 'compare', 'backtest'])
      expect((await runCli(name, '--help')).code).toBe(0)
  })
})

describe('backtest', () => {
  it('cuts logs and scores them, without a store', async () => {
    const { code, out, err } = await runCli('backtest', history, '--at', '2026-11-03T00:00:00Z')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('Precision 100.0 %, recall 100.0 %')
    expect(out).toContain('Nothing was revoked')
    expect(out).not.toContain(canary)
    const reply = BacktestReply.parse(
      JSON.parse((await runCli('backtest', history, '--at', '2026-11-03T00:00:00Z', '--json')).out),
    )
    expect(reply).toMatchObject({ records: { before: 2, after: 2, undated: 0 }, predicted: 1, happened: 1, both: 1 })
  })
  it('a cut outside the logs is a wrong use, and says where they lie', async () => {
    const { code, err } = await runCli('backtest', history, '--at', '2020-01-01T00:00:00Z')
    expect(code).toBe(2)
    expect(err).toContain('from 2026-11-01T04:10:00Z')
    expect((await runCli('backtest', history, '--at', 'noon')).code).toBe(2)
    expect((await runCli('backtest', exports, '--at', '2026-11-03T00:00:00Z')).code).toBe(2)
  })
})

describe('impact and reach as Markdown', () => {
  it('say the verdict first, with names that do nothing', async () => {
    const data = mkdtempSync(join(folder, 'data-'))
    await runCli('--data', data, 'import', exports)
    const impact = await runCli('--data', data, 'impact', KEY, '--markdown')
    expect(impact.code).toBe(30)
    expect(impact.out).toMatch(/^# Cannot say yet whether it is safe to revoke\n/)
    expect(impact.out).toContain('| wheel | Flour |')
    const reach = await runCli('--data', data, 'reach', KEY, '--markdown')
    expect(reach.out).toContain('## Rotate in this order')
    for (const { out } of [impact, reach]) expect(out).not.toMatch(/<b>|\u001b|undefined|\[object/)
  })
})
