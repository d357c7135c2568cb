import type { SkipReason } from '../../graph/facts.ts'
import { limits } from '../read/limits.ts'

export interface FoundEntry {
  readonly value: unknown
  /** Line on which the entry begins, from 1. */
  readonly line: number
}
export interface UnreadEntry {
  readonly reason: SkipReason
  readonly line: number
}

/** An entry larger than this is no audit entry; Vault itself refuses requests over 32 MiB. */
const entryLimit = 64 * 1024 * 1024

/**
 * Entries of an audit log in order: one a line, pretty-printed one after the other, mixed, or the items of an array.
 * Holds one entry at a time. A broken line is reported and reading goes on at the next; an entry that breaks off is
 * given up where a line begins the next one with `{` in the first column.
 */
export async function* entriesIn(stream: AsyncIterable<Uint8Array>): AsyncGenerator<FoundEntry | UnreadEntry> {
  let line = 0
  let open: { text: string; line: number; nesting: Nesting } | undefined
  for await (const content of linesIn(stream)) {
    line++
    if (content === undefined) {
      open = undefined
      yield { reason: 'too-large', line }
      continue
    }
    // A string can't run over the end of a line; an entry that broke off is followed by the next one.
    if (open && (open.nesting.inString || content.startsWith('{'))) {
      yield { reason: open.nesting.inString ? 'not-json' : 'truncated', line: open.line }
      open = undefined
    }
    if (open) {
      open.text += `\n${content}`
      count(open.nesting, content)
    } else {
      const text = withoutPrefix(withoutArray(content))
      if (text === '') continue
      const items = text.startsWith('{') && content.trim().startsWith('[') ? itemsOf(content) : undefined
      if (items) {
        for (const value of items) yield { value: unwrapped(value), line }
        continue
      }
      if (!text.startsWith('{')) {
        yield { reason: 'not-json', line }
        continue
      }
      const whole = text.endsWith('}') && isFlat(text) ? parsed(text, line) : undefined
      if (whole && 'value' in whole) {
        yield* insideOf(whole)
        continue
      }
      open = { text, line, nesting: { depth: 0, deepest: 0, inString: false } }
      count(open.nesting, text)
    }
    const { nesting } = open
    if (open.text.length > entryLimit) yield { reason: 'too-large', line: open.line }
    else if (nesting.deepest > limits.jsonDepth) yield { reason: 'too-deep', line: open.line }
    else if (nesting.depth <= 0 && !nesting.inString) yield* insideOf(parsed(open.text, open.line))
    else continue
    open = undefined
  }
  if (open) yield { reason: 'truncated', line: open.line }
}

/** A whole answer of a log store: its entries. */
function insideOf(found: FoundEntry | UnreadEntry): readonly (FoundEntry | UnreadEntry)[] {
  if ('reason' in found || typeof found.value !== 'object' || found.value === null || 'request' in found.value)
    return [found]
  const fields = found.value as Readonly<Record<string, unknown>>
  const { hits } = (fields['hits'] ?? {}) as { hits?: unknown }
  const list = [...lists.map((name) => fields[name]), hits].find(Array.isArray) ?? streamed(fields)
  if (list === undefined || list.length === 0) return [found]
  return (list as unknown[]).map((value) => ({ value: unwrapped(value), line: found.line }))
}

/** Loki: `{"data": {"result": [{"stream": …, "values": [[time, line], …]}]}}`. */
function streamed({ data }: Readonly<Record<string, unknown>>): unknown[] | undefined {
  const { result } = (data ?? {}) as { result?: unknown }
  if (!Array.isArray(result)) return undefined
  return result.flatMap((stream: unknown) => {
    const { values } = (stream ?? {}) as { values?: unknown }
    return Array.isArray(values) ? values.map((pair: unknown) => ({ line: Array.isArray(pair) ? pair[1] : pair })) : []
  })
}

