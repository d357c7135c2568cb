import { int32s, uint8s } from '../arrays.ts'
import { adjacency } from './adjacency.ts'
import {
  agentsOf,
  believed,
  confidenceOf,
  NONE,
  type CompiledEstate,
  type Given,
  type NumberedInput,
} from './compile.ts'
import { channelOfKind, channels, kindNumbers, loginKind } from './channels.ts'
import { growing, push, trimmed } from './growing.ts'
import type { NeedGroups } from './group-needs.ts'

/** How an estate that has numbers differs from one that was compiled. */
export interface Over {
  readonly base: CompiledEstate
  /** Number that each relationship has in the base; -1: it is new. The others keep their order, new ones stand last. */
  readonly numbers: Int32Array
  /** Number now of each relationship of the base; -1: it is gone. */
  readonly now: Int32Array
  /** Numbers now of those whose need or confidence may differ, new ones among them. They name nobody new. */
  readonly told: ReadonlySet<number>
  /** Does something that is gone name agents, or what it runs over? */
  readonly didName: boolean
}

/**
 * What `compileNumbered` makes of an estate, taken from what was made of one that differs little: no record is looked at
 * but those that differ. Names of needs keep their numbers and may be of needs that are gone.
 * @returns null where a relationship is gone that others run over, or that named somebody unknown: compile it anew
 */
export function compileOver(input: NumberedInput, over: Over, given: Given): CompiledEstate | null {
  const { base, numbers, now, told } = over
  const carriedBy = carriersNow(base, now)
  if (carriedBy === null || mayNameUnknown(over)) return null
  const count = numbers.length
  const kind = moved(base.kind, numbers, uint8s(count))
  const confidence = moved(base.confidence, numbers, uint8s(count))
  const soft = moved(base.soft, numbers, uint8s(count))
  const need = moved(base.need, numbers, int32s(count))
  const needNames = base.needNames.slice()
  const relationshipIds = Array.from<string | undefined>({ length: count })
  for (let i = 0; i < count; i++) relationshipIds[i] = base.relationshipIds[numbers[i]!]
  for (const number of told) {
    const one = input.relationships[number]!
    kind[number] = kindNumbers.get(one.kind)!
    confidence[number] = confidenceOf(given.confidence(number), kind[number]!)
    soft[number] = one.strength === 'soft' ? 1 : 0
    need[number] = one.need === undefined ? -1 : numberOfName(needNames, one.need)
    relationshipIds[number] = one.id
  }
  const rows = { kind, to: input.heads, out: input.out, need, confidence, soft }
  const entityCount = base.entityIds.length
  return {
    entityIds: base.entityIds,
    entityNumbers: base.entityNumbers,
    describedCount: base.describedCount,
    from: input.tails,
    in: input.in,
    ...rows,
    timing: given.timing,
    timings: given.timings,
    ...agentsNow(base, numbers, now, entityCount),
    ...(keepsNeeds(over, need) ? renumbered(base, rows, over, entityCount) : believed(rows, entityCount)),
    needNames,
    relationshipIds,
    carriedBy,
    dangling: base.dangling,
  }
}

function moved<T extends Int32Array | Uint8Array>(was: T, numbers: Int32Array, into: T): T {
  for (let i = 0; i < numbers.length; i++) into[i] = was[numbers[i]!]!
  return into
}

function numberOfName(names: string[], name: string): number {
  const known = names.indexOf(name)
  return known >= 0 ? known : names.push(name) - 1
}

/** Those that run over a relationship; null where one is gone that others run over. */
function carriersNow({ carriedBy }: CompiledEstate, now: Int32Array): CompiledEstate['carriedBy'] | null {
  const found = new Map<number, readonly number[]>()
  for (const [carrier, carried] of carriedBy) {
    if (now[carrier]! < 0) return null
    const left = carried.map((one) => now[one]!).filter((one) => one >= 0)
    if (left.length > 0) found.set(now[carrier]!, left)
  }
  return found
}

/** Names that lead nowhere are not kept by who said them: nobody knows which are left. */
function mayNameUnknown({ base: { dangling }, didName }: Over): boolean {
  return didName && (dangling.by.length > 0 || dangling.via.length > 0)
}

function agentsNow(
  { agents }: CompiledEstate,
  numbers: Int32Array,
  now: Int32Array,
  entityCount: number,
): Pick<CompiledEstate, 'agents' | 'picksUpFor'> {
  if (agents === null) return { agents, picksUpFor: null }
  const agentOf = growing()
  const named = growing()
  for (let before = 0; before < now.length; before++) {
    if (now[before]! < 0) continue
    for (let i = agents.start[before]!; i < agents.start[before + 1]!; i++) {
      push(agentOf, now[before]!)
      push(named, agents.list[i]!)
    }
  }
  // Only of names that lead nowhere: then there is nobody, but somebody was named.
  if (agentOf.length === 0 && agents.list.length > 0) return { agents: null, picksUpFor: null }
  const [rows, entities] = [trimmed(agentOf), trimmed(named)]
  return {
    agents: agentsOf(numbers.length, rows, entities),
    picksUpFor: adjacency(entityCount, entities, (i) => rows[i]!),
  }
}

/** Are alternatives the same but for numbers? Where nothing that differs had a need with a name, or has one. */
function keepsNeeds({ base, now, told, numbers }: Over, need: Int32Array): boolean {
  for (const number of told)
    if (need[number]! >= 0 || (numbers[number]! >= 0 && base.need[numbers[number]!]! >= 0)) return false
  for (let before = 0; before < now.length; before++) if (now[before]! < 0 && base.need[before]! >= 0) return false
  return true
}

function renumbered(
  base: CompiledEstate,
  { kind, to, confidence }: Pick<CompiledEstate, 'kind' | 'to' | 'confidence'>,
  { numbers, now, told }: Over,
  entityCount: number,
): Pick<CompiledEstate, 'channel' | 'logins' | 'needs'> {
  const channel = moved(base.channel, numbers, uint8s(numbers.length))
  for (const number of told)
    channel[number] = confidence[number] === NONE ? channels.none : channelOfKind[kind[number]!]!
  const logins = int32s(numbers.length)
  for (let i = 0; i < logins.length; i++) logins[i] = kind[i] === loginKind && confidence[i] !== NONE ? to[i]! : -1
  const { slot, members, ...rest } = base.needs
  const needs: NeedGroups = {
    ...rest,
    slot: moved(slot, numbers, int32s(numbers.length)),
    members: members.map((member) => now[member]!),
  }
  for (const number of told) if (numbers[number]! < 0) needs.slot[number] = -1
  return { channel, logins: adjacency(entityCount, logins), needs }
}
