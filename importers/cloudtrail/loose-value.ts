/** Nested deeper than this, a cell is no identity of CloudTrail. */
const DEPTH = 20

/** Words for values in JSON, Python and Athena. */
const words = new Map<string, string>([
  ['null', 'null'],
  ['None', 'null'],
  ['', 'null'],
  ['True', 'true'],
  ['true', 'true'],
  ['False', 'false'],
  ['false', 'false'],
])

/**
 * Turns a cell of a table into JSON: a Python literal (`{'type': 'Root', 'x': None}`), a row of Athena or CloudTrail
 * Lake (`{type=Root, sessioncontext={…}}`), or JSON itself. One pass; undefined where it is none of these.
 * @param nameOf what a key is called, for tables that lower its letters
 */
export function looseJson(text: string, nameOf: (key: string) => string): string | undefined {
  let at = 0
  let json = ''
  let broken = false

  const blanks = (): void => {
    while (at < text.length && text.charCodeAt(at) <= 0x20) at++
  }

  /** Behind the opening quote; the quote itself may stand in it after a backslash. */
  const quoted = (quote: string): string => {
    let value = ''
    for (at++; at < text.length && text[at] !== quote; at++) {
      if (text[at] === '\\' && at + 1 < text.length) at++
      value += text[at]!
    }
    if (text[at] !== quote) broken = true
    at++
    return value
  }

  const bare = (stops: string): string => {
    const from = at
    while (at < text.length && !stops.includes(text[at]!)) at++
    return text.slice(from, at).trim()
  }

  const value = (depth: number): void => {
    blanks()
    const first = text[at]
    if (broken || depth > DEPTH || first === undefined) {
      broken = true
    } else if (first === '{') list(depth, '}', true)
    else if (first === '[') list(depth, ']', false)
    else if (first === "'" || first === '"') json += JSON.stringify(quoted(first))
    else {
      const word = bare(',}]')
      json += words.get(word) ?? JSON.stringify(word)
    }
  }

  const list = (depth: number, closer: string, hasKeys: boolean): void => {
    json += hasKeys ? '{' : '['
    at++
    blanks()
    for (let first = true; text[at] !== closer; first = false) {
      if (at >= text.length || broken) {
        broken = true
        return
      }
      if (!first) json += ','
      if (hasKeys) key()
      value(depth + 1)
      blanks()
      if (text[at] === ',') at++
      else if (text[at] !== closer) broken = true
      blanks()
    }
    at++
    json += hasKeys ? '}' : ']'
  }

  const key = (): void => {
    const first = text[at]!
    const name = first === "'" || first === '"' ? quoted(first) : bare('=:,}')
    blanks()
    if (text[at] !== '=' && text[at] !== ':') broken = true
    at++
    json += `${JSON.stringify(nameOf(name))}:`
  }

  value(0)
  blanks()
  return broken || at < text.length ? undefined : json
}
