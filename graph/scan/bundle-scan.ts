import { entityKindNames } from '../kinds/entity-kinds.ts'
import { relationshipKindNames } from '../kinds/relationship-kinds.ts'
import { standingBits } from '../index/columns.ts'
import type { TimingFacts } from '../outage/timings.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { lastText, readText, textTable, type TextTable } from './text-table.ts'

/**
 * Takes lines of a bundle (docs/bundle.md) straight from their bytes into columns: those of the form that writers of
 * bundles give them, without blanks, escapes, or fields that columns do not know. Whatever else it meets, it takes
 * nothing of the line and says so; then the line is parsed and checked like any other JSON. Returns the place of the
 * line's end, or -1 where it took nothing. `end`: behind the last whole line.
 */
export type LineScan = (view: DataView, from: number, end: number) => number

/** Bytes that have to follow a line in its buffer. */
export const SCAN_MARGIN = 8

/** Lengths that facts allow (graph/facts). */
export const [LONGEST_ID, LONGEST_NEED, LONGEST_NAME] = [2048, 512, 1024]
const SHORTEST = 40
const MOST_DIGITS = 15

const code = (character: string): number => character.charCodeAt(0)
const [QUOTE, COMMA, COLON, CLOSE, ZERO, NINE] = [0x22, 0x2c, 0x3a, 0x7d, 0x30, 0x39]
const [LIST, UNLIST, LINE_END] = [0x5b, 0x5d, 0x0a]

const entityStart = [...'{"entity":{'].map(code)
const relationshipStart = [...'{"relationship":{'].map(code)
const nothing = [...'null'].map(code)

/** Names in a table, numbered by their places. */
function tableOf(names: readonly string[]): TextTable {
  const table = textTable()
  for (const name of names) table.internText(name)
  return table
}

const entityFields = ['id', 'kind', 'name'] as const
const relationshipFields = [
  'kind',
  'from',
  'to',
  'need',
  'strength',
  'confidence',
  'session',
  'tolerance',
  'pickup',
  'cadence',
] as const
const [NEED, STRENGTH, CONFIDENCE] = [3, 4, 5]
/** Kind, tail and head have to be there. */
const ENDS = 0b111
const CONFIRMED = 2
const FIRST_SPAN = relationshipFields.indexOf('session')
const CADENCE = relationshipFields.indexOf('cadence')
/** Four characters as the bytes of a text are read. */
const word = (text: string): number => text.split('').reduce((all, one, i) => all | (code(one) << (8 * i)), 0)
/** Names of four letters, at the place of their field; the others are told apart in `key`. */
const entityWords = [NaN, word('kind'), word('name')]
const relationshipWords = [word('kind'), word('from'), NaN, word('need')]
const TO_QUOTE_COLON = word('to":')
const ID_QUOTE = word('id"')
const QUOTE_COLON = word('":')
const spanNames = ['session', 'tolerance', 'pickup'] as const
const strengths = ['hard', 'soft']
const confidences = ['none', 'possible', 'confirmed']

type Times = { -readonly [K in keyof TimingFacts]: TimingFacts[K] }

/** Where a text stands, until it is known that its line is taken. */
interface Place {
  from: number
  to: number
  hash: number
}

