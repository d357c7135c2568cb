import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runInMemory, unaccounted, type Outcome } from '../read/in-memory.ts'
import { vaultConfig } from './index.ts'

/** Counts of ../shared/data/README.md, taken without this importer. */
const folder = fileURLToPath(new URL('../../../shared/data/vault-app-sre/', import.meta.url))
const present = existsSync(folder)
if (!present && process.env['CI'] === 'true')
  throw new Error('../shared/data is absent: these tests must not be skipped on CI')
if (!present) process.stderr.write('SKIPPED: ../shared/data/vault-app-sre is not there, it is not read\n')

const countOf = (outcome: Outcome, kind: string, which: (key: string) => boolean = () => true): number =>
  new Set(outcome.entities.filter((one) => one.kind === kind && which(one.id)).map(({ id }) => id)).size

const counts = (outcome: Outcome) => ({
  instances: countOf(outcome, 'vault.server'),
  authBackends: countOf(outcome, 'vault.mount', (key) => key.includes('/mount/auth/')),
  engines: countOf(outcome, 'vault.mount', (key) => !key.includes('/mount/auth/')),
  policies: new Set(outcome.entities.filter((one) => one.kind === 'vault.policy' && one.props).map(({ id }) => id))
    .size,
  roles: countOf(outcome, 'vault.role'),
  auditDevices: outcome.entities.filter((one) => one.props?.['auditDevices']).length,
})
const expected = { instances: 2, authBackends: 6, engines: 4, policies: 6, roles: 9, auditDevices: 2 }

describe.skipIf(!present)('vault-app-sre (skipped without ../shared/data: these counts are not checked then)', () => {
  it('the YAML', async () => {
    const names = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    const outcome = await runInMemory(
      vaultConfig,
      Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))])),
    )
    expect(unaccounted(outcome)).toEqual([])
    expect(counts(outcome)).toEqual(expected)
    expect(outcome.files.flatMap(({ skipped }) => skipped)).toEqual([])
    // Everything that is no Vault configuration (users, permissions, settings) is left to others.
    expect([names.length, outcome.claimed.length]).toEqual([38, 29])
  })

  it('the bundle says the same', async () => {
    const outcome = await runInMemory(vaultConfig, { 'data.json': readFileSync(join(folder, 'data.json')) })
    expect(unaccounted(outcome)).toEqual([])
    expect(counts(outcome)).toEqual(expected)
    expect(outcome.files[0]).toMatchObject({ read: 38, mapped: 29 })
  })

  it('same names on two instances are two roles; SecretIDs lie where their maker writes them', async () => {
    const outcome = await runInMemory(vaultConfig, { 'data.json': readFileSync(join(folder, 'data.json')) })
    const named = outcome.entities.filter((one) => one.kind === 'vault.role' && one.name === 'app-interface')
    expect(new Set(named.map(({ id }) => id)).size).toBe(2)
    // `output_path` of two roles.
    const holds = outcome.relationships.filter(({ kind }) => kind === 'HOLDS')
    expect(holds.map(({ from }) => from.split('/secret/')[1]).sort()).toEqual([
      'app-interface/app-interface-approle',
      'app-interface/vault-manager-approle',
    ])
  })
})
