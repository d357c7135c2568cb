import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildEstate, type Estate, type EstateScope } from '../../graph/estate/build.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { answerKept } from '../../graph/plan/answer-kept.ts'
import { answerKeptRunbook } from '../../graph/plan/kept-runbook.ts'
import type { KeptState } from '../../graph/plan/kept-item.ts'
import type { KeptPlan, KeptSignOff } from '../../graph/plan/kept-plan.ts'
import { boundTo } from '../../graph/plan/sign-off.ts'
import { worldOf } from '../../graph/plan/kept-world.ts'
import { edited } from '../../graph/plan/edit.ts'
import { KeptPlanReply, KeptRunbookReply, type PlanEdit } from '../../graph/wire-cutover.ts'
import { editRoom, planFrom, wavesFrom } from '../../server/plans/plan-room.ts'
import type { Person } from '../../server/auth/person.ts'
import { rawFile } from '../../importers/read/raw-file.ts'
import { root, scopesOf } from './sample-scopes.ts'
import { now } from './situations.ts'
import { scopesOfFiles } from './scopes-of-files.ts'

/** The story of a cutover on the sample: twelve credentials, three waves, what happens to it when the graph moves. */
const NAMES = [
  ...['AKIAEXAMPLECDNFIRST2', 'AKIAEXAMPLECDNSECND2', 'edi.fernwhistle.example (client certificate)'],
  ...['reports_ro on reports', 'SecretID of AppRole ci', 'AKIAEXAMPLESEARCHIDX', 'ledger_app on ledger'],
  ...['AKIAEXAMPLESHAREDAST', 'orders_app_a on orders', 'personal access token of release-bot'],
  ...['app on meadow-stores-1-1', 'app on meadow-stores-1-2'],
]
const author: Person = { id: 'author', name: 'Cloud platform', roles: ['analyst'], via: 'session' }
const signer = { id: 'signer', name: 'Head of Storefront' }
let scopes: EstateScope[]
let estate: Estate
let plan: KeptPlan
let signOffs: KeptSignOff[] = []

beforeAll(async () => {
  scopes = await scopesOf(join(root, 'server/sample'), now)
  estate = buildEstate(scopes, { id: 'before', at: now, sample: true })
  const credentials = NAMES.map((name) => idOf(name)).join(',')
  const reply = planFrom(estate, { credentials, waves: 3, from: '2027-02-01' }, now)
  const by = { id: author.id, name: author.name }
  plan = {
    ...{ id: 'plan', name: 'Q4 static-key removal', status: 'draft', created: { by, at: now }, authors: [by] },
    ...{ freezes: [], names: [], exceptions: [], done: [], asks: [], waves: wavesFrom(reply.waves) },
    items: reply.waves.flatMap(({ items }) => items.map(({ credential }) => ({ credential: credential.id, name: credential.name, op: null, proposal: null }))), // prettier-ignore
    log: [{ version: 1, by, at: now, snapshot: 'before', words: ['begun'] }],
  }
})

const idOf = (name: string): string =>
  estate.entities.find((one) => one.name === name && entityKinds[one.kind].role === 'credential')!.id
const state = (): KeptState => ({ plan, version: plan.log.length, signOffs })
const show = (at: Estate = estate) => KeptPlanReply.parse(answerKept(at, state(), now))
const room = { keeper: { estate: () => estate }, now: () => now, store: null as never }
function edit(...edits: PlanEdit[]) {
  plan = edited(plan, plan.log.length, edits, editRoom(room, state(), author))
  return show()
}
/** Signs whatever is needed now and not signed. */
function signAll(at: Estate = estate): void {
  const { planned } = worldOf(at, state(), now)
  for (const { credential, signOffs: needs } of show(at).waves.flatMap(({ items }) => items))
    for (const { system, state: is } of needs) {
      if (is === 'valid') continue
      const { op, window, set } = planned.get(credential.id)!.present
      signOffs = [
        ...signOffs,
        {
          ...{
            id: `s${signOffs.length}`,
            plan: plan.id,
            credential: credential.id,
            system,
            snapshot: at.snapshot.id,
            op,
          },
          ...{ window: { ...window }, by: signer, at: now, withdrawn: null, breakGlass: null },
          set: boundTo(set, system?.id ?? null).map(({ id, name, verdict }) => ({ id, name, verdict })),
        },
      ]
    }
}
const item = (name: string, at: Estate = estate) =>
  show(at).waves.flatMap(({ items }) => items).find(({ credential }) => credential.name === name)! // prettier-ignore

