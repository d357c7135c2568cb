import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { entityKinds, type EntityKind } from '../kinds/entity-kinds.ts'
import { estateOf } from '../reach/estate.test-data.ts'
import { AroundReply, MapCellReply, MapReply } from '../wire-map.ts'
import { answerAround } from './map-around.ts'
import { answerMap, answerMapCell } from './map.ts'

const kinds: readonly EntityKind[] = [
  'business.system',
  'k8s.deployment',
  'k8s.secret_object',
  'aws.iam_access_key',
  'aws.iam_user',
]
const arrows = {
  'business.system': ['DEPENDS_ON'],
  'k8s.deployment': ['USES_SECRET', 'USES_CREDENTIAL', 'DEPENDS_ON', 'OWNED_BY'],
  'k8s.secret_object': ['HOLDS', 'SYNCED_FROM'],
  'aws.iam_access_key': ['AUTHENTICATES_AS', 'ISSUED_BY'],
  'aws.iam_user': ['CAN_MANAGE', 'CAN_ACCESS', 'MEMBER_OF'],
} as const

/** Random estates: up to 24 things of five kinds, arrows of the kinds each may have, some seen in a log. */
const estates = fc
  .array(fc.nat(kinds.length - 1), { minLength: 2, maxLength: 24 })
  .chain((of) =>
    fc
      .array(fc.tuple(fc.nat(of.length - 1), fc.nat(of.length - 1), fc.nat(3), fc.boolean()), { maxLength: 60 })
      .map((joins) => ({ of, joins })),
  )
  .map(({ of, joins }) => {
    const entities = of.map((kind, i): EntityFact => ({ id: `thing:${i}`, kind: kinds[kind]!, name: `thing ${i}` }))
    const relationships = joins.flatMap(([a, b, which, seen]): RelationshipFact[] => {
      const may = arrows[kinds[of[a]!] as keyof typeof arrows]
      const kind = may[which % may.length]!
      return a === b
        ? []
        : [
            {
              ...{ kind, from: `thing:${a}`, to: `thing:${b}` },
              evidence: [{ source: 'test', kind: seen ? ('observed' as const) : ('declared' as const) }],
            },
          ]
    })
    return estateOf(entities, relationships)
  })

/** What a side leads to through things of hidden kinds alone, found by following every arrow until nothing is new. */
function bruteBeside(estate: Estate, focus: number, side: 'up' | 'down', hidden: ReadonlySet<string>): Set<number> {
  const shown = new Set<number>()
  const passed = new Set([focus])
  for (let grown = true; grown;) {
    grown = false
    for (const relationship of estate.relationships) {
      const { from, to } = ends(estate, relationship)
      const [near, far] = side === 'up' ? [from, to] : [to, from]
      if (!passed.has(near) || far === focus) continue
      const into = hidden.has(estate.entities[far]!.kind) ? passed : shown
      if (!into.has(far)) grown = true
      into.add(far)
    }
  }
  return shown
}

const everything = (estate: Estate, id: string, hide: string): AroundReply => {
  const { groups } = answerAround(estate, id, { hide, open: 'none' })
  return answerAround(estate, id, { hide, open: groups.map((group) => group.id).join(',') })
}

