import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GateReply } from '../../server/gate/gate-answer.ts'
import { COMMENT_LIMIT } from '../../server/gate/gate-report.ts'
import { runCli, type Ran } from '../cli/run-cli.ts'
import { smallBundle, smallKey } from '../http/small-bundle.ts'

/** What a pull request would break, judged by what was imported. */
const folder = mkdtempSync(join(tmpdir(), 'keyfall-gate-'))
const cli = (...words: string[]): Promise<Ran> => runCli('--data', join(folder, 'data'), ...words)
const KEY_ID = smallKey.slice('aws:key:'.length)
const CANARY = 'canary-gate-c4n4ry'

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const change = (type: string, address: string, actions: string[], before: object | null, after: object | null) => ({
  ...{ address, mode: 'managed', type, name: 'x', provider_name: 'registry.terraform.io/hashicorp/aws' },
  change: { actions, before, after, after_unknown: {} },
})
const planOf = (...changes: object[]): string =>
  file('plan.json', {
    format_version: '1.2',
    terraform_version: '1.9.8',
    planned_values: {},
    resource_changes: changes,
  })
const key = { id: KEY_ID, user: 'harbour', secret: CANARY, status: 'Active' }
async function gate(...words: string[]): Promise<{ code: number; reply: GateReply }> {
  const { code, out, err } = await cli('gate', ...words, '--json')
  expect(err).toBe('')
  expect(out).not.toContain(CANARY)
  return { code, reply: JSON.parse(out) as GateReply }
}