describe('a cutover of twelve credentials of the sample', () => {
  it('is three waves, and not ready: names are missing, gates are open, nobody has signed', () => {
    const { waves, blockers, ready, totals } = edit({ do: 'move', credential: idOf('ledger_app on ledger'), wave: 3 })
    expect([waves.length, totals.credentials, ready]).toEqual([3, 12, false])
    expect(new Set(blockers.map(({ kind }) => kind))).toEqual(new Set(['name', 'gate', 'signoff']))
  })

  it('has all names once they are stated, for the plan and for one credential', () => {
    const of = idOf('AKIAEXAMPLESEARCHIDX')
    const { missing, blockers } = edit(
      ...(['approver', 'revoker', 'business-owner', 'vendor-contact', 'on-call'] as const).map((duty): PlanEdit => ({ do: 'name', duty, name: `${duty} of the programme` })), // prettier-ignore
      { do: 'name', duty: 'on-call', name: 'search rota', credential: of },
      { do: 'name', duty: 'revoker', name: 'identity team', plane: 'issuance' },
    )
    expect([missing, blockers.filter(({ kind }) => kind === 'name')]).toEqual([[], []])
    const { named, raci } = item('AKIAEXAMPLESEARCHIDX')
    expect(named.find(({ duty }) => duty === 'on-call')!.name).toBe('search rota')
    expect(raci.find(({ plane }) => plane === 'issuance')!.responsible).toBe('identity team')
    expect(raci.find(({ plane }) => plane === 'inventory')!.responsible).toBe('revoker of the programme')
  })

  it('takes exceptions for what is not known, with an owner and an end; an ended one counts for nothing', () => {
    const open = show().blockers.filter(({ kind }) => kind === 'gate')
    expect(open.length).toBeGreaterThan(0)
    const excepted = show().waves.flatMap(({ items }) =>
      items.flatMap(({ credential, gates }) =>
        gates.flatMap(
          ({ id, state: is }): PlanEdit[] =>
          is === 'met' || id === 'signoff' || id === 'accountable'
            ? []
            : [{ do: 'except', credential: credential.id, what: id, risk: 'medium', owner: 'Head of Engineering', reason: 'the log is ordered', until: '2027-06-30' }], // prettier-ignore
        ),
      ),
    )
    expect(edit(...excepted).blockers.filter(({ kind }) => kind === 'gate')).toEqual([])
    // The state of the gate stays what it is.
    const gate = item('app on meadow-stores-1-1').gates.find(({ id }) => id === 'continuity')!
    expect([gate.state, gate.excepted !== null]).toEqual(['unknown', true])
    const later = { ...plan, exceptions: plan.exceptions.map((one) => ({ ...one, until: '2020-01-01' })) }
    const over = answerKept(estate, { ...state(), plan: later }, now)
    expect([over.ready, over.conflicts.some(({ kind }) => kind === 'exception')]).toEqual([false, true])
  })

  it('is ready when everybody has signed, and no longer when one rollback would leave two values', () => {
    signAll()
    expect(show()).toMatchObject({ ready: true, blockersCount: 0 })
    edit({ do: 'status', status: 'ready' })
    const credential = idOf('AKIAEXAMPLESEARCHIDX')
    const spoilt = edit({ do: 'rollback', credential, proposal: { restores: true, removesNew: false, after: 14_400 } })
    expect([spoilt.status, spoilt.kept, spoilt.ready]).toEqual(['draft', 'ready', false])
    expect(item('AKIAEXAMPLESEARCHIDX').rollback).toMatchObject({ verdict: 'refused', standing: 2 })
    // No exception covers a way back that is known to be none.
    edit({ do: 'except', credential, what: 'rollback', risk: 'high', owner: 'x', reason: 'y', until: '2027-06-30' })
    expect(show().ready).toBe(false)
    const mended = edit({ do: 'rollback', credential, proposal: null })
    expect([mended.status, mended.ready]).toEqual(['ready', true])
  })

  it('lapses for the one credential whose set an import changed, and for no other', async () => {
    const grown = await withCrawler(true)
    const reply = show(grown)
    const lapsed = reply.signOffs.filter((one) => one.state === 'lapsed')
    expect(new Set(lapsed.map((one) => one.credential))).toEqual(new Set([idOf('AKIAEXAMPLESEARCHIDX')]))
    expect(lapsed.flatMap(({ difference }) => difference.added.map(({ name }) => name))).toContain('price-crawler')
    expect([reply.status, reply.ready, reply.kept]).toEqual(['draft', false, 'ready'])
    expect(reply.blockers.some(({ kind, words }) => kind === 'signoff' && words.includes('lapsed'))).toBe(true)
    // Undone, it is the set again that was signed.
    expect(show().ready).toBe(true)
    // Somebody of no business system: nobody who signed spoke for it, so the whole change has to be signed.
    const { ready, blockers } = show(await withCrawler(false))
    expect([ready, blockers.filter(({ kind }) => kind === 'signoff').length]).toEqual([false, 1])
    expect(blockers.at(-1)!.words).toContain('sign-off of the whole change')
  })

  it('runs: steps with proof, nothing planned anew that is cut, closed when all are', () => {
    edit({ do: 'status', status: 'running' })
    expect(() => edit({ do: 'status', status: 'closed' })).toThrow(/not cut/)
    const cuts = plan.items.map(({ credential }): PlanEdit => {
      const book = KeptRunbookReply.parse(answerKeptRunbook(estate, state(), credential, now))
      const { key } = book.steps.find(({ phase }) => phase === 'cut')!
      return { do: 'done', credential, step: key, proof: 'no failed use on the workload’s path for 15 min' }
    })
    edit(...cuts)
    const [first] = plan.items
    expect(() => edit({ do: 'move', credential: first!.credential, wave: 1 })).toThrow(/cut already/)
    const book = answerKeptRunbook(estate, state(), first!.credential, now)
    expect(book.steps.find(({ phase }) => phase === 'cut')!.done).toMatchObject({ by: { name: 'Cloud platform' } })
    expect(edit({ do: 'status', status: 'closed' })).toMatchObject({ status: 'closed', title: 'Closed' })
  })
})

/** The sample and one consumer more, of the search team's system or of none. */
async function withCrawler(isSearch: boolean): Promise<Estate> {
  const keyOf = (name: string): string => estate.entities.find((one) => one.name === name)!.key
  const [key, search] = [keyOf('AKIAEXAMPLESEARCHIDX'), keyOf('Search')]
  const bundle = {
    format: 'keyfall.bundle/1',
    scope: 'crawler',
    entities: [
      { id: key, kind: 'aws.iam_access_key', name: 'AKIAEXAMPLESEARCHIDX' },
      { id: 'job:crawler', role: 'workload', name: 'price-crawler' },
      { id: search, kind: 'business.system', name: 'Search' },
    ],
    relationships: [
      { kind: 'USES_CREDENTIAL', from: 'job:crawler', to: key },
      ...(isSearch ? [{ kind: 'DEPENDS_ON', from: search, to: 'job:crawler' }] : []),
    ],
  }
  const file = rawFile('crawler.json', new TextEncoder().encode(JSON.stringify(bundle)))
  return buildEstate([...scopes, ...(await scopesOfFiles([file], now))], { id: 'after', at: now, sample: true })
}
