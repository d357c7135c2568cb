import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { vaultAudit } from './index.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'

/** Counts of ../shared/data/README.md, taken without this importer. */
const folder = fileURLToPath(new URL('../../../shared/data/vault-audit-small/', import.meta.url))
const present = existsSync(folder)
if (!present && process.env['CI'] === 'true')
  throw new Error('../shared/data is absent: these tests must not be skipped on CI')

async function run(path: string) {
  const outcome = await runInMemory(vaultAudit, { [path]: readFileSync(folder + path) })
  expect(unaccounted(outcome)).toEqual([])
  const reasons = outcome.files.flatMap((f) => f.skipped.map((s) => s.reason))
  return { ...outcome, file: outcome.files[0]!, reasons }
}
const ofKind = (outcome: Awaited<ReturnType<typeof run>>, kind: string) =>
  outcome.entities.filter((e) => e.kind === kind)
const accessors = (outcome: Awaited<ReturnType<typeof run>>) =>
  new Set(ofKind(outcome, 'vault.client').flatMap((e) => (e.props?.['accessors'] as string[] | undefined) ?? []))

describe.skipIf(!present)('real data (skipped without ../shared/data: these counts are not checked then)', () => {
  it('tfc-jwt: pretty-printed and starred out', async () => {
    const outcome = await run('tfc-jwt/docs/audit.json')
    // Of 12 entries, the login, the read of secret/s3 and the end of the token say something; 6 are of the token about itself.
    expect([
      outcome.file.read,
      outcome.file.mapped,
      outcome.reasons.filter((r) => r === 'not-relevant').length,
    ]).toEqual([12, 6, 6])
    expect(accessors(outcome).size).toBe(1)
    expect(ofKind(outcome, 'vault.client').map((e) => e.props?.['policies'])).toEqual([['default', 'tfc-policy']])
    expect(ofKind(outcome, 'vault.role').map((e) => e.id)).toEqual(['vault:vault/role/auth/jwt/tfc-role'])
    const uses = outcome.observations.filter((o) => o.kind === 'USES_SECRET')
    expect(uses.map((o) => [o.to, o.evidence.count])).toEqual([['vault:vault/secret/secret/s3', 1]])
  })

  it('sample log: 12 requests by 6 display names', async () => {
    const outcome = await run('sample/examples/test.log')
    expect([outcome.file.read, outcome.file.mapped]).toEqual([24, 14])
    const uses = outcome.observations.filter((o) => o.kind === 'USES_SECRET')
    expect(uses.map((o) => `${o.to.split('/secret/')[1]} ${o.evidence.count}`).sort()).toEqual([
      'kv/airflow/connections/postgres 1',
      'kv/airflow/connections/redis 1',
      'kv/myapp/config 2',
      'kv/worker/db 1',
    ])
    // Of the 6, one only lists names of secrets: it uses none and gets no node.
    expect(ofKind(outcome, 'vault.client').length).toBe(5)
    expect(accessors(outcome).size).toBe(5)
  })

  it('sample.ndjson: a line that is no entry, a denied read, a batch token that writes', async () => {
    const outcome = await run('sample/internal/testdata/sample.ndjson')
    expect(outcome.file.skipped.filter((s) => s.reason === 'not-json').map((s) => s.where)).toEqual(['line 21'])
    expect(outcome.file.notes).toEqual(['1 requests were denied: counted, and taken as no use'])
    expect(new Set(outcome.observations.filter((o) => o.kind === 'USES_SECRET').map((o) => o.to)).size).toBe(3)
  })

  it('ops-agent: one-line and multi-line entries mixed', async () => {
    const outcome = await run('ops-agent/logging_processor-vault-audit/input.log')
    expect([outcome.file.read, outcome.file.mapped]).toEqual([8, 0])
    expect(new Set(outcome.reasons)).toEqual(new Set(['not-relevant', 'missing-identifier']))
  })
})
