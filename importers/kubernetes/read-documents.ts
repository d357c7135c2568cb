import { Composer, LineCounter, Parser, type CST } from 'yaml'
import type { SkipReason } from '../../graph/facts.ts'
import { isCircular } from '../read/circular.ts'
import { limits } from '../read/limits.ts'

/** One parsed document, not yet looked at. */
export interface Found {
  readonly value: unknown
  /** JSON pointer of the document in a JSON file (empty: the file), or `line 12` in YAML. */
  readonly where: string
  /** Its text holds `{{` or `{%`: what does not fit a shape is then a template rather than a broken record. */
  readonly templated: boolean
}
export interface Unread {
  readonly reason: SkipReason
  readonly where: string
}

/**
 * The documents of one file, in order: JSON (one value, or several one after the other) or multi-document YAML.
 * Nothing is thrown for bad text and no parser's message leaves this file, because it quotes what it read.
 */
export function documentsIn(text: string): Generator<Found | Unread> {
  return looksLikeJson(text) ? jsonIn(text) : yamlIn(text)
}

/** By its first character; `{{` and `{%` begin a template. */
export function looksLikeJson(text: string): boolean {
  const start = firstCharacter(text)
  return (start === '{' || start === '[') && !/^\s*\{[{%]/.test(text.slice(0, 4096))
}

/** Helm and Jinja. */
function isTemplated(text: string): boolean {
  return text.includes('{{') || text.includes('{%')
}

function firstCharacter(text: string): string {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 32) return text[i]!
  return ''
}

/** JSON values at the top level, cut by counting brackets; depth is known before any of them is parsed. */
function* jsonIn(text: string): Generator<Found | Unread> {
  let line = 1
  for (let at = 0, first = true; at < text.length;) {
    const code = text.charCodeAt(at)
    if (code === 10) line++
    if (code <= 32) {
      at++
      continue
    }
    const cut = endOfJson(text, at)
    const where = first && text.slice(cut.end).trim() === '' ? '' : `line ${line}`
    first = false
    if (cut.depth > limits.jsonDepth) yield { reason: 'too-deep', where }
    else {
      const found = parsedJson(text.slice(at, cut.end), where, cut.whole)
      yield 'reason' in found ? { ...found, where: `line ${line}` } : found
    }
    for (; at < cut.end; at++) if (text.charCodeAt(at) === 10) line++
  }
}

/** @param whole do its brackets close? */
export function parsedJson(source: string, where: string, whole: boolean): Found | Unread {
  try {
    return { value: JSON.parse(source) as unknown, where, templated: isTemplated(source) }
  } catch {
    if (isTemplated(source)) return { reason: 'template', where }
    return { reason: whole ? 'not-json' : 'truncated', where }
  }
}

function endOfJson(text: string, start: number): { end: number; depth: number; whole: boolean } {
  let open = 0
  let depth = 0
  let inString = false
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 92) at++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) depth = Math.max(depth, ++open)
    else if ((code === 125 || code === 93) && --open <= 0) return { end: at + 1, depth, whole: open === 0 }
  }
  return { end: text.length, depth, whole: false }
}

/** `merge`: go-yaml, which reads what kubectl sends, still takes `<<`. Double keys: the last wins, as there. */
const yamlOptions = { version: '1.2', schema: 'core', uniqueKeys: false, merge: true, logLevel: 'error' } as const

/** @param before lines of the file that stand before this text. */
export function* yamlIn(text: string, before = 0): Generator<Found | Unread> {
  const lines = new LineCounter()
  const lineOf = (offset: number): string => `line ${before + lines.linePos(offset).line}`
  const parser = new Parser(lines.addNewLine)
  let count = 0
  let open: CST.Document | undefined
  let error: number | undefined
  for (const token of parser.parse(text)) {
    // After a mistake the parser goes on with every character: the first one tells, and spoils its document.
    if (token.type === 'error') error ??= token.offset
    if (token.type !== 'document') continue
    yield* read(open, error)
    if (++count > limits.yamlDocuments) {
      yield { reason: 'too-large', where: lineOf(token.offset) }
      return
    }
    open = token
    error = undefined
  }
  yield* read(open, error)

  function* read(document: CST.Document | undefined, error: number | undefined): Generator<Found | Unread> {
    const start = document ? contentStart(document) : 0
    const where = lineOf(start)
    if (error !== undefined) {
      const template = isTemplated(text.slice(start, endOf(text, Math.max(start, error))))
      yield { reason: template ? 'template' : 'not-yaml', where: lineOf(error) }
    } else if (document) {
      const size = measure(document)
      if (size.depth > limits.yamlDepth) yield { reason: 'too-deep', where }
      else if (size.braces) yield { reason: 'template', where }
      else if (size.aliases > limits.yamlAliases) yield { reason: 'too-large', where }
      else yield* composed(document, text.slice(start, endOf(text, start)), where, lineOf)
    }
  }
}

