import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import type { InvitationReply, NewTokenReply, PeopleReply, TokensReply } from '../../graph/wire-people.ts'
import { testServer } from '../http/running-server.ts'
import { smallBundle } from '../http/small-bundle.ts'
import { runCli } from './run-cli.ts'

const dir = mkdtempSync(join(tmpdir(), 'keyfall-people-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const jsonOf = <T>({ out }: { out: string }): T => JSON.parse(out) as T

/** The same words with a server and without one. */
async function story(data: string): Promise<{ url: string; secret: string; id: string }> {
  const cli = (...args: string[]) => runCli('--data', data, ...args)
  const added = await cli('user', 'add', 'Ada', '--role', 'viewer', '--role', 'analyst', '--json')
  const { person } = jsonOf<InvitationReply>(added)
  expect(person).toMatchObject({ name: 'Ada', roles: ['viewer', 'analyst'], state: 'invited', by: 'owner' })
  expect((await cli('user', 'list')).out).toMatch(/owner .*\n.*Ada/)
  const again = await cli('user', 'invite', 'Ada')
  expect(again.out).toContain('/#k=')
  const wrong = await cli('user', 'add', 'Ben', '--role', 'king')
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('a role is needed')])
  expect((await cli('user', 'disable', 'Nobody')).code).toBe(2)

  const made = await cli('token', 'create', 'shipper', '--days', '7')
  const secret = made.out.trim()
  expect(secret).toMatch(/^kf_[\w-]{43}$/)
  expect(made.err).not.toContain(secret)
  const viewer = jsonOf<NewTokenReply>(await cli('token', 'create', 'ci', '--role', 'viewer', '--json'))
  const listed = await cli('token', 'list', '--json')
  expect(listed.out).not.toContain(viewer.secret)
  expect(
    jsonOf<TokensReply>(listed)
      .tokens.map(({ name, role }) => `${name} ${role}`)
      .sort(),
  ).toEqual(['ci viewer', 'shipper collector'])
  expect((await cli('token', 'revoke', viewer.token.id)).out).toContain('refused from now on')
  expect((await cli('token', 'revoke', 'token-none')).code).toBe(2)
  expect((await cli('token', 'create', 'x', '--days', '91')).code).toBe(2)
  expect((await cli('token', 'create', 'x', '--role', 'approver')).code).toBe(2)
  const states = jsonOf<TokensReply>(await cli('token', 'list', '--json')).tokens.map(({ state }) => state)
  expect(states.sort()).toEqual(['active', 'revoked'])
  return { url: again.out.split('\n')[1]!.trim(), secret, id: person.id }
}

it('keyfall user and token work without a server, and count when one is started', async () => {
  const data = join(dir, 'store')
  const { id } = await story(data)
  await runCli('--data', data, 'user', 'disable', 'Ada')
  const { people } = jsonOf<PeopleReply>(await runCli('--data', data, 'user', 'list', '--json'))
  expect(people.find((one) => one.id === id)).toMatchObject({ state: 'disabled', invitedUntil: null })
  expect((await runCli('--data', data, 'user', 'invite', 'Ada')).code).not.toBe(0)
  await runCli('--data', data, 'user', 'disable', 'Ada', '--enable')
  expect((await runCli('--data', data, 'user', 'invite', id)).code).toBe(0)
})

it('keyfall user and token go to the server that runs, and what they make works there', async () => {
  const server = await testServer()
  try {
    const { url, secret } = await story(server.dataDir)
    const me = await fetch(`${server.url}/api/me`, { headers: { Authorization: `Bearer ${secret}` } })
    expect(await me.json()).toMatchObject({ name: 'shipper', roles: ['collector'], may: ['import.upload'] })
    const token = url.split('#k=')[1]
    const trade = () => server.request('POST', '/api/session', { json: { token }, headers: { Cookie: '' } })
    expect((await trade()).status).toBe(200)
    expect((await trade()).status).toBe(401)
  } finally {
    await server.close()
  }
})

it('a collector elsewhere imports by its token, and sees nothing else', async () => {
  const server = await testServer()
  const file = join(dir, 'harbour.json')
  writeFileSync(file, smallBundle)
  try {
    const made = await runCli('--data', server.dataDir, 'token', 'create', 'shipper')
    vi.stubEnv('KEYFALL_SERVER', server.url)
    vi.stubEnv('KEYFALL_TOKEN', made.out.trim())
    const ran = await runCli('import', file)
    expect([ran.code, ran.err]).toEqual([0, expect.not.stringContaining('keyfall:')])
    expect(server.estate.keeper.snapshot().sources).toBe(1)
    const refused = await runCli('find', 'harbour')
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('map.read')])
    vi.stubEnv('KEYFALL_SERVER', 'http://keyfall.example.org')
    expect((await runCli('find', 'harbour')).err).toContain('in the clear')
    vi.stubEnv('KEYFALL_SERVER', undefined)
    expect((await runCli('find', 'harbour')).err).toContain('go together')
  } finally {
    vi.unstubAllEnvs()
    await server.close()
  }
})
