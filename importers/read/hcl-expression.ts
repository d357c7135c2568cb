import type { HclNode } from './hcl-tree.ts'

/** What stands right of `=`. Nothing is evaluated; `unknown` is what this reader has no form for. */
export type HclExpression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** Text with `${…}` in it: its parts, texts as literals. */
  | { readonly kind: 'template'; readonly parts: readonly HclExpression[] }
  | { readonly kind: 'tuple'; readonly items: readonly HclExpression[] }
  /** A bare name as key is a literal, as HCL has it. */
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: HclExpression, value: HclExpression])[] }
  /** `var.team`, `module.ecr.name`, `each`: the first name, and the steps are around it. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'step'; readonly of: HclExpression; readonly step: HclExpression }
  /** `list[*].a.b`: for each element the steps behind it. */
  | { readonly kind: 'splat'; readonly of: HclExpression; readonly steps: readonly HclExpression[] }
  /** `spread`: the last argument is a list of arguments (`...`). */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly HclExpression[]; readonly spread: boolean }
  | { readonly kind: 'if'; readonly test: HclExpression; readonly then: HclExpression; readonly else: HclExpression }
  | {
      readonly kind: 'for'
      readonly names: readonly string[]
      readonly of: HclExpression
      /** Absent: the result is a tuple. */
      readonly key?: HclExpression | undefined
      readonly value: HclExpression
      readonly test?: HclExpression | undefined
      /** `...`: values of one key are gathered in a list. */
      readonly grouped: boolean
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: HclExpression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: HclExpression; readonly right: HclExpression }
  | { readonly kind: 'unknown' }

const unknown: HclExpression = { kind: 'unknown' }
const literal = (value: string | number | boolean | null): HclExpression => ({ kind: 'literal', value })

