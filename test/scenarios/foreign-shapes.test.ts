import { describe, expect, it } from 'vitest'
import { collect } from '../../importers/read/collect.ts'
import { rawFile } from '../../importers/read/raw-file.ts'
import { runImporters } from '../../importers/read/run-importers.ts'
import { importers } from '../../importers/registry.ts'

/** The shapes in which exports of other tools and other people come; what each holds is the same as in the usual one. */
const key = 'AKIAEXAMPLEDEPLOYBT1'
const canary = 'KEYFALL-CANARY-b81c3f52d7e94a06'
const text = JSON.stringify
const lines = (...all: unknown[]): string => all.map((one) => text(one)).join('\n')

const shown = {
  format_version: '1.0',
  terraform_version: '1.9.0',
  values: {
    outputs: { password: { sensitive: true, value: canary } },
    root_module: {
      resources: [
        { address: 'aws_iam_user.ci', mode: 'managed', type: 'aws_iam_user', values: { arn: 'arn:aws:iam::111122223333:user/ci', name: 'ci' } },
        { address: 'aws_iam_access_key.ci', mode: 'managed', type: 'aws_iam_access_key', values: { id: key, user: 'ci', secret: canary }, sensitive_values: { secret: true } },
      ],
      child_modules: [{ address: 'module.shop[0]', resources: [{ nothing: true }] }],
    },
  },
} // prettier-ignore
const tfJson = {
  '//': 'a comment',
  variable: { owner: { type: 'string', default: 'acme' } },
  locals: { account: 'ci-${var.owner}' },
  resource: {
    aws_iam_user: { ci: { name: '${local.account}' } },
    aws_iam_access_key: { ci: { user: '${aws_iam_user.ci.name}' } },
    github_actions_secret: { k: [{ repository: 'shop', secret_name: 'AWS_KEY', plaintext_value: '${aws_iam_access_key.ci.secret}' }] },
    kubernetes_secret: { s: { metadata: { name: 'aws', namespace: 'shop' }, data: { key: '${aws_iam_access_key.ci.secret}' } } },
  },
} // prettier-ignore

const entry = (type: string) => ({
  time: '2026-05-01T10:00:00Z',
  type,
  auth: { accessor: 'hmac-sha256:bb', display_name: 'approle', policies: ['shop'], metadata: { role_name: 'shop' }, token_type: 'service' },
  request: { id: 'r1', operation: 'read', mount_point: 'secret/', mount_type: 'kv', path: 'secret/data/shop/db', client_token_accessor: 'hmac-sha256:bb', remote_address: '198.51.100.4' },
  ...(type === 'response' ? { response: { mount_type: 'kv', data: { data: { password: canary } } } } : {}),
}) // prettier-ignore
const [asked, answered] = [entry('request'), entry('response')]

const component = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'shop', annotations: { 'github.com/project-slug': 'acme/shop' } },
  spec: { type: 'service', owner: 'group:default/payments', lifecycle: 'production' },
}
const record = { sys_id: 'a1', sys_class_name: 'cmdb_ci_service', name: 'shop', support_group: { display_value: 'Payments', link: 'https://cmdb.example/1' }, business_criticality: '1 - most critical' } // prettier-ignore

interface Shape {
  readonly file: string
  readonly content: string
  readonly importer: string
  readonly mapped: number
  /** A relationship that has to be among what is said: kind, and a part of either end. */
  readonly says: readonly [kind: string, from: string, to: string]
}
const authenticates = ['AUTHENTICATES_AS', `aws:key:${key}`, 'user/ci'] as const
const owned = ['OWNED_BY', 'system:shop', 'team:payments'] as const
const reads = ['USES_SECRET', '', 'secret/shop/db'] as const

