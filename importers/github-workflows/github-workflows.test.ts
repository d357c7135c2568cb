import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { collect, type Collected } from '../read/collect.ts'
import { rawFile, type RawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { cadenceOf } from '../read/cadence.ts'
import { githubWorkflows } from './index.ts'
import { placeOfFile } from './place-of-file.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const files: RawFile[] = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()
  .map((path) => rawFile(relative(fixtures, path).replaceAll('\\', '/'), readFileSync(path)))
const read = (files: RawFile[]) => collect(runImporters(files, { importers: [githubWorkflows] }))

let all: Collected
beforeAll(async () => void (all = await read(files)))

const job = (file: string, id: string) => `github:acme/shop/workflow/${file}#${id}`
const from = (file: string, id: string, kind = 'USES_SECRET') =>
  all.facts.relationships.filter((relationship) => relationship.from === job(file, id) && relationship.kind === kind)
const used = (file: string, id: string) =>
  from(file, id)
    .map(({ to, confidence, need }) => [to.split('/').at(-1), confidence, ...(need ? [need] : [])].join(' '))
    .sort()

describe('jobs and their secrets', () => {
  it('takes what workflow, container, steps and actions take', () => {
    expect(used('deploy.yml', 'build')).toEqual([
      'REGISTRY_PASSWORD confirmed',
      'RELEASE_PAT confirmed RELEASE_PAT || GITHUB_TOKEN',
      'SENTRY_TOKEN confirmed',
      'SIGNING_KEY confirmed',
    ])
    expect(from('deploy.yml', 'build', 'USES_CREDENTIAL')).toMatchObject([
      { to: 'github:acme/shop/actions-token', need: 'RELEASE_PAT || GITHUB_TOKEN', confidence: 'possible' },
    ])
  })
  it('keeps alternatives in order, cases apart, wide and unknown use as such', () => {
    expect(used('deploy.yml', 'deploy')).toEqual([
      'LIVE_KEY confirmed',
      'OPTIONAL none',
      'OTHER_ROLE confirmed',
      'SENTRY_TOKEN confirmed',
      'STRIPE_A confirmed STRIPE_A || STRIPE_B',
      'STRIPE_B possible STRIPE_A || STRIPE_B',
      'TEST_KEY confirmed',
      'secrets confirmed',
    ])
    const wide = from('deploy.yml', 'deploy').find(({ to }) => to.endsWith('/secrets'))!
    expect(wide.evidence!.map(({ note }) => note)).toEqual([
      'all secrets in scope',
      'which secret is not known',
      'which secret is not known',
    ])
  })
  it('says where each is named, and that the scope is not known', () => {
    const [use] = from('deploy.yml', 'deploy').filter(({ to }) => to.endsWith('LIVE_KEY'))
    expect(use).toMatchObject({ delivery: 'ci_run_start', props: { environment: 'production', scopeKnown: false } })
    expect(use!.evidence).toEqual([
      {
        source: 'github-workflows',
        kind: 'declared',
        file: 'acme__shop/.github/workflows/deploy.yml',
        record: '/jobs/deploy/steps/2/env/KEY',
        note: 'scope not known: environment production, repository or organization',
      },
    ])
  })
  it('follows names through called workflows, mapped and inherited', () => {
    expect(used('nightly.yml', 'report')).toEqual(['REPORT_DB_PASSWORD confirmed'])
    expect(used('nightly.yml', 'all')).toEqual(['DB_PASSWORD confirmed'])
    expect(used('nightly.yml', 'elsewhere')).toEqual(['secrets confirmed'])
    expect(used('report.yml', 'run')).toEqual(['DB_PASSWORD confirmed', 'REPORT_DB_PASSWORD confirmed'])
    expect(from('nightly.yml', 'report')[0]!.cadence).toBe(86_400)
    expect(from('report.yml', 'run')[0]!.cadence).toBeUndefined()
  })
  it('a called workflow without a caller here takes it possibly', async () => {
    const { facts } = await read(files.filter(({ name }) => name.endsWith('report.yml')))
    const uses = facts.relationships.filter(({ kind }) => kind === 'USES_SECRET')
    expect(uses).toMatchObject([{ confidence: 'possible', to: 'github:acme/shop/secret/DB_PASSWORD' }])
    expect(uses[0]!.evidence![0]!.note).toContain('caller that is not in this export')
  })
  it('runs as the role that OIDC gets it', () => {
    expect(from('deploy.yml', 'deploy', 'RUNS_AS')).toMatchObject([
      { to: 'arn:aws:iam::123456789012:role/ci/shop-deploy' },
    ])
    const file = all.files.find(({ name }) => name.endsWith('deploy.yml'))!
    expect(file.notes.join()).toContain('1 AWS role steps name their role by an expression')
  })
  it('joins jobs, repository, system and team', () => {
    expect(from('deploy.yml', 'deploy', 'DEPENDS_ON')).toMatchObject([{ to: job('deploy.yml', 'build') }])
    const system = all.facts.relationships.filter(({ from }) => from === 'system:shop')
    expect(new Set(system.map(({ strength, confidence }) => `${strength} ${confidence}`))).toEqual(
      new Set(['soft possible']),
    )
    const owners = all.facts.relationships.filter(({ kind }) => kind === 'OWNED_BY')
    expect(owners.map(({ to }) => to)).toEqual(['team:acme/platform'])
  })
  it('takes no comment, template, person or value', () => {
    const said = JSON.stringify([all.facts, all.files, all.scopes])
    for (const word of ['COMMENT', 'TEMPLATE_ONLY', 'CANARY', 'lena', 'dev@']) expect(said).not.toContain(word)
  })
  it('never claims to have seen everything, and accounts for every file', () => {
    expect(all.scopes).toMatchObject([{ scope: { id: 'github/acme/shop', complete: false }, defects: [] }])
    for (const { name, importer, error } of all.files)
      expect({ name, importer, error }).toEqual({ name, importer: 'github-workflows' })
    const template = all.files.find(({ name }) => name.endsWith('template.yml'))!
    expect(template.skipped).toEqual([{ reason: 'not-relevant', count: 1, where: ['/'] }])
  })
})

describe('hostile workflows', () => {
  const path = 'a__b/.github/workflows/x.yml'
  it.each([
    ['deep', `on: push\njobs: ${'['.repeat(100_000)}`, ['too-deep', 'not-yaml']],
    ['deep, closed', `on: push\njobs: {a: ${'['.repeat(500)}${']'.repeat(500)}}`, ['too-deep']],
    ['aliases', `on: push\na: &a [x]\nb: [${'*a,'.repeat(200)}]\njobs: {}`, ['too-large']],
    [
      'alias bomb',
      `on: push\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}]`)
        .join('\n')}\njobs: {}`,
      ['too-large'],
    ],
    ['not YAML', 'on: push\njobs: {a: "KEYFALL-CANARY-yaml', ['not-yaml']],
    ['no jobs', 'on: push\njobs: 7', ['unreadable-record']],
    ['a job that is none', 'on: push\njobs: {a: 7}', ['unreadable-record']],
  ])('%s', async (_, text, reasons) => {
    const { files } = await read([rawFile(path, text)])
    expect(files[0]!.error).toBeUndefined()
    expect(reasons).toContain(files[0]!.skipped[0]!.reason)
    expect(JSON.stringify(files)).not.toContain('CANARY')
  })
  it('keys of the file reach no prototype', async () => {
    const text = 'on: push\njobs: {__proto__: {steps: [{run: "${{ secrets.__proto__ }}"}]}, constructor: {}}'
    const { facts, files } = await read([rawFile(path, text)])
    expect(files[0]!.mapped).toBe(2)
    expect(facts.relationships.filter(({ kind }) => kind === 'USES_SECRET')).toHaveLength(1)
  })
  it('a ring of workflows that call each other ends', async () => {
    const ring = (other: string) =>
      `on: workflow_call\njobs: {a: {uses: ./.github/workflows/${other}, secrets: inherit}, b: {steps: [{run: "\${{ secrets.X }}"}]}}`
    const { facts, files } = await read([
      rawFile(path, ring('y.yml')),
      rawFile(path.replace('x.yml', 'y.yml'), ring('x.yml')),
    ])
    expect(files.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(facts.relationships.filter(({ kind, to }) => kind === 'USES_SECRET' && to.endsWith('/X'))).not.toHaveLength(
      0,
    )
  })
})

it.each([
  ['15 2 * * *', 86_400],
  ['*/5 * * * *', 300],
  ['0 * * * *', 3_600],
  ['0 */6 * * *', 21_600],
  ['0 9 * * 1', 604_800],
  ['0 9 * * 1-5', 120_960],
  ['0 0 1 * *', 2_628_000],
  ['0 8,20 * * *', 43_200],
  ['nonsense', undefined],
])('cron %s', (cron, seconds) => expect(cadenceOf(cron)).toBe(seconds))

it.each([
  ['acme__shop/.github/workflows/x.yml', undefined, undefined, 'acme/shop .github/workflows/x.yml'],
  ['acme__shop.tar.gz!/acme__shop/.github/workflows/x.yml', undefined, undefined, 'acme/shop .github/workflows/x.yml'],
  ['acme__shop.zip!/.github/workflows/x.yml', undefined, undefined, 'acme/shop .github/workflows/x.yml'],
  ['.github/workflows/x.yml', 'acme/shop', undefined, 'acme/shop .github/workflows/x.yml'],
  ['x.yml', undefined, 'acme/shop', 'acme/shop .github/workflows/x.yml'],
  ['shop/.github/workflows/x.yml', undefined, undefined, '_/shop .github/workflows/x.yml'],
  ['all/acme__shop/CODEOWNERS', undefined, undefined, 'acme/shop CODEOWNERS'],
])('%s in %s with scope %s is %s', (name, repository, scope, expected) => {
  const place = placeOfFile({ name, repository }, scope)
  expect(`${place.repository} ${place.path}`).toBe(expected)
})
