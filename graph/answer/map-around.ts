import { QuestionError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import { entityKinds, isEntityKind, type EntityKind } from '../kinds/entity-kinds.ts'
import { roles } from '../kinds/roles.ts'
import type { AroundQuery, AroundReply, MapGroup, MapThing } from '../wire-map.ts'
import { snapshotOf } from './blast.ts'
import { natures, verbOf } from './map-nature.ts'
import { inWords } from './map-systems.ts'
import { farEnd, onwardOf, surroundings, type Beside, type Side } from './map-walk.ts'
import { bestFact, strengthOf, thingOf } from './things.ts'

const PAGE = 25
const MOST_EXPORTED = 1_000
/** Groups that may be open at once: with `PAGE` things each they stay far under the 1,500 elements a picture may have. */
const MOST_OPEN = 20
/** Without a word of the reader groups open while they are small and the column is short. */
const SMALL = 8
const SHORT_COLUMN = 12
const MOST_TRAIL = 12
const MOST_EDGES = 6
const MOST_HOPS = 12

interface Group {
  readonly id: string
  readonly side: Side
  readonly nature: Beside['nature']
  readonly kind: EntityKind
  readonly members: readonly Beside[]
}

interface Standing {
  readonly groups: readonly Group[]
  readonly kinds: AroundReply['kinds']
}

const cache = new WeakMap<Estate, Map<string, Standing>>()
const KEPT = 8

/** What stands around one thing, upstream and downstream, in groups. Throws `not-found`. */
export function answerAround(estate: Estate, id: string, query: AroundQuery): AroundReply {
  const focus = estate.indexOf.get(id)
  if (focus === undefined)
    throw new QuestionError('not-found', `nothing with the id ${id} is known`, 'look it up by name: GET /api/find?q=…')
  const { groups, kinds } = standingOf(estate, focus, hiddenOf(query.hide))
  const size = query.size === undefined ? PAGE : Math.min(Math.max(1, Math.floor(query.size)), MOST_EXPORTED)
  const open = openOf(groups, query.open, size === PAGE ? MOST_OPEN : 1)
  const onSide = (side: Side): number =>
    groups.filter((group) => group.side === side).reduce((sum, { members }) => sum + members.length, 0)
  return {
    snapshot: snapshotOf(estate),
    focus: thingOf(estate, focus),
    ...{ up: onSide('up'), down: onSide('down'), kinds },
    groups: groups.map((group) => shownGroup(estate, group, open.get(group.id) ?? 0, size)),
    trail: partsOf(query.trail)
      .slice(-MOST_TRAIL)
      .flatMap((one) => estate.indexOf.get(one) ?? [])
      .map((index) => thingOf(estate, index)),
  }
}

const partsOf = (list: string | undefined): string[] => (list ?? '').split(',').filter((part) => part !== '')

const hiddenOf = (hide: string | undefined): ReadonlySet<EntityKind> => new Set(partsOf(hide).filter(isEntityKind))

function standingOf(estate: Estate, focus: number, hidden: ReadonlySet<EntityKind>): Standing {
  const kept = cache.get(estate) ?? new Map<string, Standing>()
  cache.set(estate, kept)
  const key = `${focus} ${[...hidden].sort().join(' ')}`
  const standing = kept.get(key) ?? madeStanding(estate, focus, hidden)
  kept.delete(key)
  kept.set(key, standing)
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!)
  return standing
}

function madeStanding(estate: Estate, focus: number, hidden: ReadonlySet<EntityKind>): Standing {
  const met = new Map<EntityKind, Set<number>>([...hidden].map((kind) => [kind, new Set()]))
  const meet = (thing: number): void => {
    const { kind } = estate.entities[thing]!
    const things = met.get(kind) ?? new Set()
    met.set(kind, things.add(thing))
  }
  const groups = (['up', 'down'] as const).flatMap((side) => {
    const { beside, passed } = surroundings(estate, focus, side, hidden)
    beside.forEach(({ thing }) => meet(thing))
    passed.forEach(meet)
    return groupsOf(estate, side, beside)
  })
  const kinds = [...met].map(([kind, things]) => ({
    ...{ kind, title: entityKinds[kind].title },
    ...{ count: things.size, hidden: hidden.has(kind) },
  }))
  return { groups, kinds: kinds.sort((a, b) => inWords(a.title, b.title) || inWords(a.kind, b.kind)) }
}

