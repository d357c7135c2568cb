import { fc, test } from '@fast-check/vitest'
import { expect, it } from 'vitest'
import { standingOf, type Columns } from '../../graph/index/columns.ts'
import { CLASS_WIDTH, type FlatIndex } from '../../graph/index/flat-index.ts'
import { edgesOf, indexOf } from '../../graph/index/index-of.ts'
import { editedColumns } from '../../graph/index/overlay-columns.ts'
import { edgesNow, edit, suppose, type OverlayEdits } from '../../graph/index/overlay-edit.ts'
import { groundOf } from '../../graph/index/overlay-ground.ts'
import { overlayOf, type Overlay } from '../../graph/index/overlay.ts'
import { WIDE } from '../../graph/index/sections.ts'
import { sealSnapshot } from '../../graph/index/snapshot.ts'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import { boardFor } from '../../graph/outage/flat-board.ts'
import { flatOutages, type FlatOutages } from '../../graph/outage/flat-outages.ts'
import { goodBoardFor } from '../../graph/outage/for-good-board.ts'
import { outagesForGood } from '../../graph/outage/for-good-outages.ts'
import { countFalls, fallCounterFor } from '../../graph/reach/fall-counter.ts'
import { fallAt, fallPlaceFor } from '../../graph/reach/fall.ts'
import { fallViewOf } from '../../graph/reach/fall-view.ts'

/** Kinds of every channel, those that carry compromise either way, and one that is only ever seen. */
const kinds = [
  'DEPENDS_ON',
  'DEPENDS_ON',
  'USES_SECRET',
  'USES_CREDENTIAL',
  'HOLDS',
  'SYNCED_FROM',
  'AUTHENTICATES_AS',
  'CAN_ACCESS',
  'CONTAINED_IN',
  'MEMBER_OF',
  'OWNED_BY',
].map((name) => relationshipKindNames.indexOf(name as never))
const things = ['aws.iam_user', 'aws.iam_access_key', 'vault.kv2_secret', 'business.system', 'host'].map((name) =>
  Math.max(0, entityKindNames.indexOf(name as never)),
)
const timings = [
  [0, 0, 0, 0, Infinity, Infinity, 0],
  [60, 600, 0, 0, Infinity, Infinity, 0],
  [0, 0, 30, 900, 0, 60, 0],
  [0, Infinity, 0, 0, 0, Infinity, 3600],
]

interface Drawn {
  readonly from: number
  readonly to: number
  readonly kind: number
  readonly standing: number
  readonly need: number
  readonly timing: number
}

const relationship = fc.record({
  from: fc.nat(999),
  to: fc.nat(999),
  kind: fc.constantFrom(...kinds),
  standing: fc
    .tuple(
      fc.constantFrom('confirmed', 'confirmed', 'confirmed', 'possible', 'none'),
      fc.constantFrom('hard', 'hard', 'soft'),
      fc.boolean(),
    )
    .map(([confidence, strength, noReach]) => standingOf(confidence as never, strength as never, noReach)),
  need: fc.constantFrom(-1, -1, 0, 0, 1),
  timing: fc.constantFrom(0, 0, 1, 2),
})
const estate = fc.record({
  entities: fc.array(fc.constantFrom(...things), { minLength: 2, maxLength: 9 }),
  relationships: fc.array(relationship, { maxLength: 30 }),
})
/** What to take out, by its place among what is there; what to add, with seconds that the base may not have. */
const change = fc.record({
  removed: fc.array(fc.nat(999), { maxLength: 4 }),
  added: fc.array(
    relationship.map((one) => ({ ...one, timing: one.timing === 2 ? timings[3]! : one.timing })),
    { maxLength: 4 },
  ),
  entities: fc.array(fc.constantFrom(...things), { maxLength: 1 }),
})
const steps = fc.array(fc.record({ lasting: change, supposed: change, within: change }), { minLength: 1, maxLength: 4 })

function columnsFrom(entities: readonly number[], drawn: readonly Drawn[]): Columns {
  const none = new Int32Array(0)
  const ints = (of: (one: Drawn) => number) => Int32Array.from(drawn, of)
  return {
    entityCount: entities.length,
    describedCount: entities.length,
    ids: { bytes: new Uint8Array(0), offsets: new Uint32Array(entities.length + 1) },
    entityKind: Uint16Array.from(entities),
    relationshipCount: drawn.length,
    from: ints(({ from }) => from % entities.length),
    to: ints(({ to }) => to % entities.length),
    kind: Uint8Array.from(drawn, ({ kind }) => kind),
    standing: Uint8Array.from(drawn, ({ standing }) => standing),
    need: ints(({ need }) => need),
    timing: ints(({ timing }) => timing),
    timings: Float64Array.from(timings.slice(0, 3).flat()),
    picked: none,
    agent: none,
    carried: none,
    carrier: none,
  }
}

