import type { Fact } from './messages.ts'
import { tokenShapes, type TokenShape } from './token-shapes.ts'

/** A field that held what looks like a secret value. Which detector and which field; never the text. */
export interface Catch {
  readonly detector: string
  readonly field: string
}

const SHORTEST_TOKEN = 15
const COLON = 0x3a
const allowed = new Map(tokenShapes.map((shape) => [shape.of, characterTable(shape.of)]))
/** Shapes by the first two characters of their prefix, as one number: one pass over a text looks at few of them. */
const byBeginning: TokenShape[][] = []
const BITS = 7
/** By that number the group of a beginning, 0: none; by group and third character, whether any shape goes on so. */
const groupOf = new Uint8Array(1 << (2 * BITS))
for (const shape of tokenShapes) {
  const beginning = (shape.prefix.charCodeAt(0) << BITS) | shape.prefix.charCodeAt(1)
  if (groupOf[beginning] === 0) groupOf[beginning] = byBeginning.push([])
  byBeginning[groupOf[beginning]! - 1]!.push(shape)
}
const isThird = new Uint8Array((byBeginning.length + 1) << BITS)
byBeginning.forEach((shapes, i) => {
  for (const { prefix } of shapes) isThird[((i + 1) << BITS) | prefix.charCodeAt(2)] = 1
})

function characterTable(characters: string): Uint8Array {
  const table = new Uint8Array(128)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return table
}

/** Which known shape of secret stands in this text; undefined for none. One pass, no RegExp. */
export function detectToken(text: string): string | undefined {
  if (text.length < SHORTEST_TOKEN) return undefined
  let last = 0
  let hasColon = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === COLON) hasColon = true
    // What is not ASCII makes a number beyond the table, now or with the next character.
    const group = groupOf[(last << BITS) | code]
    last = code
    if (group === undefined || group === 0) continue
    const third = text.charCodeAt(i + 1)
    if (!(third < 128) || isThird[(group << BITS) | third] !== 1) continue
    for (const shape of byBeginning[group - 1]!) {
      if (text.startsWith(shape.prefix, i - 1) && holds(text, i - 1 + shape.prefix.length, shape)) return shape.id
    }
  }
  if (!hasColon) return undefined
  return hasPasswordInUrl(text) ? 'password-in-url' : undefined
}

function holds(text: string, from: number, shape: TokenShape): boolean {
  const table = allowed.get(shape.of)!
  let end = from
  while (end < text.length && text.charCodeAt(end) < 128 && table[text.charCodeAt(end)] === 1) end++
  if (end - from < shape.min) return false
  if (shape.including === undefined) return true
  const found = text.indexOf(shape.including, from)
  return found >= 0 && found < end
}

/** `scheme://user:password@host`, unless the password is a placeholder. */
function hasPasswordInUrl(text: string): boolean {
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    let colon = -1
    for (let i = at + 3; i < text.length; i++) {
      const character = text[i]!
      if (character === '/' || character <= ' ') break
      if (character === ':' && colon < 0) colon = i
      if (character === '@') {
        const password = colon < 0 ? '' : text.slice(colon + 1, i)
        if (password !== '' && !'$*<{'.includes(password[0]!)) return true
        break
      }
    }
  }
  return false
}

/**
 * The second net (security-reliability.md 3.5): importers take only named fields, and what they take is looked at once
 * more before it leaves. A field that holds a secret is dropped and named in `props.removed`; a fact that can't be
 * without the field (its id, its ends) is dropped whole: then the result is undefined. The fact itself is not changed.
 */
export function secondNet(fact: Fact, caught: (hit: Catch) => void): Fact | undefined {
  if (findToken(fact) === undefined) return fact
  const removed: string[] = []
  const note = (field: string, text: string) => {
    const detector = detectToken(text)
    if (detector === undefined) return false
    caught({ detector, field })
    removed.push(field)
    return true
  }
  const copy = structuredClone(fact)
  const record: Record<string, unknown> =
    'entity' in copy ? copy.entity : 'relationship' in copy ? copy.relationship : copy.observation
  for (const field of ['id', 'from', 'to', 'via', 'by', 'need']) {
    const value = record[field]
    const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? (value as string[]) : []
    if (texts.some((text) => note(field, text))) return undefined
  }
  for (const [field, value] of Object.entries(record)) cleanField(record, field, value, note)
  if (!('observation' in copy)) record.props = { ...(record.props as object | undefined), removed }
  return copy
}

type Note = (field: string, text: string) => boolean

/** What stands for a name that is never said again. */
const SECRET_NAME = '(name left out)'

function cleanField(holder: Record<string, unknown>, field: string, value: unknown, note: Note): void {
  if (typeof value === 'string') {
    if (note(field, value)) delete holder[field]
  } else if (Array.isArray(value)) {
    holder[field] = value.filter((item) => {
      if (typeof item === 'string') return !note(field, item)
      cleanFields(item as Record<string, unknown>, `${field}.`, note)
      return true
    })
  } else if (typeof value === 'object' && value !== null)
    cleanFields(value as Record<string, unknown>, `${field}.`, note)
}

function cleanFields(holder: Record<string, unknown>, prefix: string, note: Note): void {
  const named: Note = (field, text) => note(prefix + field, text)
  for (const [field, value] of Object.entries(holder)) {
    // Names of properties come from files too, where a bundle says them.
    if (named(SECRET_NAME, field)) delete holder[field]
    else cleanField(holder, field, value, named)
  }
}

/** Any token anywhere in the fact's text, its names among it: the common answer is no, without a copy. */
function findToken(value: unknown): string | undefined {
  if (typeof value === 'string') return detectToken(value)
  if (typeof value !== 'object' || value === null) return undefined
  for (const key in value) {
    const found = detectToken(key) ?? findToken((value as Record<string, unknown>)[key])
    if (found !== undefined) return found
  }
  return undefined
}

/** A label (a file's name) that may be shown: what looks like a secret in it is left out. */
export function safeLabel(label: string): string {
  if (detectToken(label) === undefined) return label
  return label
    .split('/')
    .map((part) => (detectToken(part) === undefined ? part : '(name left out: it looks like a secret)'))
    .join('/')
}
