import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { collect, type Collected } from '../read/collect.ts'
import type { RawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { cloudtrail } from './index.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const present = existsSync(data)
if (!present) process.stderr.write('SKIPPED: ../shared/data is absent: CloudTrail is not compared with its counts\n')

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
    // Of 12 calls of AssumeRole four were denied: those show no assumption.
    const assumed = uses(found, 'ASSUMES').reduce((total, use) => total + (use.evidence.count ?? 0), 0)
    expect(assumed).toBe(8)
    const denied = uses(found, 'AUTHENTICATES_AS').filter((use) => use.evidence.note?.includes('denied') === true)
    expect(denied.length).toBeGreaterThan(0)
    expect(found.scopes.every((scope) => !scope.scope.complete)).toBe(true)
  })

  it('cloudtrail-otrf: 103 events; the EC2 instance that was the proxy stands behind its role', async () => {
    const found = await run('cloudtrail-otrf')
    expect(sum(found, 'read')).toBe(103)
    expect(ofKind(found, 'aws.iam_user').length).toBe(1)
    expect(uses(found, 'RUNS_AS').filter((use) => use.from.includes(':instance/i-')).length).toBe(2)
    expect(uses(found, 'RUNS_AS').every((use) => use.evidence.lastSeen?.startsWith('2020-09-14T'))).toBe(true)
    expect([...skipped(found).keys()].filter((reason) => reason !== 'not-relevant')).toEqual([])
  })

  it('cloudtrail-opensearch: all 840 events of a file that is not valid JSON, and where it breaks', async () => {
    const found = await run('cloudtrail-opensearch', (name) => name === 'samples-large.json')
    const [file] = found.files
    expect(file!.error).toBeUndefined()
    expect(file!.mapped + (skipped(found).get('not-relevant') ?? 0)).toBe(840)
    expect(file!.skipped.find(({ reason }) => reason === 'unreadable-record')?.where).toEqual([
      'byte 3053',
      'byte 102085',
    ])
  })

  it('cloudtrail-opensearch: starred-out ids become nothing, wrapped events are read', async () => {
    const starred = await run('cloudtrail-opensearch', (name) => name === 'raw-sample.json')
    expect(skipped(starred)).toEqual(new Map([['masked-identifier', 1]]))
    expect(starred.facts.entities).toEqual([])
    const wrapped = await run('cloudtrail-opensearch', (name) => name === 'samples.json')
    expect(sum(wrapped, 'read')).toBe(50)
    expect(skipped(wrapped).get('unreadable-record')).toBeUndefined()
  })

  it('cloudtrail-trailscraper: the same two events twice are two', async () => {
    const found = await run('cloudtrail-trailscraper', (name) => name.includes('.json'))
    expect([sum(found, 'read'), sum(found, 'mapped'), sum(found, 'merged')]).toEqual([4, 2, 2])
    expect(uses(found, 'ASSUMES').map((use) => use.evidence.count)).toEqual([1])
  })

  it('cloudlogs-plaso: 6 events inside strings, no file of another cloud', async () => {
    const found = await run('cloudlogs-plaso', (name) => name.endsWith('.jsonl'))
    expect(found.files.filter((file) => file.importer !== null).map((file) => [file.name, file.read])).toEqual([
      ['aws_cloudtrail.jsonl', 6],
    ])
    expect(ofKind(found, 'aws.iam_user').length).toBe(1)
  })

  it('cloudtrail-otrf: 301 rows of a CSV with Python dictionaries, which name no account', async () => {
    const found = await run('cloudtrail-otrf', (name) => name.endsWith('.csv'))
    expect(found.files.map((file) => [file.importer, file.read, file.error])).toEqual([['cloudtrail', 301, undefined]])
    expect(sum(found, 'mapped') + sum(found, 'merged') + [...skipped(found).values()].reduce((a, b) => a + b, 0)).toBe(
      301,
    )
    expect(skipped(found).get('unreadable-record')).toBeUndefined()
  })

  it('events-panther: 235 events cut to a few fields, each accounted for; no log of another kind', async () => {
    const found = await run('events-panther', (name) => name.endsWith('.ndjson'))
    const claimed = found.files.filter((file) => file.importer !== null)
    expect(claimed.map((file) => [file.name, file.read, file.error])).toEqual([
      ['AWS.CloudTrail.ndjson', 235, undefined],
    ])
  })
})