/** Reads the nodes of expressions of one text. */
export function expressionReader(text: string): (node: HclNode) => HclExpression {
  const textOf = (node: HclNode): string => text.slice(node.start, node.end)
  const child = (node: HclNode, type: string): HclNode | undefined => node.children.find((one) => one.type === type)
  const expressionsOf = (node: HclNode): HclExpression[] =>
    node.children.filter(({ type }) => type === 'expression').map((one) => expression(one))

  function expression(node: HclNode): HclExpression {
    return node.damaged ? unknown : term(node.children)
  }

  /** One term and what is appended to it: the grammar lays them side by side. */
  function term(nodes: readonly HclNode[]): HclExpression {
    const [first, ...rest] = nodes[0]?.type === '(' ? nodes.slice(1).filter(({ type }) => type !== ')') : nodes
    if (!first) return unknown
    const read = first.type === 'expression' ? expression : forms.get(first.type)
    return rest.reduce(appended, read?.(first) ?? unknown)
  }

  function appended(of: HclExpression, node: HclNode): HclExpression {
    if (node.type === 'splat') {
      const inside = node.children[0]?.children ?? []
      const steps = inside.flatMap((one) => stepOf(one) ?? [])
      return { kind: 'splat', of, steps }
    }
    const step = stepOf(node)
    return step ? { kind: 'step', of, step } : unknown
  }

  function stepOf(node: HclNode): HclExpression | undefined {
    if (node.type === 'get_attr') return literal(nameIn(node))
    if (node.type !== 'index') return undefined
    const inner = node.children[0]
    if (inner?.type === 'legacy_index') return literal(Number(textOf(inner).slice(1)))
    return inner ? expressionsOf(inner)[0] : undefined
  }

  const nameIn = (node: HclNode): string => {
    const name = child(node, 'identifier')
    return name ? textOf(name) : ''
  }

  function binary(node: HclNode): HclExpression {
    const at = node.children.findIndex(({ type }) => operators.has(type))
    const left = term(node.children.slice(0, at))
    return { kind: 'binary', operator: node.children[at]!.type, left, right: term(node.children.slice(at + 1)) }
  }

  function objectOf(node: HclNode): HclExpression {
    const entries = node.children.flatMap((element) => {
      if (element.type !== 'object_elem') return []
      const [key, value] = element.children.filter(({ type }) => type === 'expression')
      if (!key || !value) return []
      const bare = key.children.length === 1 && key.children[0]!.type === 'variable_expr'
      return [[bare ? literal(textOf(key)) : expression(key), expression(value)] as const]
    })
    return { kind: 'object', entries }
  }

  function loop(node: HclNode): HclExpression {
    const inner = node.children[0]
    const intro = inner && child(inner, 'for_intro')
    if (!intro) return unknown
    const [of] = expressionsOf(intro)
    const results = expressionsOf(inner)
    const value = results.at(-1)
    const condition = child(inner, 'for_cond')
    const [test] = condition ? expressionsOf(condition) : []
    if (!of || !value) return unknown
    const names = intro.children.filter(({ type }) => type === 'identifier').map(textOf)
    const key = inner.type === 'for_object_expr' ? results[0] : undefined
    return { kind: 'for', names, of, key, value, test, grouped: child(inner, 'ellipsis') !== undefined }
  }

  /** The texts between the `${…}`; the grammar's own lose the blanks at their beginning. */
  function template(node: HclNode, from: number, to: number, read: (raw: string) => string): HclExpression {
    const parts: HclExpression[] = []
    let at = from
    const upTo = (end: number) => {
      if (end > at) parts.push(literal(read(text.slice(at, end))))
    }
    for (const part of node.children) {
      if (part.type !== 'template_interpolation' && part.type !== 'template_directive') continue
      // `~` eats the blanks around, and a directive may be a loop: what comes out of either is not known here.
      if (part.type === 'template_directive' || child(part, 'strip_marker')) return unknown
      upTo(part.start)
      parts.push(expressionsOf(part)[0] ?? unknown)
      at = part.end
    }
    upTo(to)
    const [only = literal('')] = parts
    return parts.length <= 1 && only.kind === 'literal' ? only : { kind: 'template', parts }
  }

  const quoted = (node: HclNode): HclExpression => template(node, node.start + 1, node.end - 1, unescaped)

  /** `<<-` takes the indent off; with `${…}` in it the indent is left, as it changes no name. */
  function heredoc(node: HclNode): HclExpression {
    const [begin, end] = node.children.filter(({ type }) => type === 'heredoc_identifier')
    if (!begin || !end) return unknown
    const last = text.lastIndexOf('\n', end.start) + 1
    const read = template(node, text.indexOf('\n', begin.end) + 1, last, undollared)
    const indented = text.startsWith('<<-', node.start)
    return indented && read.kind === 'literal' ? literal(unindented(String(read.value))) : read
  }

  const forms: ReadonlyMap<string, (node: HclNode) => HclExpression> = new Map([
    ['literal_value', (node) => scalar(node.children[0])],
    ['string_lit', quoted],
    ['template_expr', inner],
    ['quoted_template', quoted],
    ['heredoc_template', heredoc],
    ['collection_value', inner],
    ['tuple', (node) => ({ kind: 'tuple', items: expressionsOf(node) })],
    ['object', objectOf],
    ['variable_expr', (node) => ({ kind: 'name', name: nameIn(node) })],
    ['function_call', call],
    ['for_expr', loop],
    ['operation', inner],
    ['unary_operation', unary],
    ['binary_operation', binary],
    ['conditional', conditional],
  ])

  function inner(node: HclNode): HclExpression {
    const [only] = node.children
    return only ? (forms.get(only.type)?.(only) ?? unknown) : unknown
  }

  function scalar(node: HclNode | undefined): HclExpression {
    if (node?.type === 'string_lit') return quoted(node)
    if (node?.type === 'bool_lit') return literal(textOf(node) === 'true')
    if (node?.type === 'null_lit') return literal(null)
    return node?.type === 'numeric_lit' ? literal(Number(textOf(node))) : unknown
  }

  function call(node: HclNode): HclExpression {
    const given = child(node, 'function_arguments')
    const args = given ? expressionsOf(given) : []
    return {
      kind: 'call',
      name: nameIn(node),
      args,
      spread: given !== undefined && child(given, 'ellipsis') !== undefined,
    }
  }

  function unary(node: HclNode): HclExpression {
    return { kind: 'unary', operator: node.children[0]?.type ?? '', of: term(node.children.slice(1)) }
  }

  function conditional(node: HclNode): HclExpression {
    const [test, yes, no] = expressionsOf(node)
    return test && yes && no ? { kind: 'if', test, then: yes, else: no } : unknown
  }

  return expression
}

const operators = new Set(['*', '/', '%', '+', '-', '>', '>=', '<', '<=', '==', '!=', '&&', '||'])

/** The signs behind a backslash in quotes. */
const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
])

/** Text between quotes: `\n`, `é`, `$${` are one sign each. */
export function unescaped(raw: string): string {
  if (!raw.includes('\\')) return undollared(raw)
  let plain = ''
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] !== '\\') {
      plain += raw[at]!
      continue
    }
    const sign = raw[++at] ?? ''
    const digits = sign === 'u' ? 4 : sign === 'U' ? 8 : 0
    const code = digits === 0 ? NaN : Number.parseInt(raw.slice(at + 1, at + 1 + digits), 16)
    if (digits > 0 && code <= 0x10ffff) {
      plain += String.fromCodePoint(code)
      at += digits
    } else plain += escapes.get(sign) ?? sign
  }
  return undollared(plain)
}

const undollared = (text: string): string => text.replaceAll('$${', '${').replaceAll('%%{', '%{')

/** `<<-`: the indent of the line that has least is taken off every line. */
function unindented(text: string): string {
  const lines = text.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length)
  const least = indents.reduce((least, one) => Math.min(least, one), Infinity)
  return Number.isFinite(least) ? lines.map((line) => line.slice(Math.min(least, line.length))).join('\n') : text
}
