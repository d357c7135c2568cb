import { randomInt } from 'node:crypto'
import type { TextColumn } from '../../graph/index/columns.ts'
import { entityKindNames } from '../../graph/kinds/entity-kinds.ts'
import { relationshipKindNames } from '../../graph/kinds/relationship-kinds.ts'
import type { TimingFacts } from '../../graph/outage/timings.ts'
import { growing, push } from '../../graph/outage/growing.ts'
import { LONGEST_ID, LONGEST_NAME, LONGEST_NEED } from '../../graph/scan/bundle-scan.ts'
import { columnBuilder } from '../../graph/scan/column-builder.ts'
import type { RelationshipRows } from '../../graph/scan/relationship-rows.ts'
import type { Texts } from '../../graph/scan/text-table.ts'
import { kernel, type Kernel } from '../read/kernel.ts'
import type { LineRoom } from './line-room.ts'

/** As in kernels/bundle-scan.ts. */
const [IDS, NEEDS, ENTITY_KINDS, KINDS] = [0, 1, 2, 3]
const ROWS = 1 << 14
const status = { allTaken: 0, notPlain: 1, newTiming: 2, full: 3, noMemory: 4 } as const
const TIMES = 7

/** A kernel that is done, for the next bundle; a large one is let go with its memory. */
let idle: Kernel | undefined
const LARGEST_IDLE = 64 << 20

/** `lineRoom` as a kernel in WebAssembly; undefined where there is none. */
export function lineRoomInMemory(): LineRoom | undefined {
  const made = process.env.KEYFALL_KERNELS === 'off' ? undefined : (idle ?? kernel('bundle-scan'))
  idle = undefined
  if (made === undefined) return undefined
  const { call } = made
  if (call.configure!(randomInt(2 ** 32), LONGEST_ID, LONGEST_NEED, LONGEST_NAME) === 0) return undefined
  for (const name of entityKindNames) numbered(made, ENTITY_KINDS, name)
  for (const name of relationshipKindNames) numbered(made, KINDS, name)
  const ids = textsIn(made, IDS)
  const needs = textsIn(made, NEEDS)
  const builder = columnBuilder(ids, needs)
  const took = { entities: 0, relationships: 0 }
  const window = call.windowAt!()
  let views = viewsOf(made)
  /** A memory that has grown is another buffer. */
  const fresh = (): Views => (views.buffer === made.memory.buffer ? views : (views = viewsOf(made)))

  const takeOver = (): void => {
    const { rows, entities, idLengths, needLengths } = fresh()
    const [count, described] = [call.rowCount!(), call.entityCount!()]
    ids.add(idLengths, call.newIds!())
    needs.add(needLengths, call.newNeeds!())
    builder.relationships(rows, count)
    for (let i = 0; i < described; i++) builder.entityAt(entities[2 * i]!, entities[2 * i + 1]!)
    took.relationships += count
    took.entities += described
    call.taken!()
  }
  return {
    bytes: () => fresh().window,
    took,
    builder,
    close: () => void (idle = made.memory.buffer.byteLength <= LARGEST_IDLE ? made : undefined),
    take(from, end) {
      took.entities = took.relationships = 0
      let at = window + from
      for (;;) {
        at = call.scan!(at, window + end)
        const why = call.statusOf!()
        if (why === status.newTiming) call.learn!(builder.timing(timesIn(fresh().times)))
        else takeOver()
        if (why === status.noMemory) throw new RangeError('The bundle names more than a kernel can hold: split it.')
        if (why === status.allTaken || why === status.notPlain) return at - window
      }
    },
  }
}

interface Views {
  readonly buffer: ArrayBuffer
  readonly window: Uint8Array
  readonly rows: RelationshipRows
  readonly entities: Int32Array
  readonly idLengths: Int32Array
  readonly needLengths: Int32Array
  readonly times: Float64Array
}

function viewsOf({ memory: { buffer }, call }: Kernel): Views {
  const words = (at: number, length: number) => new Int32Array(buffer, at, length)
  return {
    buffer,
    window: new Uint8Array(buffer, call.windowAt!(), call.windowLength!()),
    rows: {
      from: words(call.fromAt!(), ROWS),
      to: words(call.toAt!(), ROWS),
      need: words(call.needAt!(), ROWS),
      timing: words(call.timingAt!(), ROWS),
      kind: new Uint8Array(buffer, call.kindAt!(), ROWS),
      standing: new Uint8Array(buffer, call.standingAt!(), ROWS),
    },
    entities: words(call.entityAt!(), 2 * ROWS),
    idLengths: words(call.idLengthsAt!(), 3 * ROWS),
    needLengths: words(call.needLengthsAt!(), ROWS),
    times: new Float64Array(buffer, call.timesAt!(), TIMES),
  }
}

/** A row of the table of timings as the facts that it is made of; unsaid ones are as the table has them. */
function timesIn(times: Float64Array): TimingFacts {
  const span = (place: number): [number, number | null] => [
    times[place]!,
    times[place + 1] === Infinity ? null : times[place + 1]!,
  ]
  return { session: span(0), tolerance: span(2), pickup: span(4), cadence: times[6]! }
}

const encoder = new TextEncoder()

function numbered({ call, memory }: Kernel, table: number, text: string): number {
  const room = new Uint8Array(memory.buffer, call.scratchAt!(), call.scratchLength!())
  const { read, written } = encoder.encodeInto(text, room)
  if (read < text.length) throw new RangeError('A name is longer than facts allow.')
  return call.name!(table, written)
}

interface TextsInMemory extends Texts {
  /** Lengths of texts that the kernel met for the first time. */
  add(lengths: Int32Array, count: number): void
}

/** Texts whose bytes stand in the kernel, in blocks and in their order. */
function textsIn(made: Kernel, table: number): TextsInMemory {
  const ends = growing()
  let total = 0
  const end = (length: number): void => push(ends, (total += length))
  return {
    add(lengths, count) {
      for (let i = 0; i < count; i++) end(lengths[i]!)
    },
    internText(text) {
      const number = numbered(made, table, text)
      if (number === ends.length) end(encoder.encode(text).length)
      return number
    },
    count: () => ends.length,
    column: () => columnOf(made, table, ends.items, ends.length),
  }
}

function columnOf({ call, memory }: Kernel, table: number, ends: Int32Array, count: number): TextColumn {
  const offsets = new Uint32Array(count + 1)
  offsets.set(ends.subarray(0, count), 1)
  const bytes = new Uint8Array(offsets[count]!)
  const blocks = new Uint32Array(memory.buffer, call.blockListIn!(table), 2 * call.blocksIn!(table))
  let at = 0
  for (let i = 0; i < blocks.length; i += 2) {
    const block = new Uint8Array(memory.buffer, blocks[i]!, blocks[i + 1]! - blocks[i]!)
    bytes.set(block, at)
    at += block.length
  }
  return { bytes, offsets }
}
