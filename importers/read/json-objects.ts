import type { SkipReason } from '../../graph/facts.ts'
import { limits } from './limits.ts'

type Damage = Extract<SkipReason, 'unreadable-record' | 'truncated' | 'too-large' | 'too-deep'>

/**
 * One object of a file, or what stands where one should be. `at` is the byte where it begins; where it can't be read
 * any further (`unreadable-record`, `too-deep`), the byte that says so.
 */
export type JsonPiece =
  { readonly at: number; readonly text: string } | { readonly at: number; readonly broken: Damage }

export interface JsonObjectsOptions {
  /** Keys of an outer object whose list holds the objects: `{"Records": [ … ]}`. */
  readonly lists: readonly string[]
  /** First key of such an object, where the source writes it so: after damage, reading goes on at the next one. */
  readonly firstKey?: string
  /** Longest object in bytes. */
  readonly maxBytes?: number
  /**
   * Takes an object straight from the bytes, where it can: it begins at `start`, must end before `limit`, and stands at
   * `at` of the file. Returns the byte behind it; -1 where it leaves the object to be cut out, whatever the reason.
   */
  readonly take?: (bytes: Uint8Array, start: number, limit: number, at: number) => number
  /** Gets each piece at once, in order with what `take` takes; then none are returned. */
  readonly piece?: (piece: JsonPiece) => void
}

/** Small chunks are gathered: an object that a chunk cuts in two has to be looked at twice. */
const GATHERED = 256 * 1024
/** An object that can't be taken waits for more bytes once, if no more than this many of it are there. */
const WAITED_FOR = 64 * 1024

const [newline, quote, backslash, comma, colon] = [0x0a, 0x22, 0x5c, 0x2c, 0x3a]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const isBlank = (byte: number): boolean => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09

/** Going back over damage may cost this many bytes and this many times the file so far; then the rest is given up, aloud. */
const REREAD_BYTES = 64 * 1024 * 1024
const REREAD_TIMES = 4

/**
 * Cuts a stream of JSON into its objects with memory for one object: `{"Records":[…]}`, a plain array, one object a
 * line, objects one after the other, and these mixed. The objects are not parsed here. Damage is a piece with its
 * place; reading goes on behind it where a next object can be recognised.
 */
export async function* jsonObjects(
  bytes: AsyncIterable<Uint8Array>,
  options: JsonObjectsOptions,
): AsyncGenerator<readonly JsonPiece[]> {
  const cutter = jsonCutter(options)
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length < GATHERED) cutter.add(chunk)
    else {
      length = 0
      yield cutter.push(chunk)
    }
  }
  yield cutter.push(nothing)
  yield cutter.end()
}

const nothing = new Uint8Array(0)

export interface JsonCutter {
  /** Takes bytes along with the next `push`. */
  add(chunk: Uint8Array): void
  push(chunk: Uint8Array): readonly JsonPiece[]
  end(): readonly JsonPiece[]
}

