import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect } from '../read/collect.ts'
import { detectImporter } from '../read/detect-importer.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'
import { cloudformation } from './index.ts'

const folder = new URL('./fixtures/', import.meta.url)
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const names = readdirSync(folder).sort()
const read = (texts: Record<string, string>, scopeName?: string) =>
  collect(
    runImporters(
      Object.entries(texts).map(([name, text]) => rawFile(name, Buffer.from(text))),
      { importers: [cloudformation], fingerprintKey: new Uint8Array(32).fill(7), scopeName },
    ),
  )
const fixtures = (...some: readonly string[]) => Object.fromEntries(some.map((name) => [name, textOf(name)]))
const deployed = await read(fixtures(...names), '111122223333/eu-west-1')
const alone = await read(fixtures('shop.yaml'))
type Found = typeof deployed

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`
const iam = (resource: string) => `arn:aws:iam::111122223333:${resource}`
const dbSecret = arn('secretsmanager', 'secret:DbSecret-xyz-QwErTy')
const database = arn('rds', 'db:shop-database-1ab')
const orders = arn('lambda', 'function:shop-Orders-1AB')
const task = arn('ecs', 'task-definition/checkout:7')
const deployKey = keys.awsAccessKey('AKIAEXAMPLECFN000001')

const from = (id: string, kind: string, of: Found = deployed) =>
  of.facts.relationships
    .filter((one) => one.from === id && one.kind === kind)
    .map(({ to, delivery, confidence, props, evidence }) => ({
      to,
      ...(delivery && { delivery }),
      ...(confidence && { confidence }),
      ...(props && { props }),
      note: evidence![0]!.note!.replace('stack shop; ', ''),
    }))
const propsOf = (id: string, of: Found = deployed) =>
  Object.assign({}, ...of.facts.entities.filter((one) => one.id === id).map((one) => one.props)) as Record<
    string,
    unknown
  >
const reportOf = (name: string, of: Found = deployed) => of.files.find((file) => file.name === name)!

describe('CloudFormation', () => {
  it('is recognised: templates in both forms, SAM, and replies about stacks', () => {
    for (const name of names) {
      const probe = { name: 'x', head: textOf(name), whole: true }
      expect(detectImporter(probe, importers)?.id, name).toBe('cloudformation')
    }
    const reply = { TemplateBody: textOf('shop.yaml') }
    expect(cloudformation.detect({ name: 'x', head: JSON.stringify(reply), whole: true })).toBeGreaterThan(0.5)
  })

  it('accounts for every resource and reply, with reason and place', () => {
    for (const of of [deployed, alone])
      for (const { name, error, read: met, mapped, merged, skipped } of of.files) {
        expect(error, name).toBeUndefined()
        expect(met, name).toBe(mapped + merged + skipped.reduce((sum, { count }) => sum + count, 0))
      }
    expect(reportOf('shop.yaml')).toMatchObject({ read: 19, mapped: 17 })
    const skipped = reportOf('shop.yaml').skipped.map(({ reason, where }) => [reason, ...where])
    expect(skipped).toEqual(
      expect.arrayContaining([
        ['unknown-type', '/Resources/Broker'],
        ['not-relevant', '/Resources/Topic'],
      ]),
    )
    expect(reportOf('shop.yaml', alone).notes.join()).toContain('No stack of this template is here')
  })

  it('joins what a stack became with the things that others list, by their ids', () => {
    expect(from(deployKey, 'AUTHENTICATES_AS')).toEqual([{ to: iam('user/shop-Deploy-1AB'), note: 'stack shop' }])
    expect(from(orders, 'RUNS_AS')).toMatchObject([{ to: iam('role/shop-OrdersRole-1AB') }])
    expect(from(iam('instance-profile/shop-Profile-1AB'), 'DEPENDS_ON')).toMatchObject([
      { to: iam('role/shop-OrdersRole-1AB') },
    ])
    expect(from(dbSecret, 'ENCRYPTED_BY')).toMatchObject([
      { to: arn('kms', 'key/0aa0aa0a-5555-2222-3333-444444444444') },
    ])
  })

  it('says where a credential is written, and where it leaks', () => {
    expect(from(arn('secretsmanager', 'secret:shop/deploy-key-AbC123'), 'HOLDS')).toEqual([
      { to: deployKey, note: 'SecretString is written from it' },
    ])
    expect(from(task, 'USES_CREDENTIAL')).toEqual([
      { to: deployKey, delivery: 'deploy_time', note: 'variable AWS_SECRET_ACCESS_KEY' },
    ])
    expect(propsOf(deployKey)).toMatchObject({
      valueInOutputs: true,
      deletionPolicy: 'Retain',
      rotatesBy: 'Serial',
      rotation: '3',
      replacedWithOverlap: true,
    })
  })

  it('follows the password of a database from its secret to all who take it', () => {
    const password = keys.awsRdsMasterPassword(database)
    expect(from(dbSecret, 'HOLDS').map(({ to }) => to)).toEqual([password, password])
    expect(from(password, 'AUTHENTICATES_AS')).toMatchObject([{ to: keys.awsRdsMaster(database) }])
    expect(propsOf(dbSecret)).toMatchObject({
      generated: true,
      rotationEnabled: true,
      rotationDays: 30,
      rotationStrategy: 'PostgreSQLMultiUser',
      updateReplacePolicy: 'Retain',
    })
    expect(from(task, 'USES_SECRET')).toEqual([
      { to: dbSecret, delivery: 'task_start', note: 'container web, DB_PASSWORD, key password' },
    ])
    const endpoint = keys.cloudformation('111122223333/eu-west-1/shop', 'Endpoint')
    expect(from(endpoint, 'USES_SECRET')).toMatchObject([{ to: dbSecret, delivery: 'deploy_time' }])
  })

  it('tells what a function names, is given, and takes from a dynamic reference', () => {
    expect(from(orders, 'USES_SECRET')).toEqual([
      { to: dbSecret, delivery: 'fetch_cached', note: 'variable DB_SECRET' },
      // As the stack was deployed, not as the template proposes.
      { to: arn('secretsmanager', 'secret:vendor/live-token'), delivery: 'deploy_time', note: 'variable VENDOR' },
      {
        to: arn('ssm', 'parameter/shop/legacy'),
        delivery: 'deploy_time',
        props: { pinnedTo: '4' },
        note: 'variable LEGACY, only 4',
      },
    ])
    expect(from(orders, 'USES_CREDENTIAL')).toEqual([
      {
        to: keys.cloudformation('111122223333/eu-west-1/shop', 'Parameters/ApiToken'),
        delivery: 'env_at_start',
        note: 'variable API_TOKEN',
      },
    ])
    expect(propsOf(orders)['fingerprints']).toEqual([expect.stringMatching(/^STRIPE_KEY=/)])
  })

  it('follows an export into another stack, and SAM with its globals and its own role', () => {
    const nightly = arn('lambda', 'function:nightly-report')
    expect(from(nightly, 'USES_SECRET')).toMatchObject([{ to: dbSecret, delivery: 'fetch_cached' }])
    expect(propsOf(nightly)['runtime']).toBe('python3.13')
    expect(from(nightly, 'RUNS_AS')).toHaveLength(1)
    const reader = keys.cloudformation('111122223333/eu-west-1/reports', 'Reader')
    const managed = keys.cloudformation('111122223333/eu-west-1/reports', 'Managed.MasterUserSecret')
    expect(from(reader, 'USES_SECRET')).toMatchObject([{ to: managed }])
    expect(from(managed, 'HOLDS')).toHaveLength(1)
  })

  it('trusts subjects of a provider', () => {
    const provider = iam('oidc-provider/token.actions.githubusercontent.com')
    const subject = keys.awsFederated(provider, 'repo:acme/shop:ref:refs/heads/main')
    expect(from(subject, 'ASSUMES')).toMatchObject([{ to: iam('role/pipeline'), confidence: 'none' }])
    expect(from(subject, 'DEPENDS_ON')).toMatchObject([{ to: provider }])
  })

  it('without a stack nothing rests on defaults, names and conditions that whoever deploys may change', () => {
    const own = (name: string) => keys.cloudformation('shop.yaml', name)
    expect(from(own('Orders'), 'USES_SECRET', alone)).toMatchObject([
      { to: own('DbSecret') },
      { to: own('secretsmanager:vendor/token'), confidence: 'possible' },
      { to: own('ssm:shop/legacy') },
    ])
    expect(from(own('Service'), 'DEPENDS_ON', alone)).toMatchObject([{ to: own('Task'), confidence: 'possible' }])
    expect(from(own('Task'), 'USES_SECRET', alone)[0]).not.toHaveProperty('confidence')
    expect(alone.facts.entities.some(({ id }) => id.startsWith('arn:'))).toBe(false)
  })

  it('does not take a stack for one of a template that lacks what the stack has', async () => {
    const other = textOf('shop.yaml').replace('  Topic:\n    Type: AWS::SNS::Topic\n', '')
    const found = await read({ 'shop.yaml': other, 'r.json': textOf('describe-stack-resources.json') })
    expect(found.facts.entities.some(({ id }) => id === orders)).toBe(false)
  })

  it('says a reply with the template as a text as the template itself', async () => {
    const kinds = (one: Found) => one.facts.relationships.map(({ kind }) => kind).sort()
    const reply = await read({ 'get-template__shop.json': JSON.stringify({ TemplateBody: textOf('shop.yaml') }) })
    expect(kinds(reply)).toEqual(kinds(alone))
  })

  it('lets no value out: not of hidden parameters, environments, descriptions or user data', () => {
    expect(names.some((name) => textOf(name).includes('canary-cfn'))).toBe(true)
    expect(JSON.stringify([deployed, alone])).not.toContain('canary-cfn')
  })
})
