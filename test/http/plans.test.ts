import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../graph/ids.ts'
import type { Problem } from '../../graph/wire.ts'
import type { KeptPlanReply, KeptRunbookReply, PlanEdit, PlansReply, SignOffsReply } from '../../graph/wire-cutover.ts'
import type { InvitationReply, Role } from '../../graph/wire-people.ts'
import { smallBundle, smallKey } from './small-bundle.ts'
import { testServer, type TestServer } from './running-server.ts'

type Ask = (method: string, path: string, json?: unknown) => Promise<Response>
let server: TestServer
let author: Ask
let approver: Ask
let admin: Ask
const key = idOf(smallKey)
const bodyOf = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T

beforeAll(async () => {
  server = await testServer()
  await server.importText('harbour.json', smallBundle)
  author = await somebody('Cloud team', 'analyst')
  approver = await somebody('Head of billing', 'approver', 'analyst')
  admin = await somebody('Administrator', 'admin')
})
afterAll(() => server.close())

async function somebody(name: string, ...roles: Role[]): Promise<Ask> {
  const { url } = await bodyOf<InvitationReply>(server.request('POST', '/api/people', { json: { name, roles } }))
  const json = { token: url.split('#k=')[1] }
  const signedIn = await server.request('POST', '/api/session', { json, headers: { Cookie: '' } })
  const Cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!
  return (method, path, sent) =>
    server.request(method, path, { headers: { Cookie }, ...(sent !== undefined && { json: sent }) })
}

const create = (name = 'Harbour keys'): Promise<KeptPlanReply> =>
  bodyOf(author('POST', '/api/plans', { name, credentials: key, op: 'rotate', from: '2036-12-01' }))
const show = (id: string): Promise<KeptPlanReply> => bodyOf(author('GET', `/api/plans/${id}`))
const patch = (id: string, version: number, ...edits: PlanEdit[]): Promise<Response> =>
  author('PATCH', `/api/plans/${id}`, { version, edits })
const signOffs = (id: string): Promise<SignOffsReply> =>
  bodyOf(approver('GET', `/api/plans/${id}/signoffs?credential=${key}`))
async function sign(who: Ask, id: string, more: object = {}): Promise<Response> {
  const { page } = await signOffs(id)
  const seen = { credential: key, snapshot: page!.snapshot.id, set: page!.set }
  return who('POST', `/api/plans/${id}/signoffs`, { ...seen, ...more })
}