/** Groups by what joins them, then role, then kind: an order in which neither counts nor what is open has a part. */
function groupsOf(estate: Estate, side: Side, beside: readonly Beside[]): Group[] {
  const groups = new Map<string, Group & { members: Beside[] }>()
  for (const one of beside) {
    const { kind } = estate.entities[one.thing]!
    const id = `${side}.${one.nature}.${kind}`
    const group = groups.get(id) ?? { id, side, nature: one.nature, kind, members: [] }
    group.members.push(one)
    groups.set(id, group)
  }
  const named = new Map(beside.map(({ thing }) => [thing, estate.entities[thing]!.name.toLowerCase()]))
  for (const { members } of groups.values())
    members.sort((a, b) => {
      const [x, y] = [named.get(a.thing)!, named.get(b.thing)!]
      return Number(a.chain.length > 0) - Number(b.chain.length > 0) || (x < y ? -1 : x > y ? 1 : a.thing - b.thing)
    })
  return [...groups.values()].sort(
    (a, b) =>
      natures.indexOf(a.nature) - natures.indexOf(b.nature) ||
      roles.indexOf(entityKinds[a.kind].role) - roles.indexOf(entityKinds[b.kind].role) ||
      inWords(entityKinds[a.kind].title, entityKinds[b.kind].title) ||
      inWords(a.kind, b.kind),
  )
}

/** Page of each open group. */
function openOf(groups: readonly Group[], said: string | undefined, most: number): ReadonlyMap<string, number> {
  if (said !== undefined)
    return new Map(
      partsOf(said)
        .slice(-most)
        .map((part) => {
          const [id = '', page = '1'] = part.split('*')
          return [id, Math.max(1, Math.floor(Number(page)) || 1)]
        }),
    )
  const open = new Map<string, number>()
  for (const side of ['up', 'down'] as const) {
    const mine = groups.filter((group) => group.side === side)
    let rows = 0
    for (const { id, members } of mine) {
      if (mine.length > 1 && (members.length > SMALL || rows + members.length > SHORT_COLUMN)) continue
      if (open.size >= MOST_OPEN) break
      rows += members.length
      open.set(id, 1)
    }
  }
  return open
}

function shownGroup(estate: Estate, { id, side, nature, kind, members }: Group, asked: number, size: number): MapGroup {
  const pages = Math.ceil(members.length / size)
  const page = Math.min(asked, pages)
  return {
    ...{ id, side, nature, kind, title: entityKinds[kind].title, page, pages },
    count: members.length,
    implied: members.filter(({ chain }) => chain.length > 0).length,
    things:
      page === 0 ? [] : members.slice((page - 1) * size, page * size).map((member) => shownThing(estate, side, member)),
  }
}

function shownThing(estate: Estate, side: Side, { thing, direct, chain }: Beside): MapThing {
  return {
    ...thingOf(estate, thing),
    edges: direct.slice(0, MOST_EDGES).map((number) => {
      const relationship = estate.relationships[number]!
      return {
        verb: verbOf(relationship.kind, side),
        strength: strengthOf(relationship),
        fact: bestFact(relationship).words,
      }
    }),
    implied:
      chain.length === 0
        ? null
        : chain.slice(0, MOST_HOPS).map((number) => {
            const { name, kind } = estate.entities[farEnd(estate, number, side)]!
            return { verb: verbOf(estate.relationships[number]!.kind, side), name, title: entityKinds[kind].title }
          }),
    onward: onwardOf(estate, thing, side),
  }
}