function parsed(text: string, line: number): FoundEntry | UnreadEntry {
  try {
    return { value: unwrapped(JSON.parse(text.replace(/,\s*$/, ''))), line }
  } catch {
    return { reason: 'not-json', line }
  }
}

/** Fields in which collectors put the entry they pass on: as an object, or as its text. */
const wrappings = ['log', 'message', '_raw', 'event', 'line', 'data', 'result', '_source', 'jsonPayload', 'textPayload']
/** Fields of an outer document whose list holds them. */
const lists = ['events', 'logEvents', 'Records', 'records', 'items', 'Items']

/** An entry has a request; what a collector wrote round it has not. */
function unwrapped(value: unknown): unknown {
  let inner = value
  for (let layers = 0; layers < 3; layers++) {
    if (typeof inner !== 'object' || inner === null || 'request' in inner) return inner
    const outer = inner as Record<string, unknown>
    const found = wrappings.map((name) => outer[name]).find((one) => isEntry(one))
    if (found === undefined) return value
    if (typeof found !== 'string') inner = found
    else {
      if (!isFlatEnough(found)) return value
      try {
        inner = JSON.parse(found)
      } catch {
        return value
      }
    }
  }
  return inner
}

const isEntry = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.startsWith('{') && value.includes('"request"')
    : typeof value === 'object' && value !== null

/** A line without the brackets and commas of an array around entries. */
function withoutArray(line: string): string {
  let text = line.trim()
  if (text.startsWith('[')) text = text.slice(1).trim()
  if (text.startsWith(',')) text = text.slice(1).trim()
  if (text === ']' || text === '],') return ''
  return text.startsWith('{') && text.endsWith('}]') ? text.slice(0, -1) : text
}

/** A whole array on one line, as `jq -s` and collectors write it. */
function itemsOf(content: string): readonly unknown[] | undefined {
  const text = content.trim()
  if (!text.endsWith(']') || !isFlatEnough(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Nested no deeper than the limit. */
function isFlatEnough(text: string): boolean {
  const nesting: Nesting = { depth: 0, deepest: 0, inString: false }
  count(nesting, text)
  return nesting.deepest <= limits.jsonDepth
}

/** Longest word of a collector before the entry. */
const PREFIX_LENGTH = 200

/** `@cee:` of a device with a prefix, and what syslog writes before the entry. Only before an object that is an entry. */
function withoutPrefix(text: string): string {
  if (text.startsWith('{') || text.startsWith('[')) return text
  const at = text.indexOf('{"')
  return at > 0 && at <= PREFIX_LENGTH && !text.startsWith('"') && text.endsWith('}') ? text.slice(at) : text
}

/** Too few brackets to be nested beyond the limit: such a line, the usual one, is parsed without counting. */
function isFlat(text: string): boolean {
  let brackets = 0
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1))
      if (++brackets > limits.jsonDepth) return false
  return true
}

interface Nesting {
  depth: number
  deepest: number
  inString: boolean
}

function count(nesting: Nesting, text: string): void {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (nesting.inString) {
      if (code === 92) at++
      else if (code === 34) nesting.inString = false
    } else if (code === 34) nesting.inString = true
    else if (code === 123 || code === 91) nesting.deepest = Math.max(nesting.deepest, ++nesting.depth)
    else if (code === 125 || code === 93) nesting.depth--
  }
}

/** Lines of a stream, without their ends; `undefined` for one over the limit, which is read past, not kept. */
async function* linesIn(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  let dropping = false
  for await (const chunk of stream) {
    const text = decoder.decode(chunk, { stream: true })
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest + text.slice(from, end)
      yield dropping ? undefined : line.endsWith('\r') ? line.slice(0, -1) : line
      rest = ''
      dropping = false
      from = end + 1
    }
    if (!dropping) rest += text.slice(from)
    if (rest.length > entryLimit) {
      rest = ''
      dropping = true
    }
  }
  rest += decoder.decode()
  if (dropping) yield undefined
  else if (rest !== '') yield rest
}