const shapes: readonly Shape[] = [
  { file: 'show.json', content: text(shown), importer: 'terraform-state', mapped: 2, says: authenticates },
  { file: 'infra/main.tf.json', content: text(tfJson), importer: 'terraform-config', mapped: 6, says: ['HOLDS', 'github:', 'aws_iam_access_key.ci'] },
  { file: 'infra/more.tf.json', content: text(tfJson), importer: 'terraform-config', mapped: 6, says: ['HOLDS', '/shop/secret/aws', 'aws_iam_access_key.ci'] },
  { file: 'array.json', content: text([asked, answered]), importer: 'vault-audit', mapped: 2, says: reads },
  { file: 'cee.log', content: `@cee:${text(asked)}\n@cee:${text(answered)}\n`, importer: 'vault-audit', mapped: 2, says: reads },
  { file: 'syslog.log', content: `May  1 10:00:00 vault-1 bao[7]: ${text(asked)}\nMay  1 10:00:00 vault-1 bao[7]: ${text(answered)}\n`, importer: 'vault-audit', mapped: 2, says: reads },
  { file: 'container.log', content: lines({ log: `${text(asked)}\n`, stream: 'stdout' }, { log: `${text(answered)}\n`, stream: 'stdout' }), importer: 'vault-audit', mapped: 2, says: reads },
  { file: 'hcp.ndjson', content: lines({ '@module': 'audit', message: asked }, { '@module': 'audit', message: answered }), importer: 'vault-audit', mapped: 2, says: reads },
  { file: 'entities.json', content: text([component]), importer: 'catalog', mapped: 1, says: owned },
  { file: 'by-query.json', content: text({ items: [component], totalItems: 1 }), importer: 'catalog', mapped: 1, says: owned },
  { file: 'template.yaml', content: `${text(component)}`, importer: 'catalog', mapped: 1, says: owned },
  { file: 'table-api.json', content: text({ result: [record] }), importer: 'cmdb-csv', mapped: 2, says: owned },
  { file: 'shop/.circleci/config.yml', content: 'version: 2.1\nsetup: true\norbs:\n  slack: circleci/slack@4.1\nworkflows:\n  main:\n    jobs:\n      - slack/on-hold:\n          context: [chat]\n', importer: 'circleci', mapped: 1, says: ['USES_SECRET', 'slack/on-hold', '/context/chat'] },
] // prettier-ignore

describe('exports in the shapes of others', () => {
  it.each(shapes)(
    '$file goes to $importer and says what it holds',
    async ({ file, content, importer, mapped, says }) => {
      const read = await collect(
        runImporters([rawFile(file, content)], { importers, fingerprintKey: new Uint8Array(32) }),
      )
      const [outcome] = read.files
      expect([outcome!.importer, outcome!.error]).toEqual([importer, undefined])
      expect(outcome!.mapped).toBe(mapped)
      expect(outcome!.read).toBe(outcome!.skipped.reduce((sum, { count }) => sum + count, mapped + outcome!.merged))
      const [kind, from, to] = says
      const found = [...read.facts.relationships, ...read.facts.observations]
      expect(found.some((one) => one.kind === kind && one.from.includes(from) && one.to.includes(to))).toBe(true)
      expect(JSON.stringify(read)).not.toContain(canary)
    },
  )

  it('an encrypted state is refused with a word, and no plan or schema is taken for a state', async () => {
    const files = [
      rawFile('tofu.tfstate', text({ serial: 1, lineage: 'a', encrypted_data: canary, encryption_version: 'v0' })),
      rawFile('schema.json', text({ format_version: '1.0', provider_schemas: {} })),
      rawFile('outputs.json', text({ password: { sensitive: true, type: 'string', value: canary } })),
      rawFile('compose.yaml', 'services:\n  shop:\n    image: shop\nsecrets:\n  db:\n    file: ./db\n'),
    ]
    const { files: read, facts } = await collect(runImporters(files, { importers }))
    const of = (name: string) => read.find((one) => one.name === name)!
    expect(of('tofu.tfstate').skipped).toMatchObject([{ reason: 'unsupported-version', count: 1 }])
    for (const name of ['schema.json', 'outputs.json', 'compose.yaml']) expect(of(name).importer, name).toBeNull()
    expect(facts.entities).toEqual([])
  })
})
