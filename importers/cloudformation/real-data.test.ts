import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'

const data = fileURLToPath(new URL('../../../shared/data/cfn-widdix/', import.meta.url))
const present = existsSync(data)

it('has real data on CI', () => expect(present || process.env.CI !== 'true').toBe(true))

describe.runIf(present)('CloudFormation on real data', () => {
  it('cfn-widdix: 58 templates, read to the last resource', async () => {
    const files = readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
    expect(files).toHaveLength(58)
    const found = await collect(
      runImporters(
        files.map((file) => rawFile(relative(data, file), readFileSync(file))),
        { importers },
      ),
    )
    expect(found.files.filter(({ importer }) => importer !== 'cloudformation')).toEqual([])
    expect(found.files.map(({ error }) => error).filter(Boolean)).toEqual([])
    for (const { name, read: met, mapped, merged, skipped } of found.files)
      expect(met, name).toBe(mapped + merged + skipped.reduce((sum, { count }) => sum + count, 0))
    const bad = found.files.flatMap(({ name, skipped }) =>
      skipped.filter(({ reason }) => reason !== 'not-relevant').map(({ reason, where }) => [name, reason, ...where]),
    )
    expect(bad.map(([, ...what]) => what)).toEqual([
      // A custom resource about passwords: that it holds none nobody can tell.
      ['unknown-type', '/Resources/PasswordPolicy'],
      // The secret stands in a stack that a parameter names: nobody who has only the templates can know it.
      ...Array.from({ length: 6 }, () => ['missing-identifier', '/Resources/SecretTargetAttachment']),
    ])
    // Counted by a search over the files: declarations `Type: AWS::IAM::Role` and their like.
    const told = (kind: string) =>
      new Set(found.facts.entities.filter((one) => one.kind === kind && one.evidence).map(({ id }) => id)).size
    expect(told('aws.iam_role')).toBe(46)
    expect(told('aws.lambda_function')).toBe(11)
    expect(told('aws.ecs_task_definition')).toBe(5)
    expect(told('aws.instance_profile')).toBe(9)
  })
})
