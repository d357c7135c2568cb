import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CutoverItem, KeptPlanReply, KeptRunbookReply, PlanEdit, SignOffsReply } from '../../graph/wire-cutover.ts'
import type { InvitationReply } from '../../graph/wire-people.ts'
import { runCli, type Ran } from '../cli/run-cli.ts'
import { testServer, type TestServer } from '../http/running-server.ts'
import { root } from './sample-scopes.ts'

/** The whole story on the sample, by command line and API: from twelve names to a pack that somebody else verifies. */
const NAMES = [
  ...['AKIAEXAMPLECDNFIRST2', 'AKIAEXAMPLECDNSECND2', 'edi.fernwhistle.example (client certificate)'],
  ...['reports_ro on reports', 'SecretID of AppRole ci', 'AKIAEXAMPLESEARCHIDX', 'ledger_app on ledger'],
  ...['AKIAEXAMPLESHAREDAST', 'orders_app_a on orders', 'personal access token of release-bot'],
  ...['app on meadow-stores-1-1', 'app on meadow-stores-1-2'],
]
const SEARCH = 'AKIAEXAMPLESEARCHIDX'
const folder = mkdtempSync(join(tmpdir(), 'keyfall-cutover-'))
let server: TestServer
let approver: (method: string, path: string, json?: unknown) => Promise<Response>
let id: string