/** First offset of a document behind its `---`. */
function contentStart(token: CST.Document): number {
  const value = token.value
  return value && 'offset' in value ? value.offset : token.offset
}

/**
 * Depth and aliases of a document, counted on the concrete syntax with a stack of our own: composing recurses, and a
 * document nested deep enough ends the process where no `catch` sees it.
 */
function measure(document: CST.Document): { depth: number; aliases: number; braces: boolean } {
  let deepest = 0
  let aliases = 0
  let braces = false
  const open: { token: CST.Token; depth: number }[] = []
  const push = (token: CST.Token | null | undefined, depth: number): void => {
    if (token) open.push({ token, depth })
  }
  push(document.value, 1)
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next
    if (token.type === 'alias') aliases++
    if (!('items' in token)) continue
    deepest = Math.max(deepest, depth)
    for (const item of token.items) {
      // `{{ x }}` without quotes is a map whose key is a map: no manifest has that, every template does.
      braces ||= token.type === 'flow-collection' && 'key' in item && item.key?.type === 'flow-collection'
      braces ||= token.type === 'flow-collection' && isMap(token) && item.value?.type === 'flow-collection' && !item.key
      push('key' in item ? item.key : undefined, depth + 1)
      push(item.value, depth + 1)
    }
  }
  return { depth: deepest, aliases, braces }
}

function isMap(token: CST.FlowCollection): boolean {
  return token.start.type === 'flow-map-start'
}

function* composed(
  token: CST.Document,
  source: string,
  where: string,
  lineOf: (offset: number) => string,
): Generator<Found | Unread> {
  const templated = isTemplated(source)
  try {
    for (const document of new Composer(yamlOptions).compose([token])) {
      const error = document.errors[0]
      if (error) {
        yield { reason: templated ? 'template' : 'not-yaml', where: lineOf(error.pos[0]) }
        return
      }
      const value: unknown = document.toJS({ maxAliasCount: limits.yamlAliases })
      // `---` with nothing behind it is no record.
      if (isCircular(value)) yield { reason: 'too-deep', where }
      else if (value !== null && value !== undefined) yield { value, where, templated }
    }
  } catch {
    yield { reason: templated ? 'template' : 'not-yaml', where }
  }
}

/** Where the text of a document stops: at the next `---`, or at the end of the file. */
function endOf(text: string, start: number): number {
  const next = text.indexOf('\n---', start)
  return next < 0 ? text.length : next
}

/** One object of a cluster, still raw. */
export interface RawObject {
  readonly value: unknown
  readonly kind: string
  readonly apiVersion: string
  readonly where: string
}

/**
 * The objects in a document: itself, or the items of a list (`kind: List`, `PodList`, or a list without kind). Items of
 * an API server's own lists carry no kind: it is the list's, without `List`. Yields `undefined` for a list of nothing.
 */
export function* objectsIn(found: Found, kind = '', apiVersion = ''): Generator<RawObject | undefined> {
  const open: RawObject[] = [raw(found.value, found.where, kind, apiVersion)]
  for (let next = open.pop(); next; next = open.pop()) {
    const items = itemsOf(next)
    if (!items) yield next
    else if (items.length === 0) yield undefined
    else {
      const kind = next.kind.endsWith('List') ? next.kind.slice(0, -'List'.length) : ''
      const at = Array.isArray(next.value) ? next.where : `${next.where}/items`
      for (let i = items.length - 1; i >= 0; i--) open.push(raw(items[i], `${at}/${i}`, kind, next.apiVersion))
    }
  }
}

function raw(value: unknown, where: string, kind: string, apiVersion: string): RawObject {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as { kind?: unknown; apiVersion?: unknown }
  return {
    value,
    where,
    kind: typeof fields.kind === 'string' ? fields.kind : kind,
    apiVersion: typeof fields.apiVersion === 'string' ? fields.apiVersion : apiVersion,
  }
}

function itemsOf(object: RawObject): readonly unknown[] | undefined {
  if (Array.isArray(object.value)) return object.value
  if (object.kind !== '' && !object.kind.endsWith('List')) return undefined
  const items = (object.value as { items?: unknown } | null)?.items
  if (Array.isArray(items)) return items
  // Go writes an empty list as null.
  return items === null && object.kind.endsWith('List') ? [] : undefined
}