beforeAll(async () => {
  // One of the two reads the value when it starts: a restart helps, if there is a time for it.
  const bundle = JSON.parse(smallBundle) as { relationships: { kind: string; delivery?: string }[] }
  for (const one of bundle.relationships) if (one.kind === 'USES_SECRET') one.delivery = 'env_at_start'
  expect((await cli('import', file('harbour.json', bundle))).code).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('keyfall gate on a Terraform plan', () => {
  it('breaks where a used key is destroyed, with the systems behind it', async () => {
    const { code, reply } = await gate('--terraform-plan', planOf(change('aws_iam_access_key', 'aws_iam_access_key.harbour', ['delete'], key, null))) // prettier-ignore
    expect([code, reply.verdict, reply.rows[0]!.change]).toEqual([20, 'not-safe', 'destroyed'])
    expect(reply.rows[0]!.systems.length).toBeGreaterThan(0)
  })

  it.each([
    [['delete', 'create'], 'no overlap'],
    [['create', 'delete'], 'in the same apply'],
  ])('a replacement by %s leaves no time in which both values work', async (actions, words) => {
    const { code, reply } = await gate('--terraform-plan', planOf(change('aws_iam_access_key', 'aws_iam_access_key.harbour', actions, key, { user: 'harbour', status: 'Active' }))) // prettier-ignore
    expect([code, reply.rows[0]!.change.includes(words), reply.rows[0]!.words]).toEqual([
      20,
      true,
      expect.stringContaining('one apply leaves none'),
    ])
  })

  it('cannot say where the estate does not know it, or nobody here knows the type', async () => {
    const { code, reply } = await gate(
      '--terraform-plan',
      planOf(
        change(
          'aws_iam_access_key',
          'aws_iam_access_key.other',
          ['delete'],
          { ...key, id: 'AKIAEXAMPLEELSEWHERE' },
          null,
        ),
        change('acme_login_token', 'acme_login_token.x', ['update'], { a: 1 }, { a: 2 }),
        change('aws_iam_role', 'aws_iam_role.x', ['update'], { arn: 'arn:aws:iam::111122223333:role/x', assume_role_policy: '{}' }, { arn: 'arn:aws:iam::111122223333:role/x', assume_role_policy: '{"a":1}' }), // prettier-ignore
      ),
    )
    expect([code, reply.verdict, new Set(reply.rows.map(({ verdict }) => verdict))]).toEqual([30, 'cannot-say', new Set(['cannot-say'])]) // prettier-ignore
    expect(reply.rows.map((row) => row.change)).toContain('whom it trusts changes')
  })

  it('lets pass what makes something, what is no credential, and what only describes', async () => {
    const { code, reply } = await gate(
      '--terraform-plan',
      planOf(
        change('aws_iam_access_key', 'aws_iam_access_key.new', ['create'], null, { user: 'harbour' }),
        change('aws_route53_record', 'aws_route53_record.www', ['update'], { ttl: 60 }, { ttl: 300 }),
        change('aws_db_instance', 'aws_db_instance.main', ['update'], { instance_class: 'a' }, { instance_class: 'b' }),
        change('aws_secretsmanager_secret', 'aws_secretsmanager_secret.x', ['update'], { tags: {} }, { tags: { a: 'b' } }), // prettier-ignore
      ),
    )
    expect([code, reply.others, reply.rows.length]).toEqual([0, 2, 1])
  })

  it('writes a comment in which names do nothing, never longer than GitHub takes', async () => {
    const evil = '`</details><script>alert(1)</script> @octocat [x](javascript:alert(1)) | # \u202e'
    const many = Array.from({ length: 2_000 }, (_, n) =>
      change('acme_access_token', `acme_access_token.${evil}${n}`, ['delete'], { id: CANARY }, null),
    )
    const { code, out } = await cli('gate', '--terraform-plan', planOf(...many), '--markdown')
    expect([code, out.length <= COMMENT_LIMIT, /\n- \d+ more\n/.test(out)]).toEqual([30, true, true])
    expect(out).not.toMatch(/<script|@octocat|[^\\]\[x\]|\u202e|c4n4ry/)
  })

  it('refuses what is no plan, and says nothing of what is in it', async () => {
    for (const text of [CANARY, '{}', `{"format_version":"${CANARY}"`, '['.repeat(100_000)]) {
      const { code, err } = await cli('gate', '--terraform-plan', file('no.json', text))
      expect([code, err.includes('is no plan'), err.includes(CANARY)]).toEqual([2, true, false])
    }
    expect((await cli('gate')).code).toBe(2)
  })
})

const workflow = (body: string, more = ''): string =>
  `on: push\n${more}jobs:\n  deploy:\n    runs-on: ubuntu-latest\n${body}`
function sides(base: string, head: string): string[] {
  const path = 'quay__harbour/.github/workflows/deploy.yml'
  file(`base/${path}`, base)
  file(`head/${path}`, head)
  return ['--workflow-diff', join(folder, 'base/quay__harbour'), join(folder, 'head/quay__harbour')]
}
const uses = (secret: string): string =>
  `    steps:\n      - run: deploy\n        env:\n          TOKEN: \${{ secrets.${secret} }}\n`

describe('keyfall gate on workflows', () => {
  it('asks whether a secret exists that a job newly asks for', async () => {
    const asked = sides(workflow(uses('OLD_TOKEN')), workflow(uses('NEW_TOKEN')))
    const unknown = await gate(...asked)
    expect([unknown.code, unknown.reply.rows.map(({ change: words }) => words)]).toEqual([
      30,
      ['asks for the secret NEW_TOKEN', 'no longer asks for the secret OLD_TOKEN'],
    ])
    const bundle = {
      ...{ format: 'keyfall.bundle/1', scope: 'secrets of quay' },
      entities: [{ id: 'github:quay/harbour/secret/NEW_TOKEN', kind: 'github.actions_secret', name: 'NEW_TOKEN' }],
      relationships: [],
    }
    await cli('import', file('secrets.json', bundle))
    expect((await gate(...asked)).code).toBe(0)
  })

  it('breaks where a job signs in and may no longer ask for a token', async () => {
    const login = '    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: arn:aws:iam::111122223333:role/deploy\n' // prettier-ignore
    const may = '    permissions:\n      id-token: write\n'
    const gone = await gate(...sides(workflow(may + login), workflow(login)))
    expect([gone.code, gone.reply.rows[0]!.change]).toEqual([20, 'id-token: write is gone'])
    const moved = await gate(...sides(workflow(may + login), workflow(`    environment: production\n${may}${login}`)))
    expect([moved.code, moved.reply.rows[0]!.words.includes('subject of its token')]).toEqual([30, true])
  })

  it('cannot say of a file that it cannot read', async () => {
    const { code } = await gate(...sides(workflow(uses('A')), 'jobs: [\n'))
    expect(code).toBe(30)
  })

  it('reads a unified diff, and says what that does not show', async () => {
    const lines = (at: string) => `--- a/${at}\n+++ b/${at}\n@@ -1,2 +1,2 @@\n-  X: \${{ secrets.OLD }}\n+  X: \${{ secrets.FRESH }}\n+    environment: live\n` // prettier-ignore
    const { code, reply } = await gate('--workflow-diff', file('w.diff', lines('.github/workflows/a.yml') + lines('docs/b.md'))) // prettier-ignore
    expect([code, reply.rows.filter(({ what }) => what.startsWith('docs')).length]).toEqual([30, 0])
    expect(reply.rows.map(({ change: words }) => words)).toContain('asks for the secret FRESH')
  })
})
