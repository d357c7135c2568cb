import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { terraformPlan } from './index.ts'

const canary = 'KEYFALL-CANARY-0123456789abcdef'
const token = (date: string) => ({
  type: 'kubernetes.io/service-account-token',
  metadata: [
    { name: `bot-token-${date}`, namespace: 'shop', annotations: { 'kubernetes.io/service-account.name': 'bot' } },
  ],
  data: { token: canary },
})
const change = (address: string, actions: string[], before: unknown, after: unknown, more: object = {}) => {
  const [type, name] = address.split('[')[0]!.split('.')
  return { address, mode: 'managed', type, name, change: { actions, before, after, after_unknown: {}, ...more } }
}
const plan = {
  format_version: '1.2',
  terraform_version: '1.9.0',
  planned_values: {},
  resource_changes: [
    change('kubernetes_secret_v1.token', ['delete', 'create'], token('2025-01-01'), token('2026-01-01'), {
      replace_paths: [['metadata', 0, 'name']],
    }),
    change(
      'github_actions_secret.token',
      ['update'],
      { repository: 'shop', secret_name: 'KUBE_TOKEN', plaintext_value: canary },
      {},
    ),
    change(
      'aws_iam_access_key.ci',
      ['create', 'delete'],
      { id: 'AKIAEXAMPLECIPLAN123', secret: canary },
      { user: 'ci' },
    ),
    change('random_password.db', ['create'], null, { length: 32 }),
    change('github_actions_secret.id', ['no-op'], { repository: 'shop', secret_name: 'KEY_ID' }, {}),
    change('aws_vpc.main', ['no-op'], {}, {}),
    { address: 7 },
  ],
  configuration: {
    root_module: {
      resources: [
        {
          address: 'github_actions_secret.token',
          expressions: {
            plaintext_value: { references: ['kubernetes_secret_v1.token.data', 'kubernetes_secret_v1.token'] },
          },
        },
        {
          address: 'github_actions_secret.id',
          expressions: { plaintext_value: { references: ['aws_iam_access_key.ci.id', 'aws_iam_access_key.ci'] } },
        },
      ],
    },
  },
}
const read = (document: unknown, scope?: string) =>
  runInMemory(terraformPlan, { 'acme/ci/plan.json': JSON.stringify(document) }, scope)

describe('a plan of Terraform', () => {
  it('says which credentials are made, replaced and destroyed, and in which order', async () => {
    const { entities } = await read(plan)
    const told = new Map(entities.map(({ id, props }) => [id, props]))
    expect(told.get(keys.k8sAccountToken('ci', 'shop', 'bot'))).toMatchObject({
      plannedAction: 'replace',
      replacedWithOverlap: false,
      plannedBecause: ['metadata'],
    })
    expect(told.get(keys.awsAccessKey('AKIAEXAMPLECIPLAN123'))).toMatchObject({
      plannedAction: 'replace',
      replacedWithOverlap: true,
    })
    const made = keys.terraformValue(keys.terraformFolder('acme/ci', ''), 'random_password.db')
    expect(told.get(made)).toMatchObject({ plannedAction: 'make' })
  })

  it('knows where a new value is written in the same apply', async () => {
    const { relationships } = await read(plan, 'acme/ci')
    expect(relationships).toMatchObject([
      {
        kind: 'HOLDS',
        from: keys.githubRepositorySecret('acme/shop', 'KUBE_TOKEN'),
        to: keys.k8sAccountToken('acme/ci', 'shop', 'bot'),
      },
    ])
  })

  it('accounts for every change, and lets no value through', async () => {
    const found = await read(plan)
    expect(unaccounted(found)).toEqual([])
    expect(found.files[0]).toMatchObject({ read: 7, mapped: 5 })
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
    const kinds = new Set(found.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !terraformPlan.emits.includes(kind))).toEqual([])
  })

  it('refuses what it can not read by its reason', async () => {
    const reasonOf = async (text: string) =>
      (await runInMemory(terraformPlan, { 'p.json': text })).files[0]?.skipped.map(({ reason }) => reason)
    expect(await reasonOf('{"format_version":"1.2","terraform_version":"1","planned_values":{')).toEqual(['not-json'])
    expect(await reasonOf('{"format_version":"2.0","terraform_version":"1","planned_values":{}}')).toEqual([
      'unsupported-version',
    ])
    expect(await reasonOf('{"format_version":"1.2","terraform_version":"1","planned_values":{}}')).toEqual(['empty'])
  })

  it('survives any JSON in its place', async () => {
    const one = fc.record({
      address: fc.string(),
      type: fc.constantFrom('aws_iam_access_key', 'kubernetes_secret', 'x'),
      change: fc.record({
        actions: fc.array(fc.string(), { maxLength: 3 }),
        before: fc.jsonValue(),
        after: fc.jsonValue(),
      }),
    })
    const document = fc.record({
      resource_changes: fc.array(fc.oneof(one, fc.jsonValue()), { maxLength: 5 }),
      configuration: fc.jsonValue(),
    })
    await fc.assert(
      fc.asyncProperty(document, async (some) => {
        expect(unaccounted(await read({ ...plan, ...some }))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})
