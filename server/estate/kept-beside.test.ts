import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { embeddedPlace } from '../../test/store/embedded-place.ts'
import { draftOf, factsOf } from '../../test/store/small-estate.ts'
import { buildIfNeeded } from '../bin/build.mjs'
import { throughSeal } from '../seal/open-sealed.ts'
import type { Store } from '../store/contract.ts'
import { writeScope } from '../store/scope-facts.ts'
import { startAnswering, type Answering } from './answering.ts'
import { openKeeper, type Keeper, type KeeperOptions } from './keeper.ts'

const places: { remove(): Promise<void> }[] = []
const open: { keeper: Keeper; store: Store }[] = []
async function closeAll(): Promise<void> {
  for (const { keeper, store } of open.splice(0)) {
    keeper.close()
    await store.close()
  }
}
afterEach(async () => {
  await closeAll()
  for (const place of places.splice(0)) await place.remove()
})
beforeAll(() => buildIfNeeded(['server']), 120_000)

async function newPlace() {
  const place = await embeddedPlace()
  places.push(place)
  return { ...place, file: join(place.folder, 'estate.kept') }
}

async function keep(store: Store, more: Partial<KeeperOptions> = {}): Promise<Keeper> {
  const keeper = await openKeeper({ store, titleOf: (importer) => importer, keptFrom: 0, ...more })
  open.push({ keeper, store })
  return keeper
}

const facts = (word: string) => factsOf({ job: {}, key: { props: { note: word } } }, ['job USES_CREDENTIAL key'])
const put = (store: Store, word: string, expected = 0) => writeScope(store, draftOf('pier'), facts(word), expected)
/** A store whose segments nobody may read. */
function unreadable(store: Store): Store {
  const refuse = (): never => {
    throw new Error('a segment was read')
  }
  return { ...store, readSegments: refuse, readWhole: refuse, beside: { ...store.beside!, readNow: refuse } }
}
const noteOf = (keeper: Keeper): unknown => keeper.estate().entities.find(({ key }) => key === 'key')?.props?.['note']
const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

describe('the estate beside the store', () => {
  it('is written by who built it, and opened without a look at facts', async () => {
    const { open, file } = await newPlace()
    const store = await open()
    await put(store, 'first')
    const built = (await keep(store)).estate()
    expect(isThere(file)).toBe(false)
    await closeAll()
    const keeper = await keep(unreadable(await open()))
    expect({ ...keeper.estate(), indexOf: new Map(keeper.estate().indexOf) }).toEqual(built)
    expect(keeper.snapshot()).toMatchObject({ entities: 2, relationships: 1, sources: 1 })
    await closeAll()
    const again = await keep(await open())
    expect([...again.facts().entities.values()].map(({ key }) => key).sort()).toEqual(['job', 'key'])
    expect(Buffer.from(await again.scope('pier')!.segment(0))).toBeInstanceOf(Buffer)
  })

  it('never stands for what was believed before, and goes when that does', async () => {
    const { open, file } = await newPlace()
    const store = await open()
    await put(store, 'first')
    await keep(store)
    await closeAll()
    const second = await open()
    await put(second, 'second', 1)
    // Open for imports alone, where no estate is made.
    await keep(second, { farFrom: 0 })
    expect(isThere(file)).toBe(false)
    await closeAll()
    const third = await open()
    const keeper = await keep(third)
    expect(noteOf(keeper)).toBe('second')
    await put(third, 'third', 2)
    await keeper.reload()
    expect(noteOf(keeper)).toBe('third')
    await closeAll()
    expect(readFileSync(file).includes('third')).toBe(true)
    expect(readFileSync(file).includes('second')).toBe(false)
  })

  it('is not trusted where it is damaged, and is made anew', async () => {
    const { open, file } = await newPlace()
    const store = await open()
    await put(store, 'first')
    await keep(store)
    await closeAll()
    const whole = readFileSync(file)
    const turned = Buffer.from(whole.toString('latin1').replace('first', 'worst'), 'latin1')
    for (const bytes of [turned, whole.subarray(0, -1), Buffer.alloc(0)]) {
      writeFileSync(file, bytes)
      expect(noteOf(await keep(await open()))).toBe('first')
      await closeAll()
      expect(readFileSync(file)).toEqual(whole)
    }
  })

  it('is not kept of a small estate', async () => {
    const { open, file } = await newPlace()
    const store = await open()
    await put(store, 'first')
    await keep(store)
    await closeAll()
    expect(isThere(file)).toBe(true)
    await keep(await open(), { keptFrom: undefined })
    await closeAll()
    expect(isThere(file)).toBe(false)
  })

  it('never lies beside a sealed store', async () => {
    const { open, file, folder } = await newPlace()
    writeFileSync(file, 'left by somebody', { mode: 0o600 })
    const settings = { way: 'keyfile' as const, secret: async () => Buffer.alloc(32, 7) }
    const environment = { KEYFALL_AUDIT_KEY_FILE: join(folder, 'audit-key') }
    const store = await throughSeal(await open(), { settings, environment })
    expect([isThere(file), store.beside]).toEqual([false, undefined])
    await put(store, 'first')
    expect(noteOf(await keep(store))).toBe('first')
    await closeAll()
    expect(isThere(file)).toBe(false)
  })

  it('is opened by the thread that answers, or built there and written', async () => {
    const { open, file } = await newPlace()
    const store = await open()
    await put(store, 'first')
    const asked = async (answering: Answering | undefined): Promise<string> => {
      const question = { route: 'GET /api/estate', params: {}, query: {}, body: undefined, now: '2026-03-02T08:00:00Z' }
      return Buffer.from((await answering!.ask(question))!).toString('utf8')
    }
    const first = await asked((await keep(store, { apartFrom: 0 })).answering!())
    await expect.poll(() => isThere(file), { timeout: 20_000 }).toBe(true)
    await closeAll()
    const whole = readFileSync(file)
    const damaged = Buffer.concat([whole.subarray(0, -1), Buffer.from([whole.at(-1)! ^ 1])])
    writeFileSync(file, damaged)
    expect(await asked((await keep(await open(), { apartFrom: 0 })).answering!())).toBe(first)
    await expect.poll(() => readFileSync(file).equals(whole), { timeout: 20_000 }).toBe(true)
    const name = whole.toString('latin1', 16, 80)
    const never = new Promise<never>(() => {})
    // Also where it says that it can answer before it has made what many answers share.
    for (const isAwaited of [false, true]) {
      const nobody = (): void => undefined
      const fromFile = await startAnswering(() => never, { path: file, name }, nobody, nobody, isAwaited)
      const answers = await Promise.all([asked(fromFile), asked(fromFile)])
      expect(answers).toEqual([first, first])
      fromFile.retire()
    }
  })
})
