import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idOf } from '../../graph/ids.ts'
import type { KeptPlanReply } from '../../graph/wire-cutover.ts'
import type { InvitationReply } from '../../graph/wire-people.ts'
import { readPack, verifyPack, zipOf as zipOfScript } from '../../server/bin/verify-evidence.mjs'
import { zipOf } from '../../server/evidence/zip.ts'
import { smallBundle, smallKey } from '../http/small-bundle.ts'
import { testServer, type TestServer } from '../http/running-server.ts'

let server: TestServer
let pack: Buffer
let files: Map<string, Buffer>
let plan: KeptPlanReply
let keyId: string
const folder = mkdtempSync(join(tmpdir(), 'keyfall-evidence-'))
const script = join(import.meta.dirname, '..', '..', 'server', 'bin', 'verify-evidence.mjs')

beforeAll(async () => {
  server = await testServer()
  await server.importText('harbour.json', smallBundle)
  const asked = { name: 'Harbour keys', credentials: idOf(smallKey), op: 'rotate', from: '2036-12-01' }
  plan = (await (await server.request('POST', '/api/plans', { json: asked })).json()) as KeptPlanReply
  const edits = [{ do: 'name', duty: 'approver', name: 'Head of billing' }]
  await server.request('PATCH', `/api/plans/${plan.id}`, { json: { version: 1, edits } })
  const response = await server.request('GET', `/api/plans/${plan.id}/export?format=evidence`)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip'])
  pack = Buffer.from(await response.arrayBuffer())
  files = readPack(pack)
  keyId = ((await server.json('/api/audit/key')) as { id: string }).id
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const textOf = (path: string): string => files.get(path)!.toString('utf8')
const json = <T>(path: string): T => JSON.parse(textOf(path)) as T

describe('an evidence pack', () => {
  it('holds the plan in all its versions, runbooks, approvals, rollbacks, what came after, snapshots and audit entries', () => {
    expect([...files.keys()].sort()).toEqual(
      [
        ...['README.md', 'after.json', 'approvals.json', 'audit/extract.json', 'manifest.json', 'manifest.sig'],
        ...[
          'plan/kept.json',
          'plan/plan.json',
          'plan/plan.md',
          'plan/versions.json',
          'public-key.pem',
          'rollbacks.json',
        ],
        ...[
          `runbooks/${idOf(smallKey)}.json`,
          `runbooks/${idOf(smallKey)}.md`,
          'snapshots.json',
          'verify-evidence.mjs',
        ],
      ].sort(),
    )
    const versions = json<{ version: number; plan: { names: unknown[] } }[]>('plan/versions.json')
    expect(versions.map(({ version, plan: { names } }) => [version, names.length])).toEqual([[2, 1], [1, 0]]) // prettier-ignore
    const { lines } = json<{ lines: string[] }>('audit/extract.json')
    expect(lines.map((line) => (JSON.parse(line) as { action: string }).action)).toContain('plan.change')
    const { imports } = json<{ imports: { root: string }[] }>('snapshots.json')
    expect(imports[0]!.root).toMatch(/^[0-9a-f]{64}$/)
    const { missing } = json<{ missing: { what: string }[] }>('manifest.json')
    expect(missing.map(({ what }) => what)).toContain('values of credentials')
  })

  it('verifies with nothing but the script, and names the first thing that is wrong', () => {
    expect(verifyPack(files)).toMatchObject({ ok: true, key: keyId })
    const file = join(folder, 'pack.zip')
    const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
    writeFileSync(file, pack)
    expect(run(file, '--key', keyId)).toMatchObject({ status: 0, stdout: expect.stringContaining('whole: plan') })
    expect(run(file, '--key', '0123456789abcdef')).toMatchObject({ status: 1, stderr: expect.stringContaining(keyId) })
    const changed = Buffer.from(pack)
    changed.write('Mallory', changed.indexOf('Harbour keys'))
    writeFileSync(file, zipOf(new Map([...readPackLoosely(changed)])))
    expect(run(file)).toMatchObject({ status: 1, stderr: expect.stringMatching(/NOT WHOLE: .*was changed|not the one that was signed/) }) // prettier-ignore
    expect(run()).toMatchObject({ status: 2 })
  })

  it('is written alike by the server and by the script', () => {
    expect(zipOf(files).equals(pack)).toBe(true)
    expect(zipOfScript(files).equals(pack)).toBe(true)
  })

  it('is entered in the audit, and not for who only looks', async () => {
    const { rows } = (await server.json('/api/audit?action=plan.evidence')) as { rows: { object: string; detail: { more: { manifest: string } } }[] } // prettier-ignore
    const signed = JSON.parse(textOf('manifest.sig').split('\n')[0]!) as { sha256: string }
    expect(rows.map(({ object, detail }) => [object, detail.more.manifest])).toEqual([[plan.id, signed.sha256]])
    const invited = await server.request('POST', '/api/people', { json: { name: 'Looker', roles: ['viewer'] } })
    const { url } = (await invited.json()) as InvitationReply
    const entered = await server.request('POST', '/api/session', { json: { token: url.split('#k=')[1] }, headers: { Cookie: '' } }) // prettier-ignore
    const Cookie = entered.headers.get('set-cookie')!.split(';')[0]!
    const refused = await server.request('GET', `/api/plans/${plan.id}/export?format=evidence`, { headers: { Cookie } })
    expect(refused.status).toBe(403)
  })

  it('shows each of 1,000 random edits of its files, and of 1,000 of the archive', () => {
    const random = randomOf(20_261_122)
    for (let n = 0; n < 1_000; n++) {
      const { words, made } = edited(files, random)
      expect(verifyPack(made).ok, `edit ${n}: ${words}`).toBe(false)
    }
    for (let n = 0; n < 1_000; n++) {
      const at = random(pack.length)
      const made = Buffer.from(pack)
      made[at] = made[at]! ^ (1 + random(255))
      expect(verdictOf(made), `byte ${at}`).toBe(false)
    }
    for (let n = 0; n < 50; n++) expect(verdictOf(pack.subarray(0, random(pack.length)))).toBe(false)
  })
})

function verdictOf(bytes: Buffer): boolean {
  try {
    return verifyPack(readPack(bytes)).ok
  } catch {
    return false
  }
}

/** As readPack, whatever the checksums say. */
function readPackLoosely(bytes: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const [size, length] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)]
    const from = at + 30 + length
    found.set(bytes.subarray(at + 30, from).toString('latin1'), bytes.subarray(from, from + size))
    at = from + size
  }
  return found
}

