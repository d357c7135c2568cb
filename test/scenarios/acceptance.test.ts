import { describe, expect, it } from 'vitest'
import { answerBlast } from '../../graph/answer/blast.ts'
import { answerItems } from '../../graph/answer/items.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { scopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import type { BlastQuery, Dependent } from '../../graph/wire.ts'
import { awsResources } from '../../importers/aws-resources/index.ts'
import { bundle } from '../../importers/bundle/index.ts'
import { collect } from '../../importers/read/collect.ts'
import { rawFile } from '../../importers/read/raw-file.ts'
import { runImporters } from '../../importers/read/run-importers.ts'

/** Acceptance tests (d), (f) and (g) of interop.md, from files through importers and estate to the answer. */
const now = '2026-11-20T04:00:00Z'
const importers = [awsResources, bundle]

async function estateOf(files: Record<string, object>): Promise<Estate> {
  const raw = Object.entries(files).map(([name, json]) => rawFile(name, JSON.stringify(json)))
  const { byScope, files: read } = await collect(runImporters(raw, { importers }))
  for (const { name, importer, error } of read)
    expect({ name, error, known: importer !== null }).toEqual({ name, known: true })
  const scopes = [...byScope.values()].map(({ scope, facts }) => {
    const merge = startMerge()
    facts.entities.forEach(merge.entity)
    facts.relationships.forEach(merge.relationship)
    facts.observations.forEach(merge.observation)
    const { title: importerTitle, blindTo } = importers.find((one) => one.id === scope.importer)!
    const { importer, title, nature, complete } = scope
    const known = { importer, importerTitle, title, nature, complete, blindTo, at: now, files: [] }
    return { ...known, scope: scopeId(scope.importer, scope.id), facts: merge.finish() }
  })
  return buildEstate(scopes, { id: 'test', at: now, sample: false })
}

const dependents = (estate: Estate, key: string, query: BlastQuery): Map<string, Dependent> =>
  new Map(answerItems(estate, idOf(key), query, now).items.map((one) => [one.name, one]))

const region = 'arn:aws:lambda:eu-west-1:111122223333'
const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbC123'
const reader = (name: string, layers: readonly string[] = []) => ({
  FunctionName: name,
  FunctionArn: `${region}:function:${name}`,
  Role: `arn:aws:iam::111122223333:role/${name}`,
  Environment: { Variables: { DB_SECRET_ARN: secret } },
  Layers: layers.map((Arn) => ({ Arn })),
})
const extension = 'arn:aws:lambda:eu-west-1:133256977650:layer:AWS-Parameters-and-Secrets-Lambda-Extension:12'
const cloud = {
  'list-functions.json': { Functions: [reader('orders', [extension]), reader('stock')] },
  'list-secrets.json': { SecretList: [{ ARN: secret, Name: 'shop/db' }] },
  // What stands in it, and a job that fetches it for every run.
  'stated.json': {
    format: 'keyfall.bundle/1',
    scope: 'x',
    entities: [
      { id: 'x:password', kind: 'db.postgres_password', name: 'shop' },
      { id: 'x:report', role: 'workload', name: 'report' },
    ],
    relationships: [
      { kind: 'HOLDS', from: secret, to: 'x:password' },
      { kind: 'USES_SECRET', from: 'x:report', to: secret, delivery: 'fetch_per_use', session: [0, 0] },
    ],
  },
}

describe('(d) a cached reader of AWS is stale for up to its cache time', () => {
  it('after a rotation at once: 5 minutes with the extension, an hour with a cache of the SDK, not at all without', async () => {
    const found = dependents(await estateOf(cloud), 'x:password', { op: 'rotate-in-place' })
    expect(found.get('orders')!.possible).toEqual([0, 300])
    expect(found.get('stock')!.possible).toEqual([0, 3600])
    expect(found.get('report')!.verdict).toBe('keeps')
    // When it fetched last nobody knows: it may have the new value at once.
    expect([found.get('orders')!.certain, found.get('stock')!.certain]).toEqual([null, null])
  })

  it('an overlap of the cache time covers it, a shorter one may not', async () => {
    const estate = await estateOf(cloud)
    const after = (overlap: number) => dependents(estate, 'x:password', { op: 'rotate-users', overlap })
    expect(after(3600).get('stock')!.verdict).toBe('keeps')
    expect(after(300).get('orders')!.verdict).toBe('keeps')
    expect(after(3599).get('stock')!.possible).toEqual([3599, 3600])
  })

  it('when the secret is deleted the copies go on for as long as nobody knows, and whoever fetches fails at once', async () => {
    const found = dependents(await estateOf(cloud), secret, { op: 'delete' })
    expect(found.get('report')!.certain).toEqual([300, null])
    expect(found.get('orders')).toMatchObject({ certain: null, possible: [0, null], verdict: 'breaks' })
    const { change } = answerBlast(await estateOf(cloud), idOf(secret), { op: 'delete' }, now)
    expect(change.undo).toContain('aws secretsmanager restore-secret')
    expect(change.until).toContain('7 to 30 days')
  })
})

const two = (second: object) => ({
  'two.json': {
    format: 'keyfall.bundle/1',
    scope: 'x',
    entities: [
      { id: 'x:one', kind: 'generic.api_key', name: 'one' },
      { id: 'x:two', kind: 'generic.api_key', name: 'two' },
      { id: 'x:app', role: 'workload', name: 'app' },
    ],
    relationships: [
      { kind: 'USES_CREDENTIAL', from: 'x:app', to: 'x:one', need: 'login', delivery: 'env_at_start' },
      { kind: 'USES_CREDENTIAL', from: 'x:app', to: 'x:two', need: 'login', delivery: 'env_at_start', ...second },
    ],
  },
})

describe('(f) two alternatives survive the loss of one', () => {
  it.each(['revoke', 'disable', 'rotate-in-place'] as const)('by %s, and the lost redundancy is said', async (op) => {
    const reply = answerBlast(await estateOf(two({})), idOf('x:one'), { op }, now)
    expect(reply.counts).toMatchObject({ breaks: 0, unknown: 0, keeps: 1 })
    expect(reply.notes.map(({ kind }) => kind)).toContain('lost-redundancy')
  })
})

describe('(g) a wrong fallback that was only inferred', () => {
  const guessed = [{ confidence: 'possible' }, { evidence: [{ source: 'bundle', kind: 'inferred' }] }]
  it.each(guessed)('never makes an answer safe: %j', async (second) => {
    const estate = await estateOf(two(second))
    const reply = answerBlast(estate, idOf('x:one'), { op: 'revoke' }, now)
    expect(reply.counts.keeps).toBe(0)
    expect(['not-safe', 'cannot-say']).toContain(reply.verdict)
  })

  it('nor one that is disabled', async () => {
    const files = two({})
    const entities = files['two.json'].entities.map((one) =>
      one.id === 'x:two' ? { ...one, props: { status: 'Inactive' } } : one,
    )
    const reply = answerBlast(
      await estateOf({ 'two.json': { ...files['two.json'], entities } }),
      idOf('x:one'),
      { op: 'revoke' },
      now,
    )
    expect(reply.counts.keeps).toBe(0)
  })
})
