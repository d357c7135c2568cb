import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { collect, type Collected } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { resourceTypes } from './fields.ts'
import { terraformState } from './index.ts'

const folder = new URL('./fixtures/', import.meta.url)
const files = readdirSync(folder)
  .sort()
  .map((name) => rawFile(`prod/${name}`, readFileSync(new URL(name, folder))))
const fingerprintKey = new Uint8Array(32).fill(7)
const read = (some = files) => collect(runImporters(some, { importers: [terraformState], fingerprintKey }))
const found = await read()
const report = (name: string) => found.files.find((file) => file.name === `prod/${name}`)!
const links = (kind: string, from?: string, { facts }: Collected = found) =>
  facts.relationships.filter((one) => one.kind === kind && (from === undefined || one.from === from))
const targets = (kind: string, from: string) => links(kind, from).map(({ to }) => to)
const propsOf = (id: string): unknown =>
  Object.assign({}, ...found.facts.entities.filter((one) => one.id === id).map(({ props }) => props))

const key = keys.awsAccessKey('AKIAEXAMPLEDEPLOYBT1')
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${service === 'iam' ? '' : 'eu-west-1'}:111122223333:${resource}`
const state = keys.terraformState('11111111-2222-4333-8444-555555555555')
const dbPassword = keys.awsRdsMasterPassword(arn('rds', 'db:orders'))
const generated = keys.terraformValue(state, 'random_password.db')

describe('Terraform state', () => {
  it('finds the user of an access key, and the state as a place that holds it', () => {
    expect(targets('AUTHENTICATES_AS', key)).toEqual([arn('iam', 'user/ci/deploy-bot')])
    expect(targets('HOLDS', state)).toEqual(expect.arrayContaining([key, dbPassword, generated]))
    expect(propsOf(key)).toMatchObject({ status: 'Active', userName: 'deploy-bot', replacedWithOverlap: false })
    expect(propsOf(generated)).toMatchObject({ replacedWithOverlap: true, length: 32 })
  })

  it('follows a value to where it was written: by equal fingerprint, by the id of a key', () => {
    const github = keys.githubRepositorySecret('acme/orders', 'AWS_SECRET_ACCESS_KEY')
    expect(targets('HOLDS', github)).toEqual([key])
    const kubernetes = keys.k8s('prod', 'orders', 'secret', 'orders-db')
    expect(targets('HOLDS', kubernetes)).toEqual([generated, dbPassword])
    const task = arn('ecs', 'task-definition/worker')
    const [use] = links('USES_CREDENTIAL', task)
    expect(use).toMatchObject({ to: key, delivery: 'task_start' })
    expect(targets('USES_SECRET', task)).toEqual([
      arn('secretsmanager', 'secret:orders/db-AbC123'),
      arn('ssm', 'parameter/orders/partner-token'),
    ])
  })

  it('says no more than possible where only a dependency speaks for it', () => {
    const secret = keys.githubEnvironmentSecret('acme/orders', 'production', 'DEPLOY_TOKEN')
    expect(links('HOLDS', secret).map(({ to, confidence }) => [to, confidence])).toEqual([
      [keys.terraformValue(state, 'tls_private_key.deploy'), 'possible'],
    ])
  })

  it('knows roles, secrets and their rotation by the keys that other sources use', () => {
    const secret = arn('secretsmanager', 'secret:orders/db-AbC123')
    expect(propsOf(secret)).toMatchObject({ rotationDays: 30, rotationEnabled: true, keys: ['username', 'password'] })
    expect(links('ENCRYPTED_BY', secret)).toHaveLength(1)
    const role = arn('iam', 'role/orders-api')
    const subject = 'repo:acme/orders:ref:refs/heads/main'
    const github = arn('iam', 'oidc-provider/token.actions.githubusercontent.com')
    expect(
      links('ASSUMES')
        .filter(({ to }) => to === role)
        .map(({ from }) => from),
    ).toEqual([keys.awsFederated(github, subject), keys.awsServicePrincipal('lambda.amazonaws.com')])
    const lambda = arn('lambda', 'function:orders-api')
    expect(targets('RUNS_AS', lambda)).toEqual([role])
    expect(links('USES_SECRET', lambda)).toMatchObject([{ to: secret, confidence: 'possible' }])
    expect(targets('ASSUMES', keys.k8s('prod', 'shop', 'serviceaccount', 'shop'))).toEqual([
      keys.vaultRole('vault', 'auth/kubernetes/', 'shop'),
    ])
    expect(propsOf(keys.vaultSecret('vault', 'database/static-creds/orders-app'))).toMatchObject({
      rotationSeconds: 86_400,
    })
    expect(targets('AUTHENTICATES_AS', keys.entraClientSecret('00000000-0000-4000-8000-0000000000cc'))).toEqual([
      'entra:app:00000000-0000-4000-8000-0000000000bb',
    ])
    const ids = found.facts.entities.map(({ id }) => id)
    expect(ids).toContain(keys.githubOrganizationSecret('acme', 'NPM_TOKEN'))
    expect(ids).toContain(keys.vaultSecret('vault', 'secret/shop/db'))
  })

  it('accounts for every object, and names what it does not know', () => {
    const { read: met, mapped, skipped, notes } = report('orders.tfstate')
    expect([met, mapped]).toEqual([30, 26])
    expect(Object.fromEntries(skipped.map(({ reason, count }) => [reason, count]))).toEqual({
      'not-relevant': 2,
      'unknown-type': 1,
      'missing-identifier': 1,
    })
    expect(notes.join()).toContain('1 × acme_billing_token')
  })

  it('reads the layout of version 3: flat names, modules, deposed objects', () => {
    expect(report('legacy.tfstate')).toMatchObject({ read: 5, mapped: 4 })
    const legacy = keys.awsAccessKey('AKIAEXAMPLELEGACYBT1')
    expect(targets('AUTHENTICATES_AS', legacy)).toEqual(['arn:aws:iam::444455556666:user/legacy-bot'])
    const secret = keys.k8s('prod', 'ci', 'secret', 'bot')
    expect(propsOf(secret)).toMatchObject({ keys: ['aws.key.id', 'secret'] })
    expect(links('HOLDS', secret).map(({ to, confidence }) => [to, confidence])).toEqual([[legacy, undefined]])
  })

  it('takes the newest serial of a lineage, whatever the order', async () => {
    expect(report('orders.tfstate.backup')).toMatchObject({ read: 1, merged: 1 })
    const reversed = await read([...files].reverse())
    const ids = (one: Collected) => new Set(one.facts.entities.map(({ id }) => id))
    expect(ids(reversed)).toEqual(ids(found))
    expect(ids(found)).not.toContain(arn('iam', 'user/gone'))
  })

  it('refuses by name what it can not read', () => {
    expect(report('future.tfstate').skipped).toEqual([{ reason: 'unsupported-version', count: 1, where: ['/version'] }])
    expect(report('future.tfstate').notes.join()).toContain('version 5')
    expect(report('cut.tfstate').skipped).toMatchObject([{ reason: 'not-json', count: 1 }])
    expect(found.files.flatMap(({ error }) => error ?? [])).toEqual([])
  })

  it('emits what it says it emits', () => {
    const kinds = new Set(found.facts.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !terraformState.emits.includes(kind))).toEqual([])
  })

  it('lets no value through, nor anything the allow-list does not name', () => {
    expect(readFileSync(new URL('orders.tfstate', folder), 'utf8')).toContain('KEYFALL-CANARY')
    const told = JSON.stringify([found.files, found.scopes, found.facts])
    expect(told).not.toContain('KEYFALL-CANARY')
    expect(told).not.toContain('10.0.0.0/16')
    expect(found.scopes.flatMap(({ defects }) => defects)).toEqual([])
  })

  it('survives any JSON where attributes, resources or modules should be', async () => {
    const types = fc.constantFrom(...resourceTypes.keys())
    const attributes = fc.dictionary(fc.constantFrom('arn', 'id', 'name', 'data', 'metadata', 'secret'), fc.jsonValue())
    const resource = fc.record({ type: types, name: fc.string(), instances: fc.array(fc.record({ attributes })) })
    const document = fc.oneof(
      fc.record({ version: fc.constant(4), serial: fc.nat(), lineage: fc.string(), resources: fc.array(resource) }),
      fc.record({ version: fc.integer(), serial: fc.jsonValue(), lineage: fc.jsonValue(), modules: fc.jsonValue() }),
    )
    await fc.assert(
      fc.asyncProperty(document, async (value) => {
        const outcome = await read([rawFile('any.tfstate', JSON.stringify(value))])
        expect(outcome.files[0]!.importer).toBe('terraform-state')
        expect(outcome.files[0]!.error).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })
})
