import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'

const archive = join(import.meta.dirname, '../../../shared/data/tf-cloudgoat/cloudgoat.tar.gz')
const present = existsSync(archive)
if (!present) {
  if (process.env['CI'] === 'true') throw new Error('../shared/data/tf-cloudgoat is missing')
  process.stderr.write('SKIPPED: ../shared/data/tf-cloudgoat is not there, its counts are not checked\n')
}

describe.runIf(present)('thirty scenarios of other authors', () => {
  it('have the users, keys and roles that a script without us counted', async () => {
    const found = await collect(runImporters([rawFile('cloudgoat.tar.gz', readFileSync(archive))], { importers }))
    const configuration = found.files.filter(({ importer }) => importer === 'terraform-config')
    expect(configuration.flatMap(({ error }) => error ?? [])).toEqual([])
    const made = (kind: string) =>
      new Set(
        found.facts.entities.filter((one) => one.kind === kind && one.id.startsWith('terraform:')).map(({ id }) => id),
      )
    expect(made('aws.iam_user').size).toBe(40)
    expect(made('aws.iam_access_key').size).toBe(40)
    expect(made('aws.iam_role').size).toBe(61)
    const users = found.facts.relationships.filter(
      ({ kind, from }) => kind === 'AUTHENTICATES_AS' && made('aws.iam_access_key').has(from),
    )
    expect(users).toHaveLength(40)
    expect(users.every(({ confidence }) => confidence === undefined)).toBe(true)
    const lost = configuration.flatMap(({ skipped }) => skipped.filter(({ reason }) => reason === 'unreadable-record'))
    expect(lost).toEqual([])
  }, 120_000)
})