describe('what stands around one thing', () => {
  const hides = fc.subarray([...kinds])

  test.prop([estates, hides], { numRuns: 60 })('is what the arrows say, counted exactly', (estate, hide) => {
    const hidden = new Set<string>(hide)
    estate.entities.forEach(({ id }, focus) => {
      const reply = AroundReply.parse(everything(estate, id, hide.join(',')))
      for (const side of ['up', 'down'] as const) {
        const groups = reply.groups.filter((group) => group.side === side)
        const ids = groups.flatMap(({ things }) => things.map((thing) => thing.id))
        const wanted = [...bruteBeside(estate, focus, side, hidden)].map((index) => estate.entities[index]!.id)
        expect(ids.toSorted()).toEqual(wanted.sort())
        expect(reply[side]).toBe(wanted.length)
        for (const { count, implied, things, kind } of groups) {
          expect(count).toBe(things.length)
          expect(implied).toBe(things.filter((thing) => thing.implied).length)
          expect(hidden.has(kind)).toBe(false)
        }
      }
    })
  })

  test.prop([estates, hides], { numRuns: 40 })('hiding loses no way between two shown things', (estate, hide) => {
    const hidden = new Set<string>(hide)
    const shown = estate.entities.flatMap(({ kind }, index) => (hidden.has(kind) ? [] : [index]))
    const next = new Map(
      shown.map((index) => {
        const { groups } = everything(estate, estate.entities[index]!.id, hide.join(','))
        const up = groups.filter(({ side }) => side === 'up').flatMap(({ things }) => things)
        return [index, up.map(({ id }) => estate.indexOf.get(id)!)] as const
      }),
    )
    for (const from of shown) {
      const whole = closure(from, (at) =>
        [...along(estate.out, at)].map((number) => ends(estate, estate.relationships[number]!).to),
      )
      const left = closure(from, (at) => next.get(at) ?? [])
      expect([...left].sort()).toEqual([...whole].filter((index) => !hidden.has(estate.entities[index]!.kind)).sort())
    }
  })

  test.prop([estates, hides], { numRuns: 40 })(
    'a chain is one of arrows, through hidden things alone',
    (estate, hide) => {
      const hidden = new Set<string>(hide)
      const titles = new Set([...hidden].map((kind) => entityKinds[kind as EntityKind].title))
      for (const { id } of estate.entities)
        for (const { things } of everything(estate, id, hide.join(',')).groups)
          for (const { implied, name } of things) {
            if (!implied) continue
            expect(implied.length).toBeGreaterThan(1)
            expect(implied.at(-1)!.name).toBe(name)
            for (const hop of implied.slice(0, -1)) expect(titles).toContain(hop.title)
          }
    },
  )

  test.prop([estates])('opening a group changes neither the order nor the counts of any', (estate) => {
    const { id } = estate.entities[0]!
    const shape = (open: string) =>
      answerAround(estate, id, { open }).groups.map(({ id: group, count }) => `${group} ${count}`)
    const folded = shape('none')
    for (const group of folded) expect(shape(group.split(' ')[0]!)).toEqual(folded)
  })

  it('keeps what may be done apart from what is needed', () => {
    const estate = estateOf(
      [
        { id: 'aws:user:a', kind: 'aws.iam_user', name: 'a' },
        { id: 'aws:user:b', kind: 'aws.iam_user', name: 'b' },
      ],
      [
        { kind: 'CAN_ACCESS', from: 'aws:user:a', to: 'aws:bucket:quiet' },
        {
          ...{ kind: 'CAN_ACCESS', from: 'aws:user:a', to: 'aws:bucket:read' },
          evidence: [{ source: 'cloudtrail', kind: 'observed' as const }],
        },
        { kind: 'CAN_ESCALATE_TO', from: 'aws:user:a', to: 'aws:user:b' },
      ],
    )
    const { groups } = answerAround(estate, idOf('aws:user:a'), { open: 'none' })
    expect(groups.map(({ nature, count }) => `${nature} ${count}`)).toEqual(['needs 1', 'may 1', 'may 1'])
  })

  it('pages a hub of 20,000 by 25, and names of the trail come along', () => {
    const estate = hub(20_000)
    const id = idOf('aws:key:hub')
    const group = 'down.needs.k8s.deployment'
    const reply = answerAround(estate, id, { open: `${group}*800`, trail: `${idOf('k8s:app:7')},zzz` })
    const one = reply.groups.find(({ id: its }) => its === group)!
    expect([reply.down, one.count, one.pages, one.page, one.things.length]).toEqual([20_000, 20_000, 800, 800, 25])
    expect(reply.trail.map(({ name }) => name)).toEqual(['app 7'])
    expect(JSON.stringify(reply).length).toBeLessThan(40_000)
    const all = new Set<string>()
    for (let page = 1; page <= 20; page++)
      for (const { things } of answerAround(estate, id, { open: `${group}*${page}`, size: 1_000 }).groups)
        for (const thing of things) all.add(thing.id)
    expect(all.size).toBe(20_000)
  })

  it('an id that is not known is said so', () => {
    expect(() => answerAround(hub(1), 'a'.repeat(16), {})).toThrow(/nothing with the id/)
  })
})

function closure(from: number, next: (at: number) => readonly number[]): Set<number> {
  const seen = new Set<number>()
  const queue = [from]
  while (queue.length > 0)
    for (const to of next(queue.pop()!))
      if (!seen.has(to)) {
        seen.add(to)
        queue.push(to)
      }
  return seen.add(from)
}

function hub(count: number): Estate {
  const apps = Array.from({ length: count }, (_, i) => i)
  return estateOf(
    apps.map((i): EntityFact => ({ id: `k8s:app:${i}`, kind: 'k8s.deployment', name: `app ${i}` })),
    apps.map((i): RelationshipFact => ({ kind: 'USES_CREDENTIAL', from: `k8s:app:${i}`, to: 'aws:key:hub' })),
  )
}