/** A drawn change as edits of what is there now. */
function editsOf(
  overlay: Overlay,
  { removed, added, entities }: typeof change extends fc.Arbitrary<infer T> ? T : never,
): OverlayEdits {
  const all = overlay.ground.columns.relationshipCount + overlay.added.length
  const there = Array.from({ length: all }, (_, i) => i).filter((one) => !overlay.gone.has(one))
  const count = overlay.entityCount + entities.length
  return {
    entities: entities.map((kind, i) => ({ id: `new ${overlay.entityCount + i}`, kind })),
    removed: new Set(there.length === 0 ? [] : removed.map((one) => there[one % there.length]!)),
    added: added.map((one) => ({ ...one, from: one.from % count, to: one.to % count })),
  }
}

/** Boards are made once for an overlay and serve whatever is laid over it later. */
interface Asked {
  readonly index: FlatIndex
  readonly good: ReturnType<typeof goodBoardFor>
  readonly ends: ReturnType<typeof boardFor>
  readonly place: ReturnType<typeof fallPlaceFor>
}
const askedOf = (index: FlatIndex): Asked => ({
  index,
  good: goodBoardFor(index),
  ends: boardFor(index),
  place: fallPlaceFor(index),
})

/** Whether the kernel or its twin said it: either may, of an index in a memory. What never starts has no end to compare. */
function toldOf(outages: FlatOutages | null) {
  if (!outages) return null
  const { entities, certain, possible } = outages
  const columnsOf = ({ out, needs, degraded }: typeof certain) =>
    [out, needs, degraded].map(({ start, end }) =>
      [...start].map((from, i) => (from === Infinity ? [] : [from, end[i]])),
    )
  return { entities: [...entities], certain: columnsOf(certain), possible: columnsOf(possible) }
}

/** Everything that is asked of an index, of each of `count` entities; `cut` are edges that stand for the same relationships. */
function answersOf({ index, good, ends, place }: Asked, count: number, cut: ReadonlySet<number>) {
  const each = Array.from({ length: count }, (_, one) => {
    const forGood = { struck: [one], cut: new Set<number>(), inv: 0, until: Infinity }
    const ending = { ...forGood, until: 1000 }
    const { certain, possible, degraded } = fallAt(place, [one], undefined, cut)
    return {
      good: toldOf(outagesForGood(good, forGood, forGood)),
      ends: toldOf(flatOutages(ends, ending, ending)),
      fall: [certain, possible].map((list) => [...list].sort((a, b) => a - b)).concat([[...degraded].sort()]),
      reach: reachOf(index, one),
    }
  })
  const strike = { struck: [], cut, inv: 5, until: Infinity }
  const numbers = Int32Array.from({ length: count }, (_, i) => i)
  return {
    each,
    cut: toldOf(outagesForGood(good, strike, strike)),
    counts: countFalls(fallCounterFor(fallViewOf(index)), numbers),
  }
}

function reachOf({ accessStart, accessEnd, accessTo }: FlatIndex, from: number): number[] {
  const found = new Set([from])
  for (const one of found) for (let at = accessStart[one]!; at < accessEnd[one]!; at++) found.add(accessTo[at]!)
  return [...found].sort((a, b) => a - b)
}

/** Rows as they are meant: what an edge is, and whom it is an alternative of. */
function rowsOf(
  { inStart, inEnd, edges, slotOfEdge, classBits, classes, timings: seconds, ...index }: FlatIndex,
  count: number,
) {
  return Array.from({ length: count }, (_, one) => {
    const row: unknown[] = []
    for (let edge = inStart[one]!; edge < inEnd[one]!; edge++) {
      const word = edges[2 * edge + 1]!
      const slot = classBits === WIDE ? slotOfEdge[edge]! : word >>> classBits
      const at = (classBits === WIDE ? word : word & (2 ** classBits - 1)) * CLASS_WIDTH
      const group = index.groupOfSlot[slot]!
      const first = index.groupStart[group]!
      row.push([
        edges[2 * edge],
        [
          classes[at],
          classes[at + 1],
          classes[at + 3],
          ...seconds.subarray(classes[at + 2]! * 7, classes[at + 2]! * 7 + 7),
        ],
        slot === 0 ? null : [slot - first, index.groupEnd[group]! - first, index.groupConfirmed[group]],
      ])
    }
    const access = [...index.accessTo.subarray(index.accessStart[one], index.accessEnd[one])].sort((a, b) => a - b)
    // Of two that are alike either may go, so what stood between them may come before or after.
    return { row: row.map((one) => JSON.stringify(one)).sort(), access }
  })
}

