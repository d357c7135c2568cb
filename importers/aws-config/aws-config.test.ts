import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildEstate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { startMerge } from '../../graph/merge.ts'
import { awsAuthorizationDetails } from '../aws-authorization-details/index.ts'
import { awsResources } from '../aws-resources/index.ts'
import type { Importer } from '../importer.ts'
import { collect } from '../read/collect.ts'
import { detectImporter } from '../read/detect-importer.ts'
import { rawFile, type RawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'
import { awsConfig } from './index.ts'
import { repliesOf } from './replies.test-data.ts'

const folder = new URL('./fixtures/', import.meta.url)
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const files = readdirSync(folder)
  .sort()
  .map((name) => rawFile(name, readFileSync(new URL(name, folder))))
const read = (some: readonly RawFile[], by: readonly Importer[] = [awsConfig]) =>
  collect(runImporters(some, { importers: by, fingerprintKey: new Uint8Array(32).fill(7) }))
const json = (name: string, value: unknown) => rawFile(name, Buffer.from(JSON.stringify(value)))
type Found = Awaited<ReturnType<typeof read>>
const found = await read(files)

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`
const shopDb = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbC123'

/** What is said of the world, whoever says it and where. */
const saidBy = (one: Found): readonly string[] =>
  [
    ...new Set(
      one.facts.relationships.map(({ kind, from, to, delivery, confidence, props }) =>
        JSON.stringify([kind, from, to, delivery, confidence, props]),
      ),
    ),
  ].sort()
const propsOf = (id: string, of = found) =>
  Object.assign({}, ...of.facts.entities.filter((one) => one.id === id).map((one) => one.props)) as Record<
    string,
    unknown
  >

describe('AWS Config', () => {
  it('is recognised in each form, and nothing else is', () => {
    for (const name of ['snapshot.json', 'history.json', 'query.json'])
      expect(detectImporter({ name: 'x', head: textOf(name).slice(0, 65_536), whole: true }, importers)?.id).toBe(
        'aws-config',
      )
    const event = {
      messageType: 'ConfigurationItemChangeNotification',
      configurationItem: { resourceType: 'AWS::IAM::Role' },
    }
    expect(
      awsConfig.detect({ name: 'x', head: JSON.stringify({ Records: [{ eventVersion: '1.08' }] }), whole: true }),
    ).toBe(0)
    expect(
      awsConfig.detect({
        name: 'x',
        head: JSON.stringify({ configurationItem: event.configurationItem }),
        whole: true,
      }),
    ).toBeGreaterThan(0)
  })

  it('accounts for every item, with reason and place', () => {
    for (const { name, error, read: met, mapped, merged, skipped } of found.files) {
      expect(error, name).toBeUndefined()
      expect(met, name).toBe(mapped + merged + skipped.reduce((sum, { count }) => sum + count, 0))
    }
    const of = (name: string) => found.files.find((file) => file.name === name)!
    expect(of('snapshot.json')).toMatchObject({ read: 20, mapped: 17, merged: 0 })
    expect(of('snapshot.json').skipped.map(({ reason, count }) => [reason, count])).toEqual(
      expect.arrayContaining([
        ['not-relevant', 2],
        ['unknown-type', 1],
      ]),
    )
    expect(of('snapshot.json').notes.join()).toContain('AWS::StepFunctions::StateMachine')
    expect(of('history.json')).toMatchObject({ read: 4, mapped: 1, merged: 2 })
    expect(of('query.json')).toMatchObject({ read: 3, mapped: 1 })
  })

  it('says the same relationships as the listings of the services', async () => {
    const snapshot = await read([rawFile('snapshot.json', Buffer.from(textOf('snapshot.json')))])
    const listed = await read(
      Object.entries(repliesOf).map(([name, reply]) => json(name, reply)),
      [awsAuthorizationDetails, awsResources],
    )
    expect(listed.files.flatMap(({ skipped }) => skipped)).toEqual([])
    const [a, b] = [saidBy(snapshot), saidBy(listed)]
    expect(a.filter((one) => !b.includes(one))).toEqual([
      // Only Config has providers as things of their own.
      expect.stringContaining('saml-provider/acme-login","aws:account:111122223333"'),
    ])
    expect(b.filter((one) => !a.includes(one))).toEqual([])
    expect(b.length).toBeGreaterThan(30)
  })

  it('comes to the same effective access', async () => {
    const permits = (one: Found) => {
      const merge = startMerge()
      for (const fact of one.facts.entities) merge.entity(fact)
      for (const fact of one.facts.relationships) merge.relationship(fact)
      const source = {
        scope: 'x',
        importer: 'x',
        importerTitle: 'x',
        files: [],
        title: 'x',
        nature: 'snapshot',
        complete: false,
        blindTo: [],
      } as const
      const scope = { ...source, at: '2026-11-22T00:00:00Z', facts: merge.finish() }
      const estate = buildEstate([scope], { id: 'x', at: null, sample: false })
      return estate.relationships
        .filter(({ props }) => props?.['verdict'] !== undefined)
        .map(({ kind, from, to, props }) => [kind, from, to, props!['verdict']].join(' '))
        .sort()
    }
    const snapshot = permits(await read([rawFile('snapshot.json', Buffer.from(textOf('snapshot.json')))]))
    const listed = permits(
      await read(
        Object.entries(repliesOf).map(([name, reply]) => json(name, reply)),
        [awsAuthorizationDetails, awsResources],
      ),
    )
    expect(snapshot).toEqual(listed)
    expect(snapshot.some((one) => one.includes(idOf(role('checkout'))) && one.includes(idOf(shopDb)))).toBe(true)
  })

  it('takes the newest of a history, whatever the order of files, and forgets what was deleted', async () => {
    expect(propsOf(role('auditor'))['inlinePolicies']).toBeUndefined()
    expect(found.facts.entities.some(({ id }) => id === user('former'))).toBe(false)
    const history = JSON.parse(textOf('history.json')) as { configurationItems: unknown[] }
    const turned = await read([json('h.json', { configurationItems: history.configurationItems.toReversed() })])
    expect(propsOf(role('auditor'), turned)['inlinePolicies']).toBeUndefined()
    expect(turned.facts.entities.some(({ id }) => id === user('former'))).toBe(false)
  })

  it('does not say what a principal may do where a query left its policies out', () => {
    expect(propsOf(role('report'))['permissionsKnown']).toBeUndefined()
    expect(propsOf(role('orders'))['permissionsKnown']).toBe(true)
  })

  it('says when Config saw it, and never claims to have the whole account', () => {
    const evidence = found.facts.entities.find(({ id, evidence }) => id === shopDb && evidence)!.evidence![0]!
    expect(evidence).toMatchObject({ source: 'aws-config', kind: 'declared', lastSeen: '2026-11-20T03:00:00Z' })
    expect(evidence.record).toMatch(/^byte \d+$/)
    expect(found.scopes.every(({ scope }) => !scope.complete)).toBe(true)
  })

  it('reads one long line, gzip and an item a line', async () => {
    const snapshot = JSON.parse(textOf('snapshot.json')) as { configurationItems: unknown[] }
    const lines = snapshot.configurationItems.map((one) => JSON.stringify(one)).join('\n')
    const whole = await read([rawFile('s.json', Buffer.from(textOf('snapshot.json')))])
    for (const bytes of [Buffer.from(JSON.stringify(snapshot)), gzipSync(JSON.stringify(snapshot)), Buffer.from(lines)])
      expect(saidBy(await read([rawFile('s.json.gz', bytes)]))).toEqual(saidBy(whole))
  })

  it('lets no value out', () => {
    expect(files.some(({ name }) => textOf(name).includes('canary-config'))).toBe(true)
    expect(JSON.stringify(found)).not.toContain('canary-config')
  })
})
