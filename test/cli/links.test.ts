import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LinksReply } from '../../graph/wire-links.ts'
import { runCli } from './run-cli.ts'

const dir = mkdtempSync(join(tmpdir(), 'keyfall-links-'))
const cli = (...args: string[]) => runCli('--data', join(dir, 'data'), ...args)

beforeAll(async () => {
  const file = join(dir, 'teams.json')
  const entities = [
    { id: 'team:payments', kind: 'business.team', name: 'payments' },
    { id: 'team:acme/payments', kind: 'business.team', name: 'acme/payments' },
  ]
  writeFileSync(file, JSON.stringify({ format: 'keyfall.bundle/1', scope: 'x', entities, relationships: [] }))
  expect((await cli('import', file)).code).toBe(0)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('keyfall links', () => {
  it('says why a link is likely, takes a decision, and takes it back', async () => {
    const listed = await cli('links')
    expect(listed.out).toContain('payments is the same as acme/payments')
    expect(listed.out).toContain('both are teams called payments, and no other team is')
    const { open } = JSON.parse((await cli('links', '--json')).out) as LinksReply
    const id = open[0]!.id

    const confirmed = await cli('links', '--confirm', id, '--note', 'one channel, one rota')
    expect(confirmed.out).toContain('confirmed: payments is the same as acme/payments\n')
    expect(confirmed.out).toContain('one channel, one rota')
    expect((await cli('find', 'payments', '--json')).out.match(/"kind":"business.team"/g)).toHaveLength(1)

    expect((await cli('links', '--forget', id)).out).toContain('Likely, not certain')
  })

  it('refuses what it does not know and two decisions at once', async () => {
    const unknown = await cli('links', '--reject', 'aaaaaaaaaaaaaaaa')
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('there is no such link')])
    expect((await cli('links', '--reject', 'a', '--confirm', 'b')).code).toBe(2)
    expect((await cli('links', '--note', 'why')).code).toBe(2)
  })
})
