import type { SkipReason } from '../../graph/facts.ts'
import { expressionReader, unescaped, type HclExpression } from './hcl-expression.ts'
import { hclTree, type HclNode } from './hcl-tree.ts'

/** `resource "aws_iam_user" "ci" { … }`, `path "secret/*" { … }`. */
export interface HclBlock {
  readonly type: string
  readonly labels: readonly string[]
  /** From 1. */
  readonly line: number
  /** Names are file text: a Map. Of a name that stands twice the last one counts. */
  readonly attributes: ReadonlyMap<string, HclExpression>
  readonly blocks: readonly HclBlock[]
}

export interface HclFile {
  readonly attributes: ReadonlyMap<string, HclExpression>
  readonly blocks: readonly HclBlock[]
  /** Lines at which something stands that is not HCL; what is at the top around it is left out. */
  readonly damagedLines: readonly number[]
}

export type ParsedHcl = HclFile | { readonly reason: SkipReason }

/**
 * Blocks, attributes and expressions of a text in HCL (Terraform, tfvars, policies of Vault), nothing evaluated:
 * `plainValue` makes values of what is literal. What is damaged is left out and told by its line; what stands before
 * and behind it is read. Never throws for bad input, and quotes nothing of it.
 */
export async function parseHcl(text: string): Promise<ParsedHcl> {
  const whole = await hclTree(text)
  if ('reason' in whole) return whole
  if (!whole.damaged) return { ...bodyOf(text, itemsOf(whole), expressionReader(text)), damagedLines: [] }
  const damagedLines: number[] = []
  const attributes = new Map<string, HclExpression>()
  const blocks: HclBlock[] = []
  for (const { piece, firstLine } of pieces(text)) {
    const tree = await hclTree(piece)
    if ('reason' in tree || tree.damaged) {
      damagedLines.push('reason' in tree ? firstLine : firstFault(tree).line + firstLine - 1)
      continue
    }
    const body = bodyOf(piece, itemsOf(tree), expressionReader(piece), firstLine - 1)
    for (const [name, value] of body.attributes) attributes.set(name, value)
    blocks.push(...body.blocks)
  }
  return { attributes, blocks, damagedLines }
}

/** A text that is damaged somewhere, from one line that begins something at the margin to the next. */
function* pieces(text: string): Generator<{ piece: string; firstLine: number }> {
  let held: string[] = []
  let firstLine = 1
  let line = 0
  for (const one of text.split('\n')) {
    line++
    if (held.length > 0 && beginsItem(one)) {
      yield { piece: held.join('\n'), firstLine }
      held = []
      firstLine = line
    }
    held.push(one)
  }
  yield { piece: held.join('\n'), firstLine }
}

const letters = /^[A-Za-z_]/

function beginsItem(line: string): boolean {
  return letters.test(line) && (line.trimEnd().endsWith('{') || line.includes('='))
}

/** Where the damage in a node begins, as closely as the parser tells. */
function firstFault(node: HclNode): HclNode {
  for (let at = node; ;) {
    const inner = at.children.find(({ damaged }) => damaged)
    if (!inner) return at
    at = inner
  }
}

/** What stands at the top. */
function itemsOf(tree: HclNode): readonly HclNode[] {
  return tree.children.find(({ type }) => type === 'body')?.children ?? []
}

type Reader = (node: HclNode) => HclExpression
type Body = Pick<HclFile, 'attributes' | 'blocks'>

function bodyOf(text: string, items: readonly HclNode[], expression: Reader, above = 0): Body {
  const attributes = new Map<string, HclExpression>()
  const blocks: HclBlock[] = []
  for (const item of items) {
    if (item.type === 'block') blocks.push(blockOf(text, item, expression, above))
    if (item.type !== 'attribute') continue
    const [name, value] = item.children.filter(({ type }) => type === 'identifier' || type === 'expression')
    if (name && value) attributes.set(text.slice(name.start, name.end), expression(value))
  }
  return { attributes, blocks }
}

function blockOf(text: string, node: HclNode, expression: Reader, above: number): HclBlock {
  const [type = '', ...labels] = node.children.flatMap((child) => {
    const raw = text.slice(child.start, child.end)
    if (child.type === 'identifier') return [raw]
    return child.type === 'string_lit' ? [unescaped(raw.slice(1, -1))] : []
  })
  const body = node.children.find((child) => child.type === 'body')?.children ?? []
  return { type, labels, line: node.line + above, ...bodyOf(text, body, expression, above) }
}

/** A value as JSON has it; objects are Maps, because their names are file text. */
export type HclValue = string | number | boolean | null | readonly HclValue[] | HclMap
export type HclMap = ReadonlyMap<string, HclValue>

/** The value of an expression in which everything is literal; undefined of any other. */
export function plainValue(expression: HclExpression | undefined): HclValue | undefined {
  if (!expression) return undefined
  if (expression.kind === 'literal') return expression.value
  if (expression.kind === 'tuple') {
    const items = expression.items.map(plainValue)
    return items.some((item) => item === undefined) ? undefined : (items as HclValue[])
  }
  if (expression.kind === 'unary' && expression.operator === '-') {
    const of = plainValue(expression.of)
    return typeof of === 'number' ? -of : undefined
  }
  if (expression.kind !== 'object') return undefined
  const entries = new Map<string, HclValue>()
  for (const [key, value] of expression.entries) {
    const [name, plain] = [plainValue(key), plainValue(value)]
    if (typeof name !== 'string' || plain === undefined) return undefined
    entries.set(name, plain)
  }
  return entries
}
