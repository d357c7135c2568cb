import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canonical } from '../../graph/canonical.ts'
import type { KnownFacts } from '../../graph/known.ts'
import { segmentsOf } from '../../graph/segments.ts'
import type { Store } from '../../server/store/contract.ts'
import { sha256 } from '../../server/store/hashing.ts'
import { readScope, restoreImport, writeScope } from '../../server/store/scope-facts.ts'
import { draftOf, factsOf } from './small-estate.ts'

/** One place for data that can be opened, closed and opened again. */
export interface StoreUnderTest {
  open(): Promise<Store>
  remove(): Promise<void>
}

const first = factsOf({ key: { kind: 'generic.credential' }, job: { kind: 'generic.workload' } }, [
  'job USES_CREDENTIAL key',
])
const second = factsOf({ key: { kind: 'generic.credential', name: 'The key' } })
const text = (facts: KnownFacts): string => [...segmentsOf(facts)].map((segment) => segment.text).join('')
const bytes = (of: string): Uint8Array => Buffer.from(of)
const named = (name: string): object => ({ name })

/** The suite that every store passes. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} store`, () => {
    let place: StoreUnderTest
    let store: Store
    const reopened = async (): Promise<Store> => {
      await store.close()
      return (store = await place.open())
    }
    const believed = async (scope: string): Promise<string> =>
      text(await readScope(store, (await store.heads()).get(scope)!.importId))

    beforeEach(async () => {
      place = await make()
      store = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await place.remove()
    })

    it('believes an import from its commit on, also after a restart', async () => {
      expect(await store.heads()).toEqual(new Map())
      const written = await writeScope(store, draftOf('a'), first, 0)
      expect(written).toMatchObject({ changed: true, head: { generation: 1 } })
      expect(await believed('a')).toBe(text(first))
      await reopened()
      expect(await believed('a')).toBe(text(first))
      const head = (await store.heads()).get('a')!
      const { id, seq, generation, segments, root, ...draft } = (await store.manifest(head.importId))!
      expect(draft).toEqual(draftOf('a'))
      expect({ importId: id, seq, generation }).toEqual(head)
      expect(segments).toHaveLength(256)
      expect(root).toMatch(/^[0-9a-f]{64}$/)
    })

    it('shows nothing of what is staged, and forgets it when it is aborted or the store closes', async () => {
      await writeScope(store, draftOf('a'), first, 0)
      for (const end of ['abort', 'close'] as const) {
        const staging = await store.stage(draftOf('a'))
        for (const { bucket, text } of segmentsOf(second)) await staging.put(bucket, sha256(text), bytes(text))
        expect((await store.heads()).get('a')!.generation).toBe(1)
        expect(await store.manifest(staging.id)).toBeUndefined()
        if (end === 'abort') await staging.abort()
        else await reopened()
        expect(await believed('a')).toBe(text(first))
        expect(await store.imports('a')).toHaveLength(1)
      }
    })

    it('takes the same facts twice as no change', async () => {
      const written = await writeScope(store, draftOf('a'), first, 0)
      const heads = await store.heads()
      const again = await writeScope(store, draftOf('a', { at: '2026-01-01T00:00:00Z' }), first, 1)
      expect(again).toEqual({ changed: false, importId: written.changed && written.manifest.id })
      expect(await store.heads()).toEqual(heads)
      expect(await store.imports('a')).toHaveLength(1)
    })

    it('lets one of two imports of one scope win', async () => {
      const [one, two] = [await store.stage(draftOf('a')), await store.stage(draftOf('a'))]
      for (const { bucket, text } of segmentsOf(first)) await one.put(bucket, sha256(text), bytes(text))
      for (const { bucket, text } of segmentsOf(second)) await two.put(bucket, sha256(text), bytes(text))
      const outcomes = await Promise.allSettled([one.commit(0), two.commit(0)])
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: named('ScopeMoved') })
      const winner = outcomes[0].status === 'fulfilled' ? first : second
      expect(await believed('a')).toBe(text(winner))
      await expect(writeScope(store, draftOf('a'), second, 0)).rejects.toMatchObject(named('ScopeMoved'))
    })

    it('keeps scopes apart', async () => {
      await writeScope(store, draftOf('a'), first, 0)
      await writeScope(store, draftOf('b'), second, 0)
      expect([...(await store.heads()).keys()].sort()).toEqual(['a', 'b'])
      expect(await believed('a')).toBe(text(first))
      expect(await believed('b')).toBe(text(second))
    })

    it('undoes by making an earlier import the head again', async () => {
      const written = await writeScope(store, draftOf('a'), first, 0)
      await writeScope(store, draftOf('a'), second, 1)
      const earlier = written.changed ? written.manifest : expect.fail('nothing was written')
      const undone = await restoreImport(store, earlier.id, 2, '2025-03-02T08:00:00Z')
      expect(undone.manifest).toMatchObject({ restores: earlier.id, root: earlier.root, generation: 3 })
      expect(await believed('a')).toBe(text(first))
      const history = await store.imports('a')
      expect(history.map(({ generation }) => generation)).toEqual([3, 2, 1])
      expect(history.map(({ seq }) => seq)).toEqual(history.map(({ seq }) => seq).sort((a, b) => b - a))
    })

    it('pages history', async () => {
      for (let i = 0; i < 4; i++) await writeScope(store, draftOf('a'), factsOf({ [`thing ${i}`]: {} }), i)
      const newest = await store.imports('a', { limit: 2 })
      const rest = await store.imports('a', { before: newest.at(-1)!.seq })
      expect([...newest, ...rest].map(({ generation }) => generation)).toEqual([4, 3, 2, 1])
    })

    it('prunes what is old and beyond the number kept, never a head, never what is pinned', async () => {
      const at = (day: number): string => `2025-01-0${day}T00:00:00Z`
      for (let i = 0; i < 5; i++)
        await writeScope(store, draftOf('a', { at: at(i + 1) }), factsOf({ [`t${i}`]: {} }), i)
      await writeScope(store, draftOf('b', { at: at(1) }), first, 0)
      const [, , third, pinned] = await store.imports('a')
      const policy = { keep: 1, days: 4, now: '2025-01-08T00:00:00Z', pinned: [pinned!.id] }
      const foretold = await store.prune({ ...policy, dryRun: true })
      expect(await store.imports('a')).toHaveLength(5)
      const report = await store.prune(policy)
      expect([report.imports, report.bytes, report.scopes]).toEqual([foretold.imports, foretold.bytes, foretold.scopes])
      expect(report.scopes).toEqual([
        { scope: 'a', gone: 2, from: at(1), to: at(3), newest: 1, young: 1, referred: 1 },
        { scope: 'b', gone: 0, from: null, to: null, newest: 1, young: 0, referred: 0 },
      ])
      expect((await store.imports('a')).map(({ generation }) => generation)).toEqual([5, 4, 2])
      expect(new Set(report.imports).has(third!.id)).toBe(true)
      expect(report.imports).toHaveLength(2)
      expect(await believed('b')).toBe(text(first))
      expect(await believed('a')).toBe(text(factsOf({ t4: {} })))
      await expect(readScope(store, third!.id)).rejects.toMatchObject(named('CorruptSegment'))
      await reopened()
      expect(text(await readScope(store, pinned!.id))).toBe(text(factsOf({ t1: {} })))
      expect((await store.prune(policy)).imports).toEqual([])
    })

    it('prunes while others import what goes: it stays, and nobody is told that it is missing', async () => {
      const at = (day: number): string => `2025-01-0${day}T00:00:00Z`
      for (let i = 0; i < 6; i++)
        await writeScope(store, draftOf('a', { at: at(i + 1) }), factsOf({ [`t${i % 3}`]: {}, [`u${i}`]: {} }), i)
      const policy = { keep: 1, days: 0, now: '2025-02-08T00:00:00Z' }
      const again = factsOf({ t0: {}, u0: {}, u1: {}, u2: {} })
      const [one, other] = await Promise.all([
        store.prune(policy),
        store.prune(policy),
        writeScope(store, draftOf('b', { at: at(9) }), again, 0),
      ])
      expect(new Set([...one.imports, ...other.imports]).size).toBe(5)
      await reopened()
      expect(await believed('b')).toBe(text(again))
      expect(await believed('a')).toBe(text(factsOf({ t2: {}, u5: {} })))
      expect(await store.imports('a')).toHaveLength(1)
      for await (const finding of store.verify()) expect(finding).toBeUndefined()
    })

    it('refuses a segment that is not what its hash says, and an import with a segment too few', async () => {
      const staging = await store.stage(draftOf('a'))
      await expect(staging.put(0, sha256('one'), bytes('two'))).rejects.toMatchObject(named('CorruptSegment'))
      await expect(staging.keep(0, sha256('never stored'))).rejects.toMatchObject(named('CorruptSegment'))
      await staging.put(0, sha256(''), bytes(''))
      await expect(staging.commit(0)).rejects.toThrow()
      expect(await store.heads()).toEqual(new Map())
    })

    it('reads the buckets asked for', async () => {
      await writeScope(store, draftOf('a'), first, 0)
      const { importId } = (await store.heads()).get('a')!
      const read: number[] = []
      for await (const { bucket } of store.readSegments(importId, [7, 3])) read.push(bucket)
      expect(read).toEqual([7, 3])
    })

    it('holds any text literally', async () => {
      const names = [
        '`) DETACH DELETE n //',
        "'; DROP TABLE scope; --",
        '${1+1}',
        '\u202e\u0000\ud800',
        '__proto__',
        '𝕏',
      ]
      const facts = factsOf(Object.fromEntries(names.map((name, i) => [`k${i}`, { name, props: { owner: name } }])))
      await writeScope(store, draftOf(names[0]!, { scopeTitle: names[1]! }), facts, 0)
      await reopened()
      expect(await believed(names[0]!)).toBe(text(facts))
      expect((await store.imports(names[0]!))[0]!.scopeTitle).toBe(names[1])
    })

    it('tells who watches which scopes have a new head', async () => {
      const seen: string[] = []
      const stop = store.watch((changed) => seen.push(...changed))
      await writeScope(store, draftOf('a'), first, 0)
      await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['a'])
      stop()
      await writeScope(store, draftOf('b'), first, 0)
      expect(seen).toEqual(['a'])
    })

    it('keeps documents by version', async () => {
      const { docs } = store
      expect(await docs.get('plan', 'p1')).toBeUndefined()
      expect(await docs.put('plan', 'p1', 0, bytes('one'))).toBe(1)
      await expect(docs.put('plan', 'p1', 0, bytes('two'))).rejects.toMatchObject(named('VersionConflict'))
      expect(await docs.put('plan', 'p1', 1, bytes('two'))).toBe(2)
      const doc = (await docs.get('plan', 'p1'))!
      expect([doc.version, Buffer.from(doc.bytes).toString()]).toEqual([2, 'two'])
      await docs.put('plan', 'p0', 0, bytes('three'))
      await docs.put('user', 'p1', 0, bytes('four'))
      expect(await docs.list('plan')).toEqual([
        { id: 'p0', version: 1 },
        { id: 'p1', version: 2 },
      ])
      await expect(docs.remove('plan', 'p1', 1)).rejects.toMatchObject(named('VersionConflict'))
      await docs.remove('plan', 'p1', 2)
      expect(await docs.get('plan', 'p1')).toBeUndefined()
    })

    it('appends to audit chains without a gap', async () => {
      const { audit } = store
      expect([await audit.last('c'), await audit.chains()]).toEqual([0, []])
      await audit.append('d', 1, 'other')
      for (const [at, body] of ['one', 'two', '\u202e"'].entries()) await audit.append('c', at + 1, body)
      for (const wrong of [0, 2, 3, 5])
        await expect(audit.append('c', wrong, 'x')).rejects.toMatchObject(named('VersionConflict'))
      const race = await Promise.allSettled(['left', 'right'].map((body) => audit.append('c', 4, body)))
      expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      await reopened()
      expect((await store.audit.read('c', 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
      expect(await store.audit.read('c', 1, 2)).toEqual([
        { seq: 2, body: 'two' },
        { seq: 3, body: '\u202e"' },
      ])
      expect([await store.audit.last('c'), await store.audit.chains()]).toEqual([4, ['c', 'd']])
    })

    it('is well: ready, and nothing found by verify', async () => {
      await writeScope(store, draftOf('a'), first, 0)
      await store.docs.put('plan', 'p', 0, bytes('x'))
      expect(await store.health()).toMatchObject({ ready: true })
      const findings: string[] = []
      for await (const finding of store.verify()) findings.push(canonical(finding))
      expect(findings).toEqual([])
    })
  })
}
