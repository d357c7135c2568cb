import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyfall-simulate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const bundle = {
  entities: [
    { id: 'key', role: 'credential' },
    { id: 'api', role: 'workload' },
    { id: '__proto__', role: 'workload' },
    { id: 'idle', role: 'workload' },
  ],
  relationships: [
    { from: 'api', to: 'key', kind: 'USES_CREDENTIAL', session: [60, 90] },
    { from: '__proto__', to: 'api', kind: 'DEPENDS_ON' },
  ],
}
const change = { action: 'revoke', targets: ['key'], at: 0 }
const out = (from: number, to: number) => ({ certain: [from, null], possible: [to, null], degraded: null })
const expected: [string, object][] = [
  ['key', out(0, 0)],
  ['api', out(90, 60)],
  ['__proto__', out(90, 60)],
]
const asObject = (text: string): [string, unknown][] => Object.entries(JSON.parse(text) as object)

describe('simulate --bundle --change', () => {
  it('prints the affected entities in the shape of a vector', async () => {
    const { code, out } = await runCli(
      'simulate',
      '--bundle',
      file('b.json', JSON.stringify(bundle)),
      '--change',
      file('c.json', JSON.stringify(change)),
      '--json',
    )
    expect(code).toBe(0)
    expect(asObject(out).sort()).toEqual([...expected].sort())
  })
  it('takes NDJSON as well', async () => {
    const lines = [
      { format: 'keyfall.bundle/1' },
      ...bundle.entities.map((entity) => ({ entity })),
      ...bundle.relationships.map((relationship) => ({ relationship })),
    ]
    const ndjson = file('b.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
    const { out } = await runCli(
      'simulate',
      '--bundle',
      ndjson,
      '--change',
      file('c.json', JSON.stringify(change)),
      '--json',
    )
    expect(asObject(out).sort()).toEqual([...expected].sort())
  })
  it('says it in words', async () => {
    const { out } = await runCli('simulate', '--bundle', join(folder, 'b.json'), '--change', join(folder, 'c.json'))
    expect(out).toContain('api')
    expect(out).toContain('out from 90 s on, for good for certain, at worst from 60 s on')
    expect(out).not.toContain('idle')
  })
  it.each([
    ['no file', ['--bundle', 'none.json', '--change', 'none.json'], 'ENOENT'],
    ['half of it', ['--bundle', 'none.json'], '--change together'],
    ['an option it does not have', ['--wrong'], ''],
  ])('refuses %s', async (_, args, words) => {
    const { code, err } = await runCli('simulate', ...args)
    expect(code).toBe(2)
    expect(err).toContain(words)
  })
  it('points at a mistake without quoting it', async () => {
    const broken = file('broken.json', '{"action": "revoke",\n "targets": [KEYFALL-CANARY]}')
    const wrong = file('wrong.json', '{"action": "KEYFALL-CANARY", "targets": ["key"]}')
    for (const [path, place] of [
      [broken, 'line 2'],
      [wrong, '/action'],
    ] as const) {
      const { code, err } = await runCli('simulate', '--bundle', join(folder, 'b.json'), '--change', path)
      expect(code).toBe(2)
      expect(err).toContain(place)
      expect(err).not.toContain('CANARY')
    }
  })
  it('refuses a target that does not exist', async () => {
    const { code, err } = await runCli(
      'simulate',
      '--bundle',
      join(folder, 'b.json'),
      '--change',
      file('t.json', '{"action":"revoke","targets":["nobody"]}'),
    )
    expect(code).toBe(2)
    expect(err).toContain('nobody')
  })
})

describe('simulate --vectors', () => {
  const vectors = mkdtempSync(join(folder, 'vectors-'))
  const vector = (name: string, expect: unknown) =>
    writeFileSync(
      join(vectors, name),
      JSON.stringify({ name, bundle, change, ...(expect !== undefined && { expect }) }),
    )
  it('prints a line a file, sorted, without looking at what is expected', async () => {
    vector('02.json', undefined)
    vector('01.json', { wrong: 'on purpose' })
    writeFileSync(join(vectors, 'README.md'), 'no vector')
    const { code, out } = await runCli('simulate', '--vectors', vectors, '--json')
    expect(code).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; outages: object })
    expect(lines.map(({ file }) => file)).toEqual(['01.json', '02.json'])
    for (const { outages } of lines) expect(Object.entries(outages).sort()).toEqual([...expected].sort())
  })
  it('compares, and fails on a difference', async () => {
    rmSync(join(vectors, '02.json'))
    vector('01.json', Object.fromEntries(expected.slice(0, 2)))
    const wrong = await runCli('simulate', '--vectors', vectors)
    expect(wrong.code).toBe(1)
    expect(wrong.out).toContain('01.json')
    expect(wrong.out).toContain('__proto__: expected null')
    writeFileSync(
      join(vectors, '01.json'),
      JSON.stringify({ bundle, change }).slice(0, -1) +
        `,"expect":{${expected.map(([id, one]) => `${JSON.stringify(id)}:${JSON.stringify(one)}`).join(',')}}}`,
    )
    const right = await runCli('simulate', '--vectors', vectors)
    expect(right).toMatchObject({ code: 0, out: '1 of 1 vectors as expected\n' })
  })
  it('refuses a folder without vectors', async () => {
    expect((await runCli('simulate', '--vectors', tmpdir() + '/none')).code).toBe(2)
    expect((await runCli('simulate', '--vectors', mkdtempSync(join(folder, 'empty-')))).code).toBe(2)
  })
})
