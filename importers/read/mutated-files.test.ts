import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importers } from '../registry.ts'
import { mutated, mutationKinds } from './mutate.ts'
import { faultsOfMutated } from './run-mutated.test-data.ts'

/** For importers that keep no folder of fixtures. */
const ownTexts = new Map([
  [
    'terraform-config',
    {
      'main.tf': `variable "names" { default = ["a", "b"] }
locals { prefix = "shop-${'${'}var.names[0]}" }
resource "aws_iam_user" "deploy" { name = local.prefix }
resource "aws_iam_access_key" "deploy" { user = aws_iam_user.deploy.name }
resource "github_actions_secret" "key" {
  for_each        = toset(var.names)
  repository      = "shop"
  secret_name     = "KEY_${'${'}each.key}"
  plaintext_value = aws_iam_access_key.deploy.secret
  lifecycle { create_before_destroy = true }
}
module "account" {
  source = "./account"
  rotate = "2026-01-01"
}
`,
    },
  ],
])

function fixturesOf(id: string): Map<string, Uint8Array> {
  const folder = fileURLToPath(new URL(`../${id}/fixtures/`, import.meta.url))
  if (existsSync(folder)) return filesIn(folder)
  const texts = Object.entries(ownTexts.get(id) ?? {})
  return new Map(texts.map(([name, text]) => [name, new TextEncoder().encode(text)]))
}
const COUNT = 100

/** The files below a folder by their names in it, for importers whose fixtures lie in a tree. */
function filesIn(folder: string): Map<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  return new Map(paths.map((path) => [relative(folder, path).replaceAll('\\', '/'), readFileSync(path)]))
}

describe('mutations', () => {
  const bytes = new TextEncoder().encode('{"kind":"Secret",\n"name":"stripe",\n"size":1}\n')

  it('are the same for the same seed, and each kind is met in every round of seeds', () => {
    expect(mutated(bytes, 42)).toEqual(mutated(bytes, 42))
    const kinds = mutationKinds.map((_kind, seed) => mutated(bytes, seed + 7).how)
    expect(new Set(kinds).size).toBe(mutationKinds.length)
    expect(mutationKinds.length).toBeLessThanOrEqual(COUNT)
  })

  it('damage: hardly any leaves the file as it was', () => {
    const same = Array.from({ length: COUNT }, (_one, seed) => mutated(bytes, seed)).filter(
      (mutation) => Buffer.compare(mutation.bytes, bytes) === 0,
    )
    expect(same.length).toBeLessThan(COUNT / 10)
  })

  it('a reader that throws, miscounts or names no place is found', async () => {
    const faults = await faultsOfMutated(careless, new Map([['a.json', bytes]]), { count: COUNT })
    expect(faults.crashes.length).toBeGreaterThan(0)
    expect(faults.unaccounted.length).toBeGreaterThan(0)
    expect(faults.placeless.length).toBeGreaterThan(0)
  })
})

const careless = {
  ...importers[0]!,
  id: 'careless',
  begin: () => ({
    file: async (
      input: { text(): Promise<string> },
      report: { read?(): void; skipped(reason: 'empty' | 'not-json', where: string): void },
    ) => {
      report.read?.()
      const value = JSON.parse(await input.text()) as { name: string }
      if (value.name.length > 6) report.skipped('not-json', '')
    },
    end: () => undefined,
  }),
} satisfies Parameters<typeof faultsOfMutated>[0]

describe(`${COUNT} damaged files of each importer: none crashes it, each skipped record has file and position`, () => {
  it.each(importers.map((importer) => [importer.id, importer] as const))('%s', async (id, importer) => {
    expect(await faultsOfMutated(importer, fixturesOf(id), { count: COUNT })).toEqual({
      crashes: [],
      unaccounted: [],
      placeless: [],
      defects: [],
      leaks: [],
    })
  })
})
