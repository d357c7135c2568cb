/** What a hostile or broken disk, editor, script or attacker does to a file; `how` and the seed tell it again. */
export interface Mutation {
  readonly how: string
  readonly bytes: Uint8Array
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * A damaged copy of a file. The same bytes and seed give the same damage; `seed` also chooses the kind of damage, one
 * after the other, so that any `mutationKinds.length` seeds in a row hold each kind once.
 * @param seed an integer from 0.
 */
export function mutated(bytes: Uint8Array, seed: number): Mutation {
  const kind = mutationKinds[seed % mutationKinds.length]!
  const random = seededRandom(seed)
  const pick = (size: number): number => Math.floor(random() * size)
  const result = damages.get(kind)!(bytes, pick)
  return { how: kind, bytes: typeof result === 'string' ? new TextEncoder().encode(result) : result }
}

type Pick = (size: number) => number
type Damage = (bytes: Uint8Array, pick: Pick) => Uint8Array | string

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts)
const oneOf = <T>(list: readonly T[], pick: Pick): T => list[pick(list.length)]!

/** Values of a `key: value` or `"key": value`, on one line: where a wrong type can be put. */
function valuePlaces(text: string): { from: number; to: number }[] {
  const places: { from: number; to: number }[] = []
  for (let colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
    let from = colon + 1
    while (text[from] === ' ') from++
    if (from >= text.length || text[from] === '\n') continue
    const to = endOfValue(text, from)
    if (to > from) places.push({ from, to })
  }
  return places
}

function endOfValue(text: string, from: number): number {
  if (text[from] === '"') {
    let at = from + 1
    while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
    return Math.min(at + 1, text.length)
  }
  let at = from
  while (at < text.length && !',\n}]'.includes(text[at]!)) at++
  return at
}

/** Puts one of `values` in the place of up to four values of the file; without any, at some offset. */
const withValues =
  (values: readonly string[]): Damage =>
  (bytes, pick) => {
    const text = textOf(bytes)
    const places = valuePlaces(text)
    const at = pick(text.length + 1)
    const chosen = places.length > 0 ? [...Array(1 + pick(4))].map(() => oneOf(places, pick)) : [{ from: at, to: at }]
    let result = text
    for (const { from, to } of chosen.sort((a, b) => b.from - a.from))
      result = result.slice(0, from) + oneOf(values, pick) + result.slice(to)
    return result
  }

const inserted =
  (pieces: readonly string[]): Damage =>
  (bytes, pick) => {
    const at = pick(bytes.length + 1)
    return joined(bytes.subarray(0, at), new TextEncoder().encode(oneOf(pieces, pick)), bytes.subarray(at))
  }

const linesOf = (bytes: Uint8Array): string[] => textOf(bytes).split('\n')

const damages = new Map<string, Damage>([
  ['cut', (bytes, pick) => bytes.subarray(0, pick(bytes.length))],
  [
    'wrong types',
    withValues(['null', '[]', '{}', 'true', '-1', '""', '"x"', '[[{}]]', '{"name":{}}', '0.5', '[null]']),
  ],
  ['garbled', garbled],
  [
    'deep nesting',
    withValues(['['.repeat(20_000), '{"a":'.repeat(20_000), '[{"a":'.repeat(9_000), '- '.repeat(9_000)]),
  ],
  ['huge numbers', withValues(['1e999', '-1e999', '9'.repeat(400), '9007199254740993', '1E400', '-0', 'NaN'])],
  ['utf-16, little end first', (bytes) => joined(Buffer.from([0xff, 0xfe]), Buffer.from(textOf(bytes), 'utf16le'))],
  [
    'hole',
    (bytes, pick) => {
      const at = pick(bytes.length)
      return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + pick(200)))
    },
  ],
  [
    'no UTF-8',
    (bytes, pick) => {
      const at = pick(bytes.length + 1)
      return joined(bytes.subarray(0, at), Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]), bytes.subarray(at))
    },
  ],
  [
    'odd characters',
    inserted(['\0', '\u0000'.repeat(50), '\ufeff', '\u2028', '\ud800', '\u202e', '\x1b[31m', '\u{1F511}']),
  ],
  [
    'utf-16, big end first',
    (bytes) => joined(Buffer.from([0xfe, 0xff]), Buffer.from(textOf(bytes), 'utf16le').swap16()),
  ],
  ['names of prototypes', renamed],
  [
    'lines in another order',
    (bytes, pick) => {
      const lines = linesOf(bytes)
      for (let i = 0; i < 6; i++) lines.push(...lines.splice(pick(lines.length), 1))
      return lines.join('\n')
    },
  ],
  ['no beginning', (bytes, pick) => bytes.subarray(pick(bytes.length))],
  [
    'long text',
    withValues([`"${'x'.repeat(200_000)}"`, '"' + 'a/b:c.'.repeat(20_000) + '"', '"' + ' '.repeat(100_000) + '"']),
  ],
  ['twice', (bytes) => joined(bytes, bytes)],
  [
    'brackets and marks',
    inserted(['{', '}', '[', ']', '"', ',', ':', '\\', '\n---\n', '\t', '*a', '&a', '{{ x }}', '<<: *a', '|', '#']),
  ],
  [
    'strange texts',
    withValues([
      '"\\ud800"',
      '"../../etc/passwd"',
      '"${x}"',
      '"%00"',
      '"\\u0000"',
      '"arn:"',
      '":::::"',
      '"//"',
      '"2024-99-99T99:99:99Z"',
      '"*"',
    ]),
  ],
  ['ends of lines', (bytes, pick) => linesOf(bytes).join(oneOf(['\r\n', '\r', '\n\n', '\u2028'], pick))],
  [
    'a piece again',
    (bytes, pick) => {
      const at = pick(bytes.length)
      const piece = bytes.subarray(at, at + 1 + pick(300))
      return joined(bytes.subarray(0, at), piece, piece, bytes.subarray(at))
    },
  ],
  [
    'nothing but',
    (_bytes, pick) =>
      oneOf(['', ' ', '\n', '{}', '[]', 'null', '0', '""', '\ufeff', '---', '[[', '{"":{}}', '[null]', '\0'], pick),
  ],
])

/** Every kind of damage, in the order in which seeds choose them. */
export const mutationKinds: readonly string[] = [...damages.keys()]

function garbled(bytes: Uint8Array, pick: Pick): Uint8Array {
  const copy = Uint8Array.from(bytes)
  for (let times = 1 + pick(20); times > 0 && copy.length > 0; times--) copy[pick(copy.length)] = pick(128)
  return copy
}

/** A key becomes one that objects have from their prototype. */
function renamed(bytes: Uint8Array, pick: Pick): string {
  const name = oneOf(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'], pick)
  const lines = linesOf(bytes)
  for (let times = 0; times < 5; times++) {
    const at = pick(lines.length)
    lines[at] = lines[at]!.replace(/[A-Za-z_]{2,40}("?\s?:)/, `${name}$1`)
  }
  return lines.join('\n')
}
