import { parseExpression, tokenize, type Expression, type Token } from './expression.ts'

/** One place of an expression that takes something from `secrets`. */
export interface Reference {
  /** Name in capitals; `all`: the whole context; `unknown`: which one is decided at run time, or not understood. */
  readonly secret: { readonly name: string } | 'all' | 'unknown'
  /** `value`: the value goes on. `test`: only asked whether it is there. */
  readonly use: 'value' | 'test'
}

/** References of which one is enough, in order of preference (`secrets.A || secrets.B`). Mostly one. */
export type Alternatives = readonly Reference[]

const opening = '${{'

/** What a text of a workflow takes from `secrets`; only what stands inside `${{ }}` counts. */
export function referencesIn(text: string): Alternatives[] {
  const found: Alternatives[] = []
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at)) {
    const start = at + opening.length
    const cut = tokenize(text, start, true)
    if (!cut) {
      // Not the language's words: up to the next braces it may name anything.
      const end = text.indexOf('}}', start)
      const rest = end < 0 ? text.slice(start) : text.slice(start, end)
      found.push(...mentioned(rest))
      at = end < 0 ? text.length : end + 2
      continue
    }
    found.push(...referencesOfTokens(cut.tokens))
    at = cut.end
  }
  return found
}

/** The same of an `if:`, which may leave the braces out. */
export function referencesInCondition(text: string): Alternatives[] {
  if (text.includes(opening)) return referencesIn(text)
  const cut = tokenize(text)
  return cut ? referencesOfTokens(cut.tokens) : mentioned(text)
}

const unknown: Reference = { secret: 'unknown', use: 'value' }

/** An expression that is none for us: if the word is in it at all, it may take any secret. */
function mentioned(text: string): Alternatives[] {
  return text.toLowerCase().includes('secrets') ? [[unknown]] : []
}

function referencesOfTokens(tokens: readonly Token[]): Alternatives[] {
  const names = (token: Token) => token.type === 'name' && token.text.toLowerCase()
  if (!tokens.some((token) => names(token) === 'secrets' || names(token) === 'github')) return []
  const expression = parseExpression(tokens)
  if (!expression) return tokens.some((token) => names(token) === 'secrets') ? [[unknown]] : []
  const found: Alternatives[] = []
  const { value } = walk(expression, 'value', found)
  return value.length > 0 ? [...found, value] : found
}

interface Walked {
  /** What the value of the expression may be, in order. */
  readonly value: Reference[]
  /** Something decides whether it is that value: then two of them are two cases, not one and its fallback. */
  readonly conditional: boolean
}

const none: Walked = { value: [], conditional: false }

/** Gathers in `found` what is needed beside the value. Depth is bounded by the parser. */
function walk(node: Expression, use: Reference['use'], found: Alternatives[]): Walked {
  if (isSecrets(node)) return { value: [{ secret: 'all', use }], conditional: false }
  switch (node.type) {
    case 'literal':
    case 'context':
      return none
    case 'property':
      return property(node, use, found)
    case 'index':
      return index(node, use, found)
    case 'every':
    case 'not':
      return aside(node.of, node.type === 'not' ? 'test' : use, found)
    case 'call':
      for (const arg of node.args) aside(arg, use, found)
      return none
    case 'binary':
      return binary(node, use, found)
  }
}

const isSecrets = (node: Expression): boolean => node.type === 'context' && node.name === 'secrets'

function property(
  node: Extract<Expression, { type: 'property' }>,
  use: Reference['use'],
  found: Alternatives[],
): Walked {
  const { of, name } = node
  if (isSecrets(of)) return { value: [{ secret: { name: name.toUpperCase() }, use }], conditional: false }
  if (of.type === 'context' && of.name === 'github' && name.toLowerCase() === 'token') {
    return { value: [{ secret: { name: 'github.token' }, use }], conditional: false }
  }
  return aside(of, use, found)
}

function index(node: Extract<Expression, { type: 'index' }>, use: Reference['use'], found: Alternatives[]): Walked {
  const { of, by } = node
  aside(by, use, found)
  if (!isSecrets(of)) return aside(of, use, found)
  const isName = by.type === 'literal' && typeof by.value === 'string'
  return { value: [{ secret: isName ? { name: String(by.value).toUpperCase() } : 'unknown', use }], conditional: false }
}

function binary(node: Extract<Expression, { type: 'binary' }>, use: Reference['use'], found: Alternatives[]): Walked {
  const { operator, left, right } = node
  if (operator === '||') {
    const first = walk(left, use, found)
    const second = walk(right, use, found)
    if (!first.conditional) return { value: [...first.value, ...second.value], conditional: second.conditional }
    for (const reference of first.value) found.push([reference])
    return second.conditional || second.value.length > 0 ? second : { value: [], conditional: true }
  }
  if (operator === '&&') {
    aside(left, 'test', found)
    return { value: walk(right, use, found).value, conditional: true }
  }
  aside(left, 'test', found)
  aside(right, 'test', found)
  return none
}

/** A part whose value is not the value of the whole. */
function aside(node: Expression, use: Reference['use'], found: Alternatives[]): Walked {
  const { value } = walk(node, use, found)
  if (value.length > 0) found.push(value)
  return none
}
