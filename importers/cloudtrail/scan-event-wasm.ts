import { randomInt } from 'node:crypto'
import { kernel } from '../read/kernel.ts'
import { eventLevel, field, FIELDS, SLOTS, type Level } from './event-fields.ts'
import type { EventScan } from './scan-event.ts'
import { SLICES } from './slices.ts'

/** As in kernels/event-scan.ts. */
const ENTRY = 80
const KEY_AT = 16
const [AS_TEXT, AS_VALUE, STOPS] = [-1, -2, -3]
/** So much is copied into the memory of the kernel at a time, if an object does not need more. */
const COPIED = 256 * 1024

/** `eventScan` as a kernel in WebAssembly; undefined where there is none. */
export function eventScanInMemory(lists: readonly string[], longest: number): EventScan | undefined {
  const made = kernel('event-scan')
  if (made === undefined) return undefined
  const { call, memory } = made
  const all = new Uint8Array(memory.buffer)
  const view = new DataView(memory.buffer)
  writeLevels(eventLevel(lists), all, view, {
    tables: call.tablesAt!(),
    spreads: call.spreadsAt!(),
    entries: call.entriesAt!(),
  })
  const who = field.identityStore - field.type + 1
  call.configure!(longest, field.type, who, field.userIdentity, field.accessKeyId, field.roleArn, randomInt(2 ** 32))
  const window = call.windowAt!()
  const room = call.windowLength!()
  const versions = new Int32Array(memory.buffer, call.versionsAt!(), SLICES)
  const scan = call.scan!
  /** What of the file stands in the window: from `base`, up to `held`. */
  let base = 0
  let held = -1

  const copy = (bytes: Uint8Array, start: number, length: number, at: number): void => {
    all.set(length === bytes.length ? bytes : bytes.subarray(start, start + length), window)
    base = at
    held = at + length
  }

  return {
    starts: new Int32Array(memory.buffer, call.startsAt!(), FIELDS),
    ends: new Int32Array(memory.buffer, call.endsAt!(), FIELDS),
    bytes: () => all,
    identity: call.identityOf as () => number,
    identityVersion: (identity) => versions[identity]!,
    begin: () => void (held = -1),
    scan(bytes, start, limit, at) {
      const length = Math.min(limit - start, room)
      if (at < base || at >= held) copy(bytes, start, Math.min(length, COPIED), at)
      let from = window + at - base
      let end = scan(from, Math.min(window + held - base, from + length))
      if (end < 0 && held < at + length) {
        // It may only be cut by the window.
        copy(bytes, start, length, at)
        from = window
        end = scan(from, from + length)
      }
      return end < 0 ? -1 : start + end - from
    },
  }
}

interface Places {
  readonly tables: number
  readonly spreads: number
  readonly entries: number
}

function writeLevels(top: Level, all: Uint8Array, view: DataView, { tables, spreads, entries }: Places): void {
  const levels = [top]
  let written = 0
  // Levels that are met on the way come behind those there are.
  for (let number = 0; number < levels.length; number++) {
    const { entries: own, table, spread } = levels[number]!
    view.setInt32(spreads + number * 4, spread, true)
    for (let slot = 0; slot < SLOTS; slot++)
      view.setInt8(tables + number * SLOTS + slot, table[slot]! < 0 ? -1 : written + table[slot]!)
    for (const { key, field: number, as, stops } of own) {
      const entry = entries + written++ * ENTRY
      view.setInt32(entry, key.length, true)
      view.setInt32(entry + 4, number, true)
      view.setInt32(
        entry + 8,
        stops ? STOPS : as === 'text' ? AS_TEXT : as === 'value' ? AS_VALUE : levels.length,
        true,
      )
      if (!stops && typeof as === 'object') levels.push(as)
      all.set(key, entry + KEY_AT)
    }
  }
}