type Random = (below: number) => number
/** The same edits each time: a linear congruence will do. */
function randomOf(seed: number): Random {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** One edit of one kind: a byte changed, put in or taken out, a file cut, dropped, added, renamed, or two swapped. */
function edited(from: ReadonlyMap<string, Buffer>, random: Random): { words: string; made: Map<string, Buffer> } {
  const paths = [...from.keys()]
  const path = paths[random(paths.length)]!
  const content = from.get(path)!
  const made = new Map(from)
  const at = random(content.length)
  const other = paths.find((one) => one !== path && !from.get(one)!.equals(content))!
  const acts: readonly (readonly [string, () => void])[] = [
    ['changed', () => made.set(path, Buffer.concat([content.subarray(0, at), Buffer.from([content[at]! ^ (1 + random(255))]), content.subarray(at + 1)]))], // prettier-ignore
    ['put in', () => made.set(path, Buffer.concat([content.subarray(0, at), Buffer.from([random(256)]), content.subarray(at)]))], // prettier-ignore
    ['taken out', () => made.set(path, Buffer.concat([content.subarray(0, at), content.subarray(at + 1)]))],
    ['cut', () => made.set(path, content.subarray(0, at))],
    ['dropped', () => made.delete(path)],
    ['added', () => made.set(`plan/extra-${at}.json`, Buffer.from('{}'))],
    ['renamed', () => void (made.delete(path), made.set(`${path}.old`, content))],
    ['swapped', () => void (made.set(path, from.get(other)!), made.set(other, content))],
  ]
  const [words, act] = acts[random(acts.length)]!
  act()
  return { words: `${path} ${words}`, made }
}
