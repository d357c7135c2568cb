import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import situations from './situations.json' with { type: 'json' }

const here = import.meta.dirname
const committed = join(here, '../../server/sample')
let written: string

beforeAll(() => {
  written = mkdtempSync(join(tmpdir(), 'keyfall-estate-'))
  write('S', written)
})
afterAll(() => rmSync(written, { recursive: true, force: true }))

function write(size: string, out: string): void {
  const done = spawnSync(process.execPath, [join(here, 'write.mjs'), '--size', size, '--seed', '1', '--out', out])
  if (done.status !== 0) throw new Error(`write.mjs: ${done.stderr.toString()}`)
}

/** Every file under a folder, by its path there; gz unpacked, because packing differs between versions of zlib. */
function contents(folder: string): Map<string, string> {
  const found = new Map<string, string>()
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of names.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const bytes = readFileSync(path)
    found.set(path.slice(folder.length + 1), (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
  }
  return found
}

describe('the sample estate', () => {
  it('is what the writer writes: after a change run node test/estate/write.mjs --size S --out server/sample', () => {
    const [sample, fresh] = [contents(committed), contents(written)]
    expect([...sample.keys()].sort()).toEqual([...fresh.keys()].sort())
    const differing = [...fresh].filter(([name, text]) => sample.get(name) !== text).map(([name]) => name)
    expect(differing).toEqual([])
  })

  it('is small: under 600 kB in all, no file over 200 kB', () => {
    const sizes = readdirSync(committed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600_000)
    expect(Math.max(...sizes)).toBeLessThan(200_000)
  })

  it('is fictional: documentation and private addresses, example ids, canaries for values', () => {
    const text = [...contents(committed).values()].join('\n')
    const addresses = new Set(text.match(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b(?![./\w])/g) ?? [])
    const allowed = /^(10\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/
    expect([...addresses].filter((address) => !allowed.test(address))).toEqual([])
    const accessKeys = new Set(text.match(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g) ?? [])
    expect(accessKeys.size).toBeGreaterThan(15)
    expect([...accessKeys].filter((id) => !/^A[KS]IAEXAMPLE[A-Z2-7]{9}$/.test(id))).toEqual([])
    expect(new Set(text.match(/KEYFALL-CANARY-\d+-/g)).size).toBeGreaterThan(20)
    const packed = Buffer.from('KEYFALL-CANARY').toString('base64').slice(0, 16)
    expect(text.split(packed).length).toBeGreaterThan(40)
  })

  it('names things as graph/keys.ts does', async () => {
    const module = (await import(new URL('keys.mjs', import.meta.url).href)) as { keys: Record<string, unknown> }
    const ours = keys as unknown as Record<string, (...parts: string[]) => string>
    for (const [name, make] of Object.entries(module.keys))
      expect((make as (...parts: string[]) => string)('A', 'B', 'C', 'D'), name).toBe(ours[name]?.('A', 'B', 'C', 'D'))
  })

  it('shows every situation: the credential is in the files', () => {
    const text = [...contents(committed).values()].join('\n')
    const absent = situations.situations.filter(({ credential }) => !text.includes(handleOf(credential)))
    expect(absent.map(({ id }) => id)).toEqual([])
    expect(new Set(situations.situations.map(({ id }) => id)).size).toBe(situations.situations.length)
  })
})

/** What a file says of a key: an access key by its id, a slot by its user, a key inside a Secret by the Secret. */
function handleOf(credential: string): string {
  if (credential.startsWith('aws:key:')) return credential.slice('aws:key:'.length)
  if (credential.startsWith('aws:key-slot:')) return credential.slice('aws:key-slot:'.length, -2)
  return credential
}

describe('the writer', () => {
  it('gives the same content again', () => {
    const again = mkdtempSync(join(tmpdir(), 'keyfall-estate-'))
    try {
      write('S', again)
      const [first, second] = [contents(written), contents(again)]
      expect([...second].filter(([name, text]) => first.get(name) !== text)).toEqual([])
    } finally {
      rmSync(again, { recursive: true, force: true })
    }
  })
})
