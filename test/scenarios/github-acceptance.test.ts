import { describe, expect, it } from 'vitest'
import { scopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { idOf } from '../../graph/ids.ts'
import { keys } from '../../graph/keys.ts'
import { answerBlast } from '../../graph/answer/blast.ts'
import { answerWhy } from '../../graph/answer/why.ts'
import { buildEstate, type Estate } from '../../graph/estate/build.ts'
import { storedValueKey } from '../../graph/estate/implied.ts'
import { along, ends } from '../../graph/estate/estate.ts'
import { bundle } from '../../importers/bundle/index.ts'
import { githubAudit } from '../../importers/github-audit/index.ts'
import { githubApi } from '../../importers/github-api/index.ts'
import { githubWorkflows } from '../../importers/github-workflows/index.ts'
import { collect } from '../../importers/read/collect.ts'
import { rawFile } from '../../importers/read/raw-file.ts'
import { runImporters } from '../../importers/read/run-importers.ts'

/** The acceptance tests of interop.md for GitHub, from files through importers and estate to the answer. */
const now = '2026-11-20T04:00:00Z'
const importers = [githubWorkflows, githubApi, githubAudit, bundle]
type Files = Record<string, string>

async function estateOf(files: Files): Promise<Estate> {
  const raw = Object.entries(files).map(([name, text]) => rawFile(name, text))
  const { byScope, files: read } = await collect(runImporters(raw, { importers }))
  for (const { name, importer, error } of read)
    expect({ name, error, known: importer !== null }).toEqual({ name, known: true })
  const scopes = [...byScope.values()].map(({ scope, facts }) => {
    const merge = startMerge()
    facts.entities.forEach(merge.entity)
    facts.relationships.forEach(merge.relationship)
    facts.observations.forEach(merge.observation)
    const importer = importers.find((one) => one.id === scope.importer)!
    const { title, nature, complete } = scope
    const { blindTo } = importer
    const common = { importer: scope.importer, importerTitle: importer.title, at: now, files: [], blindTo }
    return { ...common, scope: scopeId(scope.importer, scope.id), title, nature, complete, facts: merge.finish() }
  })
  return buildEstate(scopes, { id: 'test', at: now, sample: false })
}

const job = (name: string, more = '') =>
  `on: push\njobs:\n  ${name}:\n    runs-on: ubuntu-latest\n${more}    steps:\n      - run: ./go\n`
const shop = 'acme__shop/.github/workflows/deploy.yml'
const taking = (text: string, more = '') => `${job('deploy', more)}        env:\n          TOKEN: \${{ ${text} }}\n`
const page = (names: readonly string[], more: object = {}) => ({
  total_count: names.length,
  secrets: names.map((name) => ({
    name,
    created_at: '2025-01-01T00:00:00Z',
    updated_at: '2025-06-01T00:00:00Z',
    ...more,
  })),
})
const listing = (replies: Record<string, object>) => ({
  'github.ndjson': Object.entries(replies)
    .map(([url, body]) => JSON.stringify({ url, body }))
    .join('\n'),
})
/** What stands in the places, so that there is something to revoke. */
const holds = (pairs: Record<string, string>) => ({
  'stated.json': JSON.stringify({
    format: 'keyfall.bundle/1',
    entities: [...new Set(Object.values(pairs))].map((id) => ({ id, kind: 'github.pat', name: id })),
    relationships: Object.entries(pairs).map(([from, to]) => ({
      kind: 'HOLDS',
      from,
      to,
      evidence: [{ source: 'bundle', kind: 'asserted' }],
    })),
  }),
})
const org = keys.githubOrganizationSecret('acme', 'TOKEN')
const own = keys.githubRepositorySecret('acme/shop', 'TOKEN')
const environment = keys.githubEnvironmentSecret('acme/shop', 'production', 'TOKEN')
const deploy = keys.githubJob('acme/shop', 'deploy.yml', 'deploy')

const ask = (estate: Estate, key: string, op: 'revoke' | 'delete' = 'revoke') =>
  answerBlast(estate, idOf(key), { op }, now)
const verdictOf = (estate: Estate, key: string, user: string, op: 'revoke' | 'delete' = 'revoke') =>
  ask(estate, key, op)
    .cells.flatMap(({ members }) => members)
    .find(({ id }) => id === idOf(user))?.verdict
const usesOf = (estate: Estate, user = deploy) =>
  [...along(estate.out, estate.indexOf.get(idOf(user))!)]
    .map((number) => estate.relationships[number]!)
    .filter(({ kind }) => kind === 'USES_SECRET')
    .map((use) => `${estate.entities[ends(estate, use).to]!.key} ${use.confidence ?? 'confirmed'}`)
    .sort()

const shadowed = {
  [shop]: taking('secrets.TOKEN'),
  'acme__till/.github/workflows/deploy.yml': taking('secrets.TOKEN'),
  ...listing({
    '/orgs/acme/actions/secrets': page(['TOKEN'], { visibility: 'all' }),
    '/repos/acme/shop/actions/secrets': page(['TOKEN']),
    '/repos/acme/till/actions/secrets': page([]),
  }),
  ...holds({ [org]: 'x:shared-token', [own]: 'x:shop-token' }),
}

describe('(a) a repository’s secret shadows the organization’s', () => {
  it('revoking the organization’s breaks nothing here, and what really takes it', async () => {
    const estate = await estateOf(shadowed)
    expect(usesOf(estate)).toEqual([`${own} confirmed`, `${org} none`].sort())
    expect(verdictOf(estate, 'x:shared-token', deploy)).toBeUndefined()
    const till = keys.githubJob('acme/till', 'deploy.yml', 'deploy')
    expect(usesOf(estate, till)).toEqual([`${org} confirmed`])
    expect(['breaks', 'steps']).toContain(verdictOf(estate, 'x:shared-token', till))
    // The name that the workflow of till uses stands for nothing of its own.
    expect(estate.indexOf.has(idOf(keys.githubRepositorySecret('acme/till', 'TOKEN')))).toBe(false)
  })

  it('revoking the repository’s value breaks the job, because the copy is still what it gets', async () => {
    const estate = await estateOf(shadowed)
    const reply = ask(estate, 'x:shop-token')
    expect(reply.verdict).not.toBe('safe')
    expect(verdictOf(estate, 'x:shop-token', deploy)).not.toBe('keeps')
  })

  it('deleting the repository’s copy falls back without a word, and that is said', async () => {
    const estate = await estateOf(shadowed)
    const reply = ask(estate, own, 'delete')
    expect(reply.notes.find(({ kind }) => kind === 'fallback')?.text).toContain('TOKEN of acme instead')
    // Not a break, and not safe: the job goes on with a value that nobody meant for it.
    expect(verdictOf(estate, own, deploy, 'delete')).toBe('unknown')
    expect(reply.verdict).toBe('cannot-say')
  })

  it('an environment’s secret stands before both, and is read when the job starts', async () => {
    const estate = await estateOf({
      [shop]: taking('secrets.token', '    environment: Production\n'),
      ...listing({
        '/repos/acme/shop/environments/production/secrets': page(['TOKEN']),
        '/repos/acme/shop/actions/secrets': page(['TOKEN']),
        '/repos/acme/shop/actions/organization-secrets': page(['TOKEN']),
      }),
      ...holds({ [environment]: 'x:live', [own]: 'x:shop-token', [org]: 'x:shared-token' }),
    })
    expect(usesOf(estate)).toEqual([`${environment} confirmed`, `${org} none`, `${own} none`].sort())
    expect(verdictOf(estate, 'x:shop-token', deploy)).toBeUndefined()
    expect(verdictOf(estate, 'x:live', deploy)).not.toBe('keeps')
    const use = estate.relationships.find(({ to, kind }) => kind === 'USES_SECRET' && to === idOf(environment))
    expect(use).toMatchObject({ delivery: 'ci_job_start', props: { order: 0 } })
  })

  it('a secret that was not shared with the repository is no fallback; one of which that is not known may be', async () => {
    const files = (selected: object) => ({
      [shop]: taking('secrets.TOKEN'),
      ...listing({
        '/orgs/acme/actions/secrets': page(['TOKEN'], { visibility: 'selected' }),
        '/repos/acme/shop/actions/secrets': page(['TOKEN']),
        ...selected,
      }),
    })
    expect(usesOf(await estateOf(files({})))).toEqual([`${own} confirmed`, `${org} none`].sort())
    const others = {
      '/orgs/acme/actions/secrets/TOKEN/repositories': { total_count: 1, repositories: [{ full_name: 'acme/till' }] },
    }
    expect(usesOf(await estateOf(files(others)))).toEqual([`${own} confirmed`])
  })

  it('what is set nowhere is used by nobody', async () => {
    const estate = await estateOf({
      [shop]: taking('secrets.TOKEN'),
      ...listing({ '/orgs/acme/actions/secrets': page([]), '/repos/acme/shop/actions/secrets': page([]) }),
    })
    expect(usesOf(estate)).toEqual([`${own} none`])
  })
})

describe('scopes that nobody listed', () => {
  it('leave the use with the name, as the workflow says it', async () => {
    const estate = await estateOf({ [shop]: taking('secrets.TOKEN') })
    expect(usesOf(estate)).toEqual([`${own} confirmed`])
  })

  it('make both possible where only the organization’s is known: neither loss is safe', async () => {
    const estate = await estateOf({
      [shop]: taking('secrets.TOKEN'),
      ...listing({ '/orgs/acme/actions/secrets': page(['TOKEN'], { visibility: 'all' }) }),
      ...holds({ [org]: 'x:shared-token' }),
    })
    expect(usesOf(estate)).toEqual([`${org} possible`, `${own} possible`].sort())
    expect(verdictOf(estate, 'x:shared-token', deploy)).not.toBe('keeps')
    expect(ask(estate, 'x:shared-token').verdict).not.toBe('safe')
  })
})

describe('(a2) what expressions mean', () => {
  it('`A || B` are alternatives in order; only the first is what the job needs', async () => {
    const estate = await estateOf({
      [shop]: taking('secrets.TOKEN || secrets.SPARE'),
      ...listing({
        '/orgs/acme/actions/secrets': page([]),
        '/repos/acme/shop/actions/secrets': page(['TOKEN', 'SPARE']),
      }),
    })
    const spare = keys.githubRepositorySecret('acme/shop', 'SPARE')
    expect(usesOf(estate)).toEqual([`${spare} possible`, `${own} confirmed`])
    expect(verdictOf(estate, storedValueKey(spare), deploy)).toBe('keeps')
    expect(verdictOf(estate, storedValueKey(own), deploy)).toBe('unknown')
  })

  it.each([
    ['toJSON(secrets)', 'confirmed'],
    ['secrets[matrix.name]', 'possible'],
    ['secrets.((', 'possible'],
  ])('`%s` may take any secret there is, of every scope', async (expression, confidence) => {
    const estate = await estateOf({
      [shop]: taking(expression),
      ...listing({
        '/orgs/acme/actions/secrets': page(['SHARED'], { visibility: 'all' }),
        '/repos/acme/shop/actions/secrets': page(['TOKEN']),
      }),
    })
    expect(usesOf(estate)).toEqual([`${keys.githubSecretScope('acme/shop')} ${confidence}`])
    const shared = keys.githubOrganizationSecret('acme', 'SHARED')
    expect(verdictOf(estate, storedValueKey(own), deploy)).toBe('unknown')
    expect(verdictOf(estate, storedValueKey(shared), deploy)).toBe('unknown')
  })
})

it('(e) a secret that no imported branch names is unknown, never unused', async () => {
  const estate = await estateOf({
    [shop]: job('deploy'),
    ...listing({ '/repos/acme/shop/actions/secrets': page(['TOKEN']) }),
    ...holds({ [own]: 'x:shop-token' }),
  })
  const reply = ask(estate, 'x:shop-token')
  expect(reply.verdict).toBe('cannot-say')
  expect(reply.headline.sentence).toContain('not the same as unused')
})

const alternatives = (second: object) => ({
  'stated.json': JSON.stringify({
    format: 'keyfall.bundle/1',
    entities: [
      { id: 'x:app', kind: 'generic.workload', name: 'app' },
      { id: 'x:one', kind: 'github.pat', name: 'one' },
      { id: 'x:two', kind: 'github.pat', name: 'two' },
    ],
    relationships: ['x:one', 'x:two'].map((to, at) => ({
      kind: 'USES_CREDENTIAL',
      from: 'x:app',
      to,
      need: 'token',
      delivery: 'hardcoded',
      evidence: [{ source: 'bundle', kind: 'asserted' }],
      ...(at === 1 ? second : {}),
    })),
  }),
})

it('(f) of two ways one may be lost; that there is none left is said', async () => {
  const estate = await estateOf(alternatives({}))
  expect(verdictOf(estate, 'x:one', 'x:app')).toBe('keeps')
  expect(ask(estate, 'x:one').notes.map(({ kind }) => kind)).toContain('lost-redundancy')
})

describe('(g) a fallback that was only inferred', () => {
  it('saves nobody', async () => {
    const estate = await estateOf(alternatives({ evidence: [{ source: 'bundle', kind: 'inferred' }] }))
    expect(verdictOf(estate, 'x:one', 'x:app')).toBe('unknown')
    expect(ask(estate, 'x:one').verdict).not.toBe('safe')
  })

  it('nor does the organization’s copy behind a repository’s value that is refused', async () => {
    const estate = await estateOf(shadowed)
    const why = answerWhy(estate, idOf('x:shop-token'), idOf(deploy), { op: 'revoke' }, now)
    const ways = why.alternatives.map(({ why: reason }) => reason)
    expect(ways.length === 0 || ways.some((reason) => reason.includes('does not count'))).toBe(true)
    expect(ask(estate, 'x:shop-token').counts.keeps).toBe(0)
  })
})

describe('what only the audit log shows', () => {
  const event = (at: number, more: object) =>
    JSON.stringify({
      '@timestamp': at,
      _document_id: String(at),
      actor: 'acme-robot',
      org: 'acme',
      repo: 'acme/shop',
      ...more,
    })
  const log = (...events: string[]) => ({ 'audit.ndjson': events.join('\n') })
  const day = 86_400_000
  const end = Date.parse(now)
  const use = { action: 'git.push', token_id: 7, programmatic_access_type: 'Fine-grained personal access token' }

  it('a token needs it before anything is safe, and the caller behind it stays unattributed', async () => {
    const estate = await estateOf(log(event(end - 60 * day, use), event(end - day, use)))
    const reply = ask(estate, keys.githubToken('7'))
    expect(reply.coverage.missing.map(({ source }) => source)).not.toContain('the GitHub audit log')
    expect(reply.systems.at(-1)).toMatchObject({ kind: 'unattributed' })
    expect(reply.verdict).toBe('cannot-say')
    const without = await estateOf({ [shop]: taking('secrets.TOKEN'), ...holds({ [own]: 'x:shop-token' }) })
    expect(ask(without, 'x:shop-token').coverage.missing.map(({ source }) => source)).toContain('the GitHub audit log')
  })

  it('a secret that a job of an unseen branch was handed is in use, in the scope it came from', async () => {
    const estate = await estateOf({
      ...log(
        event(end - day, {
          action: 'workflows.prepared_workflow_job',
          job_name: 'deploy',
          job_workflow_ref: 'acme/shop/.github/workflows/deploy.yml@refs/heads/hotfix',
          environment_name: 'production',
          secrets_passed: ['TOKEN'],
        }),
      ),
      ...listing({ '/repos/acme/shop/environments/production/secrets': page(['TOKEN']) }),
      ...holds({ [environment]: 'x:live' }),
    })
    expect(usesOf(estate)).toContain(`${environment} confirmed`)
    expect(verdictOf(estate, 'x:live', deploy)).not.toBe('keeps')
  })
})