export function jsonCutter({ lists, firstKey, maxBytes = 1024 * 1024, take, piece }: JsonObjectsOptions): JsonCutter {
  const marker = firstKey === undefined ? undefined : Buffer.from(`"${firstKey}"`)
  const listKeys = new Set(lists)
  const containers: ('list' | 'wrapper')[] = []
  /** Used again for all bytes; those from `filled` on are old. */
  let buffer: Buffer = Buffer.alloc(0)
  let filled = 0
  /** Place of the object that waits, or waited, for more bytes; then it is cut out. */
  let waited = -1
  let waits = false
  let ending = false
  /** Place of `buffer[0]` in the file. */
  let base = 0
  let position = 0
  /** Begin of the object being read, -1 between objects. */
  let start = -1
  let depth = 0
  /** What closes each open bracket of the object. */
  const closers = new Uint8Array(limits.jsonDepth + 1)
  let inString = false
  let escaped = false
  /** Last string of depth 1, and whether a colon followed: how an outer object with a list is recognised. */
  let keyStart = -1
  let keyEnd = -1
  let colonSeen = false
  /** Last byte that was no blank. */
  let before = 0
  let stray = false
  let lost = false
  let reread = 0
  let stopped = false
  let pieces: JsonPiece[] = []
  const give = piece ?? ((one: JsonPiece) => void pieces.push(one))

  const begin = (at: number): void => {
    start = at
    position = at + 1
    depth = 1
    closers[1] = closeBrace
    inString = escaped = colonSeen = stray = false
    keyStart = keyEnd = -1
    before = openBrace
  }

  const between = (): void => {
    start = -1
    depth = 0
    inString = escaped = false
  }

  const damaged = (at: number, broken: Damage): void => {
    give({ at: base + at, broken })
  }

  /** Leaves the object being read and goes on at the next that can be recognised. */
  const restart = (from: number): void => {
    between()
    reread += position - from
    if (reread > REREAD_BYTES + REREAD_TIMES * (base + position)) {
      damaged(from, 'truncated')
      stopped = true
      return
    }
    const next = nextObject(buffer.subarray(0, filled), from, marker)
    lost = next < 0
    if (next < 0) position = Math.max(from, filled - 256)
    else begin(next)
  }

  const takenFrom = (from: number): number => take!(buffer, from, Math.min(filled, from + maxBytes), base + from)

  /** Perhaps the object is only not whole yet. */
  const mayWait = (): boolean => {
    if (ending || filled - position > WAITED_FOR || waited === base + position) return false
    waited = base + position
    return true
  }

  const scanBetween = (): void => {
    const inWrapper = containers.at(-1) === 'wrapper'
    for (; position < filled; position++) {
      const byte = buffer[position]!
      if (inWrapper && inString) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) inString = false
        continue
      }
      if (isBlank(byte) || byte === comma) continue
      if (byte === openBrace) {
        const taken = take === undefined || inWrapper ? -1 : takenFrom(position)
        if (taken < 0) {
          if (take === undefined || inWrapper || !mayWait()) return begin(position)
          waits = true
          return
        }
        stray = false
        position = taken - 1
        continue
      }
      if (byte === openBracket) {
        containers.push('list')
        position++
        return
      }
      const closes = byte === closeBracket ? 'list' : byte === closeBrace ? 'wrapper' : undefined
      if (closes !== undefined && containers.at(-1) === closes) {
        containers.pop()
        stray = false
        position++
        return
      }
      if (inWrapper && closes === undefined) {
        // Keys and scalars beside the list: `"NextToken": "…"`.
        if (byte === quote) inString = true
        continue
      }
      if (!stray) damaged(position, 'unreadable-record')
      stray = true
    }
  }

  const endObject = (end: number): void => {
    const beside = containers.at(-1) === 'wrapper'
    if (!beside) give({ at: base + start, text: buffer.toString('utf8', start, end) })
    between()
    position = end
  }

  const scanObject = (): void => {
    // One byte more than is allowed tells a longest object from one too long, whatever the size of the chunks.
    const limit = Math.min(filled, start + maxBytes + 1)
    while (position < limit) {
      if (inString) {
        const stop = stringStop(buffer, position, limit, escaped)
        position = stop.at
        escaped = stop.escaped
        const byte = buffer[position]
        if (position === limit) return
        if (byte === newline) {
          // No JSON string runs over a line's end: a quote is missing or the line was cut.
          damaged(position, 'unreadable-record')
          return restart(position)
        }
        inString = false
        if (depth === 1) keyEnd = position
        before = quote
        position++
        continue
      }
      const byte = buffer[position]!
      if (byte === 0x20) {
        position++
        continue
      }
      if (byte === quote) {
        inString = true
        colonSeen = false
        if (depth === 1) keyStart = position + 1
      } else if (byte === openBrace || byte === openBracket) {
        const mayOpen = closers[depth] === closeBrace ? before === colon : before === openBracket || before === comma
        if (!mayOpen) {
          // An object where a key or a comma has to be: a bracket is missing, or the line before was cut.
          damaged(position, 'unreadable-record')
          return restart(start + 1)
        }
        if (
          byte === openBracket &&
          depth === 1 &&
          colonSeen &&
          listKeys.has(buffer.toString('utf8', keyStart, keyEnd))
        ) {
          between()
          containers.push('wrapper', 'list')
          position++
          return
        }
        if (depth === limits.jsonDepth) {
          damaged(position, 'too-deep')
          return restart(position)
        }
        closers[++depth] = byte === openBrace ? closeBrace : closeBracket
        colonSeen = false
      } else if (byte === closeBrace || byte === closeBracket) {
        if (closers[depth] !== byte) {
          damaged(position, 'unreadable-record')
          return restart(start + 1)
        }
        if (--depth === 0) return endObject(position + 1)
      } else if (byte === colon) colonSeen = before === quote
      if (!isBlank(byte)) before = byte
      position++
    }
  }

  const scan = (): void => {
    waits = false
    while (position < filled && !stopped && !waits) {
      if (lost) {
        const next = nextObject(buffer.subarray(0, filled), position, marker)
        if (next < 0) {
          position = Math.max(position, filled - 256)
          return
        }
        lost = false
        begin(next)
      } else if (start < 0) scanBetween()
      else {
        scanObject()
        if (start >= 0 && position - start > maxBytes) {
          damaged(start, 'too-large')
          restart(start + 1)
        }
      }
    }
  }

  const forget = (): void => {
    const keep = start >= 0 ? start : position
    if (keyStart >= 0) keyStart -= keep
    if (keyEnd >= 0) keyEnd -= keep
    base += keep
    buffer.copyWithin(0, keep, filled)
    filled -= keep
    position -= keep
    if (start >= 0) start = 0
  }

  const add = (chunk: Uint8Array): void => {
    if (stopped || chunk.length === 0) return
    if (filled + chunk.length > buffer.length) {
      const wider = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, filled + chunk.length))
      buffer.copy(wider, 0, 0, filled)
      buffer = wider
    }
    buffer.set(chunk, filled)
    filled += chunk.length
  }

  const taken = (): readonly JsonPiece[] => {
    const done = pieces
    pieces = []
    return done
  }

  return {
    add,
    push(chunk) {
      if (stopped) return []
      add(chunk)
      scan()
      forget()
      return taken()
    },
    end() {
      ending = true
      scan()
      while (!stopped && start >= 0) {
        damaged(start, 'truncated')
        restart(start + 1)
        scan()
      }
      if (!stopped && !lost && containers.length > 0) damaged(filled, 'truncated')
      return taken()
    },
  }
}