const cli = (...words: string[]): Promise<Ran> => runCli('--data', server.dataDir, ...words)
const json = async <T>(...words: string[]): Promise<T> => JSON.parse((await cli(...words, '--json')).out) as T
const show = (): Promise<KeptPlanReply> => json('plan', 'show', 'Cutover')
const itemsOf = (plan: KeptPlanReply): CutoverItem[] => plan.waves.flatMap(({ items }) => items)
async function patch(edits: readonly PlanEdit[]): Promise<KeptPlanReply> {
  const { version } = await show()
  const response = await server.request('PATCH', `/api/plans/${id}`, { json: { version, edits } })
  expect(response.status, await response.clone().text()).toBe(200)
  return (await response.json()) as KeptPlanReply
}
const file = (name: string, content: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
/** Somebody answers, until a day, for every gate that is open. */
async function exceptAll(): Promise<void> {
  const open = itemsOf(await show()).flatMap(({ credential, gates }) =>
    gates.flatMap(
      ({ id: what, state, excepted }): PlanEdit[] =>
      state === 'met' || excepted !== null || what === 'signoff' || what === 'accountable'
        ? []
        : [{ do: 'except', credential: credential.id, what, risk: 'high', owner: 'Head of Engineering', reason: 'the log is ordered', until: '2036-06-30' }], // prettier-ignore
    ),
  )
  if (open.length > 0) await patch(open)
}
/** Whatever is needed and does not stand is signed by somebody who wrote nothing of it. */
async function signAll(): Promise<void> {
  for (const { credential, signOffs } of itemsOf(await show()))
    for (const { system, state } of signOffs) {
      if (state === 'valid') continue
      const seen = await approver('GET', `/api/plans/${id}/signoffs?credential=${credential.id}`)
      const { page } = (await seen.json()) as SignOffsReply
      const given = await approver('POST', `/api/plans/${id}/signoffs`, {
        ...{ credential: credential.id, snapshot: page!.snapshot.id, set: page!.set },
        ...(system && { system: system.id }),
      })
      expect(given.status).toBe(201)
    }
}
const at = (from: string, hours: number): string => new Date(Date.parse(from) + hours * 3_600_000).toISOString()
/** One call of a user’s access key, as CloudTrail writes it. */
const call = (key: string, eventTime: string, more: object = {}): object => ({
  ...{ eventVersion: '1.09', eventTime, eventSource: 's3.amazonaws.com', eventName: 'GetObject' },
  ...{ awsRegion: 'eu-west-1', sourceIPAddress: '203.0.113.77', userAgent: 'old-script/1.0' },
  ...{ eventID: `e-${key}-${eventTime}`, eventType: 'AwsApiCall', recipientAccountId: '111122223333' },
  userIdentity: { type: 'IAMUser', accountId: '111122223333', accessKeyId: key, userName: 'search-indexer', arn: 'arn:aws:iam::111122223333:user/search-indexer', principalId: 'AIDAEXAMPLE' }, // prettier-ignore
  ...more,
})

beforeAll(async () => {
  server = await testServer()
  const invited = await server.request('POST', '/api/people', { json: { name: 'Head of Storefront', roles: ['approver', 'viewer'] } }) // prettier-ignore
  const { url } = (await invited.json()) as InvitationReply
  const entered = await server.request('POST', '/api/session', { json: { token: url.split('#k=')[1] }, headers: { Cookie: '' } }) // prettier-ignore
  const Cookie = entered.headers.get('set-cookie')!.split(';')[0]!
  approver = (method, path, sent) =>
    server.request(method, path, { headers: { Cookie }, ...(sent !== undefined && { json: sent }) })
  // All but the crowd of workloads that the picture of a large estate is made with.
  const folders = ['aws', 'bundle', 'cloudtrail', 'github', 'prod-eu', 'vault']
  const sample = folders.map((name) => join(root, 'server/sample', name))
  expect((await cli('import', ...sample)).code).toBe(0)
}, 300_000)
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a cutover of twelve credentials', { timeout: 180_000 }, () => {
  it('is planned in three waves, and not ready', async () => {
    await cli('plan', 'save', 'Cutover', ...NAMES, '--waves', '3', '--from', '2036-02-01')
    const moved = await json<KeptPlanReply>('plan', 'move', 'Cutover', 'ledger_app on ledger', '3')
    id = moved.id
    expect([moved.waves.length, moved.totals.credentials, moved.ready]).toEqual([3, 12, false])
  })

  it('has names, exceptions with an owner and an end, and signatures of somebody else', async () => {
    for (const duty of ['approver', 'revoker', 'business-owner', 'vendor-contact', 'on-call'])
      await cli('plan', 'name', 'Cutover', duty, `${duty} of the programme`)
    await exceptAll()
    await signAll()
    expect(await show()).toMatchObject({ ready: true, blockersCount: 0 })
    expect((await cli('plan', 'status', 'Cutover', 'ready')).code).toBe(0)
  })

  it('refuses a way back that leaves two values, until it is mended', async () => {
    const spoilt = await json<KeptPlanReply>('plan', 'rollback', 'Cutover', SEARCH, '4', '--keep-new')
    expect([spoilt.status, spoilt.ready]).toEqual(['draft', false])
    expect(itemsOf(spoilt).find(({ credential }) => credential.name === SEARCH)!.rollback.verdict).toBe('refused')
    expect((await cli('plan', 'rollback', 'Cutover', SEARCH, 'usual')).code).toBe(0)
  })

  it('loses one sign-off when an import changes its set, and shows the difference', async () => {
    const bundle = {
      ...{ format: 'keyfall.bundle/1', scope: 'crawler' },
      entities: [
        { id: `aws:key:${SEARCH}`, kind: 'aws.iam_access_key', name: SEARCH },
        { id: 'job:crawler', role: 'workload', name: 'price-crawler' },
        { id: 'system:search', kind: 'business.system', name: 'Search' },
      ],
      relationships: [
        { kind: 'USES_CREDENTIAL', from: 'job:crawler', to: `aws:key:${SEARCH}` },
        { kind: 'DEPENDS_ON', from: 'system:search', to: 'job:crawler' },
      ],
    }
    await cli('import', file('crawler.json', bundle))
    const plan = await show()
    const lapsed = plan.signOffs.filter(({ state }) => state === 'lapsed')
    const search = itemsOf(plan).find(({ credential }) => credential.name === SEARCH)!
    expect(new Set(lapsed.map(({ credential }) => credential))).toEqual(new Set([search.credential.id]))
    expect(lapsed.flatMap(({ difference }) => difference.added.map(({ name }) => name))).toContain('price-crawler')
    const said = await cli('signoff', 'Cutover', SEARCH)
    expect([said.code, said.out.includes('price-crawler')]).toEqual([30, true])
    // What is new about it opens gates that nobody had answered for.
    await exceptAll()
    await signAll()
    expect(await show()).toMatchObject({ ready: true, blockers: [] })
  })

  it('is executed: cuts are marked with their proof, and what was predicted is kept', async () => {
    expect((await cli('plan', 'status', 'Cutover', 'running')).code).toBe(0)
    const [wave] = (await show()).waves.filter(({ items }) => items.some(({ credential }) => credential.name === SEARCH)) // prettier-ignore
    for (const { credential } of wave!.items) {
      const { steps } = await json<KeptRunbookReply>('plan', 'runbook', 'Cutover', credential.id)
      const { number } = steps.find(({ phase }) => phase === 'cut')!
      const done = await cli('plan', 'done', 'Cutover', credential.id, String(number), '--proof', 'no failed use for 15 min') // prettier-ignore
      expect(done.err).toBe('')
    }
  })

  it('is scored against new logs: a hidden copy turns up, and goes once it was found', async () => {
    const { waves } = await show()
    const { number, items } = waves.find(({ after }) => after !== undefined)!
    const cutAt = new Date().toISOString()
    const quiet = [call('AKIAEXAMPLENOTOFPLAN', at(cutAt, 24 * 60), { userAgent: 'other/1' })]
    const refused = call(SEARCH, at(cutAt, 2), { errorCode: 'InvalidAccessKeyId' })
    const first = await cli('plan', 'score', 'Cutover', '--wave', String(number), file('first.json', { Records: [refused, ...quiet] })) // prettier-ignore
    expect([first.err, first.code]).toEqual(['', 20])
    expect(first.out).toContain('a copy that no source shows')
    expect((await cli('plan', 'end', 'Cutover', String(number), 'merry', '--reason', 'x')).code).toBe(2)
    const log = file('second.json', { Records: quiet })
    const second = await json<KeptPlanReply>('plan', 'score', 'Cutover', '--wave', String(number), log)
    const { score } = second.waves.find((one) => one.number === number)!.after!
    const search = score!.scores.find(({ name }) => name === SEARCH)!
    expect(search).toMatchObject({ verdict: 'as-predicted', basis: 'kept', counts: { hiddenCopies: 0 } })
    // Nothing here would show a use of what is no key of AWS: silence is not taken for success.
    const passwords = score!.scores.filter(({ name }) => !name.startsWith('AKIA'))
    expect(new Set(passwords.map(({ verdict }) => verdict))).toEqual(new Set(passwords.length > 0 ? ['no-logs'] : []))
    expect(items.length).toBe(score!.scores.length)
    const ended = await json<KeptPlanReply>('plan', 'end', 'Cutover', String(number), 'closed', '--reason', 'proved on each workload’s own path') // prettier-ignore
    const { outcome } = ended.waves.find((one) => one.number === number)!.after!
    expect(outcome).toMatchObject({ outcome: 'closed', advice: score!.advice })
  })

  it('leaves evidence that a script alone verifies', async () => {
    const pack = join(folder, 'cutover.zip')
    expect((await cli('plan', 'evidence', 'Cutover', '--out', pack)).code).toBe(0)
    const key = JSON.parse((await cli('audit', 'key', '--json')).out) as { id: string }
    const script = join(root, 'server/bin/verify-evidence.mjs')
    const verified = spawnSync(process.execPath, [script, pack, '--key', key.id], { encoding: 'utf8' })
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('whole: plan "Cutover"')])
    expect((await cli('audit', 'verify')).code).toBe(0)
  })
})
