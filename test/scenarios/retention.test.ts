import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'
import type { KeptPlan } from '../../graph/plan/kept-plan.ts'
import { openKeeper, type Keeper } from '../../server/estate/keeper.ts'
import { keepScenario } from '../../server/estate/kept-scenarios.ts'
import { planFiles } from '../../server/evidence/plan-files.ts'
import { undoImport } from '../../server/import/undo-import.ts'
import { addSignOff, readPlan, writePlan } from '../../server/plans/kept-plans.ts'
import { prune, type PruneRoom } from '../../server/retention/prune.ts'
import { pruneDaily } from '../../server/retention/prune-daily.ts'
import { whenPruned } from '../../server/retention/pruned-imports.ts'
import type { Store } from '../../server/store/contract.ts'
import { openEmbeddedStore } from '../../server/store/embedded/store.ts'
import { readScope, writeScope } from '../../server/store/scope-facts.ts'
import { delta, counts } from '../../graph/delta.ts'
import { memoryStore } from '../store/memory-store.ts'
import { draftOf, factsOf } from '../store/small-estate.ts'

const places: [string, (folder: string) => Promise<Store>][] = [
  ['embedded', openEmbeddedStore],
  ['memory', () => memoryStore().open()],
]

describe.each(places)('what was imported long ago (%s)', (_name, open) => {
  let folder: string
  let store: Store
  let keeper: Keeper
  let room: PruneRoom
  let now: string
  const ids: string[] = []
  /** The i-th import of a scope: of day i of 2024. */
  const importDay = async (i: number): Promise<string> => {
    const at = new Date(Date.UTC(2024, 0, i)).toISOString()
    const generation = (await store.heads()).get('a')?.generation ?? 0
    const written = await writeScope(store, draftOf('a', { at }), factsOf({ [`t${i}`]: {}, always: {} }), generation)
    await keeper.reload()
    now = at
    ids[i] = written.changed ? written.manifest.id : expect.fail('nothing was written')
    return ids[i]
  }
  const planAt = (snapshot: string, id = 'planaaaaaaaaaaaa'): KeptPlan => ({
    ...{ id, name: 'Harbour', status: 'draft', created: { by: { id: 'ada', name: 'Ada' }, at: now } },
    ...{ authors: [{ id: 'ada', name: 'Ada' }], items: [], waves: [], freezes: [], names: [], exceptions: [] },
    ...{ done: [], asks: [] },
    log: [{ version: 1, by: { id: 'ada', name: 'Ada' }, at: now, snapshot, words: ['begun'] }],
  })
  const stored = async (): Promise<number[]> =>
    (await store.imports('a')).map(({ id }) => ids.indexOf(id)).sort((a, b) => a - b)

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyfall-retention-'))
    store = await open(folder)
    now = '2024-01-01T00:00:00Z'
    keeper = await openKeeper({ store, titleOf: (one) => one })
    room = { store, retention: { imports: 2, days: 3 }, now: () => now }
  })
  afterEach(async () => {
    keeper.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is compared with today within retention; beyond it, is said to be pruned, and when', async () => {
    for (let i = 1; i <= 9; i++) await importDay(i)
    now = '2024-01-10T00:00:00Z'
    expect(await prune(room)).toMatchObject({
      imports: 6,
      scopes: [{ title: 'Scope a', gone: 6, newest: 2, young: 1 }],
    })
    expect(await stored()).toEqual([7, 8, 9])
    const { entities } = delta(await readScope(store, ids[7]!), await readScope(store, ids[9]!))
    expect(counts(entities)).toMatchObject({ added: 1, retired: 1 })
    await expect(readScope(store, ids[2]!)).rejects.toMatchObject({ name: 'CorruptSegment' })
    expect(await whenPruned(store, ids[2]!)).toBe('2024-01-10T00:00:00Z')
    expect(await whenPruned(store, ids[8]!)).toBeUndefined()
  })

  it('stays while a plan, a sign-off or a saved page stands on it, and goes with the last of them', async () => {
    const withKeeper = { ...room, keeper }
    await importDay(1)
    await writePlan(withKeeper, planAt(keeper.snapshot().id), 0)
    await importDay(2)
    const signed = keeper.snapshot().id
    await importDay(3)
    const by = { id: 'ben', name: 'Ben' }
    await addSignOff(withKeeper, {
      ...{ id: 'signaaaaaaaaaaaa', plan: 'planaaaaaaaaaaaa', credential: 'aaaaaaaaaaaaaaaa', system: null },
      ...{ snapshot: signed, op: 'revoke', window: { start: now, end: now }, by, at: now, withdrawn: null },
      ...{ set: [], breakGlass: null },
    })
    await importDay(4)
    await importDay(5)
    await keepScenario(withKeeper, { path: '/blast', at: '2024-01-08T00:00:00Z', snapshot: keeper.snapshot().id })
    for (let i = 6; i <= 9; i++) await importDay(i)
    // Nobody who prunes has seen those snapshots: what they stand on is written down.
    const reply = await prune(room)
    expect(await stored()).toEqual([1, 2, 5, 6, 7, 8, 9])
    expect(reply.references).toEqual([
      { what: 'plan', id: 'planaaaaaaaaaaaa', name: 'Harbour', imports: 2 },
      expect.objectContaining({ what: 'scenario', imports: 1 }),
    ])
    now = '2024-02-10T00:00:00Z'
    await prune(room)
    expect(await stored()).toEqual([1, 2, 8, 9])
    await store.docs.remove('plan', 'planaaaaaaaaaaaa', 1)
    await prune(room)
    expect(await stored()).toEqual([8, 9])
  })

  it('stays, all of it, while a plan of an older version stands on something that nobody wrote down', async () => {
    for (let i = 1; i <= 4; i++) await importDay(i)
    const bytes = new TextEncoder().encode(JSON.stringify(planAt('a snapshot of long ago')))
    await store.docs.put('plan', 'planaaaaaaaaaaaa', 0, bytes)
    expect((await prune(room)).references).toMatchObject([{ imports: null }])
    for (let i = 5; i <= 9; i++) await importDay(i)
    now = '2024-02-10T00:00:00Z'
    await prune(room)
    expect(await stored()).toEqual([1, 2, 3, 4, 8, 9])
  })

  it('stays, all of it, where a plan cannot be read', async () => {
    for (let i = 1; i <= 9; i++) await importDay(i)
    now = '2024-02-10T00:00:00Z'
    await store.docs.put('plan', 'planaaaaaaaaaaaa', 0, new TextEncoder().encode('{}'))
    await expect(prune(room)).rejects.toThrow()
    expect(await stored()).toHaveLength(9)
  })

  it('is in the evidence of a plan that was begun on it, also when it was replaced before the plan changed', async () => {
    const withKeeper = { ...room, keeper }
    await importDay(1)
    now = '2024-01-01T12:00:00Z'
    const plan = planAt(keeper.snapshot().id)
    await writePlan(withKeeper, plan, 0)
    await importDay(2)
    await importDay(3)
    const pack = async (): Promise<{ imports: { id: string }[]; named: unknown[] }> => {
      const { files } = await planFiles(withKeeper, await readPlan(store, plan.id))
      return JSON.parse(files.get('snapshots.json')!) as { imports: { id: string }[]; named: unknown[] }
    }
    const { imports, named } = await pack()
    expect(imports.map(({ id }) => ids.indexOf(id)).sort()).toEqual([1, 2, 3])
    expect(named).toMatchObject([{ of: 'version 1', imports: [ids[1]] }])
  })

  it('is not taken for nothing by an undo that comes too late', async () => {
    for (let i = 1; i <= 3; i++) await importDay(i)
    now = '2024-02-10T00:00:00Z'
    await store.prune({ keep: 1, days: 0, now })
    const undone = undoImport({ store, keeper }, [{ scope: 'a', importId: ids[3]!, before: ids[2] }])
    await expect(undone).rejects.toThrow('was pruned, or never stored')
    expect((await readScope(store, (await store.heads()).get('a')!.importId)).entities.size).toBe(2)
  })

  it('goes once a day, by one of several servers, entered before it goes; never during an import', async () => {
    const entered: string[] = []
    const ledger = {
      append: async (draft: { action: string; outcome: string; detail?: { more?: object } }) =>
        entered.push(`${draft.action} ${draft.outcome} ${JSON.stringify(draft.detail?.more)}`),
    } as never
    let isBusy = true
    const daily = { ...room, ledger, isBusy: () => isBusy, onError: () => expect.fail(), everyMs: 1e9, now: () => now }
    const servers = [pruneDaily(daily), pruneDaily(daily)]
    const look = async (): Promise<number> =>
      (await Promise.all(servers.map((server) => server.look()))).filter(Boolean).length
    for (let i = 1; i <= 2; i++) await importDay(i)
    isBusy = false
    now = '2024-01-20T00:00:00Z'
    expect([await look(), entered]).toEqual([0, []])
    for (let i = 3; i <= 4; i++) await importDay(i)
    now = '2024-01-20T01:00:00Z'
    isBusy = true
    expect(await look()).toBe(0)
    isBusy = false
    expect(await look()).toBe(1)
    expect(await stored()).toEqual([3, 4])
    expect(entered.map((line) => line.replace(/"bytes":\d+/, '').replace(/"segments":\d+,/, ''))).toEqual([
      'store.prune begun {"imports":2,}',
      'store.prune done {"imports":2,}',
    ])
    await importDay(5)
    now = '2024-01-20T12:00:00Z'
    expect(await look()).toBe(0)
    now = '2024-01-21T00:00:00Z'
    expect(await look()).toBe(1)
    expect(await stored()).toEqual([4, 5])
    for (const server of servers) await server.stop()
  })
})

it('the policy is 30 imports or 400 days, unless it is set', () => {
  expect(readConfig({}).retention).toEqual({ imports: 30, days: 400 })
  const set = { KEYFALL_KEEP_IMPORTS: '100', KEYFALL_KEEP_DAYS: '7' }
  expect(readConfig(set).retention).toEqual({ imports: 100, days: 7 })
  expect(() => readConfig({ KEYFALL_KEEP_DAYS: '0' })).toThrow('KEYFALL_KEEP_DAYS')
})
