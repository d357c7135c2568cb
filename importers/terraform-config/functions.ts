import { isKnown, isList, isMap, textOf, unknown, type Value } from './value.ts'

type Function = (...args: Value[]) => Value

const onText =
  (make: (text: string, ...more: string[]) => Value): Function =>
  (...args) => {
    const texts = args.map(textOf)
    return texts.includes(undefined) ? unknown : make(...(texts as [string, ...string[]]))
  }
const onList =
  (make: (list: readonly Value[]) => Value): Function =>
  (list = unknown) =>
    isList(list) ? make(list) : isMap(list) ? make([...list.values()]) : unknown
const same: Function = (value = unknown) => value

/** Sets have each value once; an order they have none, so theirs is the text's. */
const set = onList((list) => {
  if (!list.every((one) => typeof one === 'string')) return list
  return [...new Set(list)].sort()
})

function joined(separator: Value = unknown, ...lists: Value[]): Value {
  const texts = lists.flatMap((list) => (isList(list) ? list.map(textOf) : [undefined]))
  return typeof separator !== 'string' || texts.includes(undefined) ? unknown : texts.join(separator)
}

function merged(...maps: Value[]): Value {
  if (!maps.every((map) => isMap(map) || map === null)) return unknown
  return new Map(maps.flatMap((map) => (isMap(map) ? [...map] : [])))
}

function concatenated(...lists: Value[]): Value {
  return lists.every(isList) ? lists.flatMap((list) => list as readonly Value[]) : unknown
}

function flattened(list: readonly Value[]): Value {
  return list.flatMap((one) => (isList(one) ? (flattened(one) as readonly Value[]) : [one]))
}

function looked(map: Value = unknown, name: Value = unknown, otherwise: Value = unknown): Value {
  return isMap(map) && typeof name === 'string' ? (map.get(name) ?? otherwise) : unknown
}

function coalesced(...values: Value[]): Value {
  for (const value of values) {
    if (value === unknown) return unknown
    if (value !== null && value !== '') return value
  }
  return unknown
}

function formatted(pattern: Value = unknown, ...args: Value[]): Value {
  if (typeof pattern !== 'string') return unknown
  const texts = args.map(textOf)
  let used = 0
  let plain = ''
  for (let at = 0; at < pattern.length; at++) {
    const verb = pattern[at] === '%' ? pattern[++at] : undefined
    if (pattern[at - 1] !== '%' || verb === undefined) plain += pattern[at] ?? ''
    else if (verb === '%') plain += '%'
    else {
      const text = verb === 's' || verb === 'd' || verb === 'v' ? texts[used++] : undefined
      if (text === undefined) return unknown
      plain += text
    }
  }
  return plain
}

const largestProduct = 2_000

function product(...lists: Value[]): Value {
  if (!lists.every(isList)) return unknown
  const size = lists.reduce((size, list) => size * (list as readonly Value[]).length, 1)
  if (size > largestProduct) return unknown
  return lists.reduce<Value[][]>(
    (rows, list) => rows.flatMap((row) => (list as readonly Value[]).map((one) => [...row, one])),
    [[]],
  )
}

function substring(text: Value = unknown, from: Value = unknown, length: Value = unknown): Value {
  if (typeof text !== 'string' || typeof from !== 'number' || typeof length !== 'number') return unknown
  return text.substr(from, length < 0 ? undefined : length)
}

function lengthOf(value: Value = unknown): Value {
  if (typeof value === 'string' || isList(value)) return value.length
  return isMap(value) ? value.size : unknown
}

function plain(value: Value): unknown {
  if (isMap(value)) return Object.fromEntries([...value].map(([name, one]) => [name, plain(one)]))
  return isList(value) ? value.map(plain) : value
}

const trimmed = (text: string, ending: string) => (text.endsWith(ending) ? text.slice(0, -ending.length) : text)
const unprefixed = (text: string, prefix: string) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)

/** Functions of Terraform whose result is known here: pure ones, and of those the ones that names are made with. */
export const functions: ReadonlyMap<string, Function> = new Map<string, Function>([
  ['tolist', onList((list) => list)],
  ['toset', set],
  ['tomap', same],
  ['tostring', onText((text) => text)],
  ['tonumber', onText((text) => (Number.isFinite(Number(text)) ? Number(text) : unknown))],
  ['sensitive', same],
  ['nonsensitive', same],
  ['concat', concatenated],
  ['merge', merged],
  ['flatten', onList(flattened)],
  ['compact', onList((list) => list.filter((one) => one !== null && one !== ''))],
  ['distinct', onList((list) => [...new Set(list)])],
  ['sort', onList((list) => (list.every((one) => typeof one === 'string') ? [...list].sort() : unknown))],
  ['reverse', onList((list) => [...list].reverse())],
  ['one', onList((list) => (list.length > 1 ? unknown : (list[0] ?? null)))],
  ['keys', (map = unknown) => (isMap(map) ? [...map.keys()].sort() : unknown)],
  ['values', (map = unknown) => (isMap(map) ? [...map.keys()].sort().map((name) => map.get(name)!) : unknown)],
  ['length', lengthOf],
  ['lookup', looked],
  ['coalesce', coalesced],
  ['setproduct', product],
  [
    'contains',
    (list = unknown, one = unknown) =>
      isList(list) && isKnown(list) && one !== unknown ? list.some((other) => other === one) : unknown,
  ],
  [
    'element',
    (list = unknown, at = unknown) =>
      isList(list) && typeof at === 'number' && list.length > 0 ? (list[at % list.length] ?? unknown) : unknown,
  ],
  [
    'zipmap',
    (names = unknown, values = unknown) =>
      isList(names) && isList(values) && names.every((name) => typeof name === 'string')
        ? new Map(names.map((name, at) => [name, values[at] ?? unknown]))
        : unknown,
  ],
  ['join', joined],
  ['split', onText((separator, text = '') => text.split(separator))],
  // A pattern between slashes is a regular expression: those of files are not run.
  ['replace', onText((text, old = '', by = '') => (old.startsWith('/') ? unknown : text.replaceAll(old, () => by)))],
  ['format', formatted],
  ['lower', onText((text) => text.toLowerCase())],
  ['upper', onText((text) => text.toUpperCase())],
  ['title', onText((text) => text.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()))],
  ['trimspace', onText((text) => text.trim())],
  ['trimprefix', onText((text, prefix = '') => unprefixed(text, prefix))],
  ['trimsuffix', onText((text, ending = '') => (ending === '' ? text : trimmed(text, ending)))],
  ['substr', substring],
  ['startswith', onText((text, start = '') => text.startsWith(start))],
  ['endswith', onText((text, end = '') => text.endsWith(end))],
  ['jsonencode', (value = unknown) => (isKnown(value) ? JSON.stringify(plain(value)) : unknown)],
])
