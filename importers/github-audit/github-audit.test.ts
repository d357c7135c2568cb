import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keys } from '../../graph/keys.ts'
import { runInMemory, skippedOf, unaccounted } from '../read/in-memory.ts'
import { momentOf } from './taken.ts'
import { githubAudit } from './index.ts'

const text = readFileSync(new URL('./fixtures/audit.ndjson', import.meta.url), 'utf8')
const found = await runInMemory(githubAudit, { 'audit.ndjson': text })
const props = (id: string) =>
  Object.assign({}, ...found.entities.filter((one) => one.id === id).map((one) => one.props ?? {})) as object
const uses = (to: string) => found.observations.filter((one) => one.to === to)

describe('the audit log of an organization', () => {
  it('shows which job was handed which secret, from a branch that nobody may have imported', () => {
    const from = keys.githubJob('acme/shop', 'release.yml', 'deploy')
    const handed = found.relationships.filter((one) => one.from === from)
    expect(handed).toMatchObject([
      {
        kind: 'USES_SECRET',
        to: keys.githubRepositorySecret('acme/shop', 'DEPLOY_KEY'),
        props: { scopeKnown: false, environment: 'production' },
        evidence: [{ kind: 'observed', count: 2, note: 'handed to the job from refs/heads/hotfix' }],
      },
    ])
  })

  it('shows who used which token, and takes nobody behind an address for known', () => {
    const [use, ...others] = uses(keys.githubToken('98716'))
    expect(others).toEqual([])
    expect(use).toMatchObject({ attributed: false, evidence: { count: 2, firstSeen: '2025-11-19T08:13:20Z' } })
    expect(use!.from).toBe(keys.caller(keys.githubToken('98716'), '198.51.100.0/24', 'git'))
    expect(props(keys.githubToken('98716'))).toMatchObject({ lastUsedAt: '2025-11-19T11:00:00Z' })
    expect(uses(keys.githubTokenHash('aB1c0000000000000000000000000000000000000000='))).toHaveLength(1)
    expect(uses(keys.githubAppKeys('acme-deployer'))).toHaveLength(1)
    expect(uses(keys.sshKey('SHA256:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg'))).toHaveLength(1)
  })

  it('knows when a secret was last set, and nothing of one that was removed', () => {
    expect(props(keys.githubOrganizationSecret('acme', 'NPM_TOKEN'))).toMatchObject({
      lastRotatedAt: '2025-11-19T00:00:00Z'
        .replace('00:00:00Z', '02:53:20Z')
        .replace('19', '18')
        .replace('18T02', '18T23'),
    })
    expect(found.entities.some(({ id }) => id === keys.githubRepositorySecret('acme/shop', 'OLD_TOKEN'))).toBe(false)
    expect(props(keys.githubToken('55'))).toMatchObject({ status: 'revoked' })
  })

  it('accounts for every event, once each, and takes no address, mail or secret', () => {
    expect(unaccounted(found)).toEqual([])
    expect(found.files[0]).toMatchObject({ read: 17, merged: 1 })
    expect(found.files[0]!.skipped.map(({ reason }) => reason)).toEqual([
      'missing-identifier',
      'not-relevant',
      'not-relevant',
      'unreadable-record',
    ])
    expect(text).toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('KEYFALL-CANARY')
    expect(JSON.stringify(found)).not.toContain('198.51.100.23')
    const kinds = new Set(found.entities.map(({ kind }) => kind!))
    expect([...kinds].filter((kind) => !githubAudit.emits.includes(kind))).toEqual([])
    expect(found.scopes).toMatchObject([{ id: 'github-audit/acme', complete: false }])
  })

  it('survives anything where an event should be', async () => {
    const event = fc.record(
      {
        action: fc.constantFrom(
          'git.push',
          'org.update_actions_secret',
          'workflows.prepared_workflow_job',
          'public_key.create',
        ),
        actor: fc.jsonValue(),
        repo: fc.jsonValue(),
        token_id: fc.jsonValue(),
        key: fc.jsonValue(),
        secrets_passed: fc.jsonValue(),
        job_name: fc.jsonValue(),
        job_workflow_ref: fc.jsonValue(),
        '@timestamp': fc.jsonValue(),
        programmatic_access_type: fc.constant('personal_access_token'),
      },
      { requiredKeys: ['action', 'programmatic_access_type', 'actor'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1 }), async (events) => {
        const outcome = await runInMemory(githubAudit, { 'log.json': JSON.stringify(events) })
        expect(unaccounted(outcome)).toEqual([])
      }),
      { numRuns: 100 },
    )
  })
})

