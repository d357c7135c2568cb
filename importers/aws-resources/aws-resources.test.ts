import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildEstate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import { startMerge } from '../../graph/merge.ts'
import { collect } from '../read/collect.ts'
import { detectImporter } from '../read/detect-importer.ts'
import { rawFile, type RawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'
import { awsResources } from './index.ts'

const folder = new URL('./fixtures/', import.meta.url)
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const files = readdirSync(folder)
  .sort()
  .map((name) => rawFile(name, readFileSync(new URL(name, folder))))
const read = (some: readonly RawFile[], scopeName?: string) =>
  collect(runImporters(some, { importers: [awsResources], fingerprintKey: new Uint8Array(32).fill(7), scopeName }))
const json = (name: string, reply: unknown) => rawFile(name, Buffer.from(JSON.stringify(reply)))
const found = await read(files)

const arn = (service: string, resource: string, region = 'eu-west-1') =>
  `arn:aws:${service}:${region}:111122223333:${resource}`
const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
const shopDb = arn('secretsmanager', 'secret:shop/db-AbC123')
const mySecret = arn('secretsmanager', 'secret:my-secret-Zz9Yy8')
const kmsKey = arn('kms', 'key/0aa0aa0a-1111-2222-3333-444444444444')
const orders = arn('lambda', 'function:orders')
const checkout = arn('ecs', 'task-definition/checkout:4')
const build = arn('codebuild', 'project/deploy-shop')

const propsOf = (id: string) =>
  Object.assign({}, ...found.facts.entities.filter((one) => one.id === id).map((one) => one.props)) as Record<
    string,
    unknown
  >
const from = (id: string, kind: string, of = found) =>
  of.facts.relationships
    .filter((one) => one.from === id && one.kind === kind)
    .map(({ to, delivery, pickup, confidence, props, evidence }) => ({
      to,
      ...(delivery && { delivery }),
      ...(pickup && { pickup }),
      ...(confidence && { confidence }),
      ...(props && { props }),
      note: evidence![0]!.note,
    }))
const reportOf = (name: string) => found.files.find((file) => file.name === name)!

describe('AWS secrets and workloads', () => {
  it('accounts for every record, with the reason and the place of what it left out', () => {
    const skipped = (name: string) => reportOf(name).skipped.map(({ reason, where }) => [reason, ...where])
    expect(found.files.map(({ error }) => error).filter(Boolean)).toEqual([])
    for (const { read: met, mapped, merged, skipped: out } of found.files)
      expect(met).toBe(mapped + merged + out.reduce((sum, { count }) => sum + count, 0))
    expect(skipped('list-secrets.json')).toEqual([
      ['masked-identifier', '/SecretList/2'],
      ['unreadable-record', '/SecretList/3'],
    ])
    expect(skipped('describe-parameters.json')).toEqual([
      ['not-relevant', '/Parameters/1'],
      ['missing-identifier', '/Parameters/2'],
    ])
    expect(reportOf('task-definitions.json')).toMatchObject({ read: 3, mapped: 2 })
    expect(skipped('task-definitions.json').map(([reason]) => reason)).toEqual(['error-response'])
    expect(skipped('describe-instances.json')).toEqual([['not-relevant', '/Reservations/0/Instances/1']])
  })

  it('knows a secret: rotation, stages, last read, whom its tags name, and its other spellings', () => {
    expect(propsOf(shopDb)).toMatchObject({
      createdAt: '2024-01-02T03:04:05Z',
      lastUsedAt: '2026-11-19T00:00:00Z',
      lastRotatedAt: '2026-10-20T03:00:00Z',
      rotationEnabled: true,
      rotationDays: 30,
      rotationPending: true,
      replicaRegions: ['us-east-1'],
      team: 'checkout',
    })
    const aliases = found.facts.entities.find((one) => one.id === shopDb && one.aliases)!.aliases
    expect(aliases).toEqual([
      'shop/db',
      arn('secretsmanager', 'secret:shop/db'),
      'aws:secretsmanager:eu-west-1:shop/db',
    ])
    expect(from(shopDb, 'OWNED_BY')[0]!.to).toBe(keys.team('checkout'))
    expect(from(arn('lambda', 'function:rotate-shop-db'), 'USES_SECRET')).toEqual([
      { to: shopDb, delivery: 'fetch_per_use', note: 'rotates it' },
    ])
    const replica = arn('secretsmanager', 'secret:shop/db-AbC123', 'us-east-1')
    expect(from(replica, 'SYNCED_FROM').map(({ to }) => to)).toEqual([shopDb])
  })

  it('finds the key behind an alias in whatever file it stands, and the state of the key', () => {
    expect(new Set(from(shopDb, 'ENCRYPTED_BY').map(({ to }) => to))).toEqual(new Set([kmsKey]))
    expect(from(orders, 'ENCRYPTED_BY').map(({ to }) => to)).toEqual([kmsKey])
    expect(propsOf(kmsKey)).toMatchObject({ keyState: 'PendingDeletion', deletionAt: '2027-01-15T08:00:00.500Z' })
  })

  it('takes SecureStrings only, with their expiry; account and region of an old reply from --scope', async () => {
    const parameter = arn('ssm', 'parameter/shop/api-token')
    expect(propsOf(parameter)).toMatchObject({ expiresAt: '2027-01-01T00:00:00Z', version: 3 })
    const placed = await read(
      files.filter(({ name }) => name === 'describe-parameters.json'),
      '111122223333/eu-west-1',
    )
    expect(placed.facts.entities.map(({ id }) => id)).toContain(arn('ssm', 'parameter/shop/unplaced'))
  })

  describe('a Lambda function', () => {
    it('uses the secrets its environment names, as long as its cache keeps them, and the version it is bound to', () => {
      const uses = from(orders, 'USES_SECRET')
      expect(uses).toContainEqual({
        to: arn('secretsmanager', 'secret:shop/db'),
        delivery: 'fetch_cached',
        pickup: [0, 300],
        props: { pinnedTo: 'AWSPREVIOUS' },
        note: 'variable DB_SECRET, key password, only AWSPREVIOUS',
      })
      expect(uses).toContainEqual({
        to: arn('ssm', 'parameter/shop/api-token'),
        delivery: 'fetch_cached',
        note: 'variable PARAMETER',
      })
      expect(uses).toContainEqual({
        to: arn('secretsmanager', 'secret:my-secret'),
        delivery: 'deploy_time',
        note: 'variable TEMPLATE, key user',
      })
    })

    it('may use a secret whose name a variable holds: possible, never certain', () => {
      expect(from(orders, 'USES_SECRET')).toContainEqual({
        to: mySecret,
        delivery: 'fetch_cached',
        pickup: [0, 300],
        confidence: 'possible',
        note: 'variable SECRET_NAME holds its name',
      })
    })

    it('uses the access key whose id stands in its environment, and runs as its role and those of its versions', () => {
      expect(from(orders, 'USES_CREDENTIAL')).toEqual([
        { to: keys.awsAccessKey('AKIAEXAMPLEORDERSAB1'), delivery: 'env_at_start', note: 'variable AWS_ACCESS_KEY_ID' },
      ])
      expect(from(orders, 'RUNS_AS').map(({ to }) => to)).toEqual([
        role('service-role/orders'),
        role('service-role/orders-old'),
      ])
    })

    it('gives a value the same fingerprint wherever it stands, and addresses none', () => {
      const fingerprint = (id: string) => (propsOf(id)['fingerprints'] as string[]).map((one) => one.split('='))
      expect(fingerprint(orders).map(([name]) => name)).toEqual(['PARTNER_TOKEN'])
      expect(fingerprint(build)).toEqual(fingerprint(orders))
    })

    it('has the tags of get-function', () => {
      const mailer = arn('lambda', 'function:mailer')
      expect(from(keys.system('newsletter'), 'DEPENDS_ON').map(({ to }) => to)).toEqual([mailer])
      expect(from(mailer, 'OWNED_BY').map(({ to }) => to)).toEqual([keys.team('messaging')])
    })
  })

  it('reads a task definition: each secret at task start, who fetches it, and nothing certain of a retired revision', () => {
    const uses = from(checkout, 'USES_SECRET')
    expect(uses.map(({ to, delivery, note }) => [to, delivery, note])).toEqual([
      [shopDb, 'task_start', 'container web, DB_PASSWORD, key password'],
      [arn('ssm', 'parameter/shop/api-token'), 'task_start', 'container web, API_TOKEN'],
      [mySecret, 'task_start', 'container web, log option splunk-token'],
      [arn('secretsmanager', 'secret:registry-Qw3rTy'), 'task_start', 'container web, pulls its image'],
    ])
    expect(from(checkout, 'USES_CREDENTIAL')[0]!.to).toBe(keys.awsAccessKey('AKIAEXAMPLECHECKOUT1'))
    expect(from(checkout, 'RUNS_AS').map(({ to }) => to)).toEqual([role('checkout')])
    const access = from(role('checkout-start'), 'CAN_ACCESS')
    expect(new Set(access.map(({ to }) => to))).toEqual(new Set(uses.map(({ to }) => to)))
    expect(access.every(({ confidence }) => confidence === 'none')).toBe(true)
    const retired = from(arn('ecs', 'task-definition/checkout:3'), 'USES_SECRET')
    expect(retired.every(({ confidence }) => confidence === 'possible')).toBe(true)
    const service = arn('ecs', 'service/main/checkout')
    expect(from(service, 'DEPENDS_ON').map(({ to }) => to)).toEqual([
      checkout,
      arn('ecs', 'task-definition/checkout:3'),
    ])
    expect(from(keys.system('shop'), 'DEPENDS_ON').map(({ to }) => to)).toContain(checkout)
  })

  it('reads a build: secrets by name at each run, its role, and the repository it builds', () => {
    expect(from(build, 'USES_SECRET')).toEqual([
      { to: arn('secretsmanager', 'secret:shop/db'), delivery: 'ci_run_start', note: 'variable DB, key password' },
      { to: arn('ssm', 'parameter/shop/api-token'), delivery: 'ci_run_start', note: 'variable TOKEN' },
    ])
    expect(from(build, 'RUNS_AS').map(({ to }) => to)).toEqual([role('service-role/build')])
    expect(from(build, 'DEFINED_IN').map(({ to }) => to)).toEqual([keys.githubRepository('example-shop/deploy')])
  })

  it('reads the profile of an instance, and the role that EKS lends to a service account', () => {
    const instance = arn('ec2', 'instance/i-0aa11bb22cc33dd44')
    expect(from(instance, 'RUNS_AS').map(({ to }) => to)).toEqual([
      'arn:aws:iam::111122223333:instance-profile/bastion',
    ])
    const cart = keys.k8s('prod-eu', 'shop', 'serviceaccount', 'cart')
    expect(from(cart, 'ASSUMES')).toEqual([
      { to: role('cart'), confidence: 'possible', note: 'pod identity association' },
    ])
    expect(propsOf(keys.k8sCluster('prod-eu'))['oidcIssuer']).toContain('oidc.eks')
  })

  it('knows whose password RDS keeps in which secret; members of a cluster have none of their own', () => {
    const [database, member] = [arn('rds', 'db:shop'), arn('rds', 'db:catalog-1')]
    const password = keys.awsRdsMasterPassword(database)
    expect(from(arn('secretsmanager', 'secret:rds!db-1f2e-Ab12Cd'), 'HOLDS').map(({ to }) => to)).toEqual([password])
    expect(found.facts.entities.find(({ id }) => id === password)!.kind).toBe('db.postgres_password')
    expect(from(password, 'AUTHENTICATES_AS').map(({ to }) => to)).toEqual([keys.awsRdsMaster(database)])
    expect(from(keys.awsRdsMaster(database), 'DEPENDS_ON').map(({ to }) => to)).toEqual([database])
    expect(from(member, 'DEPENDS_ON').map(({ to }) => to)).toEqual([arn('rds', 'cluster:catalog')])
    expect(found.facts.entities.map(({ id }) => id)).not.toContain(keys.awsRdsMaster(member))
  })

  it('makes one secret of what a build calls by name, a function without its ending, and a task by its whole ARN', () => {
    const merge = startMerge()
    found.facts.entities.forEach(merge.entity)
    found.facts.relationships.forEach(merge.relationship)
    const { id, title, nature } = awsResources
    const source = {
      scope: 's',
      title,
      importer: id,
      importerTitle: title,
      nature,
      complete: false,
      files: [],
      blindTo: [],
    }
    const estate = buildEstate([{ ...source, at: '2026-11-20T04:00:00Z', facts: merge.finish() }], {
      id: 'x',
      at: null,
      sample: false,
    })
    const users = estate.relationships
      .filter((one) => one.kind === 'USES_SECRET' && one.to === idOf(shopDb))
      .map((one) => estate.entities[estate.indexOf.get(one.from)!]!.key)
    expect(new Set(users)).toEqual(
      new Set([
        orders,
        checkout,
        arn('ecs', 'task-definition/checkout:3'),
        build,
        arn('lambda', 'function:rotate-shop-db'),
      ]),
    )
  })

  it('lets no value through, and never takes a listing for the whole account', () => {
    for (const { name } of files.filter((file) => file.name !== 'list-aliases.json'))
      expect(textOf(name)).toContain('KEYFALL-CANARY')
    expect(JSON.stringify([...found.byScope, found.files, found.scopes])).not.toContain('KEYFALL-CANARY')
    expect(found.scopes.map(({ scope }) => [scope.id, scope.complete])).toEqual([['aws/111122223333', false]])
    expect(found.facts.entities.every(({ kind }) => awsResources.emits.includes(kind!))).toBe(true)
  })

  it('counts what another page says again as merged', async () => {
    const [secrets] = files.filter(({ name }) => name === 'list-secrets.json')
    const twice = await read([secrets!, { ...secrets!, name: 'page-2.json' }])
    expect(twice.files.map(({ mapped, merged }) => [mapped, merged])).toEqual([
      [2, 0],
      [0, 2],
    ])
  })

  it('two secrets of one name: a variable with the name means neither', async () => {
    const listed = ['AbC123', 'XyZ789'].map((end) => ({
      ARN: arn('secretsmanager', `secret:shop/db-${end}`),
      Name: 'shop/db',
    }))
    const lambda = {
      FunctionName: 'a',
      FunctionArn: arn('lambda', 'function:a'),
      Environment: { Variables: { DB: 'shop/db' } },
    }
    const guess = async (secrets: unknown[]) =>
      from(
        lambda.FunctionArn,
        'USES_SECRET',
        await read([json('a.json', { Functions: [lambda] }), json('b.json', { SecretList: secrets })]),
      )
    expect((await guess(listed.slice(0, 1))).map(({ to }) => to)).toEqual([listed[0]!.ARN])
    expect(await guess(listed)).toEqual([])
  })

  it('survives whatever stands where a field should be', async () => {
    const texts = files.map(({ name }) => [name, textOf(name)] as const)
    const values = ['null', '[]', '{}', '-1e400', '"\\u0000"', '"arn:::::"', '"arn:aws:ssm:::parameter/"', '[[[{}]]]']
    const mutants = texts.flatMap(([name, text]) => [
      ...values.map((value, at) => {
        let met = 0
        // Each mutant has every eighth value replaced.
        return rawFile(
          `${at}-${name}`,
          Buffer.from(text.replace(/: (?:"[^"]*"|\d+|true)/g, (old) => (met++ % 8 === at ? `: ${value}` : old))),
        )
      }),
      ...[0.3, 0.6, 0.9].map((part) => rawFile(`cut-${part}-${name}`, Buffer.from(text.slice(0, text.length * part)))),
    ])
    const broken = await read(mutants)
    expect(broken.files.length).toBe(mutants.length)
    expect(broken.files.map(({ error }) => error).filter(Boolean)).toEqual([])
    expect(JSON.stringify([...broken.byScope, broken.files])).not.toContain('KEYFALL-CANARY')
  })
})

describe('which files are whose', () => {
  const owner = (name: string, head: string) => detectImporter({ name, head, whole: true }, importers)?.id

  it('takes every reply it reads by its content, under any name, and cut after the first bytes', () => {
    for (const { name } of files) {
      expect(owner('export', textOf(name)), name).toBe('aws-resources')
      expect(owner('export', textOf(name).slice(0, -20)), name).toBe('aws-resources')
    }
  })

  it('leaves to the others what is theirs', () => {
    for (const other of [
      'aws-access-keys',
      'aws-authorization-details',
      'aws-credential-report',
      'cloudtrail',
      'bundle',
      'kubernetes',
      'vault-audit',
    ]) {
      const theirs = new URL(`../${other}/fixtures/`, import.meta.url)
      const entries = readdirSync(theirs, { withFileTypes: true }).filter((entry) => entry.isFile())
      expect(entries.length, other).toBeGreaterThan(0)
      for (const { name } of entries) {
        const head = readFileSync(new URL(name, theirs), 'utf8').slice(0, 65_536)
        expect(owner(name, head), `${other}/${name}`).not.toBe('aws-resources')
      }
    }
  })

  it('knows nothing of replies that hold a value or say something else', () => {
    const others = [
      { ARN: shopDb, Name: 'shop/db', SecretString: 'x', VersionId: '1' },
      { ARN: shopDb, Name: 'shop/db', ResourcePolicy: '{}' },
      { Parameters: { Stage: { Type: 'String' } }, Resources: {} },
      { projects: ['deploy-shop'] },
      { services: [{ name: 'web' }] },
      { note: '"SecretList": [', nested: { SecretList: [] } },
    ]
    for (const reply of others) expect(owner('export.json', JSON.stringify(reply))).toBeUndefined()
  })
})