describe('a kept plan', () => {
  it('is created, listed, edited over its version, copied and deleted', async () => {
    const { id, version, waves, authors, status } = await create()
    expect([version, waves.length, status, authors.map(({ name }) => name)]).toEqual([1, 1, 'draft', ['Cloud team']])
    const edits: PlanEdit[] = [
      { do: 'title', wave: 1, title: 'rehearse' },
      { do: 'window', wave: 1, start: '2036-12-02T10:00:00Z', end: '2036-12-02T12:00:00Z' },
      { do: 'name', duty: 'approver', name: 'Head of billing' },
      { do: 'name', duty: 'on-call', name: 'harbour rota', credential: key },
    ]
    const edited = await bodyOf<KeptPlanReply>(patch(id, 1, ...edits))
    expect([edited.version, edited.waves[0]!.title, edited.waves[0]!.start]).toEqual([
      2,
      'rehearse',
      '2036-12-02T10:00:00Z',
    ])
    const { named } = edited.waves[0]!.items[0]!
    expect(named.find(({ duty }) => duty === 'on-call')).toMatchObject({
      name: 'harbour rota',
      stated: { by: { name: 'Cloud team' } },
    })
    expect(edited.blockers.some(({ words }) => words.includes('approver'))).toBe(false)
    expect(edited.blockers.some(({ words }) => words.includes('revoker'))).toBe(true)

    const undone = await bodyOf<KeptPlanReply>(patch(id, 2, { do: 'undo', edit: 2 }))
    expect([undone.waves[0]!.title, undone.names, undone.log[0]!.words[0]]).toEqual([
      '',
      [],
      expect.stringContaining('undone: '),
    ])

    const copy = await bodyOf<KeptPlanReply>(author('POST', '/api/plans', { name: 'Again', copyOf: id }))
    const { plans } = await bodyOf<PlansReply>(author('GET', '/api/plans'))
    expect(plans.map(({ name }) => name).sort()).toEqual(['Again', 'Harbour keys'])
    expect((await author('DELETE', `/api/plans/${copy.id}?version=7`)).status).toBe(409)
    expect((await author('DELETE', `/api/plans/${copy.id}?version=1`)).status).toBe(200)
    expect((await author('GET', `/api/plans/${copy.id}`)).status).toBe(404)
  })

  it('has those who wrote it for authors of a copy too: nobody signs his own work by having it copied', async () => {
    const created = await bodyOf<KeptPlanReply>(
      approver('POST', '/api/plans', { name: 'Mine', credentials: key, op: 'rotate', from: '2036-12-01' }),
    )
    const copy = await bodyOf<KeptPlanReply>(author('POST', '/api/plans', { name: 'Copied', copyOf: created.id }))
    expect(copy.authors.map(({ name }) => name)).toEqual(['Cloud team', 'Head of billing'])
    const refused = await sign(approver, copy.id)
    expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([403, 'may-not'])
  })

  it('says what others did where two edit at once, keeps nothing of the second, and all of the first', async () => {
    const { id } = await create()
    await patch(id, 1, { do: 'rename', name: 'Theirs' })
    const response = await patch(
      id,
      1,
      { do: 'rename', name: 'Mine' },
      { do: 'freezes', freezes: ['2036-12-18..2037-01-04'] },
    )
    expect(response.status).toBe(409)
    const { code, details } = (await response.json()) as Problem
    expect([code, details]).toEqual([
      'plan-moved',
      [expect.stringContaining('theirs: Cloud team'), 'yours: rename', 'yours: freezes'],
    ])
    expect(await show(id)).toMatchObject({ name: 'Theirs', version: 2, freezes: [] })
    const race = await Promise.all([1, 2, 3, 4].map((n) => patch(id, 2, { do: 'rename', name: `Race ${n}` })))
    expect(race.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  it('cannot be ready while a name is missing, keeps nothing of the try, and says what holds it up', async () => {
    const { id } = await create()
    const refused = await patch(id, 1, { do: 'status', status: 'ready' })
    expect([refused.status, await show(id)]).toMatchObject([422, { version: 1, status: 'draft', ready: false }])
    const preview = await author('PATCH', `/api/plans/${id}`, {
      version: 1,
      edits: [{ do: 'rename', name: 'x' }],
      preview: true,
    })
    expect([((await preview.json()) as KeptPlanReply).name, (await show(id)).name]).toEqual(['x', 'Harbour keys'])
  })

  it('names conflicts of an edit: a freeze, a rollback that leaves two values, a window that is over', async () => {
    const { id } = await create()
    const after = await bodyOf<KeptPlanReply>(
      patch(
        id,
        1,
        { do: 'freezes', freezes: ['2036-12-01..2036-12-05'] },
        { do: 'rollback', credential: key, proposal: { restores: true, removesNew: false, after: 3600 } },
      ),
    )
    expect(after.waves[0]!.conflicts.filter(({ blocks }) => blocks).map(({ kind }) => kind)).toEqual(['freeze'])
    expect(after.waves[0]!.items[0]!.rollback).toMatchObject({ verdict: 'refused', standing: 2 })
    const mended = await bodyOf<KeptPlanReply>(patch(id, 2, { do: 'rollback', credential: key, proposal: null }))
    expect(mended.waves[0]!.items[0]!.rollback.standing).toBe(1)
    const past = { do: 'window', wave: 1, start: '2020-01-01T09:00:00Z', end: '2020-01-01T10:00:00Z' } as const
    const late = await bodyOf<KeptPlanReply>(patch(id, 3, past))
    expect(late.waves[0]!.conflicts.map(({ kind }) => kind)).toContain('past')
  })
})

describe('a sign-off', () => {
  it('lapses when an import changes its set, shows the difference, and counts again when the set is what it was', async () => {
    const { id } = await create('Signed')
    const before = await signOffs(id)
    expect(before.page!.may).toMatchObject({ sign: true, breakGlass: false })
    expect((await sign(approver, id, { note: 'seen by the billing team' })).status).toBe(201)
    expect((await show(id)).waves[0]!.items[0]!.signOffs.every(({ state }) => state === 'valid')).toBe(true)

    const more = JSON.parse(smallBundle) as { entities: object[]; relationships: object[] }
    const crane = { id: 'job:crane', role: 'workload', name: 'crane-driver' }
    const uses = { kind: 'USES_CREDENTIAL', from: 'job:crane', to: smallKey }
    const grown = { ...more, entities: [...more.entities, crane], relationships: [...more.relationships, uses] }
    await server.importText('harbour.json', JSON.stringify(grown))
    const [lapsed] = (await signOffs(id)).signOffs
    expect([lapsed!.state, lapsed!.difference.added.map(({ name }) => name)]).toEqual(['lapsed', ['crane-driver']])
    expect((await show(id)).totals).toMatchObject({ signed: 0 })
    // Signing what was read before the import is refused.
    const { page } = before
    const stale = { credential: key, snapshot: page!.snapshot.id, set: page!.set }
    expect((await bodyOf<Problem>(approver('POST', `/api/plans/${id}/signoffs`, stale))).code).toBe('set-moved')

    await sign(approver, id)
    expect((await signOffs(id)).signOffs.map(({ state }) => state)).toEqual(['valid', 'lapsed'])
    await server.importText('harbour.json', smallBundle)
    expect((await signOffs(id)).signOffs.map(({ state }) => state)).toEqual(['lapsed', 'valid'])

    // Another window is another sign-off.
    await patch(id, 1, { do: 'window', wave: 1, start: '2036-12-09T10:00:00Z', end: '2036-12-09T12:00:00Z' })
    const moved = (await signOffs(id)).signOffs
    expect(moved.map(({ state, difference }) => [state, difference.window])).toEqual([['lapsed', true], ['lapsed', true]]) // prettier-ignore
    expect((await author('DELETE', `/api/plans/${id}?version=2`)).status).toBe(422)
  })

  it('is not for authors, and lapses when who gave it edits the plan', async () => {
    const { id } = await create('Written')
    expect((await sign(author, id)).status).toBe(403)
    expect((await sign(approver, id)).status).toBe(201)
    await approver('PATCH', `/api/plans/${id}`, { version: 1, edits: [{ do: 'rename', name: 'Mine too' }] })
    const { signOffs: given, page } = await signOffs(id)
    expect([given[0]!.state, given[0]!.difference.author, page!.may.sign]).toEqual(['lapsed', true, false])
    expect((await bodyOf<Problem>(sign(approver, id))).code).toBe('may-not')
  })

  it('may be a no, which holds the plan up until somebody signs after it, or something else is asked', async () => {
    const { id } = await create('Declined')
    const path = `/api/plans/${id}/signoffs`
    const asked = async () => {
      const { page } = await signOffs(id)
      return { credential: key, snapshot: page!.snapshot.id, set: page!.set }
    }
    const no = { ...(await asked()), decline: { reason: 'month end closes that night' } }
    expect((await author('POST', path, no)).status).toBe(403)
    await sign(approver, id)
    expect((await approver('POST', path, no)).status).toBe(201)
    const { signOffs: given, page } = await signOffs(id)
    expect(given[0]).toMatchObject({ state: 'declined', declined: { reason: 'month end closes that night' } })
    expect(new Set(page!.needs.map(({ state }) => state))).toEqual(new Set(['declined']))
    expect((await show(id)).totals).toMatchObject({ signed: 0 })
    await patch(id, 1, { do: 'window', wave: 1, start: '2036-12-09T10:00:00Z', end: '2036-12-09T12:00:00Z' })
    expect((await signOffs(id)).signOffs.map(({ state }) => state)).toEqual(['lapsed', 'lapsed'])
    await approver('POST', path, { ...(await asked()), decline: { reason: 'still month end' } })
    await sign(approver, id)
    expect(new Set((await signOffs(id)).page!.needs.map(({ state }) => state))).toEqual(new Set(['valid']))
  })

  it('is withdrawn with a reason, and stays to be seen', async () => {
    const { id } = await create('Withdrawn')
    const { signOffs: given } = await bodyOf<SignOffsReply>(sign(approver, id))
    const path = `/api/plans/${id}/signoffs/${given[0]!.id}/withdraw`
    expect((await author('POST', path, { reason: 'no' })).status).toBe(403)
    const after = await bodyOf<SignOffsReply>(approver('POST', path, { reason: 'the freeze was forgotten' }))
    expect(after.signOffs[0]).toMatchObject({ state: 'withdrawn', withdrawn: { reason: 'the freeze was forgotten' } })
  })

  it('by an admin alone needs a reason, has an end, and is reviewed by somebody else after its use', async () => {
    const { id } = await create('Emergency')
    expect((await sign(admin, id)).status).toBe(403)
    expect((await sign(approver, id, { breakGlass: { reason: 'the vendor was breached', hours: 4 } })).status).toBe(403)
    expect((await sign(admin, id, { breakGlass: { reason: 'now', hours: 4 } })).status).toBe(400)
    const made = await sign(admin, id, { breakGlass: { reason: 'the vendor was breached', hours: 4 } })
    expect(made.status).toBe(201)
    const [given] = ((await made.json()) as SignOffsReply).signOffs
    expect(given).toMatchObject({ state: 'valid', breakGlass: { review: null } })
    expect((await show(id)).totals.reviewsDue).toBe(1)
    const review = (who: Ask): Promise<Response> =>
      who('POST', `/api/plans/${id}/signoffs/${given!.id}/review`, { words: 'right, and late' })
    expect([(await review(admin)).status, (await review(approver)).status]).toEqual([403, 422])
    await admin('POST', `/api/plans/${id}/signoffs/${given!.id}/withdraw`, { reason: 'not needed after all' })
    expect((await review(approver)).status).toBe(200)
    expect((await show(id)).totals.reviewsDue).toBe(0)
  })
})

describe('what leaves', () => {
  it('is a runbook with the plan’s window and names', async () => {
    const { id } = await create('Runbook')
    await patch(id, 1, { do: 'name', duty: 'revoker', name: 'harbour rota' })
    const book = await bodyOf<KeptRunbookReply>(author('GET', `/api/plans/${id}/runbook/${key}`))
    const cut = book.steps.find(({ phase }) => phase === 'cut')!
    expect([cut.date, cut.who, cut.done]).toEqual([book.window.start, 'harbour rota', null])
    expect(new Set(book.steps.map((step) => step.key)).size).toBe(book.steps.length)
  })

  it.each([
    ['markdown', 'text/markdown', '# Exports'],
    ['csv', 'text/csv', 'wave,start,end,credential'],
    ['ics', 'text/calendar', 'BEGIN:VCALENDAR'],
    ['json', 'application/json', '{"plan":'],
    ['servicenow', 'text/csv', 'correlation_id,correlation_display,short_description'],
    ['jira', 'text/csv', 'Issue ID,Parent ID,Issue Type,Summary'],
  ])('exports as %s', async (format, type, begins) => {
    const { plans } = await bodyOf<PlansReply>(author('GET', '/api/plans'))
    const id = plans.find(({ name }) => name.startsWith('Exports'))?.id ?? (await create('Exports')).id
    const response = await author('GET', `/api/plans/${id}/export?format=${format}`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)])
    expect((await response.text()).startsWith(begins)).toBe(true)
  })

  it('is as described', async () => {
    expect((await author('GET', `/api/plans/${key}`)).status).toBe(404)
    expect((await author('POST', '/api/plans', { name: '' })).status).toBe(400)
    expect((await author('POST', '/api/plans', { name: 'None', f: 'tier:(' })).status).toBeGreaterThanOrEqual(400)
    expect((await approver('POST', '/api/plans', { name: 'None', f: 'own:nobody-at-all' })).status).toBe(422)
  })
})