/** The next `{` that opens an object for certain: at the begin of a line, or before the first key; -1 where there is none. */
function nextObject(buffer: Buffer, from: number, marker: Buffer | undefined): number {
  const line = buffer.indexOf('\n{', from)
  const atLine = line < 0 ? -1 : line + 1
  const atKey = marker === undefined ? -1 : objectBefore(buffer, from, marker)
  if (atLine < 0 || atKey < 0) return Math.max(atLine, atKey)
  return Math.min(atLine, atKey)
}

function objectBefore(buffer: Buffer, from: number, marker: Buffer): number {
  for (let key = buffer.indexOf(marker, from); key >= 0; key = buffer.indexOf(marker, key + marker.length)) {
    let at = key - 1
    while (at >= from && isBlank(buffer[at]!)) at--
    if (at >= from && buffer[at] === openBrace) return at
  }
  return -1
}

const stop = { at: 0, escaped: false }

/** Where a string ends: its quote, the end of the line, or `limit`. Most bytes of a file go through this loop: locals only. */
function stringStop(buffer: Buffer, from: number, limit: number, escapedBefore: boolean): typeof stop {
  let at = from
  let escaped = escapedBefore
  for (; at < limit; at++) {
    const byte = buffer[at]!
    if (escaped) escaped = false
    else if (byte === quote || byte === newline) break
    else if (byte === backslash) escaped = true
  }
  stop.at = at
  stop.escaped = escaped
  return stop
}
