import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { collect, type Collected } from '../read/collect.ts'
import type { RawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { cloudtrail } from './index.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(data)
if (!present)
  console.warn('SKIPPED: ../shared/data is absent, so CloudTrail is not compared with the counts of its README')

const files = (folder: string, keep: (name: string) => boolean): RawFile[] =>
  readdirSync(data + folder)
    .filter(keep)
    .sort()
    .map((name) => ({ name, stream: () => createReadStream(`${data}${folder}/${name}`) }))
const run = (folder: string, keep: (name: string) => boolean = (name) => name.endsWith('.json')): Promise<Collected> =>
  collect(runImporters(files(folder, keep), { importers: [cloudtrail] }))

const sum = (found: Collected, of: 'read' | 'mapped' | 'merged'): number =>
  found.files.reduce((total, file) => total + file[of], 0)
const skipped = (found: Collected): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const { reason, count } of found.files.flatMap((file) => file.skipped))
    counts.set(reason, (counts.get(reason) ?? 0) + count)
  return counts
}
const ofKind = (found: Collected, kind: string) => [
  ...new Map(found.facts.entities.filter((one) => one.kind === kind).map((one) => [one.id, one])).values(),
]
const uses = (found: Collected, kind: string) => found.facts.observations.filter((one) => one.kind === kind)

it('says that real data is there', () => expect(present || process.env.CI !== 'true').toBe(true))

describe.runIf(present)('CloudTrail on real data', () => {
  it('cloudtrail-stratus: 310 events, 32 access keys, 41 principals, 20 secrets, 35 accounts', async () => {
    const found = await run('cloudtrail-stratus')
    expect(sum(found, 'read')).toBe(310)
    expect(sum(found, 'mapped')).toBe(310)
    expect(found.files.filter((file) => file.importer === null)).toEqual([])
    const keysUsed = new Set(
      uses(found, 'USES_CREDENTIAL')
        .map((use) => use.to)
        .filter((to) => to.startsWith('aws:key:')),
    )
    expect(keysUsed.size).toBe(32)
    // Two more were made and not used.
    expect(ofKind(found, 'aws.iam_access_key').length).toBe(34)
    expect(ofKind(found, 'aws.iam_access_key').filter((key) => key.props?.createdAt !== undefined).length).toBe(2)
    expect(found.facts.entities.filter((one) => one.id.includes('ASIA'))).toEqual([])
    expect(ofKind(found, 'aws.secretsmanager_secret').length).toBe(20)
    expect(uses(found, 'USES_SECRET').filter((use) => use.to.includes(':secretsmanager:')).length).toBe(20)
    expect(found.scopes.length).toBe(35)
    const assumed = uses(found, 'ASSUMES').reduce((total, use) => total + (use.evidence.count ?? 0), 0)
    expect(assumed).toBe(12)
    expect(found.scopes.every((scope) => !scope.scope.complete)).toBe(true)
  })

  it('cloudtrail-otrf: the EC2 instance that was the proxy stands behind its role', async () => {
    const found = await run('cloudtrail-otrf')
    expect(sum(found, 'read')).toBe(103)
    expect(ofKind(found, 'aws.iam_user').map((user) => user.name)).toEqual(['pedro'])
    console.log(JSON.stringify([...skipped(found)]), JSON.stringify(uses(found, 'RUNS_AS')))
  })

  it('cloudtrail-opensearch', async () => {
    const found = await run('cloudtrail-opensearch')
    console.log(JSON.stringify(found.files, undefined, 1))
  })
  it('cloudtrail-trailscraper', async () => {
    const found = await run('cloudtrail-trailscraper', (name) => name.includes('.json'))
    console.log(JSON.stringify(found, undefined, 1))
  })
  it('plaso', async () => {
    const found = await run('cloudlogs-plaso', (name) => name.includes('.json'))
    console.log(JSON.stringify(found.files, undefined, 1), JSON.stringify(found.facts))
  })
  it('panther', async () => {
    const found = await run('events-panther', (name) => name.includes('.ndjson'))
    console.log(
      JSON.stringify(
        found.files.filter((f) => f.importer),
        undefined,
        1,
      ),
    )
  })
})
