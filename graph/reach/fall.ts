import { channels, isNeed } from '../outage/channels.ts'
import { CONFIRMED, type CompiledEstate } from '../outage/compile.ts'

/**
 * What is lost for good when things stop and relationships are cut, all at once and for ever: who, not when. With
 * sessions and tolerances at zero and no end, every span of the engine is "from then on", so its rules come down to: an
 * entity is out when a hard need has no alternative left. Equal to `simulate` on an unveiled model (a law says so), and
 * some hundred times cheaper: prices of thousands of cuts and the fall of every credential are made of this. A copy that is cut
 * keeps the value that it has, so that more loss never means less fall.
 *
 * The lists are numbers of entities and hold until the next call for the same estate.
 */
export interface Fall {
  /** Out in the best case. */
  readonly certain: Int32Array
  /** Out in the worst case. */
  readonly possible: Int32Array
  /** Degraded in either, and out in none. */
  readonly degraded: readonly number[]
}

export interface Loss {
  /** Entity numbers. */
  readonly struck: readonly number[]
  /** Relationship numbers. */
  readonly cut?: readonly number[]
  /** Of `struck`, those that the platform may never refuse (`lag` without an end): out in the worst case only. */
  readonly unsure?: ReadonlySet<number>
}

/** Marks that count as set while they equal `epoch`: nothing is cleared between two questions. */
interface Board {
  epoch: number
  readonly out: Int32Array
  readonly soft: Int32Array
  readonly refused: Int32Array
  readonly slot: Int32Array
  readonly groupEpoch: Int32Array
  readonly groupOut: Int32Array
  readonly queue: Int32Array
  readonly certain: Int32Array
  readonly softened: number[]
  readonly places: number[]
}

const boards = new WeakMap<CompiledEstate, Board>()

function boardOf(model: CompiledEstate): Board {
  const known = boards.get(model)
  if (known) return known
  const size = model.entityIds.length
  const groups = model.needs.confirmedCount.length
  const board: Board = {
    epoch: 0,
    out: new Int32Array(size),
    soft: new Int32Array(size),
    refused: new Int32Array(size),
    slot: new Int32Array(model.needs.members.length),
    groupEpoch: new Int32Array(groups),
    groupOut: new Int32Array(groups),
    queue: new Int32Array(size),
    certain: new Int32Array(size),
    softened: [],
    places: [],
  }
  boards.set(model, board)
  return board
}

/** Cost follows what falls, not the size of the estate. */
export function fallOf(model: CompiledEstate, loss: Loss): Fall {
  const board = boardOf(model)
  board.softened.length = 0
  const sure = loss.unsure?.size ? loss.struck.filter((one) => !loss.unsure!.has(one)) : loss.struck
  const certainCount = spread(model, board, false, sure, loss.cut ?? [])
  board.certain.set(board.queue.subarray(0, certainCount))
  const possibleCount = spread(model, board, true, loss.struck, loss.cut ?? [])
  return {
    certain: board.certain.subarray(0, certainCount),
    possible: board.queue.subarray(0, possibleCount),
    degraded: unique(board.softened).filter((entity) => board.out[entity] !== board.epoch),
  }
}

function unique(numbers: readonly number[]): number[] {
  return numbers.length < 2 ? [...numbers] : [...new Set(numbers)]
}

function spread(
  model: CompiledEstate,
  board: Board,
  worst: boolean,
  struck: readonly number[],
  cut: readonly number[],
): number {
  const { out, queue, channel, in: into } = { ...board, channel: model.channel, in: model.in }
  const epoch = ++board.epoch
  let tail = 0
  const { slot: slotOf, groupOfSlot, start: groupStart, confirmedCount } = model.needs

  const putOut = (relationship: number): void => {
    const dependent = model.from[relationship]!
    if (model.soft[relationship] === 1) {
      if (board.soft[dependent] === epoch) return
      board.soft[dependent] = epoch
      board.softened.push(dependent)
      return
    }
    if (out[dependent] === epoch) return
    out[dependent] = epoch
    queue[tail++] = dependent
  }
  const relax = (relationship: number): void => {
    const confirmed = model.confidence[relationship] === CONFIRMED
    const slot = slotOf[relationship]!
    const group = slot < 0 ? -1 : groupOfSlot[slot]!
    if (group < 0 || confirmedCount[group] === 0) {
      if (worst || confirmed) putOut(relationship)
      return
    }
    if ((worst && !confirmed) || board.slot[slot] === epoch) return
    board.slot[slot] = epoch
    if (board.groupEpoch[group] !== epoch) {
      board.groupEpoch[group] = epoch
      board.groupOut[group] = 0
    }
    const counted = worst ? confirmedCount[group]! : groupStart[group + 1]! - groupStart[group]!
    if (++board.groupOut[group]! === counted) putOut(relationship)
  }
  /** A value is refused wherever it is held, and whoever reads it there loses it. */
  const refuse = (head: number, over: number): void => {
    for (let i = into.start[head]!; i < into.start[head + 1]!; i++) {
      const relationship = into.list[i]!
      if (channel[relationship] !== over) continue
      if (!worst && model.confidence[relationship] !== CONFIRMED) continue
      const place = model.from[relationship]!
      if (board.refused[place] === epoch) continue
      board.refused[place] = epoch
      board.places.push(place)
    }
  }

  for (const entity of struck)
    if (out[entity] !== epoch) {
      out[entity] = epoch
      queue[tail++] = entity
    }
  for (const relationship of cut) {
    if (isNeed(channel[relationship]!)) relax(relationship)
    for (const carried of model.carriedBy.get(relationship) ?? []) if (isNeed(channel[carried]!)) relax(carried)
  }
  for (let head = 0; head < tail; head++) {
    const entity = queue[head]!
    let isHeld = false
    for (let i = into.start[entity]!; i < into.start[entity + 1]!; i++) {
      const relationship = into.list[i]!
      const over = channel[relationship]!
      if (over === channels.holds) isHeld = true
      else if (isNeed(over)) relax(relationship)
    }
    if (!isHeld) continue
    board.places.length = 0
    refuse(entity, channels.holds)
    for (let at = 0; at < board.places.length; at++) {
      const place = board.places[at]!
      refuse(place, channels.syncs)
      for (let i = into.start[place]!; i < into.start[place + 1]!; i++)
        if (channel[into.list[i]!] === channels.reads) relax(into.list[i]!)
    }
  }
  return tail
}
