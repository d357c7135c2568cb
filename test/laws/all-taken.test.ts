import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { availability } from '../../graph/answer/operations.ts'
import type { Estate } from '../../graph/estate/build.ts'
import { idOf } from '../../graph/ids.ts'
import { entityKinds } from '../../graph/kinds/entity-kinds.ts'
import { allTaken } from '../../graph/plan/all-taken.ts'
import { answerKept } from '../../graph/plan/answer-kept.ts'
import { answerPlan } from '../../graph/plan/answer-plan.ts'
import type { KeptPlan } from '../../graph/plan/kept-plan.ts'
import { unpreparedOf } from '../../graph/plan/together.ts'
import type { Operation } from '../../graph/wire.ts'
import { world } from './random-plan.ts'
import { estateOfWorld, type ReachWorld } from './random-reach.ts'

/** One workload that signs in with either of two keys: no change of one key breaks it, the two of them do. */
const ferry: ReachWorld = {
  entities: [
    { id: 'key-a', kind: 'aws.iam_access_key' },
    { id: 'key-b', kind: 'aws.iam_access_key' },
    { id: 'ferry-api', kind: 'generic.workload' },
  ],
  relationships: [
    { kind: 'USES_CREDENTIAL', from: 'ferry-api', to: 'key-a', need: 'login' },
    { kind: 'USES_CREDENTIAL', from: 'ferry-api', to: 'key-b', need: 'login' },
  ],
}
const estate = estateOfWorld(ferry)
const now = '2026-11-01T00:00:00Z'
const by = { id: 'author', name: 'Cloud platform' }
const keys = ['key-a', 'key-b']

function kept(parts: Partial<KeptPlan>): KeptPlan {
  const wave = (number: number, credentials: string[]) => ({
    ...{ title: '', pilot: false, credentials: credentials.map(idOf) },
    ...{ start: `2026-12-0${number}T09:00:00Z`, end: `2026-12-0${number}T13:00:00Z` },
  })
  return {
    ...{ id: 'plan', name: 'Ferry', status: 'draft', created: { by, at: now }, authors: [by], log: [] },
    ...{ freezes: [], names: [], exceptions: [], done: [], asks: [] },
    items: keys.map((name) => ({ credential: idOf(name), name, op: 'disable', proposal: null })),
    waves: [wave(1, ['key-a']), wave(2, ['key-b'])],
    ...parts,
  }
}
const conflictsOf = (plan: KeptPlan) =>
  answerKept(estate, { plan, version: 1, signOffs: [] }, now).waves.map(({ conflicts }) =>
    conflicts.filter(({ kind }) => kind === 'together'),
  )

describe('two keys that are each other’s fallback', () => {
  it('hold a plan up in the wave that takes the last of them, also where each has a wave of its own', () => {
    const [first, second] = conflictsOf(kept({}))
    expect(first).toEqual([])
    expect(second).toMatchObject([{ blocks: true, credentials: keys.map(idOf) }])
    expect(second![0]!.words).toContain('ferry-api breaks although no single change breaks it')
    const { blockers } = answerKept(estate, { plan: kept({}), version: 1, signOffs: [] }, now)
    expect(blockers.some(({ kind, words }) => kind === 'conflict' && words.includes('ferry-api'))).toBe(true)
  })

  it('do so still when the first is cut, and not where one of them stays or is rotated', () => {
    const cut = { credential: idOf('key-a'), step: 'cut: Disable', by, at: now, proof: 'seen' }
    expect(conflictsOf(kept({ status: 'running', done: [cut] }))[1]).toHaveLength(1)
    const stays = { id: 'x', credential: idOf('key-b'), what: 'stays', risk: 'high', owner: 'Ops', reason: 'kept', until: '2027-01-01', by, at: now } as const // prettier-ignore
    expect(conflictsOf(kept({ exceptions: [stays] })).flat()).toEqual([])
    const rotated = kept({}).items.map((one, at) => (at === 0 ? { ...one, op: null } : one))
    expect(conflictsOf(kept({ items: rotated })).flat()).toEqual([])
  })

  it('can be looked at where a wave has nothing left to change: all of it stays, or is in no source any more', () => {
    const lost = { credential: 'gone000000000000', name: 'gone-key', op: null, proposal: null }
    const [first, second] = kept({}).waves
    const plan = kept({
      items: [kept({}).items[0]!, lost],
      waves: [first!, { ...second!, credentials: [lost.credential] }],
    })
    const { waves, conflicts, ready } = answerKept(estate, { plan, version: 1, signOffs: [] }, now)
    expect([waves[1]!.prepared.breaks, ready, conflicts.map(({ kind }) => kind)]).toEqual([0, false, ['gone']])
  })

  it('make a plan that nobody keeps not ready either', () => {
    const { ready, waves } = answerPlan(estate, { credentials: keys.map(idOf).join(','), op: 'disable' }, now)
    expect(ready).toBe(false)
    expect(waves.flatMap(({ conflicts }) => conflicts.map(({ kind }) => kind))).toContain('together')
  })
})

const credentialsIn = ({ entities }: Estate): number[] =>
  entities.flatMap(({ kind }, index) => (entityKinds[kind].role === 'credential' ? [index] : []))

test.prop(
  [world, fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }), fc.constantFrom<Operation>('disable', 'revoke')],
  { numRuns: 60 },
)('whoever breaks by all changes of a plan breaks by one of them alone, or is named', (one, places, op) => {
  const random = estateOfWorld(one)
  const members = credentialsIn(random).filter((index) => availability(random.entities[index]!, op).available)
  const waves = [0, 1, 2].map((wave) =>
    members.filter((_, at) => places[at % places.length] === wave).map((credential) => ({ credential, op })),
  )
  const found = allTaken(random, waves).flatMap((conflict) => conflict ?? [])
  const alone = new Set(members.flatMap((index) => unpreparedOf(random, [index]).breaks))
  const only = [...unpreparedOf(random, members).breaks].filter((index) => !alone.has(index))
  expect(found.length > 0 || only.length === 0).toBe(true)
  for (const { credentials } of found) expect(credentials.length).toBeGreaterThan(1)
})