/** Systems of some owners, each with one app; `uses` says which app uses which credential, `needs` which system which. */
function systemsOf(
  owners: readonly (string | null)[],
  uses: readonly (readonly [number, number])[],
  needs: readonly (readonly [number, number])[],
): Estate {
  const entities = owners.flatMap((owner, i): EntityFact[] => [
    { id: `system:${i}`, kind: 'business.system', name: `System ${i}`, props: owner === null ? {} : { owner } },
    { id: `app:${i}`, kind: 'k8s.deployment', name: `app ${i}` },
  ])
  const keys = [...new Set(uses.map(([, key]) => key))]
  return estateOf(
    [
      ...entities,
      ...keys.map((key): EntityFact => ({ id: `key:${key}`, kind: 'aws.iam_access_key', name: `key ${key}` })),
    ],
    [
      ...owners.map((_, i): RelationshipFact => ({ kind: 'DEPENDS_ON', from: `system:${i}`, to: `app:${i}` })),
      ...uses.map(([app, key]): RelationshipFact => ({
        kind: 'USES_CREDENTIAL',
        from: `app:${app}`,
        to: `key:${key}`,
      })),
      ...needs.map(([a, b]): RelationshipFact => ({ kind: 'DEPENDS_ON', from: `system:${a}`, to: `system:${b}` })),
    ],
  )
}

const small = fc.integer({ min: 2, max: 9 }).chain((count) =>
  fc.tuple(
    fc.array(fc.constantFrom('Payments', 'Storefront', null), { minLength: count, maxLength: count }),
    fc.array(fc.tuple(fc.nat(count - 1), fc.nat(5)), { maxLength: 30 }),
    fc.uniqueArray(
      fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).filter(([a, b]) => a !== b),
      {
        maxLength: 12,
        selector: ([a, b]) => `${a} ${b}`,
      },
    ),
  ),
)

describe('systems by systems', () => {
  test.prop([small], { numRuns: 60 })('every cell holds exactly what is shared and needed', ([owners, uses, needs]) => {
    const estate = systemsOf(owners, uses, needs)
    const reply = MapReply.parse(answerMap(estate, {}))
    const usersOf = (key: number): Set<number> => new Set(uses.flatMap(([app, one]) => (one === key ? [app] : [])))
    const keys = [...new Set(uses.map(([, key]) => key))]
    const numberOf = (row: number): number => Number(reply.rows[row]!.name.split(' ')[1])
    const told = new Map(reply.cells.map(([y, x, shared, need]) => [`${numberOf(y)} ${numberOf(x)}`, [shared, need]]))
    for (let a = 0; a < owners.length; a++)
      for (let b = 0; b < owners.length; b++) {
        const shared = a === b ? 0 : keys.filter((key) => usersOf(key).has(a) && usersOf(key).has(b)).length
        const need = needs.filter(([from, to]) => from === a && to === b).length
        expect(told.get(`${a} ${b}`) ?? [0, 0]).toEqual([shared, need])
        if (shared + need === 0) continue
        const cell = MapCellReply.parse(
          answerMapCell(estate, { row: idOf(`system:${a}`), column: idOf(`system:${b}`) }),
        )
        expect([cell.shared, cell.dependencies, cell.credentials.length]).toEqual([shared, need, shared])
      }
    expect(reply.rows.map(({ domain }) => domain)).toEqual(
      owners.toSorted((x, y) => (x === y ? 0 : x === null ? 1 : y === null ? -1 : x < y ? -1 : 1)),
    )
  })

  it('beyond 120 systems it folds by owner, says so, and each fold opens', () => {
    const owners = Array.from({ length: 300 }, (_, i) => ['Payments', 'Storefront', null][i % 3]!)
    const estate = systemsOf(owners, [[0, 1], [1, 1], [3, 1]], [[0, 4]]) // prettier-ignore
    const reply = answerMap(estate, {})
    expect(reply.rows.map(({ name, systems }) => `${name} ${systems}`)).toEqual([
      'Payments 100', 'Storefront 100', 'No owner known 100',
    ]) // prettier-ignore
    expect(reply.folded).toContain('300 of 300 systems stand folded in 3 rows')
    expect(reply.cells).toEqual([[0, 0, 1, 0], [0, 1, 1, 1], [1, 0, 1, 0]]) // prettier-ignore
    const inside = answerMap(estate, { in: reply.rows[0]!.id })
    expect([inside.rows.length, inside.systems, inside.folded]).toEqual([100, 100, null])
    expect(inside.cells.map(([, , shared]) => shared)).toEqual([1, 1])
    expect(() => answerMap(estate, { in: 'nothere' })).toThrow(/no such group/)
  })

  it('has at most 120 rows however many systems there are, and loses none', () => {
    const reply = answerMap(systemsOf(Array.from({ length: 1_003 }, () => null), [], []), {}) // prettier-ignore
    expect(reply.rows.length).toBeLessThanOrEqual(120)
    expect(reply.rows.reduce((sum, { systems }) => sum + systems, 0)).toBe(1_003)
  })
})
