import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChokePointsReply } from '../../graph/wire-choke-points.ts'
import { ReachReply } from '../../graph/wire.ts'
import { testServer, type TestServer } from '../http/running-server.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { runCli } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfall-reach-'))
const exports = join(folder, 'harbour.json')
/** A key that opens the path in which a second one stands; the second opens the ledger, a crown jewel. */
const bundle = {
  format: 'keyfall.bundle/1',
  scope: 'harbour',
  entities: [
    { id: 'gate', kind: 'generic.api_key', name: 'gate' },
    { id: 'porter', role: 'identity', name: 'porter' },
    { id: 'safe', kind: 'vault.kv2_secret', name: 'safe' },
    { id: 'inner', kind: 'db.postgres_password', name: 'inner\u001b[2J' },
    { id: 'clerk', role: 'identity', name: 'clerk' },
    { id: 'ledger', role: 'resource', name: 'ledger', props: { crownJewel: true } },
    { id: 'billing', role: 'workload', name: 'billing' },
  ],
  relationships: [
    { kind: 'AUTHENTICATES_AS', from: 'gate', to: 'porter' },
    { kind: 'CAN_ACCESS', from: 'porter', to: 'safe', props: { conditions: ['vpn'] } },
    { kind: 'HOLDS', from: 'safe', to: 'inner' },
    { kind: 'AUTHENTICATES_AS', from: 'inner', to: 'clerk' },
    { kind: 'CAN_ACCESS', from: 'clerk', to: 'ledger' },
    { kind: 'USES_CREDENTIAL', from: 'billing', to: 'gate' },
  ],
}
beforeAll(() => {
  buildIfNeeded(['server'])
  writeFileSync(exports, JSON.stringify(bundle))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(['store', 'server'] as const)('keyfall reach through the %s', (through) => {
  let server: TestServer | undefined
  let dataDir: string
  const cli = (...args: string[]) => runCli('--data', dataDir, ...args)
  beforeAll(async () => {
    server = through === 'server' ? await testServer() : undefined
    dataDir = server?.dataDir ?? mkdtempSync(join(folder, 'data-'))
    expect((await cli('import', exports)).code).toBe(0)
  })
  afterAll(() => server?.close())

  it('says how far it goes, what to do and what that costs, what to rotate, what lives on', async () => {
    const { code, out } = await cli('reach', 'gate')
    expect(code).toBe(20)
    expect(out).toContain('Reaches at least 1 crown jewel in at most 5 links')
    expect(out).toContain('1 further credential must be treated as exposed')
    expect(out).toContain('A lower bound: ')
    expect(out).toContain('under conditions nobody evaluated: vpn')
    expect(out).toMatch(/Takes the 1 crown jewel out of reach; breaks nothing known/)
    expect(out).toMatch(/1\. Rotate gate[^\n]*\n +2\. Rotate inner/)
    expect(out).toMatch(/Lives on after that\n +inner[^\n]*open connections, with no known end/)
    expect(out).not.toContain('\u001b')
  })
  it('prints the shape of the API, of a thing of any kind', async () => {
    const reply = ReachReply.parse(JSON.parse((await cli('reach', 'billing', '--json')).out))
    expect(reply.rotation.steps.map(({ action }) => action)).toEqual(['evict', 'rotate', 'rotate'])
    expect(reply.jewels[0]!.shortest.hops.map(({ verb }) => verb)[0]).toBe('uses')
  })
  it('names what every known way to the jewel goes through, from one thing and from any credential', async () => {
    const one = await cli('chokepoints', 'gate')
    expect(one.code).toBe(0)
    expect(one.out).toContain('Every known way to the crown jewel goes through porter')
    expect(one.out).toContain('a way that is not known here goes round it')
    expect(one.out).toContain('There may be more ways: ')
    expect(one.out).not.toContain('\u001b')
    const any = ChokePointsReply.parse(JSON.parse((await cli('chokepoints', '--json')).out))
    expect(any.points.map(({ thing, credentials }) => [thing.name, credentials])).toEqual([
      ['inner\u001b[2J', 2],
      ['clerk', 2],
    ])
    expect((await cli('chokepoints', 'nobody')).code).toBe(2)
  })
  it('nothing within reach is no finding; a wrong time and an unknown thing are wrong uses', async () => {
    expect((await cli('reach', 'ledger')).code).toBe(0)
    expect((await cli('reach', 'gate', '--since', 'yesterday')).code).toBe(2)
    const misspelt = await cli('reach', 'gate', '--from', '10.0.0.0/99')
    expect([misspelt.code, misspelt.err]).toEqual([2, expect.stringContaining('"10.0.0.0/99" is no address')])
    expect((await cli('reach', 'nobody')).code).toBe(2)
  })
})