/** An overlay says what an index of the edited columns says. */
function holds(overlay: Overlay, asked: Asked): void {
  const columns = editedColumns(overlay)
  const fresh = indexOf(columns)
  const count = columns.entityCount
  expect(rowsOf(overlay.index, count)).toEqual(rowsOf(fresh, count))
  const all = overlay.ground.columns.relationshipCount + overlay.added.length
  const there = Array.from({ length: all }, (_, i) => i).filter((one) => !overlay.gone.has(one))
  const places = edgesOf(fresh, columns)
  const some = there.map((one, i) => [one, places[i]!] as const).filter(([one]) => one % 3 === 0)
  const cut = edgesNow(
    overlay,
    some.map(([one]) => one),
  )
  const theirs = new Set(some.map(([, edge]) => edge).filter((edge) => edge >= 0))
  expect(cut.size).toBe(theirs.size)
  expect(answersOf(asked, count, cut)).toEqual(answersOf(askedOf(fresh), count, theirs))
}

for (const bits of [undefined, WIDE] as const)
  test.prop([estate, steps], { numRuns: 40 })(
    `an overlay gives the answers of an index made anew, and what is supposed leaves nothing (${bits ?? 'narrow'})`,
    ({ entities, relationships }, sequence) => {
      const columns = columnsFrom(entities, relationships)
      const base = indexOf(columns, bits)
      const bytes = Buffer.from(new Uint8Array(base.buffer).slice())
      const overlay = overlayOf(base, groundOf(columns))
      const asked = askedOf(overlay.index)
      for (const { lasting, supposed, within } of sequence) {
        const before = answersOf(asked, overlay.entityCount, new Set())
        const rows = rowsOf(overlay.index, overlay.entityCount)
        const full = suppose(overlay, editsOf(overlay, supposed), () => {
          holds(overlay, asked)
          suppose(overlay, editsOf(overlay, within), () => holds(overlay, asked))
          holds(overlay, asked)
        })
        expect(full).toEqual({ answer: undefined })
        expect(answersOf(asked, overlay.entityCount, new Set())).toEqual(before)
        expect(rowsOf(overlay.index, overlay.entityCount)).toEqual(rows)
        expect(edit(overlay, editsOf(overlay, lasting))).toBeNull()
        holds(overlay, asked)
      }
      expect(Buffer.from(new Uint8Array(base.buffer).slice()).equals(bytes)).toBe(true)
    },
  )

it('takes back what was supposed when the question fails', () => {
  const drawn = [{ from: 1, to: 0, kind: kinds[0]!, standing: standingOf(undefined, undefined), need: -1, timing: 0 }]
  const columns = columnsFrom([things[0]!, things[1]!], drawn)
  const overlay = overlayOf(indexOf(columns), groundOf(columns))
  const ask = () => {
    throw new Error('no')
  }
  expect(() => suppose(overlay, { removed: [0] }, ask)).toThrow('no')
  expect(overlay.gone.size).toBe(0)
  expect(rowsOf(overlay.index, 2)[0]!.row).toHaveLength(1)
  expect(() => edit(overlay, { removed: [7] })).toThrow(RangeError)
  expect(() => edit(overlay, { removed: [0, 0] })).toThrow(RangeError)
  expect(edit(overlay, { removed: [0] })).toBeNull()
  expect(() => edit(overlay, { removed: [0] })).toThrow(RangeError)
})

it('says when there is no room, and still has the columns to make an index of', () => {
  const standing = standingOf(undefined, undefined)
  const drawn = [{ from: 1, to: 0, kind: kinds[0]!, standing, need: -1, timing: 0 }]
  const columns = columnsFrom([things[0]!, things[1]!], drawn)
  const overlay = overlayOf(indexOf(columns, 1), groundOf(columns))
  const added = Array.from({ length: 40_000 }, () => ({ ...drawn[0]! }))
  const before = rowsOf(overlay.index, 2)
  expect(suppose(overlay, { added }, () => 0)).toEqual({ full: 'edges' })
  expect(overlay.broken).toBeNull()
  expect(rowsOf(overlay.index, 2)).toEqual(before)
  const classes = [0, 1].map((i) => ({ ...drawn[0]!, timing: [0, 0, i + 1, 900, 0, 60, 0] }))
  expect(edit(overlay, { added: classes })).toBe('classes')
  expect(overlay.broken).toBe('classes')
  expect(editedColumns(overlay).relationshipCount).toBe(3)
  expect(indexOf(editedColumns(overlay)).edgeCount).toBe(3)
})

it('is never kept as a file: only an index made anew is', () => {
  const columns = columnsFrom([things[0]!, things[1]!], [])
  expect(() => sealSnapshot(overlayOf(indexOf(columns), groundOf(columns)).index, 'a')).toThrow('make it anew')
})
