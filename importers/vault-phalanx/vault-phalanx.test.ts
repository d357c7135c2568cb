import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { placeOf, readEnvironment, readSecrets, type SecretDefinition } from './definitions.ts'
import { vaultPhalanx } from './index.ts'

const filesBelow = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  )

const fixtures = filesBelow(fileURLToPath(new URL('./fixtures/', import.meta.url)))
const found = await runInMemory(vaultPhalanx, fixtures)
const dev = (application: string): string => keys.vaultSecret('vault.example.com', `secret/phalanx/dev/${application}`)
const synced = (from: string) =>
  found.relationships
    .filter((one) => one.kind === 'SYNCED_FROM' && one.from === from)
    .map(
      ({ to, confidence = 'confirmed', delivery = '', pickup }) =>
        `${to.split('/').at(-1)!} ${confidence} ${delivery}${pickup ? pickup.join() : ''}`,
    )
    .sort()

describe('a Phalanx checkout', () => {
  it('accounts for every definition and lets no value out', () => {
    expect(unaccounted(found)).toEqual([])
    expect(found.files.reduce((sum, one) => sum + one.mapped, 0)).toBe(9)
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('an application’s secret is made of its values, each of which may be a copy', () => {
    expect(synced(dev('shop'))).toEqual([
      'shop#db-password confirmed 0,0',
      'shop#key.pem confirmed 0,0',
      'shop#webhook confirmed 0,0',
    ])
    expect(synced(`${dev('shop')}#webhook`)).toEqual(['mobu#app-alert-webhook possible manual'])
    expect(synced(dev('mobu'))).toEqual(['mobu#app-alert-webhook possible 0,0', 'mobu#fixed-key confirmed 0,0'])
  })

  it('an overlay counts in its environment alone', () => {
    expect(synced(`${dev('shop')}#db-password`)).toEqual(['mobu#fixed-key confirmed manual'])
    const prod = keys.vaultSecret('vault-prod.example.com', 'secret/phalanx/shared/shop')
    expect(synced(`${prod}#db-password`)).toEqual([])
    expect(found.entities.find(({ id }) => id === `${prod}#db-password`)?.props).toMatchObject({
      generated: 'password',
    })
  })

  test.prop([fc.constantFrom(...Object.keys(fixtures)), fc.string()], { numRuns: 50 })(
    'survives any text',
    async (name, text) => {
      expect(unaccounted(await runInMemory(vaultPhalanx, { ...fixtures, [name]: text }))).toEqual([])
    },
  )
})

/** Counts of ../shared/data/README.md, taken without this importer. */
const folder = fileURLToPath(new URL('../../../shared/data/vault-phalanx/', import.meta.url))
const present = existsSync(folder)
if (!present && process.env['CI'] === 'true')
  throw new Error('../shared/data is absent: these tests must not be skipped on CI')
if (!present) process.stderr.write('SKIPPED: ../shared/data/vault-phalanx is not there, it is not read\n')

describe.skipIf(!present)('vault-phalanx (skipped without ../shared/data: these counts are not checked then)', () => {
  const texts = present ? filesBelow(folder) : {}
  const places = Object.entries(texts).flatMap(([name, text]) => {
    const place = placeOf(name)
    return place ? [{ name, text, place }] : []
  })
  const definitions = places.flatMap(({ name, text, place }) =>
    place.what === 'application' ? readSecrets(text, place, name) : [],
  )
  const all = definitions.filter((one): one is SecretDefinition => !('reason' in one))
  const count = (which: (one: SecretDefinition) => unknown): number => all.filter(which).length

  it('secrets by their origin', () => {
    expect(definitions.length).toBe(391)
    expect(all.length).toBe(391)
    expect(new Set(all.map(({ application }) => application)).size).toBe(79)
    expect([
      count((one) => one.copyOf),
      count((one) => one.generated),
      count((one) => one.fromOnePassword),
      count((one) => one.conditional),
      count((one) => one.fixed !== undefined),
    ]).toEqual([119, 36, 46, 106, 4])
  })

  it('copies', () => {
    const copies = all.flatMap(({ application, key, copyOf }) =>
      copyOf ? [{ from: `${copyOf.application}/${copyOf.key}`, to: `${application}/${key}` }] : [],
    )
    expect(new Set(copies.map(({ from, to }) => `${from} ${to}`)).size).toBe(106)
    const bySource = new Map<string, number>()
    for (const { from } of copies) bySource.set(from, (bySource.get(from) ?? 0) + 1)
    expect(bySource.size).toBe(33)
    expect(
      ['mobu/app-alert-webhook', 'sasquatch/ts-salkafka-password', 'nublado/postgres-credentials.txt'].map((one) =>
        bySource.get(one),
      ),
    ).toEqual([24, 11, 10])
  })

  it('environments, two of which share a prefix on two servers', async () => {
    const environments = places.flatMap(({ name, text, place }) =>
      place.what === 'environment' && place.environment ? [readEnvironment(text, place.environment, name)] : [],
    )
    const sizes = environments.flatMap((one) => ('reason' in one ? [] : [one.applications.length]))
    expect([sizes.length, Math.min(...sizes), Math.max(...sizes)]).toEqual([24, 1, 39])
    const outcome = await runInMemory(vaultPhalanx, texts)
    expect(unaccounted(outcome)).toEqual([])
    expect(outcome.claimed.length).toBe(places.length)
    expect(new Set(outcome.scopes.map(({ id }) => id)).size).toBe(24)
    const shared = outcome.entities.filter(
      ({ name }) => name?.startsWith('secret/phalanx/tacc/') && !name.includes(' '),
    )
    expect(new Set(shared.map(({ id }) => id.split('/')[0])).size).toBe(2)
  })
})
