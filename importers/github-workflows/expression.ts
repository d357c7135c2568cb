/** Expressions of GitHub Actions: docs.github.com, "Evaluate expressions in workflows and actions". */
export type Expression =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  /** `secrets`, `github`: a context, in lower case. */
  | { readonly type: 'context'; readonly name: string }
  | { readonly type: 'property'; readonly of: Expression; readonly name: string }
  | { readonly type: 'index'; readonly of: Expression; readonly by: Expression }
  | { readonly type: 'every'; readonly of: Expression }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly type: 'not'; readonly of: Expression }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }

export interface Token {
  readonly type: 'name' | 'string' | 'number' | 'operator'
  readonly text: string
}

/** GitHub allows 21,000 characters. */
const MAX_LENGTH = 21_000
const MAX_DEPTH = 50

const operators = ['&&', '||', '==', '!=', '<=', '>=', '<', '>', '!', '(', ')', '[', ']', '.', ',', '*']
const binding = new Map([
  ['||', 1],
  ['&&', 2],
  ['==', 3],
  ['!=', 3],
  ['<', 4],
  ['<=', 4],
  ['>', 4],
  ['>=', 4],
])

/**
 * The tokens from `from` to the closing braces (`braces`) or the end of the text, and where they end. Undefined: not
 * of the language. One pass.
 */
export function tokenize(text: string, from = 0, braces = false): { tokens: Token[]; end: number } | undefined {
  const tokens: Token[] = []
  let at = from
  while (at < text.length) {
    const character = text[at]!
    if (character <= ' ') {
      at++
      continue
    }
    if (braces && text.startsWith('}}', at)) return { tokens, end: at + 2 }
    if (at - from > MAX_LENGTH) return undefined
    const token = tokenAt(text, at)
    if (!token) return undefined
    tokens.push(token.token)
    at = token.end
  }
  return braces ? undefined : { tokens, end: at }
}

const isNameStart = (character: string): boolean => /[A-Za-z_]/.test(character)
const isNamePart = (character: string): boolean => /[A-Za-z0-9_-]/.test(character)
const isNumberPart = (character: string): boolean => /[0-9A-Za-z.+-]/.test(character)

function tokenAt(text: string, at: number): { token: Token; end: number } | undefined {
  const character = text[at]!
  if (character === "'") {
    let value = ''
    for (let end = at + 1; end < text.length; end++) {
      if (text[end] !== "'") value += text[end]
      else if (text[end + 1] === "'") value += text[end++]
      else return { token: { type: 'string', text: value }, end: end + 1 }
    }
    return undefined
  }
  const run = (type: Token['type'], part: (character: string) => boolean) => {
    let end = at + 1
    while (end < text.length && part(text[end]!)) end++
    return { token: { type, text: text.slice(at, end) }, end }
  }
  if (isNameStart(character)) return run('name', isNamePart)
  if (/[0-9]/.test(character) || ('+-'.includes(character) && /[0-9.]/.test(text[at + 1] ?? ''))) {
    return run('number', isNumberPart)
  }
  const operator = operators.find((candidate) => text.startsWith(candidate, at))
  return operator === undefined ? undefined : { token: { type: 'operator', text: operator }, end: at + operator.length }
}

class NotUnderstood extends Error {}

/** Operator precedence parsing (Pratt, 1973), bounded in depth. Undefined: not an expression, or nested too deep. */
export function parseExpression(tokens: readonly Token[]): Expression | undefined {
  let at = 0
  let depth = 0
  const isOperator = (text: string) => tokens[at]?.type === 'operator' && tokens[at]!.text === text
  const expect = (text: string) => {
    if (!isOperator(text)) throw new NotUnderstood()
    at++
  }
  function expression(floor: number): Expression {
    if (++depth > MAX_DEPTH) throw new NotUnderstood()
    let left = postfix(primary())
    for (;;) {
      const token = tokens[at]
      const power = token?.type === 'operator' ? binding.get(token.text) : undefined
      if (!token || power === undefined || power <= floor) break
      at++
      left = { type: 'binary', operator: token.text, left, right: expression(power) }
    }
    depth--
    return left
  }
  function primary(): Expression {
    const token = tokens[at++]
    if (!token) throw new NotUnderstood()
    if (token.type === 'string') return { type: 'literal', value: token.text }
    if (token.type === 'number') {
      if (Number.isNaN(Number(token.text))) throw new NotUnderstood()
      return { type: 'literal', value: Number(token.text) }
    }
    if (token.type === 'name') return named(token.text)
    if (token.text === '!') {
      if (++depth > MAX_DEPTH) throw new NotUnderstood()
      const of = postfix(primary())
      depth--
      return { type: 'not', of }
    }
    if (token.text !== '(') throw new NotUnderstood()
    const inner = expression(0)
    expect(')')
    return inner
  }
  function named(text: string): Expression {
    const name = text.toLowerCase()
    if (isOperator('(')) {
      at++
      const args: Expression[] = []
      while (!isOperator(')')) {
        if (args.length > 0) expect(',')
        args.push(expression(0))
      }
      at++
      return { type: 'call', name, args }
    }
    if (name === 'true' || name === 'false') return { type: 'literal', value: name === 'true' }
    return name === 'null' ? { type: 'literal', value: null } : { type: 'context', name }
  }
  function postfix(start: Expression): Expression {
    let of = start
    for (;;) {
      if (isOperator('.')) {
        at++
        const token = tokens[at++]
        if (token?.type === 'name') of = { type: 'property', of, name: token.text }
        else if (token?.type === 'operator' && token.text === '*') of = { type: 'every', of }
        else throw new NotUnderstood()
      } else if (isOperator('[')) {
        at++
        if (isOperator('*')) {
          at++
          of = { type: 'every', of }
        } else of = { type: 'index', of, by: expression(0) }
        expect(']')
      } else return of
    }
  }
  try {
    const whole = expression(0)
    return at === tokens.length ? whole : undefined
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}
