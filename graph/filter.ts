/**
 * The filter grammar of the screens and the API (client.md 6): words match a name, `key:value` a property, `,` is or,
 * `-` before a term is not, `<` and `>` compare ages and counts. `own:unknown tier:1 used:<7d -flag:break-glass`.
 */
export interface Term {
  readonly not: boolean
  /** `null`: a word. */
  readonly key: string | null
  readonly values: readonly Value[]
}
export interface Value {
  readonly compare: '=' | '<' | '>'
  /** Lower case. */
  readonly text: string
}
/** A filter that could not be read: what is wrong, and at which character. */
export interface FilterProblem {
  readonly at: number
  readonly message: string
}

export const LONGEST_FILTER = 500

/** Reads a filter; `keys` are those that the list understands. */
export function readFilter(text: string, keys: readonly string[]): readonly Term[] | FilterProblem {
  if (text.length > LONGEST_FILTER) return { at: LONGEST_FILTER, message: 'longer than a filter may be' }
  const terms: Term[] = []
  for (const { word, at } of wordsOf(text)) {
    const not = word.startsWith('-')
    const body = not ? word.slice(1) : word
    if (body === '') return { at, message: 'a minus needs a term behind it' }
    const colon = body.indexOf(':')
    const key = colon < 1 ? null : body.slice(0, colon).toLowerCase()
    const start = at + (not ? 1 : 0)
    if (key !== null && !keys.includes(key))
      return { at: start, message: `“${key}” is no key of this list; there are ${keys.join(', ')}` }
    const values = valuesOf(key === null ? body : body.slice(colon + 1))
    if (values.some((value) => value.text === ''))
      return { at: start + (key === null ? 0 : colon + 1), message: 'a value is missing' }
    terms.push({ not, key, values: key === null ? [{ compare: '=', text: unquoted(body) }] : values })
  }
  return terms
}

function valuesOf(text: string): Value[] {
  return unquoted(text)
    .split(',')
    .map((one) => {
      const compare = one.startsWith('<') ? '<' : one.startsWith('>') ? '>' : '='
      return { compare, text: compare === '=' ? one : one.slice(1) }
    })
}

const unquoted = (text: string): string => text.replaceAll('"', '').toLowerCase()

/** Parts between blanks; a quoted part may hold blanks. */
function wordsOf(text: string): { word: string; at: number }[] {
  const found: { word: string; at: number }[] = []
  let start = -1
  let quoted = false
  for (let i = 0; i <= text.length; i++) {
    const letter = text[i]
    if (letter === '"') quoted = !quoted
    const blank = letter === undefined || (!quoted && letter.trim() === '')
    if (blank && start >= 0) {
      found.push({ word: text.slice(start, i), at: start })
      start = -1
    } else if (!blank && start < 0) start = i
  }
  return found
}

/** Days of `90d`, `12h`, `3w`, `2y`, or a bare number; undefined where it is none. */
export function daysOf(text: string): number | undefined {
  const found = /^(\d{1,6})(h|d|w|m|y)?$/.exec(text)
  if (!found) return undefined
  return Number(found[1]) * { h: 1 / 24, d: 1, w: 7, m: 30, y: 365 }[(found[2] ?? 'd') as 'h' | 'd' | 'w' | 'm' | 'y']
}

/** What a list knows of one of its rows, by key. A number compares; `null` and none match `unknown` and `none`. */
export type Told = string | number | null | readonly (string | number)[]

/** Does a row fit every term? `name` is what words are looked for in. */
export function fits(terms: readonly Term[], name: string, told: (key: string) => Told): boolean {
  return terms.every(({ not, key, values }) => {
    const hit =
      key === null ? isIn(name.toLowerCase(), values[0]!.text) : values.some((value) => matches(told(key), value))
    return hit !== not
  })
}

function matches(told: Told, { compare, text }: Value): boolean {
  if (told === null || (Array.isArray(told) && told.length === 0)) return text === 'unknown' || text === 'none'
  const list: readonly (string | number)[] = Array.isArray(told) ? told : [told as string | number]
  return list.some((one) => {
    if (typeof one === 'string') return compare === '=' && isIn(one.toLowerCase(), text)
    const wanted = daysOf(text)
    if (wanted === undefined) return false
    return compare === '<' ? one < wanted : compare === '>' ? one > wanted : one === wanted
  })
}

/** All letters in order, as people abbreviate; a part as it stands is the usual case. */
function isIn(text: string, part: string): boolean {
  if (text.includes(part)) return true
  if (part.length < 3) return false
  let at = 0
  for (const letter of text) if (letter === part[at]) at++
  return at === part.length
}