/** `ids`, `needs`: the tables that the columns number their texts by. */
export function bundleLineScan(into: ColumnBuilder, ids: TextTable, needs: TextTable): LineScan {
  const ofEntity = tableOf(entityFields)
  const ofRelationship = tableOf(relationshipFields)
  const entityKinds = tableOf(entityKindNames)
  const kinds = tableOf(relationshipKindNames)
  const strengthNumbers = tableOf(strengths)
  const confidenceNumbers = tableOf(confidences)
  const spans: Record<(typeof spanNames)[number], [number, number | null]> = {
    session: [0, 0],
    tolerance: [0, 0],
    pickup: [0, 0],
  }
  const times: Times = { session: undefined, tolerance: undefined, pickup: undefined, cadence: undefined }
  let at = 0

  const startsWith = (view: DataView, from: number, text: readonly number[]): boolean => {
    for (let i = 0; i < text.length; i++) if (view.getUint8(from + i) !== text[i]) return false
    return true
  }
  /** A string at `at`; leaves `at` behind it. Where it ended, or -1. */
  const text = (view: DataView, end: number): number => {
    if (view.getUint8(at) !== QUOTE) return -1
    const close = readText(view, at + 1, end)
    if (close >= 0) at = close + 1
    return close
  }
  const among = (view: DataView, end: number, table: TextTable): number => {
    const from = at + 1
    const close = text(view, end)
    return close < 0 ? -1 : table.find(view, from, close, lastText.hash)
  }
  const place = (view: DataView, end: number, longest: number, into: Place): boolean => {
    into.from = at + 1
    into.to = text(view, end)
    into.hash = lastText.hash
    return into.to >= 0 && into.to - into.from <= longest
  }
  /** A key that means the same in every bundle. */
  const identifier = (view: DataView, end: number, into: Place): boolean =>
    place(view, end, LONGEST_ID, into) && into.to > into.from && lastText.hasColon
  const id: Place = { from: 0, to: 0, hash: 0 }
  const tail: Place = { from: 0, to: 0, hash: 0 }
  const head: Place = { from: 0, to: 0, hash: 0 }
  const named: Place = { from: 0, to: 0, hash: 0 }
  const whole = (view: DataView): number => {
    const from = at
    let number = 0
    for (let byte = view.getUint8(at); byte >= ZERO && byte <= NINE; byte = view.getUint8(++at))
      number = number * 10 + (byte - ZERO)
    const digits = at - from
    if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && view.getUint8(from) === ZERO)) return -1
    return number
  }
  const span = (view: DataView, into: [number, number | null]): boolean => {
    if (view.getUint8(at++) !== LIST) return false
    const least = whole(view)
    if (least < 0 || view.getUint8(at++) !== COMMA) return false
    let most: number | null = null
    if (startsWith(view, at, nothing)) at += nothing.length
    else if ((most = whole(view)) < 0) return false
    into[0] = least
    into[1] = most
    return view.getUint8(at++) === UNLIST
  }
  /** Behind a value: 1 another field follows, 0 the record and the line end here, -1 anything else. */
  const next = (view: DataView): number => {
    const byte = view.getUint8(at)
    if (byte === COMMA) {
      at++
      return 1
    }
    return byte === CLOSE && view.getUint8(at + 1) === CLOSE && view.getUint8(at + 2) === LINE_END ? 0 : -1
  }
  /** A field by its name and colon: those of nearly every line by one comparison, the others by the table. */
  const key = (view: DataView, end: number, table: TextTable, first: readonly number[]): number => {
    if (view.getUint8(at) === QUOTE) {
      const word = view.getInt32(at + 1, true)
      if (word === TO_QUOTE_COLON) {
        at += 5
        return table === ofRelationship ? 2 : -1
      }
      for (let field = 0; field < first.length; field++)
        if (word === first[field] && view.getInt16(at + 5, true) === QUOTE_COLON) {
          at += 7
          return field
        }
      if (table === ofEntity && (word & 0xffffff) === ID_QUOTE && view.getUint8(at + 4) === COLON) {
        at += 5
        return 0
      }
    }
    const field = among(view, end, table)
    return field >= 0 && view.getUint8(at++) === COLON ? field : -1
  }

  const entity = (view: DataView, end: number): boolean => {
    let kind = -1
    let seen = 0
    for (;;) {
      const field = key(view, end, ofEntity, entityWords)
      if (field < 0 || (seen & (1 << field)) !== 0) return false
      seen |= 1 << field
      if (field === 0) {
        if (!identifier(view, end, id)) return false
      } else if (field === 1) {
        if ((kind = among(view, end, entityKinds)) < 0) return false
      } else if (!place(view, end, LONGEST_NAME, named)) return false
      const then = next(view)
      if (then < 0) return false
      if (then === 1) continue
      if ((seen & 1) === 0 || kind < 0) return false
      into.entityAt(ids.intern(view, id.from, id.to, id.hash), kind)
      return true
    }
  }

  const relationship = (view: DataView, end: number): boolean => {
    let kind = -1
    let strength = 0
    let confidence = CONFIRMED
    let seen = 0
    times.session = times.tolerance = times.pickup = times.cadence = undefined
    for (;;) {
      const field = key(view, end, ofRelationship, relationshipWords)
      if (field < 0 || (seen & (1 << field)) !== 0) return false
      seen |= 1 << field
      if (field === 0) {
        if ((kind = among(view, end, kinds)) < 0) return false
      } else if (field === 1) {
        if (!identifier(view, end, tail)) return false
      } else if (field === 2) {
        if (!identifier(view, end, head)) return false
      } else if (field === NEED) {
        if (!place(view, end, LONGEST_NEED, named)) return false
      } else if (field === STRENGTH) {
        if ((strength = among(view, end, strengthNumbers)) < 0) return false
      } else if (field === CONFIDENCE) {
        if ((confidence = among(view, end, confidenceNumbers)) < 0) return false
      } else if (field === CADENCE) {
        const seconds = whole(view)
        if (seconds < 0) return false
        times.cadence = seconds
      } else {
        const name = spanNames[field - FIRST_SPAN]!
        if (!span(view, spans[name])) return false
        times[name] = spans[name]
      }
      const then = next(view)
      if (then < 0) return false
      if (then === 1) continue
      if ((seen & ENDS) !== ENDS) return false
      into.relationshipAt(
        ids.intern(view, tail.from, tail.to, tail.hash),
        ids.intern(view, head.from, head.to, head.hash),
        kind,
        strength | (confidence << standingBits.confidenceShift),
        (seen & (1 << NEED)) === 0 ? -1 : needs.intern(view, named.from, named.to, named.hash),
        times,
      )
      return true
    }
  }

  return (view, from, end) => {
    if (end - from < SHORTEST) return -1
    const third = view.getUint8(from + 2)
    if (third === relationshipStart[2] && startsWith(view, from, relationshipStart)) {
      at = from + relationshipStart.length
      return relationship(view, end) ? at + 2 : -1
    }
    if (third === entityStart[2] && startsWith(view, from, entityStart)) {
      at = from + entityStart.length
      return entity(view, end) ? at + 2 : -1
    }
    return -1
  }
}