it.each([
  [1763600000000, '2025-11-20T00:53:20Z'],
  ['2025-10-15 18:45:47.048000000', '2025-10-15T18:45:47.048Z'],
  ['2025-10-15T18:45:47Z', '2025-10-15T18:45:47Z'],
  ['2025-10-15T18:45:47+02:00', '2025-10-15T16:45:47Z'],
  ['yesterday', undefined],
  [8.7e15, undefined],
])('a moment: %s', (value, expected) => expect(momentOf(value)).toBe(expected))

const data = join(import.meta.dirname, '../../../shared/data')
const present = existsSync(join(data, 'events-panther')) && existsSync(join(data, 'github-webhook-payloads'))
if (!present) {
  if (process.env.CI) throw new Error('../shared/data/events-panther or github-webhook-payloads is missing')
  process.stderr.write('SKIPPED: ../shared/data/events-panther is not there, it is not read\n')
}
describe.skipIf(!present)('real events', () => {
  it('of the audit log are 66, whatever was cut from them', async () => {
    const log = readFileSync(join(data, 'events-panther/GitHub.Audit.ndjson'), 'utf8')
    const outcome = await runInMemory(githubAudit, { 'GitHub.Audit.ndjson': log })
    expect(outcome.files).toMatchObject([{ read: 66 }])
    expect(unaccounted(outcome)).toEqual([])
    expect(skippedOf(outcome, 'unreadable-record')).toBe(0)
    process.stdout.write(`66 events: ${outcome.files[0]!.mapped} mapped, ${skippedOf(outcome)} skipped\n`)
  })

  it('sent to webhooks are 72', async () => {
    const folder = join(data, 'github-webhook-payloads')
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
    const texts = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
    const outcome = await runInMemory(githubAudit, texts)
    expect(outcome.files.reduce((sum, file) => sum + file.read, 0)).toBe(72)
    expect(unaccounted(outcome)).toEqual([])
    expect(skippedOf(outcome, 'unreadable-record')).toBe(0)
    const kinds = outcome.entities.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'ssh.authorized_key')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'github.workflow').length).toBeGreaterThan(0)
  })
})

describe('the audit log as a table', () => {
  const table = [
    '"_document_id","@timestamp","action","actor","actor_ip","actor_location.country_code","org","repo","token_id","programmatic_access_type","key","job_workflow_ref","job_name","secrets_passed"',
    '"t1","1777629600000","repo.create_actions_secret","octo-admin","198.51.100.23","NL","acme","acme/shop","","","DEPLOY_TOKEN","","",""',
    '"t2","1777629600000","git.clone","octo-bot","198.51.100.23","NL","acme","acme/shop","77","Personal access token (classic)","","","",""',
    '"t2","1777629600000","git.clone","octo-bot","198.51.100.23","NL","acme","acme/shop","77","Personal access token (classic)","","","",""',
    '"t3","1777629600000","workflows.prepared_workflow_job","","","","acme","acme/shop","","","","acme/shop/.github/workflows/ship.yml@refs/heads/main","ship","[""DEPLOY_TOKEN""]"',
    '"t4","1777629600000","repo.add_topic","KEYFALL-CANARY","","","acme","acme/shop","","","","","",""',
  ].join('\n')

  it('gives what the same events give as JSON', async () => {
    const read = await runInMemory(githubAudit, { 'export.csv': table })
    expect(unaccounted(read)).toEqual([])
    expect(read.files[0]).toMatchObject({ read: 5, mapped: 3, merged: 1 })
    expect(read.observations.map(({ kind, to }) => [kind, to])).toContainEqual([
      'USES_CREDENTIAL',
      keys.githubToken('77'),
    ])
    const handed = [...read.relationships, ...read.observations].find(({ kind }) => kind === 'USES_SECRET')
    expect(handed).toMatchObject({ from: keys.githubJob('acme/shop', 'ship.yml', 'ship'), to: keys.githubRepositorySecret('acme/shop', 'DEPLOY_TOKEN') }) // prettier-ignore
    expect(JSON.stringify(read)).not.toContain('198.51.100.23')
    expect(JSON.stringify(read)).not.toContain('KEYFALL-CANARY')
  })

  it('says when it lacks the columns that name tokens, and claims no other table', async () => {
    const read = await runInMemory(githubAudit, {
      'web.csv': 'action,actor,user,repo,org,created_at\nrepo.access,a,b,acme/shop,acme,1\n',
    })
    expect(read.files[0]!.notes[0]).toContain('no column that names tokens')
    const other = await runInMemory(githubAudit, { 'cmdb.csv': 'name,owner,action\na,b,c\n' })
    expect(other.claimed).toEqual([])
  })
})

it('knows a log that was searched for one kind of action', async () => {
  const event = { '@timestamp': 1714557600000, action: 'org_credential_authorization.grant', actor: 'ann', org: 'acme' }
  const outcome = await runInMemory(githubAudit, { 'audit.json': JSON.stringify([event]) })
  expect(outcome.files).toMatchObject([{ read: 1 }])
  expect(unaccounted(outcome)).toEqual([])
})
