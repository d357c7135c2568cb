import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, unaccounted } from '../read/in-memory.ts'
import { githubApi } from './index.ts'
import { matchRoute, segmentsOf, segmentsOfLabel } from './request.ts'
import { routePaths } from './routes.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const texts = Object.fromEntries(
  readdirSync(fixtures, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [relative(fixtures, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
)
const found = await runInMemory(githubApi, texts)
const entity = (id: string) => Object.assign({}, ...found.entities.filter((one) => one.id === id)) as { kind?: string }
const props = (id: string) =>
  Object.assign({}, ...found.entities.filter((one) => one.id === id).map((one) => one.props ?? {})) as object
const links = (kind: string, from: string) =>
  found.relationships.filter((one) => one.kind === kind && one.from === from).map(({ to }) => to)
const scope = (id: string) => found.scopes.find((one) => one.id === `github/${id}`)

describe('listings of the GitHub API', () => {
  it('keeps the scopes of secrets apart, and says who may take which', () => {
    const organization = keys.githubOrganizationSecret('acme', 'NPM_TOKEN')
    expect(props(organization)).toMatchObject({ visibility: 'selected', level: 'organization' })
    expect(links('CAN_ACCESS', keys.githubRepository('acme/shop'))).toEqual([organization])
    expect(entity(keys.githubRepositorySecret('acme/shop', 'SENTRY_TOKEN')).kind).toBe('github.actions_secret')
    expect(props(keys.githubEnvironmentSecret('acme/shop', 'production', 'DEPLOY_KEY'))).toMatchObject({
      level: 'environment',
      lastRotatedAt: '2025-08-01T00:00:00Z',
    })
    expect(entity(keys.githubCodespacesSecret('acme/shop', 'DEV_TOKEN')).kind).toBe('github.codespaces_secret')
  })

  it('claims a listing whole only where all of it was there', () => {
    expect(scope('acme/actions-secrets')!.complete).toBe(true)
    expect(scope('acme/shop/dependabot-secrets')!.complete).toBe(true)
    expect(scope('acme/shop/environment/production/actions-secrets')!.complete).toBe(true)
    // Pages of arrays do not say how many there are; whoever collected them may.
    expect(scope('acme/shop/deploy-keys')!.complete).toBe(true)
    expect(scope('acme/tokens')!.complete).toBe(false)
    expect(scope('acme/secret-shop/actions-secrets')!.complete).toBe(false)
    expect(props(keys.githubRepository('acme/shop'))).toMatchObject({ listed: expect.anything() as unknown })
    const listed = found.entities.filter(({ id }) => id === keys.githubRepository('acme/secret-shop'))
    expect(listed.flatMap((one) => one.props?.listed ?? [])).toEqual([])
  })

  it('never guesses what a listing without a name is of', () => {
    const file = found.files.find(({ name }) => name === 'some-secrets.json')!
    expect(file.skipped.map(({ reason }) => reason)).toEqual(['missing-identifier'])
    expect(file.notes.join()).toContain('orgs/ORG/actions/secrets.json')
    expect(JSON.stringify(found.entities)).not.toContain('WHOSE')
  })

  it('knows tokens, deploy keys, Apps, webhooks and runners, and what they open', () => {
    const token = keys.githubToken('98716')
    expect(props(token)).toMatchObject({ status: 'active', lastUsedAt: '2026-11-19T00:00:00Z' })
    expect(links('AUTHENTICATES_AS', token)).toEqual([keys.githubUser('acme-robot')])
    expect(links('CAN_ACCESS', token)).toEqual([keys.githubRepository('acme/shop')])
    const key = found.entities.find(({ kind }) => kind === 'ssh.authorized_key')!
    expect(key.id).toBe(keys.sshKey(key.aliases![0]!))
    expect(links('CAN_ACCESS', key.id)).toEqual([keys.githubRepository('acme/shop')])
    expect(links('CAN_ACCESS', keys.githubApp('acme-deployer'))).toEqual([keys.githubOrganization('acme')])
    expect(props(keys.githubWebhookSecret('acme', '9'))).toMatchObject({ receiver: 'hooks.shop.example' })
    expect(links('CONTAINED_IN', keys.githubRunner('acme', '23'))).toEqual([keys.githubRunnerGroup('acme', '2')])
    expect(props(keys.githubEnvironment('acme/shop', 'production'))).toMatchObject({
      approvers: ['acme/platform'],
      approvingPeople: 1,
      waitMinutes: 30,
    })
    expect(props(keys.githubRepository('acme/shop'))).toMatchObject({ collaborators: ['admin: 1', 'write: 1'] })
  })

  it('keeps of a leak its kind and a keyed fingerprint', () => {
    expect(props(keys.githubAlert('acme/shop', '42'))).toMatchObject({
      leaked: true,
      validity: 'active',
      fingerprints: ['secret=fp1:test:34'],
    })
  })

  it('may read, never does use', () => {
    expect(new Set(found.relationships.map(({ kind }) => kind))).toEqual(
      new Set(['CONTAINED_IN', 'CAN_ACCESS', 'AUTHENTICATES_AS']),
    )
    const kinds = new Set(found.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !githubApi.emits.includes(kind))).toEqual([])
  })

  it('accounts for every item, takes no value and no person', () => {
    expect(unaccounted(found)).toEqual([])
    const file = found.files.find(({ name }) => name === 'listing.ndjson')!
    expect(file.merged).toBe(1)
    expect(file.skipped.map(({ reason }) => reason)).toEqual(['error-response', 'not-relevant'])
    expect(Object.values(texts).join()).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
  })

  it('reads a listing whose pages follow each other, and one that is cut', async () => {
    const page = (name: string) =>
      `{"total_count":2,"secrets":[{"name":"${name}","updated_at":"2026-01-01T00:00:00Z"}]}`
    const name = 'export/repos__acme__till__actions__secrets.page1.json'
    const whole = await runInMemory(githubApi, { [name]: `${page('A')}\n${page('B')}` })
    expect(whole.scopes.map(({ id, complete }) => [id, complete])).toEqual([['github/acme/till/actions-secrets', true]])
    const slurped = await runInMemory(githubApi, { [name]: `[${page('A')},${page('B')}]` })
    expect(slurped.scopes[0]!.complete).toBe(true)
    const cut = await runInMemory(githubApi, { [name]: `${page('A')}\n${page('B').slice(0, 40)}` })
    expect(cut.scopes[0]!.complete).toBe(false)
    expect(cut.files[0]!.skipped).toHaveLength(1)
  })

  it('reads what gh secret list --json prints, with its date; it is never the whole', async () => {
    const listed = [{ name: 'A', updatedAt: '2026-01-01T00:00:00Z', visibility: '' }]
    const outcome = await runInMemory(githubApi, { 'repos/acme/till/actions/secrets.json': JSON.stringify(listed) })
    const secret = outcome.entities.find(({ kind }) => kind === 'github.actions_secret')
    expect(secret).toMatchObject({ name: 'A', props: { lastRotatedAt: '2026-01-01T00:00:00Z' } })
    expect(outcome.scopes.map(({ complete }) => complete)).toEqual([false])
  })

  it('survives anything where a reply should be', async () => {
    const address = fc.constantFrom(...routePaths.map((path) => path.replaceAll(/[{}]/g, '')), '/orgs/%E0%A4%A/x', '//')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(address, fc.jsonValue())), async (replies) => {
        const text = replies.map(([url, body]) => JSON.stringify({ url, body })).join('\n')
        const outcome = await runInMemory(githubApi, { 'listing.ndjson': text })
        expect(unaccounted(outcome)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

describe('the call behind a reply', () => {
  it.each([
    ['https://api.github.com/repos/acme/shop/actions/secrets?per_page=100', '/repos/{owner}/{repo}/actions/secrets'],
    ['https://ghe.shop.example/api/v3/orgs/acme/hooks', '/orgs/{org}/hooks'],
    ['GET /orgs/acme/actions/secrets/public-key', undefined],
    [
      '/repos/acme/shop/environments/eu%2Fprod/secrets',
      '/repos/{owner}/{repo}/environments/{environment_name}/secrets',
    ],
  ])('%s', (address, route) => {
    const segments = segmentsOf(address)
    expect(segments && matchRoute(segments, routePaths)?.route).toBe(route)
  })
  it.each([
    ['x.zip!/orgs/acme/actions/secrets.json', 'orgs/acme/actions/secrets'],
    ['repos__acme__shop__keys-2.json.gz', 'repos/acme/shop/keys'],
    ['listing.json', undefined],
  ])('of a file called %s', (label, path) => expect(segmentsOfLabel(label)?.join('/')).toBe(path))
})
