import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const dir = mkdtempSync(join(tmpdir(), 'keyfall-codes-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function file(name: string, content: string): string {
  writeFileSync(join(dir, name), content)
  return join(dir, name)
}
const cli = (...args: string[]) => runCli('--data', join(dir, 'data'), ...args)

/** A script that goes on after 0 has to know that something was imported. */
describe('the exit code of an import', { timeout: 120_000 }, () => {
  it('is 2 wherever nothing was imported, and says so', async () => {
    const strange = await cli('import', file('notes.txt', 'nothing of ours\n'))
    expect([strange.code, strange.out]).toEqual([2, expect.stringContaining('Nothing was imported')])
    const empty = await cli('import', file('empty.json', ''))
    expect([empty.code, empty.out]).toEqual([2, expect.stringContaining('empty.json: the file is empty.')])
    const hollow = await cli('import', file('cm.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n'))
    expect([hollow.code, hollow.out]).toEqual([hollow.out.includes('Nothing was imported') ? 2 : 0, expect.any(String)])
  })

  it('is 2 for a pipe that nobody writes: it is not waited for', async () => {
    const pipe = join(dir, 'pipe')
    execFileSync('mkfifo', [pipe])
    const { code, out } = await cli('import', pipe)
    expect([code, out]).toEqual([2, expect.stringContaining('Write it to a file first')])
  })

  it('is 0 where something was, also when it was known before', async () => {
    const secret = file('secret.yaml', 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: shop\n')
    const first = await cli('import', secret)
    expect([first.code, first.out]).toEqual([0, expect.stringContaining('Imported: snapshot')])
    const again = await cli('import', secret)
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('Nothing new')])
  })
})
