import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AuditReply, AuditVerdict } from '../../graph/wire-audit.ts'
import { main } from '../../server/cli/main.ts'
import { openPrint } from '../../server/cli/print.ts'
import { openDatabase } from '../../server/store/sqlite-driver.ts'

let dataDir: string
beforeAll(() => void (dataDir = mkdtempSync(join(tmpdir(), 'keyfall-cli-audit-'))))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

async function run(...words: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const silent = { write: (text: string) => ((out += text), true) } as NodeJS.WriteStream
  const code = await main(['node', 'keyfall', '--data', dataDir, ...words], { ...openPrint(silent, silent) })
  return { code, out }
}

it('verifies with exit code 0, lists and exports, each of which is an entry; with 1 when an entry was changed', async () => {
  expect(await run('audit', 'verify')).toMatchObject({ code: 0 })
  const listed = AuditReply.parse(JSON.parse((await run('audit', 'list', '--json')).out))
  expect(listed.rows.map(({ action }) => action)).toEqual(['audit.verify', 'audit.chain.start'])
  const exported = (await run('audit', 'export')).out.trim().split('\n')
  expect(exported.map((line) => (JSON.parse(line) as { action: string }).action)).toContain('audit.export')
  expect((await run('audit', 'key')).out).toContain('BEGIN PUBLIC KEY')
  const verdict = AuditVerdict.parse(JSON.parse((await run('audit', 'verify', '--json')).out))
  expect(verdict).toMatchObject({ ok: true, faults: [] })
  const database = openDatabase(join(dataDir, 'store.db'))
  database.exec(`UPDATE audit SET body = replace(body, '"owner"', '"other"') WHERE seq = 2`)
  database.close()
  const broken = await run('audit', 'verify')
  expect(broken.code).toBe(1)
  expect(broken.out.split('\n')[0]).toContain('entry 2 of chain-')
}, 30_000)
