import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { kubernetesAudit } from './index.ts'

const shared = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(shared)
if (!present && process.env['CI'] === 'true')
  throw new Error('../shared/data is absent: these tests must not be skipped on CI')

function filesOf(name: string): Record<string, Uint8Array> {
  const entries = readdirSync(join(shared, name), { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(paths.map((path) => [path.slice(shared.length), readFileSync(path)]))
}

describe.skipIf(!present)('real data (skipped without ../shared/data: these counts are not checked then)', () => {
  it('k8s-audit: 37 events in a log, and two files of three', async () => {
    const outcome = await runInMemory(kubernetesAudit, filesOf('k8s-audit'))
    expect(unaccounted(outcome)).toEqual([])
    expect(outcome.files.map((f) => [f.name.split('/').at(-1), f.read])).toEqual([
      ['demo.log', 37],
      ['testdata-01.json', 3],
      ['testdata-02.json', 3],
    ])
    // Every event is an event: what is skipped was refused or done by Kubernetes itself.
    expect(skippedOf(outcome)).toBe(skippedOf(outcome, 'not-relevant'))
    expect(JSON.stringify(outcome)).not.toContain('eXl5Cg')
  })

  it('events-panther: EKS events in a wrapper; 30 are cut to too few fields', async () => {
    const all = filesOf('events-panther')
    const outcome = await runInMemory(kubernetesAudit, all)
    expect(outcome.claimed).toEqual(['events-panther/Amazon.EKS.Audit.ndjson'])
    expect(unaccounted(outcome)).toEqual([])
    expect(outcome.files[0]!.read).toBe(123)
    // 23 without a user and 2 without a verb; 5 have hardly any field of an event.
    expect([skippedOf(outcome, 'unreadable-record'), skippedOf(outcome, 'unknown-type')]).toEqual([25, 5])
  })
})
